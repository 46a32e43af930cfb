/**
 * A paragraph as lines of shapes: which way each part of it runs (the bidirectional algorithm, UAX #9), where it is broken, and
 * which glyphs stand for its letters where they stand.
 */
import bidiModule from 'bidi-js'
import { ClusterLevel, Direction, Buffer as ShapeBuffer, shape } from 'harfbuzzjs'
import type { Face } from './faces.ts'

export interface Glyph {
  glyph: number
  /** What it stands for; '' where a glyph before it stands for that. */
  text: string
  /** In thousandths of the size, as the next three. */
  advance: number
  x: number
  y: number
}

/** Shapes of one face, from left to right. */
export interface Piece {
  face: Face
  glyphs: readonly Glyph[]
  /** In thousandths of the size. */
  width: number
}

export interface Line {
  pieces: readonly Piece[]
  width: number
}

export interface Paragraph {
  lines: readonly Line[]
  /** Whether the order or the look of the shapes is not that of the text, so that the text has to be said beside them. */
  saidBeside: boolean
}

/** Its types speak of a module that Node does not load: what comes is the function itself. */
const bidi = (bidiModule as unknown as typeof bidiModule.default)()
const graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' })
/** Shown for what no face has. */
const unknown = '\ufffd'
/** They have no shape of their own. */
const isIgnorable = (codePoint: number) => /\p{Default_Ignorable_Code_Point}/u.test(String.fromCodePoint(codePoint))
const isControl = (codePoint: number) => codePoint < 0x20 || (codePoint >= 0x7f && codePoint < 0xa0)

/** Part of a text that is shaped as one. */
interface Run {
  from: number
  to: number
  level: number
  face: Face
  /** Whether no face has it. */
  unknown: boolean
}

/**
 * `text`: one paragraph, without line breaks. `width`: in thousandths of the size. `base`: which way it runs where its own first
 * letter does not say so.
 */
export function paragraphOf(text: string, faces: readonly Face[], width: number, base: 'ltr' | 'rtl'): Paragraph {
  const { levels, paragraphs } = bidi.getEmbeddingLevels(text, /\p{L}/u.test(text) ? 'auto' : base === 'rtl' && !/\p{N}/u.test(text) ? 'rtl' : 'ltr')
  const baseLevel = paragraphs[0]?.level ?? 0
  const runs = runsOf(text, levels, faces)
  const lines = breaksOf(text, runs, width).map(([from, to]) => lineOf(text, runs, from, to, baseLevel))
  return { lines, saidBeside: runs.some((run) => run.level % 2 === 1 || run.unknown) }
}

/** Which face each letter with its marks is taken from. What is common to all scripts stays with what stands before it. */
function runsOf(text: string, levels: Uint8Array, faces: readonly Face[]): Run[] {
  const runs: Run[] = []
  for (const { segment, index } of graphemes.segment(text)) {
    const points = [...segment].map((letter) => letter.codePointAt(0) as number)
    const has = (face: Face) => points.every((point) => !isControl(point) && (face.covers(point) || isIgnorable(point)))
    const last = runs.at(-1)
    const common = last !== undefined && !last.unknown && /^[\p{Script=Common}\p{Script=Inherited}]+$/u.test(segment) && has(last.face)
    const found = common ? last.face : faces.find(has)
    const face = found ?? (faces[0] as Face)
    const level = levels[index] ?? 0
    if (last && last.face === face && last.level === level && last.unknown === !found) last.to = index + segment.length
    else runs.push({ from: index, to: index + segment.length, level, face, unknown: !found })
  }
  return runs
}

/** Lines as places in the text, without the spaces at their ends. A word that is longer than a line is broken between letters. */
function breaksOf(text: string, runs: readonly Run[], width: number): [number, number][] {
  const lines: [number, number][] = []
  let [from, to, used] = [0, 0, 0]
  const measure = createMeasure(text, runs)
  const close = (next: number) => {
    lines.push([from, to])
    from = to = next
    used = 0
  }
  for (const { 0: part, index } of text.matchAll(/[ \t]+|[^ \t]+/g)) {
    const end = index + part.length
    const isSpace = part[0] === ' ' || part[0] === '\t'
    const wide = measure(index, end)
    if (isSpace) {
      // Spaces count once something comes after them.
      if (used + wide > width && to > from) close(end)
      else used += wide
      continue
    }
    if (used + wide <= width) {
      to = end
      used += wide
      continue
    }
    if (to > from) close(index)
    if (wide <= width) {
      from = index
      to = end
      used = wide
      continue
    }
    from = index
    for (const { segment, index: inside } of graphemes.segment(part)) {
      const at = index + inside
      const letter = measure(at, at + segment.length)
      if (used + letter > width && to > from) close(at)
      to = at + segment.length
      used += letter
    }
  }
  lines.push([from, to])
  return lines
}

