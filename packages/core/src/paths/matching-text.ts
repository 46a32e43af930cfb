/**
 * Texts that match a regular expression, made from its plain parts: characters, classes, groups, alternatives and counts.
 * What it has no text for (look-around, named properties of Unicode, back-references) gives null, and whoever asked tries
 * something else; what it gives is still to be checked.
 */
import type { Random } from './random.ts'

const classes: Readonly<Record<string, string>> = { d: '0123456789', w: 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_', s: ' ' }
const printable = Array.from({ length: 95 }, (_, i) => String.fromCharCode(32 + i)).join('')
const without = (taken: string) => [...printable].filter((character) => !taken.includes(character)).join('')
/** More than these are never needed for `*` and `+`. */
const few = 3

class Unknown extends Error {}

export function matchingText(pattern: string, random: Random): string | null {
  let at = 0
  const peek = () => pattern[at]
  const take = () => {
    const character = pattern[at++]
    if (character === undefined) throw new Unknown()
    return character
  }

  /** Whether the next character is this one, which is then passed. */
  const passed = (character: string): boolean => {
    if (peek() !== character) return false
    at++
    return true
  }

  const escaped = (): string => {
    const letter = take()
    const lower = letter.toLowerCase()
    if (Object.hasOwn(classes, lower)) return letter === lower ? (classes[lower] as string) : without(classes[lower] as string)
    if (letter === 'n' || letter === 't' || letter === 'r') return { n: '\n', t: '\t', r: '\r' }[letter]
    // Everything else that is a letter or a digit stands for something we make no text of.
    if (/[A-Za-z0-9]/.test(letter)) throw new Unknown()
    return letter
  }
  const oneOf = (): string => {
    const negated = passed('^')
    let allowed = ''
    while (peek() !== ']') {
      const from = passed('\\') ? escaped() : take()
      if (from.length === 1 && peek() === '-' && pattern[at + 1] !== ']') {
        at++
        const to = passed('\\') ? escaped() : take()
        const [low, high] = [from.codePointAt(0) as number, to.codePointAt(0) as number]
        if (high < low || high - low > 500) throw new Unknown()
        for (let code = low; code <= high; code++) allowed += String.fromCodePoint(code)
      } else allowed += from
    }
    at++
    return negated ? without(allowed) : allowed
  }
  const counts = (): [number, number] => {
    if (passed('?')) return [0, 1]
    if (passed('*')) return [0, few]
    if (passed('+')) return [1, few]
    const range = /^\{(\d+)(,(\d*))?\}/.exec(pattern.slice(at))
    if (!range) return [1, 1]
    at += range[0].length
    const low = Number(range[1])
    return [low, range[2] === undefined ? low : range[3] ? Number(range[3]) : low + few]
  }
  const item = (): (() => string) => {
    const character = take()
    if (character === '(') {
      if (pattern.startsWith('?:', at)) at += 2
      else if (peek() === '?') throw new Unknown()
      const inner = alternatives()
      if (take() !== ')') throw new Unknown()
      return inner
    }
    if (character === '^' || character === '$') return () => ''
    const allowed = character === '[' ? oneOf() : character === '\\' ? escaped() : character === '.' ? classes.w : character
    if (!allowed) throw new Unknown()
    const characters = [...allowed]
    return () => random.of(characters)
  }
  const sequence = (): (() => string) => {
    const parts: (() => string)[] = []
    while (at < pattern.length && peek() !== '|' && peek() !== ')') {
      const make = item()
      const [low, high] = counts()
      if (peek() === '?') at++
      if (high > 1000) throw new Unknown()
      parts.push(() => Array.from({ length: random.whole(low, high) }, make).join(''))
    }
    return () => parts.map((make) => make()).join('')
  }
  const alternatives = (): (() => string) => {
    const choices = [sequence()]
    while (peek() === '|') {
      at++
      choices.push(sequence())
    }
    return () => random.of(choices)()
  }

  try {
    const make = alternatives()
    return at === pattern.length ? make() : null
  } catch (error) {
    if (error instanceof Unknown) return null
    throw error
  }
}
