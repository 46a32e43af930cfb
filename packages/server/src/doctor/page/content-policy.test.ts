import { describe, expect, test } from 'vitest'
import { allowsAddress, allowsMore, allowsScript, deciding, readPolicies } from './content-policy.ts'

const page = new URL('https://www.city.example/permits')
const script = new URL('https://forms.example.org/embed.js')

describe('addresses', () => {
  test.each([
    ['*', true],
    ['https:', true],
    ['http:', true],
    ["'self'", false],
    ["'none'", false],
    ["'unsafe-inline'", false],
    ['https://forms.example.org', true],
    ['forms.example.org', true],
    ['forms.example.org:443', true],
    ['forms.example.org:8443', false],
    ['forms.example.org:*', true],
    ['http://forms.example.org', true],
    ['https://FORMS.example.org', true],
    ['*.example.org', true],
    ['*.forms.example.org', false],
    ['https://example.org', false],
    ['https://forms.example.org.evil.example', false],
    ['https://forms.example.org/', true],
    ['https://forms.example.org/embed.js', true],
    ['https://forms.example.org/assets/', false],
    ['data:', false],
    ['not a source', false],
  ])('%s', (source, allowed) => {
    expect(allowsAddress([source], script, page)).toBe(allowed)
  })
  test('a page without https lets the same host over https through', () => {
    expect(allowsAddress(["'self'"], new URL('https://a.example/x'), new URL('http://a.example/'))).toBe(true)
    expect(allowsAddress(["'self'"], new URL('http://a.example/x'), new URL('https://a.example/'))).toBe(false)
    expect(allowsAddress(['forms.example.org'], new URL('http://forms.example.org/x'), page)).toBe(false)
  })
})

test('nonces, hashes and strict-dynamic', () => {
  const by = (nonce: string | null, integrity: string | null = null) => ({ address: script, nonce, integrity })
  expect(allowsScript(["'nonce-abc'"], by('abc'), page)).toBe(true)
  expect(allowsScript(["'nonce-abc'"], by('abd'), page)).toBe(false)
  expect(allowsScript(["'sha256-x'"], by(null, 'sha256-x'), page)).toBe(true)
  expect(allowsScript(["'sha256-x'"], by(null, 'sha256-x sha384-y'), page)).toBe(false)
  expect(allowsScript(["'strict-dynamic'", 'https:'], by(null), page)).toBe(false)
  expect(allowsMore(["'strict-dynamic'", "'nonce-abc'"], script, page)).toBe(true)
  expect(allowsMore(["'nonce-abc'"], script, page)).toBe(false)
})

test('the directive that decides, and several policies', () => {
  const [one, two] = readPolicies("default-src 'none'; script-src https://a.example; Script-Src *, img-src data:") as [
    Map<string, string[]>,
    Map<string, string[]>,
  ]
  expect(deciding(one, 'script-src-elem')).toEqual({ directive: 'script-src', values: ['https://a.example'] })
  expect(deciding(one, 'connect-src')).toEqual({ directive: 'default-src', values: ["'none'"] })
  expect(deciding(two, 'connect-src')).toBeNull()
  expect(readPolicies('')).toEqual([])
})
