import type { FieldType, Json } from '@guichet/core'
import type { AddressField } from '../../generated/settings.ts'
import { cleanLine, cleanText, lengthOf } from '../clean-text.ts'

export type AddressPart = 'lines' | 'postcode' | 'city' | 'region' | 'district'

/** Every part a stored address may have; `country` comes from registers only, and is not asked for. */
const parts: readonly AddressPart[] = ['lines', 'postcode', 'city', 'region', 'district']
const longest: Readonly<Record<AddressPart, number>> = { lines: 500, postcode: 20, city: 100, region: 100, district: 100 }

/** From the widest part to the house, by how many levels there are. */
const levelParts: Readonly<Record<number, readonly AddressPart[]>> = {
  2: ['city', 'lines'],
  3: ['region', 'city', 'lines'],
  4: ['region', 'city', 'district', 'lines'],
}

/** The parts that are asked for, in their order. */
export function askedParts({ parts: asked, levels }: AddressField): readonly AddressPart[] {
  const wanted = asked ?? ['lines', 'postcode', 'city']
  const byLevel = levels && levelParts[levels.length]
  return byLevel ? [...byLevel, ...(asked?.includes('postcode') ? (['postcode'] as const) : [])] : wanted
}

/** The parts that must be filled in, as far as they are asked for. */
export function neededParts(settings: AddressField): AddressPart[] {
  const needed: readonly AddressPart[] = ['lines', ...(settings.needed ?? [])]
  return askedParts(settings).filter((part) => needed.includes(part))
}

type Address = Partial<Record<AddressPart | 'country', string>>

const isObject = (value: Json): value is { [key: string]: Json } => typeof value === 'object' && value !== null && !Array.isArray(value)

/** The strings of an address that was typed or stored; a text alone is its lines. */
export function addressOf(input: Json): Address {
  if (typeof input === 'string') return { lines: input }
  if (!isObject(input)) return {}
  const address: Address = {}
  for (const part of [...parts, 'country'] as const) if (Object.hasOwn(input, part) && typeof input[part] === 'string') address[part] = input[part]
  return address
}

const cleaned: Readonly<Record<AddressPart, (text: string) => string>> = {
  lines: (text) =>
    cleanText(text)
      .split('\n')
      .map((line) => line.replace(/\s+/g, ' ').trim())
      .filter((line) => line !== '')
      .join('\n'),
  postcode: (text) => cleanLine(text).toUpperCase(),
  city: cleanLine,
  region: cleanLine,
  district: cleanLine,
}

export const address: FieldType<AddressField> = {
  name: 'address',
  kind: () => 'object',
  parts: () => ({ lines: 'text', postcode: 'text', city: 'text', region: 'text', district: 'text', country: 'text' }),
  parse(input) {
    if (input === null) return { value: null }
    if (typeof input !== 'string' && !isObject(input)) return { finding: { code: 'format' } }
    const typed = addressOf(input)
    const value: { [part: string]: string } = {}
    for (const part of parts) {
      const text = cleaned[part](typed[part] ?? '')
      if (text !== '') value[part] = text
    }
    if (Object.keys(value).length > 0 && /^[A-Z]{2}$/.test(typed.country ?? '')) value.country = typed.country as string
    return { value: Object.keys(value).length > 0 ? value : null }
  },
  check(value, settings) {
    if (!isObject(value)) return { code: 'format' }
    for (const part of neededParts(settings)) if (!value[part]) return { code: `${part}Missing` }
    for (const part of parts) {
      const text = value[part]
      if (typeof text === 'string' && lengthOf(text) > longest[part]) return { code: `${part}Long`, params: { count: longest[part] } }
    }
    return null
  },
  show(value, _settings, { language }) {
    const { lines = '', postcode = '', city = '', region = '', district = '', country = '' } = addressOf(value)
    const place = [postcode, city].filter(Boolean).join(' ')
    const land = /^[A-Z]{2}$/.test(country) && (new Intl.DisplayNames(language, { type: 'region', fallback: 'code' }).of(country) ?? country)
    const shown = [...lines.split('\n'), district, place, region, land].filter(Boolean)
    return shown.join(/^(fa|ar|ur)\b/.test(language) ? '\u060c ' : ', ')
  },
  schema(settings) {
    const text = (part: AddressPart) => ({ type: 'string', minLength: 1, maxLength: longest[part] })
    return {
      type: 'object',
      required: neededParts(settings),
      properties: { ...Object.fromEntries(parts.map((part) => [part, text(part)])), country: { type: 'string', pattern: '^[A-Z]{2}$' } },
      additionalProperties: false,
    }
  },
}
