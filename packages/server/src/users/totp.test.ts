import { expect, it } from 'vitest'
import { base32, codeAt, otpauth, stepOfCode } from './totp.ts'

const seed = (bytes: number) => Buffer.from('1234567890'.repeat(7)).subarray(0, bytes)

// RFC 6238, appendix B: eight digits, for each of the three digests with a secret as long as it.
it.each([
  [59, '94287082', '46119246', '90693936'],
  [1111111109, '07081804', '68084774', '25091201'],
  [1111111111, '14050471', '67062674', '99943326'],
  [1234567890, '89005924', '91819424', '93441116'],
  [2000000000, '69279037', '90698825', '38618901'],
  [20000000000, '65353130', '77737706', '47863826'],
])('gives the codes of the standard at second %i', (second, sha1, sha256, sha512) => {
  const step = Math.floor(second / 30)
  expect([codeAt(seed(20), step, 8), codeAt(seed(32), step, 8, 'sha256'), codeAt(seed(64), step, 8, 'sha512')]).toEqual([sha1, sha256, sha512])
})

it('takes a code of its step and of the two beside it, and no other', () => {
  const at = new Date('2026-01-05T08:00:10Z')
  const step = Math.floor(at.getTime() / 30_000)
  const found = [-2, -1, 0, 1, 2].map((apart) => stepOfCode(seed(20), codeAt(seed(20), step + apart), at))
  expect(found).toEqual([null, step - 1, step, step + 1, null])
  for (const wrong of ['', '12345', '1234567', 'abcdef', '٠٠٠٠٠٠']) expect(stepOfCode(seed(20), wrong, at)).toBeNull()
})

// RFC 4648, section 10.
it.each([
  ['', ''],
  ['f', 'MY'],
  ['fo', 'MZXQ'],
  ['foo', 'MZXW6'],
  ['foob', 'MZXW6YQ'],
  ['fooba', 'MZXW6YTB'],
  ['foobar', 'MZXW6YTBOI'],
])('writes %j as %j', (text, written) => expect(base32(Buffer.from(text))).toBe(written))

it('names itself to an authenticator', () => {
  expect(otpauth(Buffer.from('foobar'), 'City: of & Example', 'ada@city.example')).toBe(
    'otpauth://totp/City%3A%20of%20%26%20Example:ada%40city.example?secret=MZXW6YTBOI&issuer=City%3A%20of%20%26%20Example&algorithm=SHA1&digits=6&period=30',
  )
})
