import { expect, it } from 'vitest'
import { type Row, tableOf, withLines } from './report.ts'

const row = (attack: Row['attack'], name: string, figure: string): Row => ({
  attack,
  name,
  what: 'w',
  trials: 1,
  figure,
  reach: 'r',
  control: 'c',
  good: true,
  slow: false,
})

it('puts lines that were run by themselves in their places, and says when each was run', () => {
  const whole = `\n\nRun of 2026-01-01, full, seed 1.\n\n${tableOf([row('T40', 'a', 'old'), row('T41', 'b', 'old'), row('T46', 'd', 'old')])}\n`
  const once = withLines(whole, [row('T41', 'b', 'new'), row('T41', 'c', '1 | 2')], 'run of today.')
  expect(once.split('\n')).toEqual([
    'Run of 2026-01-01, full, seed 1.',
    '',
    '`b`, `c`: run of today.',
    '',
    ...tableOf([row('T40', 'a', 'old'), row('T41', 'b', 'new'), row('T41', 'c', '1 | 2'), row('T46', 'd', 'old')]).split('\n'),
  ])
  const again = withLines(once, [row('T46', 'd', 'newer')], 'run of tomorrow.').split('\n')
  expect(again.slice(0, 6)).toEqual(['Run of 2026-01-01, full, seed 1.', '', '`b`, `c`: run of today.', '', '`d`: run of tomorrow.', ''])
  expect(again).toHaveLength(12)
})
