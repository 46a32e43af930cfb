/** A sealed case: closed until the officer unlocks their key, and then opened in this browser alone. */

import type { Field, ServiceDefinition, Text } from '@guichet/schemas'
import { CannotOpen, WrongPassphrase } from '@guichet/sealing'
import { shared } from '@guichet/staff/styles'
import { css, html, LitElement, nothing, type PropertyValues } from 'lit'
import { answersStyles, answersView } from '../answers-view.ts'
import type { Attachment, OpenedCase } from '../api.ts'
import { Localized, say } from '../language.ts'
import { bytesText, plainText } from '../names.ts'
import { reasonOf } from '../refusal.ts'
import { type SealedApi, type ServiceKeys, sealedApi, sealedFileAt } from './api.ts'
import { createKeyRing, type KeyRing, NoAccess } from './key-ring.ts'
import { type ClosedPart, type OpenedSealed, openSealedCase, openSealedFile } from './opened.ts'

/** One for the page: a key is unlocked once for all cases. */
export const theApi: SealedApi = sealedApi()
export const theRing: KeyRing = createKeyRing(theApi)
addEventListener('desk-left', () => theRing.forget())

export class SealedAnswers extends LitElement {
  static override readonly styles = [
    shared,
    answersStyles,
    css`
      :host { display: grid; gap: 1rem; grid-template-columns: minmax(0, 1fr); }
    `,
  ]
  static override readonly properties = {
    agency: {},
    purpose: {},
    opened: { attribute: false },
    definition: { attribute: false },
    shown: { state: true },
    fault: { state: true },
    busy: { state: true },
    told: { state: true },
  }
  declare agency: string
  /** What the officer said that they read it for, where the policy asks. */
  declare purpose: string
  declare opened: OpenedCase & { sealed: ClosedPart }
  declare definition: ServiceDefinition
  declare protected shown: OpenedSealed | null
  declare protected fault: string | null
  declare protected busy: boolean
  declare protected told: string
  #keys: ServiceKeys | null = null

  constructor() {
    super()
    this.agency = this.told = this.purpose = ''
    this.shown = this.fault = null
    this.busy = false
    new Localized(this)
  }

  protected override willUpdate(changed: PropertyValues) {
    if (!changed.has('opened')) return
    this.shown = this.fault = null
    this.told = ''
    if (theRing.open) void this.#open()
  }

  async #open() {
    const { opened, definition, agency } = this
    this.busy = true
    this.fault = null
    try {
      if (this.#keys?.service !== opened.service) this.#keys = await theApi.service(opened.service)
      const shown = await openSealedCase(agency, opened, definition, this.#keys, theRing)
      if (opened !== this.opened) return
      this.shown = shown
      this.told = say('sealed.opened')
      await this.updateComplete
      this.renderRoot.querySelector<HTMLElement>('#opened')?.focus()
    } catch (error) {
      if (opened === this.opened) this.fault = faultOf(error)
    } finally {
      this.busy = false
    }
  }

  async #unlock(event: SubmitEvent) {
    event.preventDefault()
    if (this.busy) return
    const form = event.target as HTMLFormElement
    const passphrase = String(new FormData(form).get('passphrase'))
    this.busy = true
    this.fault = null
    this.told = say('sealed.unlocking')
    try {
      await theRing.unlock(passphrase)
      form.reset()
      await this.#open()
    } catch (error) {
      this.fault = faultOf(error)
      this.told = ''
      await this.updateComplete
      this.renderRoot.querySelector<HTMLElement>('#passphrase')?.focus()
    } finally {
      this.busy = false
    }
  }

