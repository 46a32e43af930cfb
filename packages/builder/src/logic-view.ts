/** One list of all that decides something in the service, in words, each leading to its place. */
import { shared } from '@guichet/staff/styles'
import { css, html, LitElement, nothing } from 'lit'
import type { Definition, Draft } from './editor/edit.ts'
import { isInside } from './editor/pointer.ts'
import { SelectEvent } from './events.ts'
import type { Finding } from './findings.ts'
import { fieldSchemas } from './known-types.ts'
import { Localized, type MessageKey, say } from './language.ts'
import { type LogicItem, type LogicKind, logicOf } from './logic-list.ts'
import { partOf } from './outline.ts'
import { type Reader, readerAt } from './words-of.ts'

const kinds: readonly LogicKind[] = ['conditions', 'rules', 'values']

/** The sentence about an item, without its name. */
export function sentenceOfItem({ kind, expression, message }: LogicItem, reader: Reader): string {
  if (kind === 'conditions') return say('logic.onlyIf', { what: reader.condition(expression) })
  if (kind === 'values') return say('logic.is', { what: reader.formula(expression) })
  const must = say('logic.must', { what: reader.condition(expression) })
  return message === '' ? must : `${must}; ${say('logic.else', { message })}`
}

export class LogicView extends LitElement {
  static override readonly styles = [
    shared,
    css`
      :host { display: grid; gap: 1rem; max-inline-size: 70rem; }
      li { display: grid; grid-template-columns: minmax(8rem, 16rem) minmax(0, 1fr); gap: 0.5rem 1rem; padding: 0.4rem 0.5rem; border-block-end: 1px solid var(--line); }
      li > * { overflow-wrap: anywhere; }
      li button { text-decoration: underline; padding: 0; min-block-size: 1.5rem; }
      .mark { color: var(--danger); font-weight: 650; }
      @media (max-width: 40rem) { li { grid-template-columns: minmax(0, 1fr); } }
    `,
  ]
  static override readonly properties = { draft: { attribute: false }, findings: { attribute: false }, wanted: { state: true } }
  declare draft: Draft
  declare findings: readonly Finding[]
  declare protected wanted: string

  constructor() {
    super()
    this.findings = []
    this.wanted = ''
    new Localized(this)
  }

  get #definition(): Definition {
    return this.draft.definition
  }

  protected override render() {
    const wanted = this.wanted.trim().toLocaleLowerCase()
    const all = logicOf(this.#definition, fieldSchemas).map((item) => ({ ...item, sentence: sentenceOfItem(item, readerAt(this.#definition, item.pointer)) }))
    const shown = all.filter(({ name, sentence }) => `${name} ${sentence}`.toLocaleLowerCase().includes(wanted))
    const isWrong = (pointer: string) => this.findings.some((finding) => finding.severity === 'error' && isInside(finding.pointer, pointer))
    return html`
      <h2 tabindex="-1">${say('view.logic')}</h2>
      <p>${say(all.length === 0 ? 'logic.none' : 'logic.text')}</p>
      <div class="field"><label for="wanted">${say('logic.search')}</label>
        <input id="wanted" type="search" autocomplete="off" .value=${this.wanted} @input=${(event: Event) => (this.wanted = (event.target as HTMLInputElement).value)}></div>
      <p class="help" role="status">${say('logic.shown', { count: shown.length })}</p>
      ${kinds.map((kind) => {
        const items = shown.filter((item) => item.kind === kind)
        return items.length === 0
          ? nothing
          : html`<section aria-labelledby=${kind}><h3 id=${kind}>${say(`logic.${kind}` as MessageKey)}</h3>
            <ul>${items.map(
              ({ name, pointer, sentence }) => html`<li data-logic=${pointer}>
                <button type="button" class="plain small" aria-label=${say('logic.goTo', { name })} @click=${() => this.dispatchEvent(new SelectEvent(partOf(pointer), true))}>${name}</button>
                <span dir="auto">${sentence}${isWrong(pointer) ? html` <span class="mark">(${say('logic.wrong')})</span>` : nothing}</span>
              </li>`,
            )}</ul></section>`
      })}
    `
  }
}
customElements.define('builder-logic', LogicView)

declare global {
  interface HTMLElementTagNameMap {
    'builder-logic': LogicView
  }
}
