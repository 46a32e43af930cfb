/** One page of one service, and of it what the server itself would send. */
import type { Field, ServiceDefinition } from '@guichet/schemas'
import { viewOf } from '../../../tests/service-host.ts'
import type { FormSpec, SpecField } from '../form-spec.ts'

const inEnglish = (text: string) => ({ en: text })

function fieldOf({ key, kind, label, required, options, shownIf }: SpecField): Field {
  return {
    id: key,
    type: kind,
    label: inEnglish(label),
    ...(required ? {} : { optional: true }),
    ...(options ? { options: options.map((option) => ({ value: option.value, label: inEnglish(option.label) })) } : {}),
    ...(shownIf ? { when: { '==': [{ var: shownIf.key }, shownIf.is] } } : {}),
  } as Field
}

export function definitionOf(form: FormSpec): ServiceDefinition {
  return {
    format: 1,
    id: form.id,
    languages: ['en'],
    title: inEnglish(form.title),
    summary: inEnglish(form.title),
    agency: { name: inEnglish('Agency'), units: { desk: inEnglish('Desk') } },
    locale: { timeZone: 'Europe/Dublin', calendar: 'gregory', currency: 'EUR', decimals: 2 },
    guide: { audience: inEnglish('Everyone.') },
    pages: [{ id: 'form', title: inEnglish(form.title), fields: form.fields.map(fieldOf) }],
    stages: [{ id: 'check', label: inEnglish('Check'), unit: 'desk', term: { value: 1, unit: 'workingDays' } }],
  } as ServiceDefinition
}

export const guichet = (form: FormSpec) => viewOf(definitionOf(form), 'en', '2026-01-05')
