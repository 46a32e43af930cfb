/** Colours that cannot be told from the white they stand on (WCAG 1.4.3 for text, 1.4.11 for what is no text). */
import { type LintRule, warning } from './finding.ts'

/** Relative luminance of #rrggbb (WCAG 2.2). */
function luminance(colour: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => {
    const channel = Number.parseInt(colour.slice(at, at + 2), 16) / 255
    return channel <= 0.04045 ? channel / 12.92 : ((channel + 0.055) / 1.055) ** 2.4
  })
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue
}

export const contrastWithWhite = (colour: string) => 1.05 / (luminance(colour) + 0.05)

/** The primary colour is behind the white text of buttons; the accent marks edges. */
const least = { primary: 4.5, accent: 3 } as const

export const colourContrast: LintRule = function* ({ definition }) {
  for (const name of ['primary', 'accent'] as const) {
    const colour = definition.agency.colours?.[name]
    if (!colour) continue
    const ratio = contrastWithWhite(colour)
    // Cut, not rounded: 4.46 must not read as the 4.5 that was asked for.
    if (ratio < least[name]) yield warning('colour.contrast', `/agency/colours/${name}`, { ratio: Math.floor(ratio * 10) / 10, least: least[name] })
  }
}
