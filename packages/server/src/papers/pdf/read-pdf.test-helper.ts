/**
 * Reads the files that are made here, by what the format says and not by how they are written: from the cross-reference table
 * to the objects, from the tree of tags to the shapes on the pages, and from those by the fonts' own tables to text.
 */
import { inflateSync } from 'node:zlib'

interface Read {
  dictionary: string
  stream: Buffer | null
}

/** One element of the tree that holds something: its tag, language and words. */
export interface ReadElement {
  tag: string
  language: string
  /** What a reader says: the text beside, where there is one. */
  text: string
  /** What the shapes stand for, one line each, from left to right. */
  shapes: string[]
}

export interface ReadPdf {
  pages: number
  language: string
  title: string
  metadata: string
  bookmarks: string[]
  elements: ReadElement[]
  /** Words that are drawn without being content: the foot of each page. */
  artifacts: string[]
  /** Every object but for the bytes of streams, and the content of the pages: where something could be hidden. */
  all: string
}

const stringOf = (hex: string) => {
  const bytes = Buffer.from(hex, 'hex').swap16()
  return bytes.toString('utf16le').replace(/^\ufeff/, '')
}
const entry = (dictionary: string, key: string) => new RegExp(`/${key}\\s*<([0-9A-F]*)>`).exec(dictionary)?.[1]
const reference = (dictionary: string, key: string) => Number(new RegExp(`/${key} (\\d+) 0 R`).exec(dictionary)?.[1] ?? Number.NaN)

export function readPdf(file: Uint8Array): ReadPdf {
  const raw = Buffer.from(file).toString('latin1')
  const objects = objectsOf(file, raw)
  const object = (number: number): Read => {
    const found = objects.get(number)
    if (!found) throw new Error(`no object ${number}`)
    return found
  }
  const trailer = raw.slice(raw.lastIndexOf('trailer'))
  const catalog = object(reference(trailer, 'Root')).dictionary
  const pages = [...(/\/Kids\[([^\]]*)\]/.exec(object(reference(catalog, 'Pages')).dictionary)?.[1] ?? '').matchAll(/(\d+) 0 R/g)].map(([, n]) => Number(n))
  const language = stringOf(entry(catalog, 'Lang') ?? '')
  const fonts = fontsOf(object, pages[0] as number)
  const drawn = pages.map((page) => drawnOn((object(reference(object(page).dictionary, 'Contents')).stream as Buffer).toString('latin1'), fonts))

  const elements: ReadElement[] = []
  const walk = (number: number, inherited: string) => {
    const { dictionary } = object(number)
    const own = entry(dictionary, 'Lang')
    const spoken = own === undefined ? inherited : stringOf(own)
    const kids = dictionary.slice(dictionary.indexOf('/K['))
    const marks = [...kids.matchAll(/<<\/Type\/MCR\/Pg (\d+) 0 R\/MCID (\d+)>>/g)]
    if (marks.length > 0) {
      const shapes = marks.map(([, page, mark]) => {
        const found = drawn[pages.indexOf(Number(page))]?.marked.get(Number(mark))
        if (found === undefined) throw new Error('a tag without content')
        return found
      })
      const beside = entry(dictionary, 'ActualText')
      elements.push({
        tag: /\/S\/(\w+)/.exec(dictionary)?.[1] ?? '',
        language: spoken,
        text: beside === undefined ? shapes.join(' ') : stringOf(beside),
        shapes,
      })
    }
    const inner = /\/K\[((?:\d+ 0 R ?)*)\]/.exec(dictionary)?.[1] ?? ''
    for (const [, kid] of inner.matchAll(/(\d+) 0 R/g)) walk(Number(kid), spoken)
  }
  walk(Number(/\/K\[(\d+) 0 R\]/.exec(object(reference(catalog, 'StructTreeRoot')).dictionary)?.[1]), language)

  const bookmarks: string[] = []
  const follow = (number: number) => {
    for (let next = number; !Number.isNaN(next); next = reference(object(next).dictionary, 'Next')) {
      const { dictionary } = object(next)
      bookmarks.push(stringOf(entry(dictionary, 'Title') ?? ''))
      follow(reference(dictionary, 'First'))
    }
  }
  follow(reference(object(reference(catalog, 'Outlines')).dictionary, 'First'))
  return {
    pages: pages.length,
    language,
    title: stringOf(entry(object(reference(trailer, 'Info')).dictionary, 'Title') ?? ''),
    metadata: (object(reference(catalog, 'Metadata')).stream as Buffer).toString('utf8'),
    bookmarks,
    elements,
    artifacts: drawn.flatMap((page) => page.artifacts),
    all: [...objects.values()].map(({ dictionary }) => dictionary).join('\n'),
  }
}

