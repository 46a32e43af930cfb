/** Both engines say the same of every pattern that both take, and the one that servers use takes no longer for a hostile text. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { wholePattern } from './pattern.ts'
import { compilePattern as native } from './pattern-engine.native.ts'
import { compilePattern as linear } from './pattern-engine.re2.ts'

const atoms = fc.constantFrom(
  'a',
  'b',
  '0',
  ' ',
  '-',
  'é',
  'ψ',
  '😀',
  '.',
  '\\d',
  '\\D',
  '\\w',
  '\\W',
  '\\s',
  '\\S',
  '\\b',
  '\\B',
  '\\.',
  '\\-|x',
  '\\/',
  '\\t',
  '\\u0061',
  '\\u{1f600}',
  '\\x41',
  '\\p{L}',
  '\\P{L}',
  '\\p{Lu}',
  '\\p{Script=Greek}',
  '\\p{sc=Arabic}',
  '\\p{gc=Nd}',
  '[a-c]',
  '[^a-c]',
  '[\\s\\d]',
  '[^\\s]',
  '[\\w.-]',
  '[.]',
  '[\\]]',
  '[[:alpha:]]',
  '[a&&b]',
  '^',
  '$',
  '\\0',
  '\\cA',
)
const pattern = fc
  .array(fc.tuple(atoms, fc.constantFrom('', '', '', '*', '+', '?', '{2}', '{1,3}', '{0,}', '*?', '+?'), fc.constantFrom('', '', '', '|')), {
    minLength: 1,
    maxLength: 6,
  })
  .map((parts) => parts.map(([atom, repeat, or]) => `(?:${atom})${repeat}${or}`).join(''))
const text = fc.oneof(
  fc.string({
    unit: fc.constantFrom(
      'a',
      'b',
      'c',
      'A',
      '0',
      '٣',
      ' ',
      '\u00a0',
      '\u2028',
      '\ufeff',
      '\n',
      '\r',
      '\v',
      '.',
      '-',
      '_',
      'é',
      'ψ',
      'ي',
      '😀',
      '&',
      '[',
      ']',
      ':',
      '\0',
      '\x01',
    ),
    maxLength: 8,
  }),
  fc.string({ maxLength: 8 }),
)

const taken = (compile: typeof native, source: string) => {
  try {
    return compile(source)
  } catch {
    return null
  }
}

it('say the same of the same text', () => {
  let compared = 0
  fc.assert(
    fc.property(pattern, fc.array(text, { minLength: 8, maxLength: 8 }), (source, texts) => {
      const whole = wholePattern(source)
      const [ours, theirs] = [taken(linear, whole), taken(native, whole)]
      // What only the browser takes is never published.
      if (!ours) return
      expect(theirs).not.toBeNull()
      for (const one of texts) {
        compared++
        expect([source, one, ours.test(one)]).toEqual([source, one, theirs?.test(one)])
      }
    }),
    { numRuns: 3000 },
  )
  expect(compared).toBeGreaterThan(10_000)
})

it('would differ if the words of JavaScript were taken for those of RE2', async () => {
  // The control: the property above can fail.
  const { RE2JS } = await import('re2js')
  expect(RE2JS.compile('^\\s$').test('\u00a0')).toBe(false)
  expect(native('^\\s$').test('\u00a0')).toBe(true)
  expect(linear('^\\s$').test('\u00a0')).toBe(true)
})

describe('the engine of browsers', () => {
  const hostile = `${'a'.repeat(10_000)}!`
  it.each(['(a+)+', '(a|a)*', '(a|aa)+', '(.*)*x', '(?:(a))*(a|b)*', 'a*a*a*a*a*b', '([a-z]+)*\\d', '(a?){50}a{50}b', '(?:a{1,9}){1,9}b'])(
    'leaves %s on a long text to the server',
    (source) => expect(native(wholePattern(source)).test(hostile)).toBe(true),
  )
  it.each(['[1-9]\\d{9}', '[A-Z]{2}-?\\d+', '[a-z]+@[a-z]+', '(?:ab){3}', '[(|)*]+x', '(?:GR|CY)\\d{1,8}'])('tries %s itself', (source) =>
    expect(native(wholePattern(source)).test('no, not at all so')).toBe(false),
  )
  it('tries everything on a short text', () => expect(native(wholePattern('(a|b)+')).test('abc')).toBe(false))
})

describe('the engine of servers', () => {
  it.each([
    '(?=a)b',
    '(?!a)b',
    '(?<=a)b',
    '(?<!a)b',
    '(a)\\1',
    '(?<n>a)\\k<n>',
    'a{1001}',
    '(a{0,1000}){0,1000}',
    '\\p{Script_Extensions=Greek}',
    '[\\S\\d]',
    '(?i:a)',
    '(?i-s:a)',
  ])('does not take %s', (source) => expect(() => linear(source)).toThrow())
  it.each(['(a', '\\-', '[z-a]', '\\A', '\\Qa\\E', 'a++'])('takes no %s, which is no pattern of JavaScript’s', (source) =>
    expect(() => linear(source)).toThrow(),
  )
  it('matches in time that grows with the text', () => {
    // Counted in what was looked at, not in seconds: the browser's engine would be at this until the sun goes out.
    const hostile = `${'a'.repeat(100_000)}!`
    for (const source of ['(a+)+', '(a|a)*', '(a|aa)+', '(.*)*x', '(a*)*b', 'a*a*a*a*a*b', '([a-z]+)*\\d', '(?:a?){50}a{50}b'])
      expect(linear(wholePattern(source)).test(hostile)).toBe(false)
  })
})
