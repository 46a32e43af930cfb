import { describe, expect, it } from 'vitest'
import { sealedWords, serviceAbout, type WordUse, wordsOf } from './sealed-words.ts'

const pepper = Buffer.alloc(32, 1)
const words = sealedWords(pepper, 'city')
const content = { who: 'ana', n: 7 }

describe('words that the server gives out sealed', () => {
  it('open with what they were sealed for, on every replica', () => {
    const word = words.seal('session', 'city|card', content)
    expect(word).toMatch(/^[\w-]+$/)
    expect(word).not.toContain(Buffer.from('ana').toString('base64url'))
    expect(words.open('session', 'city|card', word)).toEqual(content)
    expect(sealedWords(Buffer.from(pepper), 'city').open('session', 'city|card', word)).toEqual(content)
    expect(words.seal('session', 'city|card', content)).not.toBe(word)
  })

  it('open for nothing else: no other use, thing, agency, server or secret', () => {
    const word = words.seal('code', 'city|card', content, 'secret')
    const tries: [string, unknown][] = [
      ['use', words.open('session', 'city|card', word, 'secret')],
      ['thing', words.open('code', 'city|permit', word, 'secret')],
      ['agency', sealedWords(pepper, 'town').open('code', 'city|card', word, 'secret')],
      ['server', sealedWords(Buffer.alloc(32, 2), 'city').open('code', 'city|card', word, 'secret')],
      ['secret', words.open('code', 'city|card', word, 'guess')],
      ['none', words.open('code', 'city|card', word)],
    ]
    for (const [what, opened] of tries) expect([what, opened]).toEqual([what, null])
    expect(words.open('code', 'city|card', word, 'secret')).toEqual(content)
    // A word without a secret opens with none.
    expect(words.open('code', 'city|card', words.seal('code', 'city|card', content), 'secret')).toBeNull()
  })

  it('are not opened when a letter of them is another, or they are none', () => {
    const word = words.seal('attempt', 'x', content)
    for (let i = 0; i < word.length; i += 7) {
      const other = word[i] === 'A' ? 'Q' : 'A'
      expect(words.open('attempt', 'x', word.slice(0, i) + other + word.slice(i + 1)), `letter ${i}`).toBeNull()
    }
    // Node would read past what is no letter of it.
    for (const other of ['', 'A', `${word}=`, ` ${word}`, `${word}\n`, `${word.slice(0, 9)}!${word.slice(9)}`])
      expect(words.open('attempt', 'x', other), JSON.stringify(other)).toBeNull()
  })

  it('are read up to the longest that is made here', () => {
    const long = (length: number) => words.seal('attempt', 'x', { a: 'a'.repeat(length) })
    const fits = long(4464)
    expect(fits).toHaveLength(6000)
    expect(words.open('attempt', 'x', fits)).toEqual({ a: 'a'.repeat(4464) })
    const longer = long(4465)
    expect(longer).toHaveLength(6002)
    expect(words.open('attempt', 'x', longer)).toBeNull()
  })

  it('are derived the same each time, and another for each use, name, agency and server', () => {
    const derived = (use: WordUse, name: string, of = words) => of.derive(use, name)
    expect(derived('session', 'a')).toMatch(/^[\w-]{43}$/)
    expect(derived('session', 'a', sealedWords(pepper, 'city'))).toBe(derived('session', 'a'))
    const all = [
      derived('session', 'a'),
      derived('session', 'b'),
      derived('code', 'a'),
      derived('session', 'a', sealedWords(pepper, 'town')),
      derived('session', 'a', sealedWords(Buffer.alloc(32, 2), 'city')),
    ]
    expect(new Set(all).size).toBe(5)
  })

  it('are made once for each agency of a server', () => {
    const keys = { keys: { pepper } } as never
    const city = wordsOf(keys, 'city')
    expect(wordsOf(keys, 'city')).toBe(city)
    expect(wordsOf(keys, 'town')).not.toBe(city)
    expect(wordsOf({ keys: { pepper: Buffer.from(pepper) } } as never, 'city')).not.toBe(city)
    expect(city.open('session', 'x', words.seal('session', 'x', content))).toEqual(content)
    expect(wordsOf(keys, 'town').open('session', 'x', words.seal('session', 'x', content))).toBeNull()
  })

  it('are about one service of one agency', () => {
    expect(serviceAbout('city', 'card')).toBe('city|card')
    expect(serviceAbout('city', 'card')).not.toBe(serviceAbout('card', 'city'))
  })
})
