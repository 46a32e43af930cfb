/** Random names. Crockford's base 32 has no I, L, O, U, so that a code can be read aloud and typed back. */
import { asciiDigits } from '@guichet/core'
import { randomBytes } from './random.ts'

const alphabet = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'
const length = 26

/** 26 characters of 5 random bits: 130 bits, above what needs a slow hash (112). */
function randomCode(): string {
  let code = ''
  for (const byte of randomBytes(length)) code += alphabet[byte & 31]
  return code
}

/** A tracking code, bare. Whoever has it can follow the case, so it is stored only as a digest. */
export const newTrackingCode = randomCode

/** In groups of four, for people. */
export function groupCode(code: string): string {
  let grouped = code.slice(0, 4)
  for (let at = 4; at < code.length; at += 4) grouped += `-${code.slice(at, at + 4)}`
  return grouped
}

/** The bare code of what a person typed: any case, grouping and digits, confusable letters; null if it is none. */
export function readCode(typed: string): string | null {
  if (typed.length > 200) return null
  const code = asciiDigits(typed)
    .toUpperCase()
    .replace(/[^0-9A-Z]/g, '')
    .replace(/[IL]/g, '1')
    .replace(/O/g, '0')
  return code.length === length && !code.includes('U') ? code : null
}

/** Random id of an attachment: 130 bits, small letters. */
export const newAttachmentId = () => randomCode().toLowerCase()

const timeCode = (now: Date) => {
  let time = ''
  for (let rest = now.getTime(), i = 0; i < 10; i++, rest = Math.floor(rest / 32)) time = alphabet[rest % 32] + time
  return time
}

/** An id of this time whose random end was chosen elsewhere: the citizen's browser has sealed it into what it sends. */
export const newIdEnding = (now: Date, end: string) => timeCode(now).toLowerCase() + end

/** Public id of a submission or another row: 48 bits of time, then 82 random ones, so that ids sort by time. */
export function newId(now: Date): string {
  return (timeCode(now) + randomCode().slice(10)).toLowerCase()
}

/** What of an id says when it was made; earlier ones sort before later ones. */
export const madeAt = (id: string) => id.slice(0, 10)

/** The first id that a row of that moment or later can have. */
export const firstIdAt = (moment: Date) => madeAt(newId(moment)).padEnd(length, '0')

/** Secret of a session or a set-up link. */
export const newSecret = () => randomBytes(32).toString('base64url')
