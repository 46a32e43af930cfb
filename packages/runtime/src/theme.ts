/** An agency's colours as tokens, made readable: nothing an agency picks can make a text illegible. */
import type { Colours } from '@guichet/schemas'
import { readable, textOn } from './colour.ts'

/** Surfaces of the two schemes; styles.ts draws on these. */
export const surface = { light: '#ffffff', dark: '#15181c' } as const

const defaults = { primary: '#1b4f8f', accent: '#1b4f8f' }

/** Custom properties `--guichet-colour-<name>`, for light and dark surfaces. */
export function tokensOf({ primary = defaults.primary, accent = primary }: Colours): Record<string, [light: string, dark: string]> {
  const button = [readable(primary, surface.light, 4.5), readable(primary, surface.dark, 4.5)] as const
  return {
    primary: [...button],
    'on-primary': [textOn(button[0]), textOn(button[1])],
    // A band beside text: enough to be seen as a shape (WCAG 1.4.11).
    accent: [readable(accent, surface.light, 3), readable(accent, surface.dark, 3)],
  }
}

/** Light where `light-dark()` is unknown; else as the page around has it. */
export function themeOf(colours: Colours): string {
  const tokens = Object.entries(tokensOf(colours))
  const sheet = (value: (pair: [string, string]) => string) => `:host{${tokens.map(([name, pair]) => `--guichet-colour-${name}:${value(pair)}`).join(';')}}`
  return `${sheet(([light]) => light)}@supports (color:light-dark(#000,#fff)){${sheet(([light, dark]) => `light-dark(${light},${dark})`)}}`
}
