/** Passwords as scrypt digests (N = 2^17, r = 8, p = 1: 128 MiB each), two at a time so that a flood cannot fill the memory. */
import { type BinaryLike, randomBytes, type ScryptOptions, scrypt, timingSafeEqual } from 'node:crypto'
import { promisify } from 'node:util'

const derived = promisify<BinaryLike, BinaryLike, number, ScryptOptions, Buffer>(scrypt)

export interface PasswordCost {
  N: number
  r: number
  p: number
}

export const fullCost: PasswordCost = { N: 2 ** 17, r: 8, p: 1 }
const atOnce = 2
const longestQueue = 20

let running = 0
const waiting: (() => void)[] = []

export class TooBusy extends Error {}

async function derive(password: string, salt: Uint8Array, options: ScryptOptions): Promise<Buffer> {
  if (running >= atOnce) {
    if (waiting.length >= longestQueue) throw new TooBusy()
    await new Promise<void>((resolve) => waiting.push(resolve))
  } else running++
  try {
    return await derived(password.normalize('NFC'), salt, 32, { ...options, maxmem: 256 * 1024 * 1024 })
  } finally {
    // The place goes to the next in line without being free in between.
    const next = waiting.shift()
    if (next) next()
    else running--
  }
}

export interface Passwords {
  /** @throws TooBusy */
  hash(password: string): Promise<string>
  /** With no hash (nobody of that name) it takes as long and is false. @throws TooBusy */
  check(password: string, hash: string | null): Promise<boolean>
}

/** The cost is an argument for tests alone: nothing in the configuration can lower it. */
export function scryptPasswords(cost: PasswordCost = fullCost): Passwords {
  return {
    async hash(password) {
      const salt = randomBytes(16)
      const key = await derive(password, salt, cost)
      return `scrypt$${cost.N}$${cost.r}$${cost.p}$${salt.toString('base64url')}$${key.toString('base64url')}`
    },
    async check(password, hash) {
      const parts = /^scrypt\$(\d+)\$(\d+)\$(\d+)\$([\w-]+)\$([\w-]+)$/.exec(hash ?? '')
      if (!parts) {
        await derive(password, Buffer.alloc(16), cost)
        return false
      }
      const [N, r, p, salt, key] = parts.slice(1) as [string, string, string, string, string]
      const made = await derive(password, Buffer.from(salt, 'base64url'), { N: Number(N), r: Number(r), p: Number(p) })
      return timingSafeEqual(made, Buffer.from(key, 'base64url'))
    },
  }
}
