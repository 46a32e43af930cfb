/** What becomes of answers when the service is another version: which questions are still the same to whoever has answered them. */
import type { Field, ServiceDefinition } from '@guichet/schemas'

/** Questions of a definition by path; groups that only arrange stand in no path. */
export function questionsOf(definition: Pick<ServiceDefinition, 'pages'>): Map<string, Field> {
  const found = new Map<string, Field>()
  const walk = (fields: readonly Field[], prefix: string) => {
    for (const field of fields) {
      const inside = field.fields as Field[] | undefined
      if (!inside || field.repeat) found.set(prefix + field.id, field)
      if (inside) walk(inside, field.repeat ? `${prefix}${field.id}.` : prefix)
    }
  }
  for (const page of definition.pages) walk(page.fields, '')
  return found
}

/** What decides whether an answer fits; wording may change freely, and where the question comes from is its authors' matter. */
const settingsOf = ({ label, hint, purpose, legalBasis, when, 'x-block': _, 'x-base': _base, ...settings }: Field) => {
  const options = settings.options as { value: unknown }[] | undefined
  return options ? { ...settings, options: options.map(({ value }) => value) } : settings
}

/** An answer to the one is an answer to the other, without being looked at. */
export const isAskedAlike = (was: Field, is: Field): boolean => JSON.stringify(settingsOf(was)) === JSON.stringify(settingsOf(is))
