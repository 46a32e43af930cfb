/** JSON from strangers: counted before it is parsed, and refused where it could mean something else to someone else. */

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

/** Names that could reach a prototype if some code merged the object. */
const refusedKeys = new Set(['__proto__', 'constructor', 'prototype'])

/** A mark at the start is part of the text, and no JSON: some programs drop it, others do not read the rest. */
const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })
/** Deeper than anything that is taken, and nothing that recursion could not bear. */
const deepest = 64

/**
 * The value of UTF-8 bytes.
 * @throws SyntaxError also for invalid UTF-8, lone surrogates, keys that reach prototypes, and what others may read as something
 * else: a key twice in one object, a number that not every program can hold (RFC 7493, 2.2)
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
  // Of a key that is there twice JSON.parse keeps the last one; others keep the first.
  if (refuse(value) !== keys) throw new SyntaxError('a key twice')
  return value
}

/** Without recursion, and many times faster than a reviver, which is called with a holder for each value. Gives how many keys there are. */
function refuse(whole: unknown): number {
  let keys = 0
  const left = [whole]
  while (left.length > 0) {
    const value = left.pop()
    if (typeof value === 'string') {
      if (!value.isWellFormed()) throw new SyntaxError('lone surrogate')
    } else if (typeof value === 'number') {
      if (!(Math.abs(value) <= Number.MAX_SAFE_INTEGER)) throw new SyntaxError('number out of range')
    } else if (Array.isArray(value)) {
      for (const item of value) left.push(item)
    } else if (typeof value === 'object' && value !== null) {
      for (const key of Object.keys(value)) {
        keys++
        if (refusedKeys.has(key) || !key.isWellFormed()) throw new SyntaxError('refused key')
        left.push((value as Record<string, unknown>)[key])
      }
    }
  }
  return keys
}
