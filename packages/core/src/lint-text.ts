/** The sentences of findings, apart from looking for them: those who show findings need not load the rules. */
import type { Json } from '@guichet/schemas'
import { formatMessage, type Messages } from './text.ts'

/** Params that name kinds of values: they are written in the reader's words. */
const kindParams = new Set(['wanted', 'found', 'first', 'second'])
const listedAtMost = 12

/** The sentence of a finding, from core's messages in the reader's language. */
export function lintText({ code, params }: { code: string; params: Readonly<Record<string, Json>> }, messages: Messages, language: string): string {
  const kindName = (name: Json) => {
    const named = messages[`lint.kind.${String(name)}`]
    return typeof named === 'string' ? named : String(name)
  }
  const placed: Record<string, Json> = {}
  for (const [key, value] of Object.entries(params)) {
    if (Array.isArray(value)) {
      const parts = value.slice(0, listedAtMost).map((part) => (kindParams.has(key) ? kindName(part) : String(part)))
      if (value.length > listedAtMost) parts.push('…')
      // A circle is read in its direction; the rest are alternatives.
      placed[key] = key === 'fields' ? parts.join(' → ') : new Intl.ListFormat(language, { type: kindParams.has(key) ? 'disjunction' : 'unit' }).format(parts)
    } else placed[key] = kindParams.has(key) && typeof value === 'string' ? kindName(value) : value
  }
  const sentence = formatMessage(messages[`lint.${code}`], placed, language)
  return params.suggestion === undefined ? sentence : `${sentence} ${formatMessage(messages['lint.suggestion'], placed, language)}`
}