/** Each object at the place that the table names, and none elsewhere. */
function objectsOf(file: Uint8Array, raw: string): Map<number, Read> {
  const start = Number(/startxref\s+(\d+)\s+%%EOF\s*$/.exec(raw)?.[1])
  const table = /^xref\n0 (\d+)\n((?:\d{10} \d{5} [fn] \n)+)trailer/.exec(raw.slice(start))
  if (!table) throw new Error('no table of objects')
  const rows = (table[2] as string).match(/.{19}\n/g) ?? []
  if (rows.length !== Number(table[1])) throw new Error('the table has another length')
  const objects = new Map<number, Read>()
  for (const [number, row] of rows.entries()) {
    if (number === 0) continue
    const at = Number(row.slice(0, 10))
    const head = `${number} 0 obj\n`
    if (!raw.startsWith(head, at)) throw new Error(`object ${number} is not where the table says`)
    const from = at + head.length
    const streamAt = raw.indexOf('stream\n', from)
    const end = raw.indexOf('\nendobj\n', from)
    if (streamAt === -1 || streamAt > end) {
      objects.set(number, { dictionary: raw.slice(from, end), stream: null })
      continue
    }
    const dictionary = raw.slice(from, streamAt)
    const length = Number(/\/Length (\d+)/.exec(dictionary)?.[1])
    const bytes = Buffer.from(file.subarray(streamAt + 7, streamAt + 7 + length))
    if (!raw.startsWith('\nendstream\nendobj\n', streamAt + 7 + length)) throw new Error(`stream ${number} has another length`)
    objects.set(number, { dictionary, stream: dictionary.includes('/FlateDecode') ? inflateSync(bytes) : bytes })
  }
  return objects
}

type Codes = ReadonlyMap<number, string>

function fontsOf(object: (number: number) => Read, page: number): Map<string, Codes> {
  const { dictionary } = object(reference(object(page).dictionary, 'Resources'))
  return new Map(
    [...(/\/Font<<(.*?)>>/.exec(dictionary)?.[1] ?? '').matchAll(/\/(\w+) (\d+) 0 R/g)].map(([, name, number]) => {
      const map = (object(reference(object(Number(number)).dictionary, 'ToUnicode')).stream as Buffer).toString('latin1')
      return [
        name as string,
        new Map([...map.matchAll(/^<(\w{4})><(\w+)>$/gm)].map(([, code, text]) => [Number.parseInt(code as string, 16), stringOf(text as string)])),
      ]
    }),
  )
}

/** What is shown under each mark, and outside of all. */
function drawnOn(content: string, fonts: ReadonlyMap<string, Codes>): { marked: Map<number, string>; artifacts: string[] } {
  const marked = new Map<number, string>()
  const artifacts: string[] = []
  let [mark, shown]: [number | null, string] = [null, '']
  let codes: Codes = new Map()
  for (const line of content.split('\n')) {
    const begins = /BDC$|BMC$/.test(line)
    if (begins) {
      mark = Number(/\/MCID (\d+)/.exec(line)?.[1] ?? Number.NaN)
      shown = ''
    } else if (line === 'EMC') {
      if (Number.isNaN(mark)) artifacts.push(shown)
      else marked.set(mark as number, shown)
      mark = null
    } else if (line.endsWith(' Tf')) codes = fonts.get(/^\/(\w+)/.exec(line)?.[1] ?? '') ?? new Map()
    else if (line.endsWith('TJ')) {
      if (mark === null) throw new Error('text that no tag is of')
      for (const [, code] of line.matchAll(/<(\w{4})>/g)) shown += codes.get(Number.parseInt(code as string, 16)) ?? ''
    }
  }
  return { marked, artifacts }
}
