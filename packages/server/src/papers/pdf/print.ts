/**
 * A paper as a PDF: pages, fonts, tags, bookmarks. It holds text and lines and nothing that does anything: no links, no scripts,
 * no forms, no files, no actions; bookmarks lead to places in the file itself.
 */
import type { Paper, Said } from '../paper.ts'
import { type Face, openFaces } from './faces.ts'
import { type Line, paragraphOf } from './lines.ts'
import { metadataOf, pdfDate } from './metadata.ts'
import { createObjects, numberText, refer, textString } from './objects.ts'
import { createTags, type Element, headingTag } from './tags.ts'

/** Points. A4, which ISO 216 countries print on. */
const sheet = { width: 595.28, height: 841.89, side: 50, top: 56, bottom: 64 }
const inner = sheet.width - 2 * sheet.side
const gap = 14
const labelWidth = Math.round(0.36 * inner)
const valueWidth = inner - labelWidth - gap
const body = { size: 10, leading: 15 }
/** Of headings, by level. */
const headings = [
  { size: 18, leading: 25, before: 0, after: 6 },
  { size: 13, leading: 19, before: 16, after: 4 },
  { size: 11, leading: 16, before: 10, after: 2 },
  { size: 10, leading: 15, before: 8, after: 2 },
]
const quiet = '0.33'

/** The paper would have more pages than anybody prints. */
export class TooManyPages extends Error {}
export const mostPages = 1000

export function printPaper(paper: Paper, most = mostPages): Uint8Array {
  const faces = openFaces()
  const all = [...faces.regular, ...faces.bold]
  const tags = createTags()
  const pages: string[][] = []
  const bookmarks: { level: number; text: string; page: number; y: number }[] = []
  const rtl = paper.direction === 'rtl'
  /** Where the next line goes, from the foot of the page. */
  let y = 0

  const nextPage = () => {
    if (pages.length === most) throw new TooManyPages()
    pages.push([])
    y = sheet.height - sheet.top
  }
  const need = (height: number) => {
    if (pages.length === 0 || y - height < sheet.bottom) nextPage()
  }
  const page = () => pages.length - 1
  const put = (text: string) => (pages[page()] as string[]).push(text)

  /** What somebody said as lines, paragraph by paragraph. */
  const settle = ({ text }: Said, using: readonly Face[], size: number, width: number) =>
    text.split(/\r\n|[\n\r\u0085\u2028\u2029]/).map((one) => ({ text: one, ...paragraphOf(one, using, (1000 * width) / size, paper.direction) }))
  const foreign = (language: string | undefined) => (language === paper.language ? undefined : language)

  /** Draws one line of an element. `start`: how far its column is from where reading begins. */
  const draw = (line: Line, element: Element, { size, start, at, grey }: { size: number; start: number; at: number; grey?: boolean }) => {
    if (line.pieces.length === 0) return
    const mark = tags.mark(element, page())
    const x = rtl ? sheet.width - sheet.side - start - (line.width * size) / 1000 : sheet.side + start
    put(`/${element.tag}<</MCID ${mark}>>BDC\n${grey ? `${quiet} g\n` : ''}${textOf(line, all, { x, y: at, size })}${grey ? '0 g\n' : ''}EMC\n`)
  }
  const rule = (at: number) =>
    put(`/Artifact BMC\n0.8 G 0.5 w ${numberText(sheet.side)} ${numberText(at)} m ${numberText(sheet.width - sheet.side)} ${numberText(at)} l S\nEMC\n`)

  const heading = (level: number, said: Said) => {
    const look = headings[Math.min(level, headings.length) - 1] as (typeof headings)[number]
    const paragraphs = settle(said, faces.bold, look.size, inner)
    const lines = paragraphs.flatMap((one) => one.lines)
    // A heading goes where something of what it is above of goes.
    need(look.before + look.leading * lines.length + look.after + 2.5 * body.leading)
    if (y < sheet.height - sheet.top) y -= look.before
    bookmarks.push({ level, text: said.text, page: page(), y })
    const element = tags.add(tags.root, {
      tag: headingTag(level),
      language: foreign(said.language),
      text: paragraphs.some((one) => one.saidBeside) ? said.text : undefined,
    })
    for (const line of lines) {
      need(look.leading)
      draw(line, element, { size: look.size, start: 0, at: y - look.size })
      y -= look.leading
    }
    y -= look.after
  }

  const text = (said: Said) => {
    for (const one of settle(said, faces.regular, body.size, inner)) {
      const element = tags.add(tags.root, { tag: 'P', language: foreign(said.language), text: one.saidBeside ? one.text : undefined })
      for (const line of one.lines) {
        need(body.leading)
        draw(line, element, { size: body.size, start: 0, at: y - body.size, ...(said.quiet ? { grey: true } : {}) })
        y -= body.leading
      }
    }
    y -= 3
  }

  const pair = (table: Element, label: Said, values: readonly Said[]) => {
    const row = tags.add(table, { tag: 'TR' })
    const head = settle(label, faces.regular, body.size, labelWidth)
    const th = tags.add(row, { tag: 'TH', language: foreign(label.language), text: head.some((one) => one.saidBeside) ? label.text : undefined })
    const labels = head.flatMap((one) => one.lines)
    const td = tags.add(row, { tag: 'TD' })
    const lines = values.flatMap((said) =>
      settle(said, faces.regular, body.size, valueWidth).flatMap((one) => {
        const element = tags.add(td, { tag: 'P', language: foreign(said.language), text: one.saidBeside ? one.text : undefined })
        return one.lines.map((line) => ({ line, element, grey: said.quiet === true }))
      }),
    )
    const rows = Math.max(labels.length, lines.length)
    need(Math.min(rows, 3) * body.leading + 6)
    y -= 3
    for (let i = 0; i < rows; i++) {
      need(body.leading)
      const label = labels[i]
      const value = lines[i]
      if (label) draw(label, th, { size: body.size, start: 0, at: y - body.size, grey: true })
      if (value) draw(value.line, value.element, { size: body.size, start: labelWidth + gap, at: y - body.size, grey: value.grey })
      y -= body.leading
    }
    y -= 3
    rule(y)
  }

  nextPage()
  for (const block of paper.blocks) {
    if (block.kind === 'heading') heading(block.level, block.said)
    else if (block.kind === 'text') text(block.said)
    else if (block.pairs.length > 0) {
      const table = tags.add(tags.root, { tag: 'Table' })
      for (const { label, values } of block.pairs) pair(table, label, values)
      y -= 4
    }
  }
  for (const [i, content] of pages.entries()) content.push(foot(paper, i, pages.length, faces.regular, all))
  return fileOf(paper, pages, tags, bookmarks, all)
}

