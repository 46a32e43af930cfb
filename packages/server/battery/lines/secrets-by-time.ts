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

/** Secrets that are wrong at once, and such that are wrong at the very end. */
type Kinds<Given> = readonly [early: readonly Given[], late: readonly Given[]]

/**
 * As many of each kind, made in an order of chance: what was made first lies elsewhere in memory, and of two that lie side by
 * side the second is fetched with the first, which is a difference of a hundredth that has nothing to do with secrets.
 */
function mixed<Given>(most: number, make: (kind: 0 | 1) => Given): Kinds<Given> {
  const kinds: [Given[], Given[]] = [[], []]
  while (kinds.some(({ length }) => length < most)) {
    const kind = randomInt(2) as 0 | 1
    kinds[kind].push(make(kind))
  }
  return kinds
}

/** Each time of a kind that chance chooses, another one of it: what is left between the two is how much of the secret was right. */
async function compare<Given>(kinds: Kinds<Given>, work: (given: Given) => unknown, times: number): Promise<number> {
  const taken: [number[], number[]] = [[], []]
  for (let i = 0; i < 2 * times; i++) {
    const kind = randomInt(2) as 0 | 1
    const given = kinds[kind][randomInt(kinds[kind].length)] as Given
    const began = process.hrtime.bigint()
    await work(given)
    taken[kind].push(Number(process.hrtime.bigint() - began))
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
    const tokens = mixed(256, (kind) => {
      const bytes = Buffer.from(words.seal('session', 'city|card', { who: randomBytes(250).toString('hex') }), 'base64url')
      // The tag is the last sixteen bytes.
      const at = bytes.length - (kind === 0 ? 16 : 1)
      bytes[at] = (bytes[at] as number) ^ 1
      return bytes.toString('base64url')
    })
    const open = (token: string) => words.open('session', 'city|card', token)
    await compare(tokens, open, 500)
    const sessions = await compare(tokens, open, times)

    const passwords = scryptPasswords({ N: 2 ** 4, r: 8, p: 1 })
    const hash = await passwords.hash('correct horse battery staple')
    const wrong = mixed(64, (kind) => {
      const letter = String.fromCharCode(65 + randomInt(26))
      return kind === 0 ? `${letter}orrect horse battery staple` : `correct horse battery stapl${letter}`
    })
    const secrets = await compare(wrong, (typed) => passwords.check(typed, hash), Math.ceil(times / 20))

    const secret = randomBytes(20_000)
    const careless = (given: Buffer) => {
      for (let i = 0; i < secret.length; i++) if (given[i] !== secret[i]) return false
      return true
    }
    const buffers = mixed(8, (kind) => {
      const copy = Buffer.from(secret)
      const at = kind === 0 ? 0 : copy.length - 1
      copy[at] = (copy[at] as number) ^ 1
      return copy
    })
    const control = await compare(buffers, careless, 500)
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
