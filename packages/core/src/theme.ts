/** An agency's colours as tokens, made readable: nothing an agency picks can make a text illegible. */
import type { Colours } from '@guichet/schemas'
import { readable, textOn } from './colour.ts'
import { surface } from './surface.ts'

/** By name, without what all are called: a colour for light surfaces and one for dark ones. */
export type Tokens = Readonly<Record<string, readonly [light: string, dark: string]>>

const ownColour = '#1b4f8f'

/** The tokens that follow from an agency's colours. */
export function tokensOf({ primary = ownColour, accent = primary }: Colours): Tokens {
  const button = [readable(primary, surface.light, 4.5), readable(primary, surface.dark, 4.5)] as const
  return {
    primary: [...button],
    'on-primary': [textOn(button[0]), textOn(button[1])],
    // A band beside text: enough to be seen as a shape (WCAG 1.4.11).
    accent: [readable(accent, surface.light, 3), readable(accent, surface.dark, 3)],
  }
}
