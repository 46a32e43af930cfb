/** What a new service may begin with: those that the agency keeps, plain ones that come with the builder, whole examples of the server. */
import type { Policy } from '@guichet/schemas'
import type { Api } from './api.ts'
import type { Definition } from './editor/edit.ts'
import { isObject } from './editor/pointer.ts'
import { mapReferences } from './editor/references.ts'
import { fieldSchemas as settings } from './known-types.ts'
import application from './templates/application.json' with { type: 'json' }
import appointment from './templates/appointment.json' with { type: 'json' }
import changeNotice from './templates/change-notice.json' with { type: 'json' }
import contactForm from './templates/contact-form.json' with { type: 'json' }

export interface TemplateContent {
  definition: Definition
  policy: Policy | null
}

export interface TemplateLine {
  key: string
  title: Readonly<Record<string, string>>
  summary: Readonly<Record<string, string>>
  /** Of the agency, and not the builder's. */
  isOwn: boolean
  load(): Promise<TemplateContent>
}

export const plainTemplates = [contactForm, application, appointment, changeNotice] as unknown as readonly Definition[]

export async function templates(api: Pick<Api, 'library' | 'kept'>): Promise<TemplateLine[]> {
  const kept = (await api.library('template')).map(
    ({ id, version, title, summary }): TemplateLine => ({
      key: `${summary ? 'example' : 'own'}:${id}`,
      title,
      summary: summary ?? {},
      isOwn: summary === undefined,
      load: async () => (await api.kept('template', id, version)).content as unknown as TemplateContent,
    }),
  )
  const plain = plainTemplates.map(
    (definition): TemplateLine => ({
      key: definition.id,
      title: definition.title,
      summary: definition.summary ?? {},
      isOwn: false,
      load: async () => ({ definition, policy: null }),
    }),
  )
  // What everybody needs comes before whole services of somebody else.
  return [...kept.filter(({ isOwn }) => isOwn), ...plain, ...kept.filter(({ isOwn }) => !isOwn)]
}

/**
 * The service that begins with the template: called, named and offered as the author said, with the template's questions and
 * rules. Texts stay in the languages that are wanted; where there are none of them, what there is stands in for the first.
 */
export function fromTemplate(template: Definition, start: Definition): Definition {
  const [first] = start.languages
  const wanted = new Set<string>(start.languages)
  const spoken = mapReferences(template, settings, (value, { kind }) => {
    if (kind !== 'text' || !isObject(value)) return value
    const kept = Object.entries(value).filter(([tag]) => wanted.has(tag))
    if (kept.length > 0) return Object.fromEntries(kept)
    const [stand] = template.languages.map((tag) => value[tag]).filter((text) => typeof text === 'string')
    return { [first]: stand ?? '' }
  })
  const { agency, locale, languages, id, title } = start
  return { ...spoken, id, title, languages, locale, agency: { ...spoken.agency, ...agency } }
}