/** How wide parts of a text are; the same words come again and again. */
function createMeasure(text: string, runs: readonly Run[]) {
  const known = new Map<string, number>()
  let at = 0
  return (from: number, to: number): number => {
    const word = text.slice(from, to)
    const found = known.get(word)
    if (found !== undefined) return found
    // Asked for from the front to the back.
    while (at > 0 && (runs[at]?.from ?? 0) > from) at--
    while ((runs[at]?.to ?? Number.POSITIVE_INFINITY) <= from) at++
    let width = 0
    for (let i = at; i < runs.length && (runs[i] as Run).from < to; i++) width += shaped(text, cut(runs[i] as Run, from, to)).width
    known.set(word, width)
    return width
  }
}

const cut = (run: Run, from: number, to: number): Run => ({ ...run, from: Math.max(run.from, from), to: Math.min(run.to, to) })

function lineOf(text: string, runs: readonly Run[], from: number, to: number, baseLevel: number): Line {
  let first = 0
  for (let high = runs.length; first < high; ) {
    const middle = (first + high) >> 1
    if ((runs[middle] as Run).to <= from) first = middle + 1
    else high = middle
  }
  const parts: Run[] = []
  for (let i = first; i < runs.length && (runs[i] as Run).from < to; i++) parts.push(cut(runs[i] as Run, from, to))
  // Rule L1: what was in the middle of a paragraph and ends a line now goes with the paragraph; spaces at the ends are left out.
  const pieces = reordered(parts, baseLevel).map((run) => shaped(text, run))
  return { pieces, width: pieces.reduce((sum, piece) => sum + piece.width, 0) }
}

/** Rule L2: from the highest level down to the lowest odd one, what is at that level or above is turned round. */
function reordered(parts: readonly Run[], baseLevel: number): Run[] {
  const line = [...parts]
  const levels = line.map(({ level }) => level)
  const highest = Math.max(baseLevel, ...levels)
  for (let level = highest; level >= 1; level--) {
    for (let i = 0; i < line.length; i++) {
      let end = i
      while (end < line.length && (line[end] as Run).level >= level) end++
      if (end - i > 1) line.splice(i, end - i, ...line.slice(i, end).reverse())
      i = Math.max(i, end)
    }
  }
  return line
}

const buffer = new ShapeBuffer()

function shaped(text: string, { from, to, level, face, unknown: isUnknown }: Run): Piece {
  const said = text.slice(from, to)
  const perThousand = 1000 / face.metrics.unitsPerEm
  if (isUnknown) return unknownPiece(said, face, perThousand)
  buffer.reset()
  buffer.addText(said)
  buffer.setClusterLevel(ClusterLevel.CHARACTERS)
  buffer.setDirection(level % 2 === 1 ? Direction.RTL : Direction.LTR)
  // Script and language; the direction is ours.
  buffer.guessSegmentProperties()
  shape(face.font, buffer)
  const infos = buffer.getGlyphInfosAndPositions()
  const places = [...new Set(infos.map(({ cluster }) => cluster))].sort((a, b) => a - b)
  const after = new Map(places.map((place, i) => [place, places[i + 1] ?? said.length]))
  const done = new Set<number>()
  let width = 0
  const glyphs: Glyph[] = []
  for (const { codepoint: glyph, cluster, xAdvance = 0, xOffset = 0, yOffset = 0 } of infos) {
    const stands = done.has(cluster) ? '' : said.slice(cluster, after.get(cluster))
    done.add(cluster)
    width += xAdvance * perThousand
    const [first = '', ...others] = level % 2 === 1 ? [...stands] : [stands]
    // Of one shape for several letters some readers of files turn the letters round, from right to left: each gets one of its own.
    for (const text of others.reverse()) glyphs.push({ ...nothingShown(face), text })
    glyphs.push({ glyph, text: first, advance: xAdvance * perThousand, x: xOffset * perThousand, y: yOffset * perThousand })
  }
  return { face, glyphs, width }
}

/** The space, taking none. */
const nothingShown = (face: Face): Omit<Glyph, 'text'> => ({ glyph: face.font.nominalGlyph(0x20) ?? 0, advance: 0, x: 0, y: 0 })

/** What no face has is shown as one sign a letter, which stands for that letter. */
function unknownPiece(said: string, face: Face, perThousand: number): Piece {
  const glyph = face.font.nominalGlyph(unknown.codePointAt(0) as number) ?? 0
  const advance = face.metrics.width(glyph) * perThousand
  const glyphs = [...graphemes.segment(said)].map(({ segment }) => ({ glyph, text: segment, advance, x: 0, y: 0 }))
  return { face, glyphs, width: advance * glyphs.length }
}
