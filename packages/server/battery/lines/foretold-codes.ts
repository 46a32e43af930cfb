/** T21: whether codes, ids and secrets can be told from others like them. */
import { newAttachmentId, newSecret, newTrackingCode } from '../../src/codes.ts'
import type { Line } from '../line.ts'

/** The largest chi-square over the places, each divided by its degrees of freedom; and how many came twice. */
function look(make: () => string, signs: number, count: number) {
  const codes = Array.from({ length: count }, make)
  const places = (codes[0] as string).length
  let worst = 0
  // The last sign of base64url holds fewer bits than the others.
  for (let place = 0; place < places - 1; place++) {
    const seen = new Map<string, number>()
    for (const code of codes) seen.set(code[place] as string, (seen.get(code[place] as string) ?? 0) + 1)
    const expected = count / signs
    const chi = [...seen.values()].reduce((sum, each) => sum + (each - expected) ** 2 / expected, 0) + (signs - seen.size) * expected
    worst = Math.max(worst, chi / (signs - 1))
  }
  return { twice: codes.length - new Set(codes).size, worst }
}

/** At 31 degrees of freedom and more, one in a million stays below. */
const uneven = 2.8

export const foretoldCodes: Line = {
  attack: 'T21',
  name: 'foretold-codes',
  what: 'tracking codes, ids of files and secrets of sessions: evenly spread at each place, none twice',
  reach: 'none twice; chi-square over degrees of freedom below 2.8 at every place',
  async run({ count }) {
    const each = count({ quick: 20_000, usual: 200_000, full: 1_000_000 })
    const seen = [look(newTrackingCode, 32, each), look(newAttachmentId, 32, each), look(newSecret, 64, each)]
    const twice = seen.reduce((sum, one) => sum + one.twice, 0)
    const worst = Math.max(...seen.map((one) => one.worst))
    let counter = 0
    const counted = look(() => (counter++).toString(32).padStart(26, '0'), 32, 20_000)
    return {
      trials: 3 * each,
      figure: `${twice} twice, most uneven place ${worst.toFixed(2)}`,
      good: twice === 0 && worst < uneven,
      control: { what: `codes that count up look uneven (${counted.worst.toFixed(0)})`, noticed: counted.worst > uneven },
    }
  },
}
