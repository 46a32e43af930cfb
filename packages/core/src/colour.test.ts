import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { contrast, luminance, mix, readable, textOn } from './colour.ts'
import { surface } from './surface.ts'
import { tokensOf } from './theme.ts'

const colour = fc.integer({ min: 0, max: 0xffffff }).map((value) => `#${value.toString(16).padStart(6, '0')}`)

describe('contrast', () => {
  test('agrees with published values of WCAG', () => {
    expect(contrast('#000000', '#ffffff')).toBeCloseTo(21)
    // The lightest grey that is still read on white.
    expect(contrast('#767676', '#ffffff')).toBeCloseTo(4.54, 2)
    expect(contrast('#777777', '#ffffff')).toBeLessThan(4.5)
    expect(luminance('#ff0000')).toBeCloseTo(0.2126)
  })
  test('is the same both ways', () => {
    fc.assert(fc.property(colour, colour, (a, b) => Math.abs(contrast(a, b) - contrast(b, a)) < 1e-9))
  })
})

test('black or white is readable on every colour', () => {
  fc.assert(fc.property(colour, (background) => contrast(textOn(background), background) >= 4.5))
})

test('mix gives both ends, and colours between', () => {
  expect(mix('#102030', '#ffffff', 0)).toBe('#102030')
  expect(mix('#102030', '#ffffff', 1)).toBe('#ffffff')
  expect(mix('#000000', '#ffffff', 0.5)).toBe('#808080')
})

describe('an agency’s colours', () => {
  test('stay as they are where they can be read', () => {
    expect(readable('#1b4f8f', '#ffffff', 4.5)).toBe('#1b4f8f')
    expect(tokensOf({ primary: '#7a1f5c' }).primary?.[0]).toBe('#7a1f5c')
  })
  test('are made readable on light and dark, whatever they are', () => {
    fc.assert(
      fc.property(colour, colour, (primary, accent) => {
        const tokens = tokensOf({ primary, accent })
        for (const [i, background] of [surface.light, surface.dark].entries()) {
          const at = (name: string) => tokens[name]?.[i] as string
          expect(contrast(at('primary'), background)).toBeGreaterThanOrEqual(4.5)
          expect(contrast(at('on-primary'), at('primary'))).toBeGreaterThanOrEqual(4.5)
          expect(contrast(at('accent'), background)).toBeGreaterThanOrEqual(3)
        }
      }),
    )
  })
})
