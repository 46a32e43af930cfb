/** WCAG 2.2 contrast, and colours of an agency made readable. Colours are #rrggbb. */
const channels = (colour: string) => [1, 3, 5].map((at) => Number.parseInt(colour.slice(at, at + 2), 16))

/** Relative luminance, 0 to 1. */
export const luminance = (colour: string): number =>
  channels(colour)
    .map((value) => (value <= 10 ? value / 3294.6 : ((value / 255 + 0.055) / 1.055) ** 2.4))
    .reduce((sum, part, i) => sum + part * ([0.2126, 0.7152, 0.0722][i] as number), 0)

/** 1 to 21. */
export function contrast(a: string, b: string): number {
  const ratio = (luminance(a) + 0.05) / (luminance(b) + 0.05)
  return ratio < 1 ? 1 / ratio : ratio
}

/** Black or white, whichever is read better on a colour: always at least 4.5. */
export const textOn = (background: string): string => (contrast(background, '#ffffff') >= contrast(background, '#000000') ? '#ffffff' : '#000000')

/** `share` 0..1 of the way from one colour to another. */
export function mix(from: string, to: string, share: number): string {
  const target = channels(to)
  const parts = channels(from).map((value, i) => Math.round(value + ((target[i] as number) - value) * share))
  return `#${parts.map((value) => value.toString(16).padStart(2, '0')).join('')}`
}

/** The colour nearest to `colour`, darker or lighter, that has the contrast with a background. */
export function readable(colour: string, background: string, wanted: number): string {
  const towards = textOn(background)
  let candidate = colour
  for (let share = 0; contrast(candidate, background) < wanted && share < 1; ) candidate = mix(colour, towards, (share += 0.05))
  return candidate
}
