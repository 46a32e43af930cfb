import { expect, test } from 'vitest'
import { groupCode, newCode, readCode } from './draft-code.ts'

test('a code has 26 characters of 32, each new', () => {
  const codes = Array.from({ length: 200 }, newCode)
  expect(new Set(codes).size).toBe(200)
  for (const code of codes) expect(code).toMatch(/^[0-9A-HJKMNP-TV-Z]{26}$/)
  // All characters come up: 5,200 draws leave one of 32 out about once in 10^70.
  expect(new Set(codes.join('')).size).toBe(32)
})

test('a code is read however a person types it', () => {
  const code = '0123456789ABCDEFGHJKMNPQRS'
  expect(groupCode(code)).toBe('0123-4567-89AB-CDEF-GHJK-MNPQ-RS')
  for (const typed of [
    code,
    groupCode(code),
    groupCode(code).toLowerCase().replaceAll('-', ' '),
    `o i23 45678 9abc defg hjkm npqr s`,
    '۰۱۲۳-۴۵۶۷-۸۹ab-cdef-ghjk-mnpq-rs',
  ])
    expect(readCode(typed), typed).toBe(code)
  for (const typed of ['', 'K7QF', code.slice(1), `${code}0`, `U${code.slice(1)}`, '-'.repeat(1000)]) expect(readCode(typed), typed).toBeNull()
})
