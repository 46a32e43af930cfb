/**
 * Three finished looks, beside the one without a name. Each says colours for light and dark, and what else is its own: type, space,
 * corners. All that can be read meets AA on `surface` and on `raised` (themes.test.ts), whatever colours an agency adds.
 */
import type { Agency } from '@guichet/schemas'
import type { Tokens } from './surface.ts'

export type ThemeName = NonNullable<Agency['theme']>

export interface Theme {
  tokens: Tokens
  css: string
}

/** Space between questions and around boxes, by one number. */
const spaced = `.g{padding:calc(1em*var(--guichet-space))}.g-fields>.g-field,.g-group .g-field,.g-row .g-field{margin-block-end:calc(1.75em*var(--guichet-space))}:is(.g-notice,.g-failure,.g-summary){padding:calc(1em*var(--guichet-space))}h2{margin-block-start:calc(1.75em*var(--guichet-space))}`

/** For agencies that have a look at all: others load nothing of it. */
export const headings = 'h1,h2,.g-heading{font-family:var(--guichet-heading-font);color:var(--guichet-heading-colour)}'

export const themes: Readonly<Record<ThemeName, Theme>> = {
  /** Black on white, straight corners, large type, thick edges: nothing that is not needed. */
  simple: {
    tokens: {
      text: ['#0b0c0c', '#f3f4f5'],
      muted: ['#484f56', '#b5bdc5'],
      border: ['#0b0c0c', '#c9d0d6'],
      line: ['#b1b4b6', '#424a52'],
      raised: ['#f3f2f1', '#22272c'],
    },
    css: `:host{--guichet-radius:0em;--guichet-font-size:1.1875em;--guichet-space:1.1;--guichet-font:"Helvetica Neue",Arial,system-ui,sans-serif}${spaced}h1,.g-heading{font-size:2em;line-height:1.15;letter-spacing:-.01em}.g:is(:lang(fa),:lang(ar)) :is(h1,.g-heading){letter-spacing:0;line-height:1.4}.g-button{box-shadow:inset 0 -3px 0 rgb(0 0 0/.25)}.g-top{border-block-end-width:.5em}`,
  },
  /** A band in the agency's colour, quiet greys: an authority's letterhead. */
  civic: {
    tokens: {
      text: ['#1a2233', '#e9edf3'],
      muted: ['#4b5568', '#adb8c6'],
      border: ['#5c677a', '#8b98aa'],
      line: ['#cfd6e0', '#38424f'],
      raised: ['#eef2f7', '#1f2731'],
    },
    css: `:host{--guichet-radius:.25em;--guichet-space:1.15;--guichet-font:"Segoe UI","Noto Sans",system-ui,sans-serif}${spaced}.g-top{background:var(--guichet-colour-primary);color:var(--guichet-colour-on-primary);border-block-end:.35em solid var(--guichet-colour-line);padding:.9em 1.1em;border-radius:var(--guichet-radius) var(--guichet-radius) 0 0}.g-top :is(.g-link,a){color:inherit}.g-top :focus-visible{outline-color:var(--guichet-colour-on-primary)}.g-logo{background:#fff;padding:.25em;border-radius:.15em}h1,.g-heading{font-weight:650}.g-button{letter-spacing:.01em}.g:is(:lang(fa),:lang(ar)) .g-button{letter-spacing:0}@media (forced-colors:active){.g-top{border:2px solid}}`,
  },
  /** Round corners, air, warm greys: a service that takes you by the hand. */
  soft: {
    tokens: {
      text: ['#26222b', '#f2eff5'],
      muted: ['#5b5463', '#bdb4c6'],
      border: ['#7a7284', '#958ca1'],
      line: ['#ddd6e3', '#453d4d'],
      surface: ['#fdfcfb', '#1a171d'],
      raised: ['#f4f0f5', '#28232d'],
    },
    css: `:host{--guichet-radius:.75em;--guichet-button-radius:2em;--guichet-space:1.35;--guichet-font:ui-rounded,"Nunito Sans","Segoe UI",system-ui,sans-serif}${spaced}.g-top{border-block-end-width:2px;border-color:var(--guichet-colour-line)}.g-button{padding-inline:1.75em}.g-notice{border:0;border-radius:var(--guichet-radius)}:is(.g-input,.g-select,.g-textarea){border-width:1.5px;padding-inline:.9em}.g-choice{inline-size:auto;padding:.75em 1em;border:1.5px solid var(--guichet-colour-line);border-radius:var(--guichet-radius);margin-block-end:.5em}.g-choice:has(:checked){border-color:var(--guichet-colour-primary);background:var(--guichet-colour-raised)}`,
  },
}
