/** T32: answers that a spreadsheet program would take for a formula, in the table that officers are handed. */
import fc from 'fast-check'
import { csvLine, unguarded } from '../../src/cases/export/csv.ts'
import { formulaRests, formulaStarts, looksLikeFormula, readCsv } from '../../src/testing/formulas.ts'
import type { Line } from '../line.ts'

const blank = fc.constantFrom('', '', ' ', '\t', '\u00a0', '\u200b', '\ufeff', '\u3000', '\u202e', '\0', "'", '"', '""', '\r\n', '\u2028')

export const formulas: Line = {
  attack: 'T32',
  name: 'formulas',
  what: 'cells that begin with = + - @, full-width or behind blanks, quotes and separators',
  reach: 'no cell begins as a formula, no cell becomes two, each comes back as it was',
  async run({ seed, count }) {
    const payload = fc
      .tuple(blank, blank, fc.constantFrom(...formulaStarts), fc.constantFrom(...formulaRests), fc.string({ maxLength: 6 }))
      .map((parts) => parts.join(''))
    const payloads = fc.sample(payload, { seed, numRuns: count({ quick: 1000, usual: 5000, full: 5000 }) })
    let cells = 0
    let torn = 0
    let changed = 0
    let bare = 0
    for (const text of payloads) {
      if (looksLikeFormula(text)) bare++
      const [record = [], ...more] = readCsv(csvLine(['before', text, 'after']))
      if (record.length !== 3 || more.length > 0 || record[0] !== 'before' || record[2] !== 'after') torn++
      if (record.some(looksLikeFormula)) cells++
      if (unguarded(record[1] ?? '') !== text.replaceAll('\0', '\ufffd').toWellFormed()) changed++
    }
    return {
      trials: payloads.length,
      figure: `${cells} formulas, ${torn} torn cells, ${changed} changed texts`,
      good: cells === 0 && torn === 0 && changed === 0,
      control: { what: `without the guard ${bare} are formulas`, noticed: bare > payloads.length / 3 },
    }
  },
}
