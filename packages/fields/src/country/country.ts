import type { FieldType } from '@guichet/core'
import { asciiDigits } from '@guichet/core/text'
import type { CountryField } from '../../generated/settings.ts'
import { wordIn } from '../yes-no.ts'
import { assigned } from './countries.ts'
import words from './stateless.json' with { type: 'json' }

/** ICAO 9303 writes it into travel documents; ISO 3166 has no code for it. */
const stateless = 'XXA'

/** The codes that may be chosen, the common ones first. */
export function codesOf({ first, only, nationality }: CountryField): string[] {
  return [...new Set([...(first ?? []), ...(only ?? assigned), ...(nationality ? [stateless] : [])])]
}

/** The name of a country in the first of the languages that has it. */
export function nameOf(code: string, languages: readonly string[]): string {
  if (code === stateless) return wordIn(words, languages)
  return (/^[A-Z]{2}$/.test(code) && new Intl.DisplayNames([...languages], { type: 'region' }).of(code)) || code
}

export const country: FieldType<CountryField> = {
  name: 'country',
  kind: () => 'choice',
  parse(input, settings) {
    if (input === null || input === '') return { value: null }
    const code = typeof input === 'string' ? asciiDigits(input).trim().toUpperCase() : ''
    if (code === '' && typeof input === 'string') return { value: null }
    return codesOf(settings).includes(code) ? { value: code } : { finding: { code: 'invalid' } }
  },
  show: (value, _, { language, fallback }) => (typeof value === 'string' && value !== '' ? nameOf(value, [language, ...fallback]) : ''),
  schema: (settings) => ({ type: 'string', enum: codesOf(settings) }),
  choices: codesOf,
}
