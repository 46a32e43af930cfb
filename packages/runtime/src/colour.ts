/** WCAG 2.2 contrast, and colours of an agency made readable. Colours are #rrggbb. */
type Channels = readonly [number, number, number]

const channels = (colour: string): Channels => [1, 3, 5].map((at) => Number.parseInt(colour.slice(at, at + 2), 16)) as unknown as Channels
const hex = (rgb: Channels) => `#${rgb.map((value) => Math.round(value).toString(16).padStart(2, '0')).join('')}`

/** Relative luminance, 0 to 1. */
export function luminance(colour: string): number {
  const [r, g, b] = channels(colour).map((value) => {
    const part = value / 255
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4
  }) as unknown as Channels
  return 0.2126 * r + 0.7152 * g + 0.0722 * b
}

/** 1 to 21. */
export function contrast(a: string, b: string): number {
  const [low, high] = [luminance(a), luminance(b)].sort((x, y) => x - y) as [number, number]
  return (high + 0.05) / (low + 0.05)
}

/** Black or white, whichever is read better on a colour: always at least 4.5. */
export const textOn = (background: string): string => (contrast(background, '#ffffff') >= contrast(background, '#000000') ? '#ffffff' : '#000000')

/** `share` 0..1 of the way from one colour to another. */
export const mix = (from: string, to: string, share: number): string => {
  const target = channels(to)
  return hex(channels(from).map((value, i) => value + ((target[i] as number) - value) * share) as unknown as Channels)
}

/** The colour nearest to `colour`, darker or lighter, that has the contrast with a background. */
export function readable(colour: string, background: string, wanted: number): string {
  const towards = textOn(background)
  for (let step = 0; step <= 20; step++) {
    const candidate = mix(colour, towards, step / 20)
    if (contrast(candidate, background) >= wanted) return candidate
  }
  return towards
}
