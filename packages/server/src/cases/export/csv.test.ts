import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { formulaRests, formulaStarts, looksLikeFormula, readCsv } from '../../testing/formulas.ts'
import { csvLine, unguarded } from './csv.ts'

const payloads = formulaStarts.flatMap((start) => formulaRests.map((end) => start + end))

describe('a cell', () => {
  it('of text is no formula, and comes back as it was', () => {
    expect(payloads.length).toBeGreaterThan(300)
    for (const payload of payloads) {
      const [[before, cell = '', after] = []] = readCsv(csvLine(['a', payload, 'z']))
      expect([before, after]).toEqual(['a', 'z'])
      expect(looksLikeFormula(cell)).toBe(false)
      expect(unguarded(cell)).toBe(payload.replaceAll('\0', '\ufffd'))
    }
    // The control: without the guard most of them are.
    expect(payloads.filter(looksLikeFormula).length).toBeGreaterThan(200)
  })

  it('of any text stays one cell, whatever it holds', () => {
    const piece = fc.oneof(fc.string({ unit: 'grapheme' }), fc.constantFrom(...formulaStarts), fc.constantFrom(...formulaRests))
    const text = fc.array(piece, { maxLength: 6 }).map((pieces) => pieces.join(''))
    fc.assert(
      fc.property(fc.array(text, { minLength: 1, maxLength: 5 }), (cells) => {
        const [read = []] = readCsv(csvLine(cells))
        expect(read.filter(looksLikeFormula)).toEqual([])
        expect(read.map(unguarded)).toEqual(cells.map((cell) => cell.replaceAll('\0', '\ufffd')))
      }),
      { numRuns: 2000 },
    )
  })

  it('of a number is that number in any locale; what is neither is JSON', () => {
    expect(csvLine([-5, 1234567.25, true, null, undefined, Number.NaN])).toBe('-5,1234567.25,true,,,\r\n')
    expect(readCsv(csvLine([[{ holder: 'a "b", c' }], ['=1']]))).toEqual([['[{"holder":"a \\"b\\", c"}]', '["=1"]']])
    expect(csvLine(['\ud800'])).toBe('"\ufffd"\r\n')
  })
})