/** What stands at the foot of each page: no part of what is read out. */
function foot(paper: Paper, page: number, pages: number, using: readonly Face[], all: readonly Face[]): string {
  const number = new Intl.NumberFormat(paper.language)
  const said = paper.pageOf.replace('{page}', number.format(page + 1)).replace('{pages}', number.format(pages))
  const size = 8
  const half = (1000 * (inner - gap)) / 2 / size
  const [start, end] = [paper.foot, said].map((text) => paragraphOf(text, using, 1.4 * half, paper.direction).lines[0] as Line) as [Line, Line]
  const endWidth = (end.width * size) / 1000
  const startWidth = (start.width * size) / 1000
  const left = sheet.side
  const right = (width: number) => sheet.width - sheet.side - width
  const rtl = paper.direction === 'rtl'
  const at = sheet.bottom - 26
  const drawn = [textOf(start, all, { x: rtl ? right(startWidth) : left, y: at, size }), textOf(end, all, { x: rtl ? left : right(endWidth), y: at, size })]
  return `/Artifact<</Type/Pagination/Subtype/Footer>>BDC\n${quiet} g\n${drawn.join('')}0 g\nEMC\n`
}

const faceName = (all: readonly Face[], face: Face) => `F${all.indexOf(face)}`

/** The operators that show a line. Each glyph is put where the shaper wants it, whatever its own width is. */
function textOf(line: Line, all: readonly Face[], { x, y, size }: { x: number; y: number; size: number }): string {
  let out = 'BT\n'
  let left = x
  for (const { face, glyphs, width } of line.pieces) {
    out += `/${faceName(all, face)} ${size} Tf\n1 0 0 1 ${numberText(left)} ${numberText(y)} Tm\n`
    left += (width * size) / 1000
    let shown = ''
    let rise = 0
    /** Where the pen is, and where it should be, in thousandths. */
    let [pen, wanted] = [0, 0]
    const flush = () => {
      if (shown !== '') out += `[${shown}]TJ\n`
      shown = ''
    }
    for (const { glyph, text, advance, x: dx, y: dy } of glyphs) {
      if (dy !== rise) {
        flush()
        out += `${numberText((dy * size) / 1000)} Ts\n`
        rise = dy
      }
      const off = pen - (wanted + dx)
      if (Math.abs(off) > 0.01) {
        shown += numberText(off)
        pen -= off
      }
      shown += `<${face.code(glyph, text).toString(16).toUpperCase().padStart(4, '0')}>`
      pen += (1000 * face.metrics.width(glyph)) / face.metrics.unitsPerEm
      wanted += advance
    }
    flush()
    if (rise !== 0) out += '0 Ts\n'
  }
  return `${out}ET\n`
}

