import type { FieldType, Finding, Json } from '@guichet/core'
import type { TextField } from '../../generated/settings.ts'
import { cleanLine, lengthOf, persianLetters } from '../clean-text.ts'
import { isPattern, matcherOf, wholePattern } from './pattern.ts'

const longest = ({ maxLength = 200 }: Pick<TextField, 'maxLength'>) => maxLength

/** Too short or too long, in characters. */
export function lengthFinding(text: Json, min: number, max: number): Finding | null {
  const length = typeof text === 'string' ? lengthOf(text) : 0
  if (length < min) return { code: 'tooShort', params: { count: min } }
  return length > max ? { code: 'tooLong', params: { count: max } } : null
}

export const text: FieldType<TextField> = {
  name: 'text',
  kind: () => 'text',
  parse(input, { script }) {
    if (input === null) return { value: null }
    if (typeof input !== 'string') return { finding: { code: 'invalid' } }
    const line = cleanLine(script === 'fa' ? persianLetters(input) : input)
    return { value: line || null }
  },
  check(value, settings) {
    const finding = lengthFinding(value, settings.minLength ?? 0, longest(settings))
    if (finding) return finding
    if (!settings.pattern || typeof value !== 'string' || matcherOf(settings.pattern)?.test(value) !== false) return null
    return { code: 'pattern', ...(settings.patternHint ? { message: settings.patternHint } : {}) }
  },
  // What is no pattern at all, lint has said already.
  faults: ({ pattern }) => (pattern && isPattern(pattern) && matcherOf(pattern) === null ? [{ code: 'pattern.unsupported', property: 'pattern' }] : []),
  show: (value) => (typeof value === 'string' ? value : ''),
  schema: (settings) => ({
    type: 'string',
    minLength: Math.max(1, settings.minLength ?? 0),
    maxLength: longest(settings),
    ...(settings.pattern && matcherOf(settings.pattern) ? { pattern: wholePattern(settings.pattern) } : {}),
  }),
}
