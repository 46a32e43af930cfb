/** The draft tried on the last submissions, inside the server: what comes back, and is shown here, are counts. */
import { shared } from '@guichet/staff/styles'
import { css, html, LitElement, nothing, type TemplateResult } from 'lit'
import type { Api, ShadowCount, ShadowReport } from './api.ts'
import type { Definition } from './editor/edit.ts'
import { namedPaths } from './editor/named-paths.ts'
import { Localized, language, say, sayIfKnown } from './language.ts'
import { wordsOf } from './people/deeds.ts'

export class ShadowRun extends LitElement {
  static override readonly styles = [
    shared,
    css`
      :host { display: block; }
      li { padding-block: 0.1rem; overflow-wrap: anywhere; }
    `,
  ]
  static override readonly properties = {
    definition: { attribute: false },
    busy: { state: true },
    tried: { state: true },
    fault: { state: true },
    report: { state: true },
  }
  declare definition: Definition
  declare api: Api
  /** Saves what is still unsaved: the server tries what it has. */
  declare saved: () => Promise<boolean>
  declare protected busy: boolean
  /** How far it is; null: that is not known yet. */
  declare protected tried: { tried: number; of: number } | null
  declare protected fault: string | null
  declare protected report: ShadowReport | null

  constructor() {
    super()
    this.busy = false
    this.tried = this.fault = this.report = null
    new Localized(this)
  }

  async #run(event: SubmitEvent) {
    event.preventDefault()
    if (this.busy) return
    const purpose = String(new FormData(event.target as HTMLFormElement).get('purpose') ?? '').trim()
    this.busy = true
    this.tried = this.fault = this.report = null
    try {
      if (!(await this.saved())) this.fault = say('publish.unsaved')
      else this.report = await this.api.shadow(this.definition.id, purpose, language(), (progress) => (this.tried = progress))
    } catch (error) {
      this.fault = wordsOf(error)
    } finally {
      this.busy = false
    }
    await this.updateComplete
    this.renderRoot.querySelector<HTMLElement>('#result')?.focus()
  }

  #count = (count: ShadowCount) => (count === 'some' ? say('shadow.some') : say('shadow.atLeast', { count }))
  #field = (path: string) => (path === '' ? say('shadow.hidden') : (namedPaths(this.definition).get(path) ?? path))
  #rule = (code: string) => sayIfKnown(`shadow.rule.${code.split('.').at(-1)}`) ?? code
  /** A stage, unit or outcome by its name in the definition; else its id. */
  #place = (to: string | null) => to ?? say('shadow.nowhere')

  #result({ looked, sealed, unreadable, refused, reasons, unasked, fee, routes }: ShadowReport): TemplateResult {
    const line = (count: ShadowCount, sentence: string) => (count === 0 ? nothing : html`<li>${sentence}: ${this.#count(count)}</li>`)
    const isSame = refused === 0 && unasked.length === 0 && fee.higher === 0 && fee.lower === 0 && routes.length === 0
    return html`<div id="result" tabindex="-1" data-looked=${looked}>
      <p>${say('shadow.looked', { count: looked })}${sealed > 0 ? html` ${say('shadow.sealed', { count: sealed })}` : nothing}${unreadable > 0 ? html` ${say('shadow.unreadable', { count: unreadable })}` : nothing}</p>
      ${looked > 0 && isSame ? html`<p>${say('shadow.same')}</p>` : nothing}
      <ul>
        ${line(refused, say('shadow.refused'))}
        ${reasons.map(({ path, code, count }) => line(count, say('shadow.reason', { field: this.#field(path), rule: this.#rule(code) })))}
        ${unasked.map(({ path, count }) => line(count, say('shadow.unasked', { field: this.#field(path) })))}
        ${line(fee.higher, say('shadow.dearer'))}${line(fee.lower, say('shadow.cheaper'))}
        ${routes.map(({ from, to, count }) => line(count, say('shadow.route', { from: this.#place(from), to: this.#place(to) })))}
      </ul>
    </div>`
  }

  protected override render() {
    return html`<details class="stack">
      <summary>${say('shadow.title')}</summary>
      <p class="help">${say('shadow.text')}</p>
      <form class="stack" @submit=${this.#run}>
        <div class="field"><label for="purpose">${say('shadow.purpose')}</label><input id="purpose" name="purpose" maxlength="200"></div>
        <div class="row"><button ?disabled=${this.busy}>${say('shadow.button')}</button></div>
      </form>
      <p role="status">${this.busy ? say('shadow.busy') : ''}</p>
      ${
        this.busy && this.tried
          ? html`<div class="row"><progress aria-label=${say('shadow.busy')} max=${this.tried.of} .value=${this.tried.tried}></progress>
            <span>${say('shadow.tried', { done: this.tried.tried, total: this.tried.of })}</span></div>`
          : nothing
      }
      ${this.fault ? html`<p class="note bad" role="alert">${this.fault}</p>` : nothing}
      ${this.report ? this.#result(this.report) : nothing}
    </details>`
  }
}
customElements.define('builder-shadow', ShadowRun)

declare global {
  interface HTMLElementTagNameMap {
    'builder-shadow': ShadowRun
  }
}
