/** JSON from strangers: counted before it is parsed, and refused where it could mean something else to someone else. */
import type { Problem } from '@guichet/core'

interface Scan {
  depth: number
  keys: number
}
const scans = new WeakMap<Uint8Array, Scan>()

/** How deep the bytes nest and how many keys they hold, without recursion and without building anything. */
export function scanJson(bytes: Uint8Array): Scan {
  let known = scans.get(bytes)
  if (!known) scans.set(bytes, (known = scan(bytes)))
  return known
}

function scan(bytes: Uint8Array): Scan {
  let depth = 0
  let deepest = 0
  let keys = 0
  for (let i = 0; i < bytes.length; i++) {
    let byte = bytes[i]
    if (byte === 0x22) {
      // Most of what comes is text, so nothing else is looked for in it.
      while (++i < bytes.length && (byte = bytes[i]) !== 0x22) if (byte === 0x5c) i++
    } else if (byte === 0x7b || byte === 0x5b) deepest = Math.max(deepest, ++depth)
    else if (byte === 0x7d || byte === 0x5d) depth--
    else if (byte === 0x3a) keys++
  }
  return { depth: deepest, keys }
}

/** Names that could reach a prototype if some code merged the object, and those that comparing and printing it would call. */
const refusedKeys = new Set(['__proto__', 'constructor', 'prototype', 'toString', 'valueOf'])

/** A mark at the start is part of the text, and no JSON: some programs drop it, others do not read the rest. */
const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })
/** Deeper than anything that is taken, and nothing that recursion could not bear. */
const deepest = 64

/** JSON that is well-formed and not taken: something in it that not every program, or not every store, would keep as it is. */
export class NotTaken extends SyntaxError {
  /** RFC 6901, into the whole text. */
  readonly pointer: string
  constructor(pointer: string, what: string) {
    super(`${what} at ${pointer}`)
    this.pointer = pointer
  }
}

/**
 * The value of UTF-8 bytes.
 * @throws NotTaken for lone surrogates, NUL (which PostgreSQL has in no text, and which ends texts elsewhere), keys that reach
 * prototypes, and numbers that not every program can hold (RFC 7493, 2.2)
 * @throws SyntaxError also for invalid UTF-8, and for a key twice in one object
 */
export function parseJson(bytes: Uint8Array): unknown {
  let text: string
  try {
    text = utf8.decode(bytes)
  } catch {
    throw new SyntaxError('not UTF-8')
  }
  const { depth, keys } = scanJson(bytes)
  if (depth > deepest) throw new SyntaxError('too deep')
  const value: unknown = JSON.parse(text)
  const found = countKeys(value)
  if (found === null) throw whereNot(value, '') ?? new SyntaxError('refused')
  // Of a key that is there twice JSON.parse keeps the last one; others keep the first.
  if (found !== keys) throw new SyntaxError('a key twice')
  return value
}

const isText = (text: string) => text.isWellFormed() && !text.includes('\0')
const isKey = (key: string) => isText(key) && !refusedKeys.has(key)
const isNumber = (value: number) => Math.abs(value) <= Number.MAX_SAFE_INTEGER

/** How many keys there are; null: something is not taken. Without recursion, and many times faster than a reviver, which is called with a holder for each value. */
function countKeys(whole: unknown): number | null {
  let keys = 0
  const left = [whole]
  while (left.length > 0) {
    const value = left.pop()
    if (typeof value === 'string') {
      if (!isText(value)) return null
    } else if (typeof value === 'number') {
      if (!isNumber(value)) return null
    } else if (Array.isArray(value)) {
      for (const item of value) left.push(item)
    } else if (typeof value === 'object' && value !== null) {
      for (const key of Object.keys(value)) {
        keys++
        if (!isKey(key)) return null
        left.push((value as Record<string, unknown>)[key])
      }
    }
  }
  return keys
}

/** The first thing that is not taken, by going through the whole of it again with the way there: no deeper than `deepest`. */
function whereNot(value: unknown, pointer: string): NotTaken | null {
  if (typeof value === 'string') return isText(value) ? null : new NotTaken(pointer, 'a text with half of a character, or NUL,')
  if (typeof value === 'number') return isNumber(value) ? null : new NotTaken(pointer, 'a number out of range')
  if (typeof value !== 'object' || value === null) return null
  for (const key of Object.keys(value)) {
    const there = `${pointer}/${key.toWellFormed().replaceAll('~', '~0').replaceAll('/', '~1')}`
    const found = isKey(key) || Array.isArray(value) ? whereNot((value as Record<string, unknown>)[key], there) : new NotTaken(there, 'a key')
    if (found) return found
  }
  return null
}

/** What whoever sent it is told: where it is, as far as it is anywhere. @throws whatever is no mistake of theirs */
export function jsonProblems(error: unknown): { errors?: Problem[] } {
  if (error instanceof NotTaken) return { errors: [{ pointer: error.pointer, code: 'json.taken' }] }
  if (error instanceof SyntaxError) return {}
  throw error
}
