/**
 * A drawn signature as it is stored: SVG path data of moves and lines between whole points of a box, and nothing else. What
 * keeps this grammar can be put into a path of any page, and draws lines.
 */
export const box = { width: 600, height: 200 } as const

const longest = 20_000
const coordinate = '(?:[0-9]|[1-9][0-9]|[1-5][0-9]{2}|600) (?:[0-9]|[1-9][0-9]|1[0-9]{2}|200)'
export const pathPattern = `^(?:M${coordinate}(?:L${coordinate})+)+$`
const grammar = new RegExp(pathPattern)
/** Fewer points than this are a slip of the finger. */
const fewestPoints = 6

export const drawingSchema = { type: 'string', minLength: 1, maxLength: longest, pattern: pathPattern }

/** Why it is no signature; null: it is one. */
export const drawingFault = (path: string): 'drawing' | 'tooLittle' | null =>
  path.length > longest || !grammar.test(path) ? 'drawing' : (path.match(/[ML]/g)?.length ?? 0) < fewestPoints ? 'tooLittle' : null

export interface Point {
  x: number
  y: number
}

/** Strokes to a path; points as they lie in a box of that width. One that would be too long is thinned. */
export function pathOf(strokes: readonly (readonly Point[])[], width: number): string {
  const scale = box.width / width
  const within = (value: number, most: number) => Math.min(most, Math.max(0, Math.round(value * scale)))
  for (let step = 1; ; step *= 2) {
    const path = strokes
      .filter((points) => points.length > 0)
      .map((points) => {
        const kept = points.filter((_, i) => i % step === 0 || i === points.length - 1)
        const pairs = kept.map(({ x, y }) => `${within(x, box.width)} ${within(y, box.height)}`)
        const different = pairs.filter((pair, i) => pair !== pairs[i - 1])
        // A dot is a line to where it is.
        return `M${(different.length === 1 ? [...different, ...different] : different).join('L')}`
      })
      .join('')
    if (path.length <= longest || step > 1024) return path
  }
}

/** The strokes of a path, in a box of that width. */
export const strokesOf = (path: string, width: number): Point[][] =>
  path
    .split('M')
    .filter((stroke) => stroke !== '')
    .map((stroke) =>
      stroke.split('L').map((pair) => {
        const [x = 0, y = 0] = pair.split(' ').map((value) => (Number(value) * width) / box.width)
        return { x, y }
      }),
    )
