/**
 * The calculation that a service may ask for: begun when somebody begins to answer, done by the time they send. The keys are
 * derived by the browser's own cryptography, which works in threads of its own: nothing stands still meanwhile, and no worker
 * is needed, which a strict content security policy would refuse.
 */
import { base64url } from './draft-box.ts'
import { read } from './transport.ts'

interface Challenge {
  parameters: { nonce: string; salt: string; cost: number; keyLength: number; keyPrefix: string }
  signature: string
}

/** Keys derived side by side: telephones have several cores. */
const sideBySide = 8

const fromHex = (hex: string) => Uint8Array.from(hex.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16))
const toHex = (bytes: Uint8Array) => Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')

/** Counts up from nought until a key begins as it should. */
export async function solve({ parameters: { nonce, salt, cost, keyLength, keyPrefix } }: Challenge): Promise<{ counter: number; derivedKey: string }> {
  const start = fromHex(nonce)
  const tryOne = async (counter: number) => {
    const password = new Uint8Array(start.length + 4)
    password.set(start)
    new DataView(password.buffer).setUint32(start.length, counter)
    const key = await crypto.subtle.importKey('raw', password, 'PBKDF2', false, ['deriveBits'])
    const bits = await crypto.subtle.deriveBits({ name: 'PBKDF2', hash: 'SHA-256', salt: fromHex(salt), iterations: cost }, key, keyLength * 8)
    return { counter, derivedKey: toHex(new Uint8Array(bits)) }
  }
  for (let counter = 0; ; counter += sideBySide) {
    const found = await Promise.all(Array.from({ length: sideBySide }, (_, i) => tryOne(counter + i)))
    const right = found.find(({ derivedKey }) => derivedKey.startsWith(keyPrefix))
    if (right) return right
  }
}

export interface Prover {
  /** Begins, unless it has. */
  begin(): void
  /** Waits for it, and gives it away: it counts once. `slow` is called if that takes longer than a moment. @throws if the challenge cannot be fetched */
  take(slow: () => void): Promise<string>
}

const moment = 500

/** `address`: the service's. */
export function prover(address: string): Prover {
  let ready: { proof: Promise<string>; until: number } | null = null
  const make = async () => {
    const { challenge, seconds } = await read<{ challenge: Challenge; seconds: number }>(
      fetch(`${address}challenge`, { method: 'POST', credentials: 'omit', signal: AbortSignal.timeout(30_000) }),
    )
    if (ready) ready.until = Date.now() + seconds * 900
    return base64url(new TextEncoder().encode(JSON.stringify({ challenge, solution: await solve(challenge) })))
  }
  const begin = () => {
    if (ready && ready.until > Date.now()) return ready
    const mine = { proof: Promise.resolve(''), until: Number.POSITIVE_INFINITY }
    ready = mine
    mine.proof = make()
    // Should it not come now, it is tried again when it is needed.
    mine.proof.catch(() => {
      if (ready === mine) ready = null
    })
    return mine
  }
  return {
    begin,
    async take(slow) {
      const { proof } = begin()
      const timer = setTimeout(slow, moment)
      try {
        return await proof
      } finally {
        clearTimeout(timer)
        ready = null
      }
    },
  }
}
