/** An agency's colours and theme, made readable: nothing an agency picks can make a text illegible. */
import type { Agency, Colours } from '@guichet/schemas'
import { contrast, readable, textOn } from './colour.ts'
import { surface, type Tokens, tokenSheet } from './surface.ts'
import { headings, themes } from './themes.ts'

const ownColour = '#1b4f8f'

/** Nearest to a colour that can be read on all of these; they are all light, or all dark. */
const readableOn = (colour: string, backgrounds: readonly string[], wanted: number): string =>
  backgrounds.reduce((candidate, background) => (contrast(candidate, background) < wanted ? readable(candidate, background, wanted) : candidate), colour)

/** The tokens that follow from an agency's colours; `on`: what they are read on, in light and in dark. */
export function tokensOf({ primary = ownColour, accent = primary }: Colours, on: readonly (readonly string[])[] = [[surface.light], [surface.dark]]): Tokens {
  const both = (colour: string, wanted: number) => on.map((backgrounds) => readableOn(colour, backgrounds, wanted)) as unknown as [string, string]
  const button = both(primary, 4.5)
  return {
    primary: button,
    'on-primary': [textOn(button[0]), textOn(button[1])],
    // A band beside text: enough to be seen as a shape (WCAG 1.4.11).
    accent: both(accent, 3),
  }
}

/** All tokens of a look. */
export function tokensIn({ colours = {}, theme }: Pick<Agency, 'colours' | 'theme'>): Tokens {
  // A draft may say anything.
  if (!theme || !Object.hasOwn(themes, theme)) return tokensOf(colours)
  const { tokens } = themes[theme]
  const { surface: own = [surface.light, surface.dark], raised = own } = tokens
  return {
    ...tokens,
    ...tokensOf(
      colours,
      [0, 1].map((scheme) => [own[scheme] as string, raised[scheme] as string]),
    ),
  }
}

/** The style sheet of an agency that has chosen colours or a theme. */
export const lookOf = (agency: Pick<Agency, 'colours' | 'theme'>): string =>
  tokenSheet(tokensIn(agency)) + headings + (agency.theme && Object.hasOwn(themes, agency.theme) ? themes[agency.theme].css : '')
