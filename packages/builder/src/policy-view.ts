/**
 * What protects the service: presets as cards, and every rule with what citizens are told, what its author has to know, its
 * form, and a way back to the preset. The sentences are the server's, the same that citizens read. Fires `builder-policy`.
 */

import type { Policy } from '@guichet/schemas'
import { shared } from '@guichet/staff/styles'
import { css, html, LitElement, nothing, type PropertyValues, type TemplateResult } from 'lit'
import type { PolicyReview } from './api.ts'
import { type Control, controlOf, type Defs } from './control.ts'
import { type Value, write } from './editor/pointer.ts'
import type { Schema } from './editor/references.ts'
import { PolicyEvent, type SettingEvent } from './events.ts'
import { Localized, type MessageKey, say } from './language.ts'
import type { FormSurroundings } from './settings-form.ts'
import './settings-form.ts'

type Reviewed = PolicyReview['rules'][number]

export class PolicyView extends LitElement {
  static override readonly styles = [
    shared,
    css`
      :host { display: grid; gap: 1rem; }
      fieldset { border: 0; padding: 0; margin: 0; display: grid; gap: 0.5rem; grid-template-columns: repeat(auto-fit, minmax(min(15rem, 100%), 1fr)); }
      legend { font-weight: 600; padding: 0; margin-block-end: 0.5rem; }
      .card { display: grid; grid-template-columns: auto 1fr; gap: 0.25rem 0.6rem; align-items: start; padding: 0.75rem; border: 1px solid var(--line); border-radius: var(--corner); background: var(--surface); cursor: pointer; }
      .card:has(:checked) { border-color: var(--accent); box-shadow: inset 0 0 0 1px var(--accent); }
      .card input { inline-size: 1.25rem; block-size: 1.25rem; margin: 0.1rem 0 0; }
      .card strong, .card .help { grid-column: 2; margin: 0; }
      .card .help { font-weight: 400; }
      details { border: 1px solid var(--line); border-radius: var(--corner); background: var(--surface); padding-inline: 0.75rem; }
      summary { padding-block: 0.6rem; cursor: pointer; font-weight: 500; }
      details[open] { padding-block-end: 0.75rem; }
      .changed { font-weight: 400; font-size: 0.85rem; color: var(--quiet); }
      h3 { margin: 0.5rem 0 0.25rem; font-size: 0.9rem; }
      ul { margin: 0; padding-inline-start: 1.2rem; overflow-wrap: anywhere; }
      .inside { display: grid; gap: 0.75rem; }
    `,
  ]
  static override readonly properties = {
    policy: { attribute: false },
    surroundings: { attribute: false },
    review: { attribute: false },
    reviewed: { state: true },
    told: { state: true },
  }
  declare policy: Policy
  declare surroundings: FormSurroundings
  /** Asks the server what a policy means, in the builder's language. */
  declare review: (policy: Policy) => Promise<PolicyReview>
  declare protected reviewed: PolicyReview | null
  /** What was done, for those who do not see it. */
  declare protected told: string
  readonly #controls = new Map<string, Control>()
  #asked = 0

  constructor() {
    super()
    this.reviewed = null
    this.told = ''
    new Localized(this)
  }

  protected override willUpdate(changed: PropertyValues<this>) {
    if (changed.has('policy')) void this.#ask()
  }

  /** The last question counts: an earlier answer may come later. */
  async #ask() {
    const asked = ++this.#asked
    try {
      const reviewed = await this.review(this.policy)
      if (asked === this.#asked) this.reviewed = reviewed
    } catch {
      // Saving says that the server cannot be reached; what is shown stays.
    }
  }

