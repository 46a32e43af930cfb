/**
 * Where Node runs: RE2's way of matching, whose time grows with the text and the pattern and never faster, whatever an
 * author wrote. docs/decisions/0013-patterns.md says why browsers have another engine and why both give the same answers.
 */
import { RE2JS } from 're2js'

/** What JavaScript's \s stands for, written out: RE2's knows six of these. */
const space = '\\t\\n\\x0b\\f\\r \\x{a0}\\x{1680}\\x{2000}-\\x{200a}\\x{2028}\\x{2029}\\x{202f}\\x{205f}\\x{3000}\\x{feff}'
const notLineEnd = '[^\\n\\r\\x{2028}\\x{2029}]'

/** `\p{Script=Greek}` is `\p{Greek}` in RE2, `\p{gc=Lu}` is `\p{Lu}`. Script extensions it has not. */
const property = /^\\([pP])\{(?:(?:Script|sc|General_Category|gc)=)?([A-Za-z_]+)\}/

/** The same pattern as RE2 writes it. What RE2 has no word for stays, and is refused by it. */
export function inRe2(source: string): string {
  let result = ''
  let inClass = false
  for (let i = 0; i < source.length; ) {
    const rest = source.slice(i)
    const named = property.exec(rest)
    if (named) {
      result += `\\${named[1]}{${named[2]}}`
      i += named[0].length
    } else if (rest.startsWith('\\s')) {
      result += inClass ? space : `[${space}]`
      i += 2
    } else if (rest.startsWith('\\S') && !inClass) {
      result += `[^${space}]`
      i += 2
    } else if (rest[0] === '\\') {
      result += rest.slice(0, 2)
      i += 2
    } else if (rest[0] === '.' && !inClass) {
      result += notLineEnd
      i++
    } else {
      // RE2 reads `[:alpha:]` inside a class as a class of its own.
      if (inClass && rest.startsWith('[')) result += '\\'
      if (rest[0] === '[') inClass = true
      else if (rest[0] === ']') inClass = false
      result += rest[0]
      i++
    }
  }
  return RE2JS.translateRegExp(result)
}

/** @throws SyntaxError (no pattern of JavaScript's), or what RE2 says of patterns that it cannot match in linear time */
export function compilePattern(source: string): { test(text: string): boolean } {
  new RegExp(source, 'u')
  const refused = walk(source).find(({ at, inClass }) => (inClass ? noWordFor : notForAll).test(source.slice(at, at + 6)))
  if (refused) throw new SyntaxError(`nothing that is matched in linear time, or by all browsers, at ${refused.at}`)
  const matcher = RE2JS.compile(inRe2(source))
  // A repeat up to 1,000 is a thousand steps for each character: with few repeats inside each other that is a second.
  if (matcher.programSize() > largest) throw new SyntaxError('too large')
  return matcher
}

/** Steps of a compiled pattern. 100,000 characters are tried on one of this size in less than 50 ms. */
const largest = 1024

/** Of \S inside a class only its complement could be written, and that of a class with more in it cannot. */
const noWordFor = /^\\S/
/** References back by name, which the translation would take for letters, and flags inside a pattern, which old browsers do not know. */
const notForAll = /^(?:\\k|\(\?[a-z-])/

/** Where each character, or escape, stands. */
function walk(source: string): { at: number; inClass: boolean }[] {
  const found: { at: number; inClass: boolean }[] = []
  let inClass = false
  for (let at = 0; at < source.length; at++) {
    found.push({ at, inClass })
    if (source[at] === '\\') at++
    else if (source[at] === '[') inClass = true
    else if (source[at] === ']') inClass = false
  }
  return found
}
