import fc from 'fast-check'
import { expect, test } from 'vitest'
import { contrast } from './colour.ts'
import { surface } from './surface.ts'
import { lookOf, tokensIn } from './theme.ts'
import { type ThemeName, themes } from './themes.ts'

const names = Object.keys(themes) as ThemeName[]
/** Those of the runtime that no theme changes: styles.ts there. */
const shared = { focus: ['#0b0c0e', '#ffd54a'], error: ['#b3121d', '#ff9c9c'], success: ['#0a6138', '#7ddba7'] } as const
const colour = fc.integer({ min: 0, max: 0xffffff }).map((value) => `#${value.toString(16).padStart(6, '0')}`)

test.each(names)('%s can be read, whatever colours an agency picks', (theme) => {
  fc.assert(
    fc.property(colour, colour, (primary, accent) => {
      const tokens = { surface: [surface.light, surface.dark], ...shared, ...tokensIn({ theme, colours: { primary, accent } }) } as Record<
        string,
        readonly [string, string]
      >
      const of = (name: string, scheme: 0 | 1) => (tokens[name] as readonly [string, string])[scheme]
      for (const scheme of [0, 1] as const)
        for (const ground of ['surface', 'raised']) {
          const on = of(ground, scheme)
          for (const text of ['text', 'muted', 'primary', 'error', 'success'])
            expect(contrast(of(text, scheme), on), `${text} on ${ground}`).toBeGreaterThanOrEqual(4.5)
          for (const shape of ['border', 'accent', 'focus']) expect(contrast(of(shape, scheme), on), `${shape} on ${ground}`).toBeGreaterThanOrEqual(3)
        }
      for (const scheme of [0, 1] as const) expect(contrast(of('on-primary', scheme), of('primary', scheme))).toBeGreaterThanOrEqual(4.5)
    }),
    { numRuns: 300 },
  )
})

test('a colour that cannot be read is corrected: without that, the test above would fail', () => {
  const yellow = '#ffe000'
  expect(contrast(yellow, surface.light)).toBeLessThan(4.5)
  for (const theme of names) expect(tokensIn({ theme, colours: { primary: yellow } }).primary?.[0]).not.toBe(yellow)
})

test('a theme brings its type, space and corners; colours alone bring none', () => {
  for (const theme of names) for (const token of ['font', 'space', 'radius']) expect(lookOf({ theme }), theme).toContain(`--guichet-${token}:`)
  expect(lookOf({ colours: { primary: '#123456' } })).not.toContain('--guichet-space')
})
