import type { FieldType, Json } from '@guichet/core'
import type { SignatureField } from '../../generated/settings.ts'
import { cleanLine, lengthOf } from '../clean-text.ts'
import { wordIn } from '../yes-no.ts'
import { box, drawingFault, drawingSchema } from './drawing.ts'
import words from './drawn.json' with { type: 'json' }

const shortest = 2
const longest = 200

/** The path of a drawn one; null if it is not drawn. What is no path is refused by `check`. */
export const drawnPath = (value: Json): string | null =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && Object.keys(value).join() === 'drawn' && typeof value.drawn === 'string'
    ? value.drawn
    : null

/** What was typed under the statement: a name, or the code by which a signing service confirms. Or what was drawn. Who did it, the sign-in tells. */
export const signature: FieldType<SignatureField> = {
  name: 'signature',
  kind: ({ draw }) => (draw ? 'object' : 'text'),
  parse(input, { draw }) {
    if (input === null) return { value: null }
    if (draw && typeof input === 'object' && !Array.isArray(input)) {
      const drawn = drawnPath(input)
      if (drawn === '') return { value: null }
      const fault = drawn === null ? 'drawing' : drawingFault(drawn)
      return fault ? { finding: { code: fault } } : { value: { drawn } }
    }
    if (typeof input !== 'string') return { finding: { code: 'format' } }
    return { value: cleanLine(input) || null }
  },
  check(value, { draw }) {
    if (draw && drawnPath(value) !== null) return null
    if (typeof value !== 'string') return { code: 'format' }
    const length = lengthOf(value)
    if (length < shortest || !/[\p{L}\p{N}]/u.test(value)) return { code: 'tooShort' }
    return length > longest ? { code: 'tooLong', params: { count: longest } } : null
  },
  show: (value, _settings, { language, fallback }) =>
    typeof value === 'string' ? value : drawnPath(value) ? wordIn(words.drawn, [language, ...fallback]) : '',
  picture(value) {
    const path = drawnPath(value)
    // Whatever was stored: only what keeps the grammar is drawn.
    return path !== null && drawingFault(path) === null ? { ...box, path } : null
  },
  schema({ draw }) {
    const typed = { type: 'string', minLength: shortest, maxLength: longest }
    if (!draw) return typed
    return { anyOf: [typed, { type: 'object', required: ['drawn'], properties: { drawn: drawingSchema }, additionalProperties: false }] }
  },
}
