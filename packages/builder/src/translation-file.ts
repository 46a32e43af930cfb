/** Texts for translators as files and back, CSV and XLIFF 2, without loss. */
import { parseXml, type XmlElement, type XmlNode } from '@rgrove/parse-xml'
import { brokenRules } from './xliff-rules.ts'

export interface TranslationRow {
  id: string
  source: string
  /** Empty where there is no translation yet. */
  target: string
  /** For the translator: where the text stands and what it is. XLIFF alone has room for it. */
  note?: string
  /** How many characters a translation may have. */
  longest?: number
}

export interface TranslationFile {
  /** Id of the service that the texts are of; undefined: the file does not say. */
  service?: string
  from: string
  to: string
  rows: readonly TranslationRow[]
}

/** Why a file cannot be read; a key of the builder's messages (`translation.wrong.<code>`). */
export class TranslationFileError extends Error {
  readonly code: 'columns' | 'xliff' | 'quote' | 'rule'
  constructor(code: TranslationFileError['code'], detail = '') {
    super(detail)
    this.code = code
  }
}

// ── CSV (RFC 4180)

/** Spreadsheets tell UTF-8 by this mark. */
const mark = '\ufeff'
/** What a spreadsheet would take for a formula, as in the server's exports: a leading apostrophe is there so that it can be undone. */
const risky = /^(?:'|[\t\r\n]|[\s\p{C}\p{Z}]*[=+\-@\uff0b\uff0d\uff1d\uff20])/u
const quoted = (cell: string) => `"${risky.test(cell) ? "'" : ''}${cell.replaceAll('"', '""')}"`
/** A program that takes the apostrophe for a sign of its own gives the text back without it. */
const unguarded = (cell: string) => (cell.startsWith("'") && risky.test(cell.slice(1)) ? cell.slice(1) : cell)

/** The head of the first column names the service: `id` alone in files that name none. */
const idOf = /^id(?::([a-z0-9-]+))?$/

export const toCsv = ({ service, from, to, rows }: TranslationFile): string =>
  `${mark}${[[service === undefined ? 'id' : `id:${service}`, from, to], ...rows.map(({ id, source, target }) => [id, source, target])].map((line) => line.map(quoted).join(',')).join('\r\n')}\r\n`

function linesIn(text: string, separator: string): string[][] {
  const lines: string[][] = []
  let line: string[] = []
  let cell = ''
  let at = 0
  const endCell = () => {
    line.push(cell)
    cell = ''
  }
  const endLine = () => {
    endCell()
    lines.push(line)
    line = []
  }
  while (at < text.length) {
    const letter = text[at] as string
    if (letter === '"' && cell === '') {
      for (at++; ; at++) {
        if (at >= text.length) throw new TranslationFileError('quote')
        if (text[at] !== '"') cell += text[at]
        else if (text[at + 1] === '"') cell += text[at++]
        else break
      }
      at++
      // What follows a closed quote belongs to the cell, up to the next mark.
      while (at < text.length && text[at] !== separator && text[at] !== '\n' && text[at] !== '\r') cell += text[at++]
      if (at >= text.length) endLine()
      else if (text[at] === separator) {
        endCell()
        at++
        if (at >= text.length) endLine()
      } else {
        endLine()
        at += text.startsWith('\r\n', at) ? 2 : 1
      }
      continue
    }
    if (letter === separator) {
      endCell()
      if (at + 1 >= text.length) endLine()
    } else if (letter === '\n' || letter === '\r') {
      endLine()
      if (text.startsWith('\r\n', at)) at++
    } else {
      cell += letter
      if (at + 1 >= text.length) endLine()
    }
    at++
  }
  return lines
}

/** Spreadsheets of many countries part cells by `;`, and some by tabs. */
const separatorOf = (head: string): string =>
  [',', ';', '\t'].map((one) => ({ one, count: head.split(one).length })).sort((a, b) => b.count - a.count)[0]?.one ?? ','

export function fromCsv(text: string): TranslationFile {
  const plain = text.startsWith(mark) ? text.slice(1) : text
  const [head = [], ...lines] = linesIn(plain, separatorOf(/^[^\r\n]*/.exec(plain)?.[0] ?? ''))
  const [id, from, to] = head.map((title) => title.trim())
  const [isHead, service] = idOf.exec(id ?? '') ?? []
  if (!isHead || !from || !to) throw new TranslationFileError('columns')
  return {
    ...(service === undefined ? {} : { service }),
    from,
    to,
    rows: lines
      .filter((line) => line.length > 1)
      .map((line) => line.map(unguarded))
      .map(([place = '', source = '', target = '']) => ({ id: place, source, target })),
  }
}

// ── XLIFF 2.1

/** What XML 1.0 has no way to say; XLIFF says it with an element. */
const unspeakable = (point: number) =>
  (point < 0x20 && point !== 0x9 && point !== 0xa && point !== 0xd) || (point >= 0xd800 && point <= 0xdfff) || point === 0xfffe || point === 0xffff

const attribute = (text: string) => [...text].map((letter) => (/[&<>"']/.test(letter) || letter < ' ' ? `&#${letter.codePointAt(0)};` : letter)).join('')

const content = (text: string) =>
  [...text]
    .map((letter) => {
      const point = letter.codePointAt(0) as number
      if (unspeakable(point)) return `<cp hex="${point.toString(16).toUpperCase().padStart(4, '0')}"/>`
      // A carriage return would be read as a line feed.
      return letter === '&' ? '&amp;' : letter === '<' ? '&lt;' : letter === '>' ? '&gt;' : letter === '\r' ? '&#13;' : letter
    })
    .join('')

/** A place that the server fills in: tools keep it as it is, and may move it. */
const placeholder = /(\{[A-Za-z][A-Za-z0-9_]*\})/

/** Source and target of a unit with their places marked; the same place has the same id in both, as XLIFF asks for. */
function contents(texts: readonly string[]): string[] {
  const ids = new Map<string, string>()
  return texts.map((text) => {
    const seen = new Map<string, number>()
    return text
      .split(placeholder)
      .map((part, i) => {
        if (i % 2 === 0) return content(part)
        const nth = (seen.get(part) ?? 0) + 1
        seen.set(part, nth)
        const key = `${part} ${nth}`
        const id = ids.get(key) ?? String(ids.size + 1)
        ids.set(key, id)
        return `<ph id="${id}" equiv="${part}" disp="${part}"/>`
      })
      .join('')
  })
}

/** XLIFF needs a name for the file; one that names no service is of none in particular. */
const noService = '_'

export function toXliff({ service = noService, from, to, rows }: TranslationFile): string {
  const units = rows.map(({ id, source, target, note, longest }, i) => {
    const [original, translated] = contents([source, target])
    const limit = longest === undefined ? '' : ` slr:sizeRestriction="${longest}"`
    const notes = note ? `      <notes><note category="context" appliesTo="source">${content(note)}</note></notes>\n` : ''
    return `    <unit id="u${i + 1}" name="${attribute(id)}" xml:space="preserve"${limit}>\n${notes}      <segment state="${target === '' ? 'initial' : 'translated'}"><source>${original}</source>${
      target === '' ? '' : `<target>${translated}</target>`
    }</segment>\n    </unit>\n`
  })
  // Lengths are counted as schemas count them, in code points: the module for sizes says so once a file.
  const isLimited = rows.some(({ longest }) => longest !== undefined)
  const sizes = isLimited ? ' xmlns:slr="urn:oasis:names:tc:xliff:sizerestriction:2.0"' : ''
  return `<?xml version="1.0" encoding="UTF-8"?>
<xliff xmlns="urn:oasis:names:tc:xliff:document:2.0"${sizes} version="2.1" srcLang="${attribute(from)}" trgLang="${attribute(to)}">
  <file id="${attribute(service)}" original="${attribute(service)}">
${isLimited ? '    <slr:profiles generalProfile="xliff:codepoints"/>\n' : ''}${units.join('')}  </file>
</xliff>
`
}

const isElement = (node: XmlNode): node is XmlElement => node.type === 'element'
const children = (element: XmlElement, ...names: string[]): XmlElement[] =>
  element.children.filter((node) => isElement(node)).filter(({ name }) => names.includes(name))

/** The text of a source or target; codes that tools put around parts of it leave their text. */
function textOf(element: XmlElement): string {
  return element.children
    .map((node) => {
      if (node.type === 'text' || node.type === 'cdata') return (node as unknown as { text: string }).text
      if (!isElement(node)) return ''
      if (node.name === 'ph') return node.attributes.equiv ?? ''
      return node.name === 'cp' ? String.fromCodePoint(Number.parseInt(node.attributes.hex ?? '0', 16)) : textOf(node)
    })
    .join('')
}

export function fromXliff(text: string): TranslationFile {
  let root: XmlElement | null
  try {
    root = parseXml(text.startsWith(mark) ? text.slice(1) : text).root
  } catch (error) {
    throw new TranslationFileError('xliff', error instanceof Error ? (error.message.split('\n')[0] ?? '') : '')
  }
  const { srcLang, trgLang, version } = root?.attributes ?? {}
  if (root?.name !== 'xliff' || !version?.startsWith('2') || !srcLang || !trgLang) throw new TranslationFileError('xliff')
  const [broken] = brokenRules(root)
  // Who breaks the rules may mean another text than the one that we would put it to.
  if (broken) throw new TranslationFileError('rule', `${broken.at} (${broken.rule})`)
  const rows: TranslationRow[] = []
  const units = (holder: XmlElement): void => {
    for (const part of children(holder, 'group', 'unit')) {
      if (part.name === 'group') {
        units(part)
        continue
      }
      const segments = children(part, 'segment', 'ignorable')
      const said = (name: string) => segments.map((segment) => children(segment, name).map(textOf).join('')).join('')
      // What lies between sentences is not translated: it stands in the target as it is.
      const target = segments
        .map((segment) => {
          const own = children(segment, 'target').map(textOf).join('')
          return own === '' && segment.name === 'ignorable' ? children(segment, 'source').map(textOf).join('') : own
        })
        .join('')
      const saidBy = (segment: XmlElement, name: string) => children(segment, name).map(textOf).join('')
      // Not every tool keeps the states; but the original, still there to be written over, is no translation.
      const isTranslated = segments.some((segment) => {
        const own = saidBy(segment, 'target')
        return segment.name === 'segment' && own !== '' && (segment.attributes.state !== 'initial' || own !== saidBy(segment, 'source'))
      })
      const [notes] = children(part, 'notes')
      const note = notes && children(notes, 'note').find(({ attributes }) => attributes.category === 'context')
      const longest = Number(part.attributes['slr:sizeRestriction'])
      rows.push({
        id: part.attributes.name ?? '',
        source: said('source'),
        target: isTranslated ? target : '',
        ...(note ? { note: textOf(note) } : {}),
        ...(Number.isSafeInteger(longest) ? { longest } : {}),
      })
    }
  }
  const files = children(root, 'file')
  for (const file of files) units(file)
  const service = files[0]?.attributes.id
  return { ...(service === undefined || service === noService ? {} : { service }), from: srcLang, to: trgLang, rows }
}

export const readTranslation = (text: string): TranslationFile => (/^\ufeff?\s*</.test(text) ? fromXliff(text) : fromCsv(text))
