import type { FieldType, Json } from '@guichet/core'
import type { DeclarationField } from '../../generated/settings.ts'
import { readBoolean } from '../read-boolean.ts'
import { yesNo } from '../yes-no.ts'

const languageTag = '^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$'
const isLanguage = new RegExp(languageTag)
const isObject = (value: Json): value is { [key: string]: Json } => typeof value === 'object' && value !== null && !Array.isArray(value)
const own = (value: { [key: string]: Json }, key: string): Json => (Object.hasOwn(value, key) ? (value[key] ?? null) : null)

export const declaration: FieldType<DeclarationField> = {
  name: 'declaration',
  kind: () => 'object',
  parts: () => ({ version: 'text', language: 'text', accepted: 'boolean' }),
  parse(input, { version, optional }) {
    if (!isObject(input)) return readBoolean(input) === false && optional ? { value: null } : { finding: { code: 'mustAccept' } }
    const language = own(input, 'language')
    if (own(input, 'accepted') !== true || typeof language !== 'string' || !isLanguage.test(language)) return { finding: { code: 'mustAccept' } }
    return own(input, 'version') === version ? { value: { version, language, accepted: true } } : { finding: { code: 'changed' } }
  },
  show(value, _, { language, fallback }) {
    const accepted = isObject(value) && own(value, 'accepted') === true
    const shown = yesNo(accepted, [language, ...fallback])
    return accepted ? `${shown} (${[own(value, 'version'), own(value, 'language')].filter(Boolean).join(', ')})` : shown
  },
  schema: ({ version }) => ({
    type: 'object',
    required: ['version', 'language', 'accepted'],
    properties: { version: { const: version }, language: { type: 'string', pattern: languageTag }, accepted: { const: true } },
    additionalProperties: false,
  }),
}
