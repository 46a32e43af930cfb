import type { FieldContext } from '@guichet/core'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { money } from './money.ts'

const settings = { id: 'q', type: 'money', label: {}, min: -Number.MAX_SAFE_INTEGER } as const
const contextOf = (currency: string, decimals: number) => ({ locale: { timeZone: 'UTC', calendar: 'gregory', currency, decimals } }) as FieldContext

test('what is shown can be typed again, to the last minor unit', () => {
  fc.assert(
    fc.property(
      fc.constantFrom(
        ...([
          ['EUR', 2],
          ['VND', 0],
          ['HUF', 0],
          ['HUF', 2],
          ['IRR', 0],
          ['KWD', 3],
        ] as const),
      ),
      fc.constantFrom('en', 'el', 'vi', 'hu', 'fa'),
      fc.maxSafeInteger(),
      ([currency, decimals], language, amount) => {
        const value = Math.trunc(amount / 1000) + 0
        const digits = { minimumFractionDigits: decimals, maximumFractionDigits: decimals }
        const typed = new Intl.NumberFormat(language, digits).format(value / 10 ** decimals)
        expect(money.parse(typed, settings, contextOf(currency, decimals)), typed).toEqual({ value })
      },
    ),
  )
})

test('cents are counted, never multiplied', () => {
  for (const [typed, value] of [
    ['0.29', 29],
    ['1.15', 115],
    ['4.35', 435],
    ['1000000.07', 100000007],
  ] as const)
    expect(money.parse(typed, settings, contextOf('EUR', 2))).toEqual({ value })
})
