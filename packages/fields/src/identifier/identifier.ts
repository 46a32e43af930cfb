import type { FieldType, Finding } from '@guichet/core'
import { asciiDigits } from '@guichet/core/text'
import type { IdentifierField } from '../../generated/settings.ts'
import { schemes } from './schemes.ts'

/** Without what people put between the digits: blanks, dashes, invisible marks. Leading zeros stay: it is no amount. */
const normalise = (typed: string): string =>
  asciiDigits(typed)
    .replace(/[\s\p{Pd}\p{Cf}\u2212]/gu, '')
    .toUpperCase()

const wrong = (code: string, params?: Finding['params']) => ({ finding: params ? { code, params } : { code } })

export const identifier: FieldType<IdentifierField> = {
  name: 'identifier',
  kind: () => 'text',
  parse(input, { scheme: name, country }, { today }) {
    if (input === null) return { value: null }
    if (typeof input !== 'string') return wrong('symbols')
    const scheme = schemes[name]
    const bare = normalise(input)
    const number = scheme.complete?.(bare, country) ?? bare
    if (number === '') return { value: null }
    const { length } = scheme
    if (length) {
      if (!/^\d+$/.test(number)) return wrong('characters')
      if (number.length !== length) return wrong('length', { length, given: number.length })
    }
    const finding = scheme.check(number, today, country)
    return finding ? { finding } : { value: number }
  },
  show: (value, { scheme }) => (typeof value === 'string' ? (schemes[scheme].show?.(value) ?? value) : ''),
  schema({ scheme, country }) {
    const { length } = schemes[scheme]
    return { type: 'string', pattern: length ? `^[0-9]{${length}}$` : `^${country ?? '[A-Z]{2}'}[0-9]{2}[A-Z0-9]{11,29}$` }
  },
  samples: ({ scheme, country }, _context, holder) => schemes[scheme].samples?.(country, holder ?? {}) ?? [],
  facts: (value, { scheme }) => (typeof value === 'string' ? (schemes[scheme].facts?.(value) ?? {}) : {}),
}
