/** What an officer asks an applicant for, to be answered online: which questions, which documents, and until when. */
import { compile, type Program } from '@guichet/core'
import type { ServiceDefinition } from '@guichet/schemas'
import { html, nothing, type TemplateResult } from 'lit'
import type { Ask, OpenedCase } from './api.ts'
import { fieldTypes } from './known-types.ts'
import { say } from './language.ts'
import { plainText } from './names.ts'

const programs = new WeakMap<ServiceDefinition, Program>()
export function programOf(definition: ServiceDefinition): Program {
  const program = programs.get(definition) ?? compile(definition, fieldTypes)
  programs.set(definition, program)
  return program
}

export const emptyAsk: Ask = { fields: [], documents: [] }

/** Labels of questions and documents, in the order of the version that was filled in. */
export function labelsOf(definition: ServiceDefinition, ask: Pick<Ask, 'fields' | 'documents'>): { kind: 'fields' | 'documents'; id: string; label: string }[] {
  const { scope } = programOf(definition)
  const fields = [...scope.values()]
    .filter(({ path }) => ask.fields.includes(path))
    .map(({ path, field }) => ({ kind: 'fields' as const, id: path, label: plainText(field.label, definition.languages) || path }))
  const documents = (definition.documents ?? [])
    .filter(({ id }) => ask.documents.includes(id))
    .map(({ id, label }) => ({ kind: 'documents' as const, id, label: plainText(label, definition.languages) || id }))
  return [...fields, ...documents]
}

export function askView(
  { askable }: Pick<OpenedCase, 'askable'>,
  definition: ServiceDefinition,
  ask: Ask,
  { fault, change }: { fault: string | null; change(ask: Ask): void },
): TemplateResult {
  if (askable.otherwise) return html`<p class="help" id="ask-otherwise">${say(`ask.otherwise.${askable.otherwise}`)}</p>`
  const toggle = (kind: 'fields' | 'documents', id: string, on: boolean) =>
    change({ ...ask, [kind]: on ? [...ask[kind], id] : ask[kind].filter((other) => other !== id) })
  const named = ask.fields.length + ask.documents.length > 0
  return html`<fieldset aria-describedby="ask-help"><legend>${say('ask.what')}</legend>
      <p class="help" id="ask-help">${say('ask.help')}</p>
      <div class="offers">${labelsOf(definition, askable).map(
        ({ kind, id, label }) => html`<div class="tick"><input type="checkbox" id="ask-${kind}-${id}" .checked=${ask[kind].includes(id)}
          @change=${(event: Event) => toggle(kind, id, (event.target as HTMLInputElement).checked)}><label for="ask-${kind}-${id}">${label}</label></div>`,
      )}</div></fieldset>
    ${
      named
        ? html`<div class="field"><label for="ask-until">${say('ask.until')}</label>
          ${fault ? html`<p class="wrong" id="until-wrong">${fault}</p>` : nothing}
          <input id="ask-until" type="date" .value=${ask.until ?? ''} aria-invalid=${fault ? 'true' : nothing} aria-describedby=${fault ? 'until-wrong' : nothing}
            @change=${(event: Event) => {
              const { until: _, ...rest } = ask
              const { value } = event.target as HTMLInputElement
              change({ ...rest, ...(value ? { until: value } : {}) })
            }}></div>`
        : nothing
    }`
}
