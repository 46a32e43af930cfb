/** The form as our editor gets it: all of it on one page, as the rivals have it, or on pages of 25, as people would be asked it. */
import type { ServiceDefinition } from '@guichet/schemas'
import { definitionOf } from '../runtime/definitions/guichet.ts'
import type { FormSpec } from '../runtime/form-spec.ts'

export const onOnePage = (form: FormSpec): ServiceDefinition => ({ ...definitionOf(form), id: 'whole' })

export function inPages(form: FormSpec): ServiceDefinition {
  const whole = definitionOf(form)
  const [page] = whole.pages
  const pages = Array.from({ length: form.fields.length / 25 }, (_, i) => ({ ...page, id: `page_${i + 1}`, fields: page.fields.slice(i * 25, (i + 1) * 25) }))
  return { ...whole, id: 'pages', pages: pages as unknown as ServiceDefinition['pages'] }
}
