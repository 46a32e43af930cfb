/** Time-based codes of a second factor: RFC 6238 with SHA-1, six digits and steps of 30 seconds, which every authenticator knows. */
import { createHmac, timingSafeEqual } from 'node:crypto'

const stepSeconds = 30
const digits = 6
/** Clocks of telephones differ: one step on either side. */
const drift = 1
const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'

export const stepOf = (now: Date) => Math.floor(now.getTime() / 1000 / stepSeconds)

/** RFC 4226, section 5.3. */
export function codeAt(secret: Uint8Array, step: number, length = digits, algorithm = 'sha1'): string {
  const counter = Buffer.alloc(8)
  counter.writeBigUInt64BE(BigInt(step))
  const mac = createHmac(algorithm, secret).update(counter).digest()
  const offset = (mac.at(-1) as number) & 15
  return String((mac.readUInt32BE(offset) & 0x7fffffff) % 10 ** length).padStart(length, '0')
}

/** The step that the code is of; null: it is of none near now. */
export function stepOfCode(secret: Uint8Array, code: string, now: Date): number | null {
  const given = Buffer.from(code)
  const here = stepOf(now)
  for (let step = here - drift; step <= here + drift; step++) {
    const due = Buffer.from(codeAt(secret, step))
    if (due.length === given.length && timingSafeEqual(due, given)) return step
  }
  return null
}

/** RFC 4648, without padding: as authenticators want it typed. */
export function base32(bytes: Uint8Array): string {
  let [text, bits, value] = ['', 0, 0]
  for (const byte of bytes) {
    value = (value << 8) | byte
    for (bits += 8; bits >= 5; bits -= 5) text += alphabet[(value >>> (bits - 5)) & 31]
    value &= (1 << bits) - 1
  }
  return bits > 0 ? text + alphabet[(value << (5 - bits)) & 31] : text
}

/** What authenticators open, from a link or a picture of it. */
export const otpauth = (secret: Uint8Array, issuer: string, account: string) =>
  `otpauth://totp/${encodeURIComponent(issuer)}:${encodeURIComponent(account)}?secret=${base32(secret)}&issuer=${encodeURIComponent(issuer)}&algorithm=SHA1&digits=${digits}&period=${stepSeconds}`
