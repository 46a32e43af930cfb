import type { FieldType, Finding, Json } from '@guichet/core'
import type { FileField } from '../../generated/settings.ts'
import { kindNames, passesAs, sizePlace, sizeText, usualBytes, usualKinds } from './file-kinds.ts'

/** A file that arrived, as a file field's answer holds it. */
export interface HeldFile {
  id: string
  name: string
  size: number
  type: string
}

const isId = /^[0-9A-Za-z_-]{1,64}$/
/** A name may hide what it ends in behind marks that turn the writing direction. */
const cleanName = (name: string) => [...name.toWellFormed().replace(/[\p{Cc}\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu, '')].slice(0, 255).join('').trim()

function heldFile(item: Json): HeldFile | null {
  if (typeof item !== 'object' || item === null || Array.isArray(item)) return null
  const { id, name, size, type } = item
  if (typeof id !== 'string' || !isId.test(id) || typeof name !== 'string' || typeof type !== 'string') return null
  if (typeof size !== 'number' || !Number.isSafeInteger(size) || size < 0 || !/^[\w.+;=/ -]{0,120}$/.test(type)) return null
  return { id, name: cleanName(name) || id, size, type }
}

const usualSamples = {
  'sample.pdf': 'application/pdf',
  'sample.jpg': 'image/jpeg',
  'sample.png': 'image/png',
  'sample.txt': 'text/plain',
  'sample.zip': 'application/zip',
}

/** The files in a stored value; what is no file is left out. */
export const heldFiles = (value: Json): HeldFile[] => (Array.isArray(value) ? value.map(heldFile).filter((file) => file !== null) : [])

export const file: FieldType<FileField> = {
  name: 'file',
  kind: () => 'list',
  parse(input) {
    if (input === null || input === '') return { value: null }
    const items = Array.isArray(input) ? input : [input]
    const files = new Map<string, HeldFile>()
    for (const item of items) {
      const held = heldFile(item)
      if (!held) return { finding: { code: 'format' } }
      // The same file twice does not make two.
      if (!files.has(held.id)) files.set(held.id, held)
    }
    return { value: files.size > 0 ? [...files.values()].map((held) => ({ ...held })) : null }
  },
  check(value, { accept = usualKinds, maxBytes = usualBytes, maxFiles, minFiles = 1 }): Finding | null {
    const files = heldFiles(value)
    const most = maxFiles ?? minFiles
    if (files.length < minFiles) return { code: 'tooFew', params: { count: minFiles } }
    if (files.length > most) return { code: 'tooMany', params: { count: most } }
    for (const { name, size, type } of files) {
      if (size === 0) return { code: 'empty', params: { name } }
      if (size > maxBytes) return { code: 'tooLarge', params: { name, size: sizePlace(maxBytes) } }
      if (!passesAs({ name, type }, accept)) return { code: 'wrongType', params: { name, types: kindNames(accept) } }
    }
    return null
  },
  show: (value, _settings, { language }) =>
    heldFiles(value)
      .map(({ name, size }) => `${name} (${sizeText(size, language)})`)
      .join(', '),
  samples: ({ minFiles = 1 }) =>
    Object.entries(usualSamples).map(([name, type]) => Array.from({ length: minFiles }, (_, i) => ({ id: `sample-${i}`, name, size: 1000, type }))),
  schema: ({ maxBytes = usualBytes, maxFiles, minFiles = 1 }) => ({
    type: 'array',
    minItems: minFiles,
    maxItems: maxFiles ?? minFiles,
    items: {
      type: 'object',
      required: ['id', 'name', 'size', 'type'],
      properties: {
        id: { type: 'string', pattern: isId.source },
        name: { type: 'string', minLength: 1, maxLength: 255 },
        size: { type: 'integer', minimum: 1, maximum: maxBytes },
        type: { type: 'string', maxLength: 120 },
      },
      additionalProperties: false,
    },
  }),
  attachments: (value) => heldFiles(value).map(({ id }) => id),
}