  async #save({ id, name, type }: Attachment) {
    const file = this.shown?.content.files.find((one) => one.id === id)
    if (!file || this.busy) return
    this.busy = true
    this.told = say('sealed.openingFile', { name })
    try {
      const answer = await fetch(sealedFileAt(this.opened.submission, id, this.purpose))
      if (!answer.ok || !answer.body) throw new Error(String(answer.status))
      const blob = await openSealedFile({ agency: this.agency, service: this.opened.service }, answer.body, file.key, 'application/octet-stream')
      const address = URL.createObjectURL(blob)
      const link = document.createElement('a')
      link.href = address
      // What the citizen's browser said the type is says nothing here: it is saved, never shown.
      link.download = name
      link.click()
      setTimeout(() => URL.revokeObjectURL(address), 60_000)
      this.told = say('sealed.fileSaved', { name })
    } catch {
      this.told = ''
      this.fault = say('sealed.fileBroken', { name, type })
    } finally {
      this.busy = false
    }
  }

  /** The question that a problem is about, as officers read it. */
  #label(pointer: string): string {
    const parts = pointer.split('/').filter((part) => part !== '' && !/^\d+$/.test(part))
    const { pages, documents, languages } = this.definition
    const of = (fields: readonly Field[], rest: readonly string[]): Text | undefined => {
      for (const field of fields) {
        const inside = (field.fields as Field[] | undefined) ?? []
        if (field.id === rest[0]) return (rest.length > 1 ? of(inside, rest.slice(1)) : undefined) ?? field.label
        const found = field.repeat ? undefined : of(inside, rest)
        if (found) return found
      }
    }
    const label =
      parts[0] === 'documents'
        ? documents?.find(({ id }) => id === parts[1])?.label
        : of(
            pages.flatMap((page) => page.fields),
            parts,
          )
    return plainText(label, languages) || parts.join(' · ')
  }

  readonly #file = (file: Attachment) =>
    html`<button type="button" class="small" @click=${() => void this.#save(file)}>${say('sealed.saveFile')} <bdi>${file.name}</bdi></button>
      <span class="help">${bytesText(file.size)} · ${say('sealed.notScanned')}</span>`

  protected override render() {
    const { shown } = this
    return html`
      <p class="unseen" role="status">${this.told}</p>
      ${this.fault ? html`<p class="note bad" role="alert">${this.fault}</p>` : nothing}
      ${
        shown
          ? html`<p class="note" id="opened" tabindex="-1">${say('sealed.openedHere')}</p>
              ${shown.problems.length > 0 ? html`<div class="note careful" role="note"><p><strong>${say('sealed.invalid')}</strong></p><ul>${shown.problems.map(({ pointer, code }) => html`<li>${code === 'sealed.clear' ? say('sealed.clearDiffers', { field: this.#label(pointer) }) : this.#label(pointer)}</li>`)}</ul></div>` : nothing}
              ${answersView({ ...shown.filled, file: this.#file })}`
          : html`<form class="card stack" @submit=${(event: SubmitEvent) => void this.#unlock(event)}>
              <h2>${say('sealed.closed')}</h2>
              <p>${say('sealed.closedWhat')}</p>
              <div class="field"><label for="passphrase">${say('sealed.passphrase')}</label><input id="passphrase" name="passphrase" type="password" required autocomplete="off" aria-invalid=${this.fault ? 'true' : nothing}></div>
              <div class="row"><button class="primary" aria-disabled=${this.busy}>${say(this.busy ? 'sealed.unlocking' : 'sealed.open')}</button> <a href="#/keys">${say('keys.title')}</a></div>
            </form>`
      }
    `
  }
}

/** What a person is told when a case or a key does not open. */
export function faultOf(error: unknown): string {
  if (error instanceof WrongPassphrase) return say('sealed.wrongPassphrase')
  if (error instanceof NoAccess) return say('sealed.noAccess')
  if (error instanceof CannotOpen) return say('sealed.tampered')
  if (error instanceof DOMException) return say('sealed.tampered')
  try {
    return reasonOf(error)
  } catch {
    return say('sealed.tampered')
  }
}

customElements.define('desk-sealed', SealedAnswers)

declare global {
  interface HTMLElementTagNameMap {
    'desk-sealed': SealedAnswers
  }
}
