/** What would keep the service from working on a page of the agency: the server looks, and each finding has the line to change. */
import { shared } from '@guichet/staff/styles'
import { css, html, LitElement, nothing, type TemplateResult } from 'lit'
import './copy-box.ts'
import type { Api, PageReport } from './api.ts'
import { Localized, language, say } from './language.ts'
import { wordsOf } from './people/deeds.ts'

/** What must be changed stands first. */
const order = ['wrong', 'careful', 'fine'] as const
const notes = { wrong: 'note bad', careful: 'note careful', fine: 'note' }

export class PageCheck extends LitElement {
  static override readonly styles = [
    shared,
    css`
      form, .found { display: grid; gap: 0.6rem; }
      #result { overflow-wrap: anywhere; }
      .found p { overflow-wrap: anywhere; }
    `,
  ]
  static override readonly properties = { service: {}, busy: { state: true }, missing: { state: true }, fault: { state: true }, report: { state: true } }
  /** Id of the service. */
  declare service: string
  declare api: Api
  declare protected busy: boolean
  declare protected missing: boolean
  declare protected fault: string | null
  declare protected report: PageReport | null

  constructor() {
    super()
    this.busy = this.missing = false
    this.fault = this.report = null
    new Localized(this)
  }

  async #run(event: SubmitEvent) {
    event.preventDefault()
    if (this.busy) return
    const address = this.renderRoot.querySelector<HTMLInputElement>('#address')
    const typed = address?.value.trim() ?? ''
    this.missing = typed === ''
    this.fault = this.report = null
    if (this.missing) return address?.focus()
    this.busy = true
    try {
      // Nobody types the scheme.
      this.report = await this.api.checkPage(this.service, /^[a-z]+:/i.test(typed) ? typed : `https://${typed}`, language())
    } catch (error) {
      this.fault = wordsOf(error)
    } finally {
      this.busy = false
    }
    await this.updateComplete
    this.renderRoot.querySelector<HTMLElement>('#result')?.focus()
  }

  #found({ level, says, change, code }: PageReport['findings'][number]): TemplateResult {
    return html`<li class="${notes[level]} found" data-level=${level} data-code=${code}>
      <p><strong>${say(`pageCheck.${level}`)}:</strong> ${says}</p>
      ${change === null ? nothing : html`<builder-copy-box .label=${say('pageCheck.change')} .text=${change}></builder-copy-box>`}
    </li>`
  }

  protected override render() {
    const { report } = this
    return html`<div class="stack">
      <p>${say('pageCheck.text')}</p>
      <form novalidate @submit=${this.#run}>
        <div class="field">
          <label for="address">${say('pageCheck.address')}</label>
          ${this.missing ? html`<span class="wrong" id="missing">${say('pageCheck.needed')}</span>` : nothing}
          <input id="address" type="url" dir="ltr" maxlength="2000" autocomplete="url" spellcheck="false" placeholder="https://"
            aria-invalid=${this.missing ? 'true' : nothing} aria-describedby=${this.missing ? 'missing' : nothing}>
        </div>
        <div><button aria-disabled=${this.busy}>${say('pageCheck.button')}</button></div>
      </form>
      <p role="status">${this.busy ? say('pageCheck.busy') : ''}</p>
      ${this.fault ? html`<p class="note bad" role="alert">${this.fault}</p>` : nothing}
      ${
        report
          ? html`<h4 id="result" tabindex="-1">${say('pageCheck.result', { address: report.address })}</h4>
            <ul class="stack" aria-labelledby="result">${order.flatMap((level) => report.findings.filter((one) => one.level === level).map((one) => this.#found(one)))}</ul>`
          : nothing
      }
    </div>`
  }
}
customElements.define('builder-page-check', PageCheck)

declare global {
  interface HTMLElementTagNameMap {
    'builder-page-check': PageCheck
  }
}
