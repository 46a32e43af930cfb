/**
 * A TrueType font with the outlines of a few of its glyphs, each under its own number as before: what a PDF embeds (ISO 32000-1,
 * 9.9). Glyphs that are put together from others bring those along. The layout of the tables is OpenType's.
 */

/** What is read of a font besides its outlines. */
export interface Metrics {
  unitsPerEm: number
  box: readonly [number, number, number, number]
  ascent: number
  descent: number
  glyphs: number
  /** Advance width of a glyph, in units of the font. */
  width(glyph: number): number
}

type Tables = ReadonlyMap<string, DataView>

const keptTables = ['cvt ', 'fpgm', 'glyf', 'head', 'hhea', 'hmtx', 'loca', 'maxp', 'prep']

export function tablesOf(font: Uint8Array): Tables {
  const view = new DataView(font.buffer, font.byteOffset, font.byteLength)
  const tables = new Map<string, DataView>()
  for (let i = 0; i < view.getUint16(4); i++) {
    const at = 12 + 16 * i
    const tag = String.fromCharCode(...font.subarray(at, at + 4))
    tables.set(tag, new DataView(font.buffer, font.byteOffset + view.getUint32(at + 8), view.getUint32(at + 12)))
  }
  return tables
}

function tableIn(tables: Tables, tag: string): DataView {
  const table = tables.get(tag)
  if (!table) throw new Error(`The font has no table ${tag}.`)
  return table
}

export function metricsOf(tables: Tables): Metrics {
  const [head, hhea, hmtx, maxp] = [tableIn(tables, 'head'), tableIn(tables, 'hhea'), tableIn(tables, 'hmtx'), tableIn(tables, 'maxp')]
  const long = hhea.getUint16(34)
  return {
    unitsPerEm: head.getUint16(18),
    box: [head.getInt16(36), head.getInt16(38), head.getInt16(40), head.getInt16(42)],
    ascent: hhea.getInt16(4),
    descent: hhea.getInt16(6),
    glyphs: maxp.getUint16(4),
    // Those beyond the last long entry are as wide as it.
    width: (glyph) => hmtx.getUint16(4 * Math.min(glyph, long - 1)),
  }
}

export function subsetFont(font: Uint8Array, wanted: Iterable<number>): Uint8Array {
  const tables = tablesOf(font)
  const { glyphs } = metricsOf(tables)
  const [glyf, loca, head] = [tableIn(tables, 'glyf'), tableIn(tables, 'loca'), tableIn(tables, 'head')]
  const long = head.getInt16(50) === 1
  const offset = (glyph: number) => (long ? loca.getUint32(4 * glyph) : 2 * loca.getUint16(2 * glyph))

  const kept = new Set<number>()
  const keep = (glyph: number) => {
    if (glyph >= glyphs || kept.has(glyph)) return
    kept.add(glyph)
    for (const part of partsOf(glyf, offset(glyph), offset(glyph + 1))) keep(part)
  }
  keep(0)
  for (const glyph of wanted) keep(glyph)

  const outlines: Uint8Array[] = []
  const places = new DataView(new ArrayBuffer(4 * (glyphs + 1)))
  let at = 0
  for (let glyph = 0; glyph < glyphs; glyph++) {
    places.setUint32(4 * glyph, at)
    if (!kept.has(glyph)) continue
    const [from, to] = [offset(glyph), offset(glyph + 1)]
    const outline = new Uint8Array((to - from + 3) & ~3)
    outline.set(bytesOf(glyf).subarray(from, to))
    outlines.push(outline)
    at += outline.byteLength
  }
  places.setUint32(4 * glyphs, at)

  const newHead = bytesOf(head).slice()
  const headView = new DataView(newHead.buffer)
  headView.setInt16(50, 1)
  headView.setUint32(8, 0)
  const made = new Map<string, Uint8Array>()
  for (const tag of keptTables) {
    const table = tables.get(tag)
    if (table) made.set(tag, bytesOf(table))
  }
  made.set('glyf', Buffer.concat(outlines))
  made.set('loca', new Uint8Array(places.buffer))
  made.set('head', newHead)
  return joined(made)
}

const bytesOf = (view: DataView) => new Uint8Array(view.buffer, view.byteOffset, view.byteLength)

/** Glyphs that a composite one is made of. */
function partsOf(glyf: DataView, from: number, to: number): number[] {
  if (to <= from || glyf.getInt16(from) >= 0) return []
  const parts: number[] = []
  const [words, scale, more, twoScales, matrix] = [0x1, 0x8, 0x20, 0x40, 0x80]
  for (let at = from + 10; ; ) {
    const flags = glyf.getUint16(at)
    parts.push(glyf.getUint16(at + 2))
    at += 4 + (flags & words ? 4 : 2) + (flags & scale ? 2 : flags & twoScales ? 4 : flags & matrix ? 8 : 0)
    if (!(flags & more)) return parts
  }
}

function joined(tables: ReadonlyMap<string, Uint8Array>): Uint8Array {
  const count = tables.size
  const power = 2 ** Math.floor(Math.log2(count))
  const head = new DataView(new ArrayBuffer(12 + 16 * count))
  head.setUint32(0, 0x00010000)
  head.setUint16(4, count)
  head.setUint16(6, 16 * power)
  head.setUint16(8, Math.log2(power))
  head.setUint16(10, 16 * (count - power))
  const parts: Uint8Array[] = [new Uint8Array(head.buffer)]
  let at = head.byteLength
  for (const [i, [tag, bytes]] of [...tables].entries()) {
    const padded = new Uint8Array((bytes.byteLength + 3) & ~3)
    padded.set(bytes)
    for (let k = 0; k < 4; k++) head.setUint8(12 + 16 * i + k, tag.charCodeAt(k))
    head.setUint32(12 + 16 * i + 4, sumOf(padded))
    head.setUint32(12 + 16 * i + 8, at)
    head.setUint32(12 + 16 * i + 12, bytes.byteLength)
    parts.push(padded)
    at += padded.byteLength
  }
  const font = Buffer.concat(parts)
  // The sum of the whole file is known once all else stands.
  const headAt = new DataView(font.buffer, font.byteOffset, font.byteLength).getUint32(12 + 16 * [...tables.keys()].indexOf('head') + 8)
  font.writeUInt32BE((0xb1b0afba - sumOf(font)) >>> 0, headAt + 8)
  return font
}

function sumOf(bytes: Uint8Array): number {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  let sum = 0
  for (let at = 0; at + 4 <= bytes.byteLength; at += 4) sum = (sum + view.getUint32(at)) >>> 0
  return sum
}
