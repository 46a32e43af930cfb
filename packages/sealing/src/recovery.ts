/**
 * The recovery key on paper: its private half is split (Shamir's way) into shares, some of which give it back, and one alone
 * says nothing. A share is written in groups of Crockford's base 32, which has no letters that look like digits, with a sum
 * at its end that finds a mistake before the shares are joined.
 */
import { combine, split } from 'shamir-secret-sharing'
import { base64url, fromBase64url, joined, sha256, utf8 } from './bytes.ts'
import type { KeyPair } from './hpke.ts'
import { proveKeyPair } from './wrap.ts'

export interface Shares {
  /** How many there are, and how many of them are needed. */
  count: 3 | 5
  needed: 2 | 3
}
export const schemes: readonly Shares[] = [
  { count: 3, needed: 2 },
  { count: 5, needed: 3 },
]

const alphabet = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'
/** A share of a key of 32 bytes has one more, its place; the sum has two. */
const shareBytes = 33
const sumBytes = 2
/** 280 bits: nothing is left over. */
const characters = ((shareBytes + sumBytes) * 8) / 5

function toBase32(bytes: Uint8Array): string {
  let text = ''
  let held = 0
  let bits = 0
  for (const byte of bytes) {
    held = (held << 8) | byte
    for (bits += 8; bits >= 5; bits -= 5) text += alphabet[(held >> (bits - 5)) & 31]
    held &= (1 << bits) - 1
  }
  return text
}

function fromBase32(text: string, length: number): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(length)
  let held = 0
  let bits = 0
  let at = 0
  for (const char of text) {
    held = ((held << 5) | alphabet.indexOf(char)) & 0xffff
    bits += 5
    if (bits < 8) continue
    bits -= 8
    bytes[at++] = (held >> bits) & 255
  }
  return bytes
}

const sumOf = async (publicKey: string, share: Uint8Array) =>
  (await sha256(joined(utf8(`guichet recovery share 1|${publicKey}|`), share))).subarray(0, sumBytes)

/** What is to be written down, a line for each share. */
export async function splitKey(pair: KeyPair, { count, needed }: Shares): Promise<string[]> {
  const shares = await split(fromBase64url(pair.private), count, needed)
  return Promise.all(shares.map(async (share) => toBase32(joined(share, await sumOf(pair.public, share))).replace(/.{4}(?=.)/g, '$&-')))
}

/** One share does not fit: `mistyped` by its sum, `few` when together they give no key. */
export class SharesDoNotFit extends Error {
  readonly why: 'mistyped' | 'twice' | 'few'
  /** Which of those that were typed, from 0; null: not known. */
  readonly at: number | null
  constructor(why: SharesDoNotFit['why'], at: number | null = null) {
    super(why)
    this.why = why
    this.at = at
  }
}

/** The bytes of a share as somebody typed it. @throws SharesDoNotFit */
async function readShare(typed: string, publicKey: string, at: number) {
  const text = typed
    .toUpperCase()
    .replace(/[^0-9A-Z]/g, '')
    .replace(/[IL]/g, '1')
    .replace(/O/g, '0')
  if (text.length !== characters || /[^0-9A-HJKMNP-TV-Z]/.test(text)) throw new SharesDoNotFit('mistyped', at)
  const bytes = fromBase32(text, shareBytes + sumBytes)
  const share = bytes.slice(0, shareBytes)
  const sum = await sumOf(publicKey, share)
  if (sum.some((byte, i) => byte !== bytes[shareBytes + i])) throw new SharesDoNotFit('mistyped', at)
  return share
}

/** The recovery key of which `publicKey` is known. @throws SharesDoNotFit */
export async function joinShares(typed: readonly string[], publicKey: string): Promise<KeyPair> {
  const shares = await Promise.all(typed.map((text, at) => readShare(text, publicKey, at)))
  const places = shares.map((share) => share[shareBytes - 1])
  const double = places.findIndex((place, i) => places.indexOf(place) !== i)
  if (double >= 0) throw new SharesDoNotFit('twice', double)
  if (shares.length < 2) throw new SharesDoNotFit('few')
  const pair = { public: publicKey, private: base64url(await combine(shares)) }
  try {
    await proveKeyPair(pair)
  } catch {
    throw new SharesDoNotFit('few')
  }
  return pair
}
