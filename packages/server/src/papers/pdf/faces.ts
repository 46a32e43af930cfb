/** The fonts, as shapes are taken from them and as a file carries them. */
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { Blob, Font, Face as ShapedFace } from 'harfbuzzjs'
import { numberText, type PdfObjects, refer } from './objects.ts'
import { type Metrics, metricsOf, subsetFont, tablesOf } from './subset.ts'

export interface Face {
  readonly name: string
  readonly font: Font
  readonly metrics: Metrics
  covers(codePoint: number): boolean
  /** The code under which a file shows a glyph that stands for a text: one and the same glyph may stand for several. */
  code(glyph: number, text: string): number
  /** Whether anything was taken from it. */
  used(): boolean
  /** Puts the font, as far as it is used, into the file and gives its number there. */
  embed(objects: PdfObjects): number
}

export interface Faces {
  /** By preference; the first has the sign for what none of them covers. */
  regular: readonly Face[]
  bold: readonly Face[]
}

/** Latin with Vietnamese, Greek and Cyrillic from the one, Arabic and Persian from the other: each letter is one glyph there. */
const sources = {
  regular: ['@expo-google-fonts/noto-sans/400Regular/NotoSans_400Regular.ttf', '@expo-google-fonts/vazirmatn/400Regular/Vazirmatn_400Regular.ttf'],
  bold: ['@expo-google-fonts/noto-sans/700Bold/NotoSans_700Bold.ttf', '@expo-google-fonts/vazirmatn/700Bold/Vazirmatn_700Bold.ttf'],
}

const files = new Map<string, { bytes: Uint8Array; font: Font; metrics: Metrics; covered: ReadonlySet<number> }>()

function open(source: string) {
  const known = files.get(source)
  if (known) return known
  const bytes = new Uint8Array(readFileSync(fileURLToPath(import.meta.resolve(source))))
  const face = new ShapedFace(new Blob(bytes))
  const made = { bytes, font: new Font(face), metrics: metricsOf(tablesOf(bytes)), covered: new Set(face.collectUnicodes()) }
  files.set(source, made)
  return made
}

/** Faces of which nothing is used yet, for one file. */
export const openFaces = (): Faces => ({ regular: sources.regular.map(createFace), bold: sources.bold.map(createFace) })

function createFace(source: string): Face {
  const { bytes, font, metrics, covered } = open(source)
  const name = source.slice(source.lastIndexOf('/') + 1).replace(/_\d+(\w+)\.ttf$/, '-$1')
  const codes = new Map<string, number>()
  const glyphs: { glyph: number; text: string }[] = [{ glyph: 0, text: '' }]
  return {
    name,
    font,
    metrics,
    covers: (codePoint) => covered.has(codePoint),
    used: () => codes.size > 0,
    code(glyph, text) {
      const key = `${glyph} ${text}`
      const known = codes.get(key)
      if (known !== undefined) return known
      const code = glyphs.push({ glyph, text }) - 1
      if (code > 0xffff) throw new RangeError('More shapes than a font may have.')
      codes.set(key, code)
      return code
    },
    embed(objects) {
      const { unitsPerEm, box, ascent, descent } = metrics
      const per1000 = (value: number) => Math.round((1000 * value) / unitsPerEm)
      const file = subsetFont(bytes, new Set(glyphs.map(({ glyph }) => glyph)))
      const program = objects.addStream(`/Length1 ${file.byteLength}`, file)
      const tagged = `${tagOf(glyphs)}+${name}`
      const descriptor = objects.add(
        `<</Type/FontDescriptor/FontName/${tagged}/Flags 4/FontBBox[${box.map(per1000).join(' ')}]/ItalicAngle 0/Ascent ${per1000(ascent)}/Descent ${per1000(descent)}/CapHeight ${per1000(ascent)}/StemV 80/FontFile2 ${refer(program)}>>`,
      )
      const places = new Uint8Array(2 * glyphs.length)
      for (const [code, { glyph }] of glyphs.entries()) new DataView(places.buffer).setUint16(2 * code, glyph)
      const placesObject = objects.addStream('', places)
      const widths = glyphs.map(({ glyph }) => numberText((1000 * metrics.width(glyph)) / unitsPerEm)).join(' ')
      const descendant = objects.add(
        `<</Type/Font/Subtype/CIDFontType2/BaseFont/${tagged}/CIDSystemInfo<</Registry(Adobe)/Ordering(Identity)/Supplement 0>>/FontDescriptor ${refer(descriptor)}/CIDToGIDMap ${refer(placesObject)}/DW 1000/W[0[${widths}]]>>`,
      )
      const toUnicode = objects.addStream('', Buffer.from(unicodeMap(glyphs), 'latin1'))
      return objects.add(
        `<</Type/Font/Subtype/Type0/BaseFont/${tagged}/Encoding/Identity-H/DescendantFonts[${refer(descendant)}]/ToUnicode ${refer(toUnicode)}>>`,
      )
    },
  }
}

/** Six letters that tell this part of the font from other parts of it (9.6.4). */
function tagOf(glyphs: readonly { glyph: number }[]): string {
  let sum = 7
  for (const { glyph } of glyphs) sum = (sum * 31 + glyph) % 26 ** 6
  let tag = ''
  for (let i = 0; i < 6; i++, sum = Math.floor(sum / 26)) tag += String.fromCharCode(65 + (sum % 26))
  return tag
}

/** What each code stands for (9.10.3), so that the text can be read, searched and copied. */
function unicodeMap(glyphs: readonly { text: string }[]): string {
  const hex = (value: number) => value.toString(16).toUpperCase().padStart(4, '0')
  const lines = glyphs.flatMap(({ text }, code) =>
    text === ''
      ? []
      : [
          `<${hex(code)}><${text
            .toWellFormed()
            .split('')
            .map((unit) => hex(unit.charCodeAt(0)))
            .join('')}>`,
        ],
  )
  const parts: string[] = []
  for (let i = 0; i < lines.length; i += 100) {
    const some = lines.slice(i, i + 100)
    parts.push(`${some.length} beginbfchar\n${some.join('\n')}\nendbfchar`)
  }
  return `/CIDInit /ProcSet findresource begin
12 dict begin
begincmap
/CIDSystemInfo <</Registry (Adobe) /Ordering (UCS) /Supplement 0>> def
/CMapName /Adobe-Identity-UCS def
/CMapType 2 def
1 begincodespacerange
<0000><FFFF>
endcodespacerange
${parts.join('\n')}
endcmap
CMapName currentdict /CMap defineresource pop
end
end`
}