interface Bookmark {
  level: number
  text: string
  page: number
  y: number
}

function fileOf(
  paper: Paper,
  pages: readonly string[][],
  tags: ReturnType<typeof createTags>,
  bookmarks: readonly Bookmark[],
  all: readonly Face[],
): Uint8Array {
  const objects = createObjects()
  const tree = objects.reserve()
  const fonts = all.flatMap((face) => (face.used() ? [`/${faceName(all, face)} ${refer(face.embed(objects))}`] : [])).join('')
  // Grey as it looks on paper rather than on some device, which an archive asks for.
  const grey = '[/CalGray<</WhitePoint[1 1 1]/Gamma 2.2>>]'
  const resources = objects.add(`<</Font<<${fonts}>>/ColorSpace<</DefaultGray ${grey}>>>>`)
  const numbers = pages.map((content, page) => {
    const stream = objects.addStream('', Buffer.from(content.join(''), 'latin1'))
    return objects.add(
      `<</Type/Page/Parent ${refer(tree)}/MediaBox[0 0 ${sheet.width} ${sheet.height}]/Resources ${refer(resources)}/Contents ${refer(stream)}/StructParents ${page}/Tabs/S>>`,
    )
  })
  objects.put(tree, `<</Type/Pages/Kids[${numbers.map(refer).join(' ')}]/Count ${numbers.length}>>`)
  const structure = tags.write(objects, numbers)
  const outlines = writeBookmarks(objects, bookmarks, numbers)
  const { title, author, language, made } = paper
  const metadata = objects.addPlainStream('/Type/Metadata/Subtype/XML', Buffer.from(metadataOf({ title, author, language, made }), 'utf8'))
  const info = objects.add(
    `<</Title${textString(title)}/Author${textString(author)}/Producer(Guichet)/CreationDate(${pdfDate(made)})/ModDate(${pdfDate(made)})>>`,
  )
  const catalog = objects.add(
    `<</Type/Catalog/Pages ${refer(tree)}/Lang${textString(language)}/MarkInfo<</Marked true>>/StructTreeRoot ${refer(structure)}/Metadata ${refer(metadata)}/Outlines ${refer(outlines)}/PageMode/UseOutlines/ViewerPreferences<</DisplayDocTitle true${paper.direction === 'rtl' ? '/Direction/R2L' : ''}>>>>`,
  )
  return objects.file(catalog, info)
}

/** The tree of the headings (12.3.3). */
function writeBookmarks(objects: ReturnType<typeof createObjects>, bookmarks: readonly Bookmark[], pages: readonly number[]): number {
  interface Item extends Bookmark {
    object: number
    kids: Item[]
  }
  const root: Item = { level: 0, text: '', page: 0, y: 0, object: objects.reserve(), kids: [] }
  const open: Item[] = [root]
  for (const bookmark of bookmarks) {
    while ((open.at(-1) as Item).level >= bookmark.level) open.pop()
    const item: Item = { ...bookmark, object: objects.reserve(), kids: [] }
    ;(open.at(-1) as Item).kids.push(item)
    open.push(item)
  }
  const ends = ({ kids }: Item) =>
    kids.length === 0 ? '' : `/First ${refer((kids[0] as Item).object)}/Last ${refer((kids.at(-1) as Item).object)}/Count ${kids.length}`
  const write = (item: Item) => {
    for (const [i, kid] of item.kids.entries()) {
      const [before, after] = [item.kids[i - 1], item.kids[i + 1]]
      objects.put(
        kid.object,
        `<</Title${textString(kid.text)}/Parent ${refer(item.object)}${before ? `/Prev ${refer(before.object)}` : ''}${after ? `/Next ${refer(after.object)}` : ''}${ends(kid).replace('/Count ', '/Count -')}/Dest[${refer(pages[kid.page] as number)}/XYZ 0 ${numberText(kid.y)} null]>>`,
      )
      write(kid)
    }
  }
  objects.put(root.object, `<</Type/Outlines${ends(root)}>>`)
  write(root)
  return root.object
}
