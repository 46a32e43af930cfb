/** T27: whether the time that a refusal takes says how much of a secret was right. */
import { randomBytes, randomInt } from 'node:crypto'
import { sealedWords } from '../../src/sign-in/sealed-words.ts'
import { scryptPasswords } from '../../src/users/password.ts'
import type { Line } from '../line.ts'

/** Welch's t of two samples, each without its slowest tenth, which is the machine's. */
function difference(a: number[], b: number[]): number {
  const cut = (list: number[]) => [...list].sort((x, y) => x - y).slice(0, Math.floor(list.length * 0.9))
  const [x, y] = [cut(a), cut(b)]
  const mean = (list: number[]) => list.reduce((sum, each) => sum + each, 0) / list.length
  const variance = (list: number[], of: number) => list.reduce((sum, each) => sum + (each - of) ** 2, 0) / (list.length - 1)
  const [mx, my] = [mean(x), mean(y)]
  return Math.abs(mx - my) / Math.sqrt(variance(x, mx) / x.length + variance(y, my) / y.length)
}

/** A secret that is wrong at once, and one that is wrong at the very end. */
type Pair<Given> = readonly [early: Given, late: Given]

/**
 * Each time another pair, and by chance which of the two comes first: whatever slows the machine, whatever lies where in memory,
 * and whatever is warm from the one before meets both alike. What is left between them is how much of the secret was right.
 */
async function compare<Given>(pairs: readonly Pair<Given>[], work: (given: Given) => unknown, times: number): Promise<number> {
  const taken: [number[], number[]] = [[], []]
  for (let i = 0; i < times; i++) {
    const pair = pairs[randomInt(pairs.length)] as Pair<Given>
    const first = randomInt(2) as 0 | 1
    for (const which of [first, 1 - first] as (0 | 1)[]) {
      const given = pair[which]
      const began = process.hrtime.bigint()
      await work(given)
      taken[which].push(Number(process.hrtime.bigint() - began))
    }
  }
  return difference(...taken)
}

/** As leakage is told in side-channel tests (ISO/IEC 17825): above it the two differ beyond chance. */
const told = 4.5

export const secretsByTime: Line = {
  attack: 'T27',
  name: 'secrets-by-time',
  what: 'sessions and passwords that are wrong at once, and wrong at the very end',
  reach: 'no difference beyond chance: t below 4.5',
  async run({ count }) {
    const times = count({ quick: 2000, usual: 20_000, full: 100_000 })
    const words = sealedWords(randomBytes(32), 'city')
    const tokens = Array.from({ length: 256 }, (): Pair<string> => {
      const bytes = Buffer.from(words.seal('session', 'city|card', { who: randomBytes(250).toString('hex') }), 'base64url')
      const spoilt = (at: number) => {
        const copy = Buffer.from(bytes)
        copy[at] = (copy[at] as number) ^ 1
        return copy.toString('base64url')
      }
      // The tag is the last sixteen bytes.
      return [spoilt(bytes.length - 16), spoilt(bytes.length - 1)]
    })
    const open = (token: string) => words.open('session', 'city|card', token)
    await compare(tokens, open, 500)
    const sessions = await compare(tokens, open, times)

    const passwords = scryptPasswords({ N: 2 ** 4, r: 8, p: 1 })
    const hash = await passwords.hash('correct horse battery staple')
    const wrong = Array.from({ length: 26 }, (_, i): Pair<string> => {
      const letter = String.fromCharCode(65 + i)
      return [`${letter}orrect horse battery staple`, `correct horse battery stapl${letter}`]
    })
    const secrets = await compare(wrong, (typed) => passwords.check(typed, hash), Math.ceil(times / 20))

    const secret = randomBytes(20_000)
    const careless = (given: Buffer) => {
      for (let i = 0; i < secret.length; i++) if (given[i] !== secret[i]) return false
      return true
    }
    const [early, late] = [Buffer.from(secret), Buffer.from(secret)]
    early[0] = (early[0] as number) ^ 1
    late[late.length - 1] = (late[late.length - 1] as number) ^ 1
    const control = await compare([[early, late]], careless, 500)
    const worst = Math.max(sessions, secrets)
    return {
      trials: 2 * times,
      figure: `sessions t = ${sessions.toFixed(1)}, passwords t = ${secrets.toFixed(1)}`,
      good: true,
      slow: worst >= told,
      control: { what: `a comparison that stops at the first difference: t = ${control.toFixed(0)}`, noticed: control >= told },
    }
  },
}