  #given(rule: string): Record<string, unknown> {
    return ((this.policy.rules ?? {}) as Record<string, Record<string, unknown>>)[rule] ?? {}
  }

  #setRule(rule: string, given: Record<string, unknown> | undefined) {
    const { [rule]: _, ...others } = (this.policy.rules ?? {}) as Record<string, unknown>
    const rules = given && Object.keys(given).length > 0 ? { ...others, [rule]: given } : others
    this.dispatchEvent(new PolicyEvent('/rules', Object.keys(rules).length > 0 ? rules : undefined))
  }

  readonly #edit = ({ rule, options }: Reviewed, { path, value }: SettingEvent) => {
    const [, option = ''] = path.split('/')
    const next = write(options as Value, path, value as Value) as Record<string, unknown>
    const { [option]: _, ...others } = this.#given(rule)
    // What is taken away is as the preset says.
    this.#setRule(rule, next[option] === undefined ? others : { ...others, [option]: next[option] })
  }

  #reset({ rule, title }: Reviewed) {
    this.#setRule(rule, undefined)
    this.told = say('policy.wasReset', { rule: title })
    this.renderRoot.querySelector<HTMLElement>(`[data-rule="${rule}"] > summary`)?.focus()
  }

  #control({ rule, schema }: Reviewed): Control {
    const control = this.#controls.get(rule) ?? controlOf(schema as Schema, '', '', ((schema as { $defs?: Defs }).$defs ?? {}) as Defs)
    this.#controls.set(rule, control)
    return control
  }

  #list(title: string, sentences: readonly string[]): TemplateResult | typeof nothing {
    return sentences.length === 0 ? nothing : html`<div><h3>${title}</h3><ul>${sentences.map((said) => html`<li>${said}</li>`)}</ul></div>`
  }

  #rule(rule: Reviewed): TemplateResult {
    const changed = Object.keys(this.#given(rule.rule)).length > 0
    return html`<details data-rule=${rule.rule}>
      <summary>${rule.title}${changed ? html` <span class="changed">· ${say('policy.changed')}</span>` : nothing}</summary>
      <div class="inside">
        ${this.#list(say('policy.told'), rule.citizen)} ${this.#list(say('policy.costs'), rule.author)}
        <builder-settings-form .control=${this.#control(rule)} .value=${rule.options}
          .surroundings=${{ ...this.surroundings, faultsAt: () => [], faultsIn: () => [] }}
          @builder-setting=${(event: SettingEvent) => {
            event.stopPropagation()
            this.#edit(rule, event)
          }}></builder-settings-form>
        ${
          changed
            ? html`<div><button type="button" aria-label=${say('policy.resetRule', { rule: rule.title })} @click=${() => this.#reset(rule)}>${say('policy.reset')}</button></div>`
            : nothing
        }
      </div>
    </details>`
  }

  protected override render() {
    const { reviewed } = this
    if (!reviewed) return nothing
    return html`
      <fieldset>
        <legend>${say('policy.preset')}</legend>
        ${reviewed.presets.map(
          (preset) => html`<label class="card">
            <input type="radio" name="preset" .checked=${reviewed.preset === preset} aria-describedby="about-${preset}" aria-labelledby="name-${preset}"
              @change=${() => this.dispatchEvent(new PolicyEvent('/preset', preset))} />
            <strong id="name-${preset}">${say(`policy.preset.${preset}` as MessageKey)}</strong>
            <span class="help" id="about-${preset}">${say(`policy.preset.${preset}.about` as MessageKey)}</span>
          </label>`,
        )}
      </fieldset>
      ${
        reviewed.findings.length > 0
          ? html`<section aria-labelledby="policy-findings"><h3 id="policy-findings">${say('policy.findings')}</h3>
              <ul>${reviewed.findings.map(({ detail }) => html`<li>${detail}</li>`)}</ul></section>`
          : nothing
      }
      <div class="inside">${reviewed.rules.map((rule) => this.#rule(rule))}</div>
      <div role="status" class="unseen">${this.told}</div>
    `
  }
}

customElements.define('builder-policy', PolicyView)

declare global {
  interface HTMLElementTagNameMap {
    'builder-policy': PolicyView
  }
}
