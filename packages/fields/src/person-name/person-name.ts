import type { FieldType, Json } from '@guichet/core'
import type { PersonNameField } from '../../generated/settings.ts'
import { cleanLine, lengthOf, persianLetters } from '../clean-text.ts'

export type NamePart = 'title' | 'given' | 'middle' | 'family'

const longest = 100
const stored: readonly NamePart[] = ['title', 'given', 'middle', 'family']

/** How names are written: the Vietnamese middle name stands between family and given name. */
function partsInOrder(language: string, order: PersonNameField['order']): readonly NamePart[] {
  if (order === 'given-first') return stored
  if (/^vi\b/.test(language)) return ['title', 'family', 'middle', 'given']
  return order === 'family-first' || /^(hu|ja|ko|zh)\b/.test(language) ? ['title', 'family', 'given', 'middle'] : stored
}

/** The parts that are asked for, in their order. */
export const askedParts = ({ parts = ['given', 'family'], order }: PersonNameField, language: string): NamePart[] =>
  partsInOrder(language, order).filter((part) => parts.includes(part))

/** The parts that may not be empty. */
export function neededParts({ parts = ['given', 'family'], needed = [], singleName }: PersonNameField): NamePart[] {
  const both = singleName && parts.includes('given') && parts.includes('family')
  return stored.filter((part) => parts.includes(part) && (part === 'given' || part === 'family' ? !both : needed.includes(part)))
}

const isObject = (value: Json): value is { [key: string]: Json } => typeof value === 'object' && value !== null && !Array.isArray(value)

/** The strings of a name that was typed or stored. */
export function nameOf(input: Json): Partial<Record<NamePart, string>> {
  const name: Partial<Record<NamePart, string>> = {}
  if (isObject(input)) for (const part of stored) if (Object.hasOwn(input, part) && typeof input[part] === 'string') name[part] = input[part]
  return name
}

export const personName: FieldType<PersonNameField> = {
  name: 'person-name',
  kind: () => 'object',
  parts: () => ({ title: 'text', given: 'text', middle: 'text', family: 'text' }),
  parse(input, { script }) {
    if (input === null || (typeof input === 'string' && input.trim() === '')) return { value: null }
    if (!isObject(input)) return { finding: { code: 'format' } }
    const typed = nameOf(input)
    const value: { [part: string]: string } = {}
    for (const part of stored) {
      const text = cleanLine(script === 'fa' ? persianLetters(typed[part] ?? '') : (typed[part] ?? ''))
      if (text !== '') value[part] = text
    }
    return { value: Object.keys(value).length > 0 ? value : null }
  },
  check(value, settings) {
    if (!isObject(value)) return { code: 'format' }
    const name = nameOf(value)
    for (const part of neededParts(settings)) if (!name[part]) return { code: `${part}Missing` }
    // With a title or middle name alone nobody is named.
    if (!name.given && !name.family) return { code: (settings.parts ?? ['family']).includes('family') ? 'familyMissing' : 'givenMissing' }
    for (const part of stored) {
      const text = name[part]
      if (text === undefined) continue
      if (lengthOf(text) > longest) return { code: `${part}Long`, params: { count: longest } }
      if (!/\p{L}/u.test(text)) return { code: `${part}Letters` }
    }
    return null
  },
  show(value, { order }, { language }) {
    const name = nameOf(value)
    return partsInOrder(language, order)
      .flatMap((part) => name[part] ?? [])
      .join(' ')
  },
  schema(settings) {
    const text = { type: 'string', minLength: 1, maxLength: longest }
    return {
      type: 'object',
      required: neededParts(settings),
      properties: Object.fromEntries(stored.map((part) => [part, text])),
      anyOf: (['given', 'family'] as const).map((part) => ({ properties: { [part]: text }, required: [part] })),
      additionalProperties: false,
    }
  },
}
