/**
 * What the screens of people do, one deed at a time: the server is asked, what it says against it stands on the screen, and
 * where it wants to know again who is there, a dialog asks for that and the deed is done after it.
 */
import { ApiError, problemOf, Unreachable } from '@guichet/staff/http'
import { passkeysWork, signWithPasskey } from '@guichet/staff/passkey'
import { html, nothing, type ReactiveController, type ReactiveControllerHost, type TemplateResult } from 'lit'
import { say } from '../language.ts'
import type { PeopleApi } from './api.ts'

type Host = ReactiveControllerHost & { readonly renderRoot: HTMLElement | DocumentFragment }

export class Deeds implements ReactiveController {
  fault: string | null = null
  /** What was done last, for whoever does not see it. */
  done = ''
  busy = false
  readonly #host: Host
  readonly #api: PeopleApi
  #asking: { again: () => Promise<unknown>; from: HTMLElement | null; fault: string | null; second: boolean } | null = null

  constructor(host: Host, api: PeopleApi) {
    this.#host = host
    this.#api = api
    host.addController(this)
  }

  hostUpdated() {
    const dialog = this.#host.renderRoot.querySelector<HTMLDialogElement>('#proof')
    if (this.#asking && dialog && !dialog.open) dialog.showModal()
  }

  /** Does it, and says so with the words of `done`. False if it could not be done, or not yet. */
  async run(work: () => Promise<unknown>, done = ''): Promise<boolean> {
    if (this.busy) return false
    this.busy = true
    this.fault = null
    this.done = ''
    this.#host.requestUpdate()
    try {
      await work()
      this.done = done
      return true
    } catch (error) {
      if (problemOf(error) !== 'prove-again') this.fault = wordsOf(error)
      else this.#asking = { again: () => this.run(work, done), from: focusedIn(this.#host.renderRoot), fault: null, second: false }
      return false
    } finally {
      this.busy = false
      this.#host.requestUpdate()
    }
  }

  /** `work` is false where somebody would rather not. */
  async #prove(work: () => Promise<boolean>) {
    const asking = this.#asking
    if (!asking) return
    try {
      if (!(await work())) return
    } catch (error) {
      if (problemOf(error) === 'second-factor') asking.second = true
      else asking.fault = problemOf(error) === 'sign-in' ? say('proof.wrong') : wordsOf(error)
      this.#host.requestUpdate()
      return
    }
    this.#leave()
    await asking.again()
  }

  #leave() {
    this.#host.renderRoot.querySelector<HTMLDialogElement>('#proof')?.close()
    this.#asking?.from?.focus()
    this.#asking = null
    this.#host.requestUpdate()
  }

  /** What went wrong or right, and the dialog. To be drawn by the host, below its heading. */
  render(): TemplateResult {
    const asking = this.#asking
    return html`${this.fault ? html`<p class="note bad" role="alert">${this.fault}</p>` : nothing}
      <p class=${this.done ? 'note' : 'unseen'} role="status">${this.done}</p>
      ${asking ? this.#dialog(asking) : nothing}`
  }

  #dialog({ fault, second }: { fault: string | null; second: boolean }) {
    const submit = (event: SubmitEvent) => {
      event.preventDefault()
      const data = new FormData(event.target as HTMLFormElement)
      void this.#prove(() => this.#api.prove(String(data.get('password')), String(data.get('code') ?? '').trim() || undefined).then(() => true))
    }
    const passkey = () =>
      void this.#prove(async () => {
        const response = await signWithPasskey(await this.#api.passkeyOptions())
        return response !== null && this.#api.proveWithPasskey(response).then(() => true)
      })
    return html`<dialog id="proof" aria-labelledby="proof-title" @cancel=${() => this.#leave()}>
      <form class="stack" @submit=${submit}>
        <h2 id="proof-title">${say('proof.title')}</h2><p>${say('proof.text')}</p>
        ${fault ? html`<p class="note bad" role="alert">${fault}</p>` : nothing}
        <div class="field"><label for="proof-password">${say('signIn.password')}</label>
          <input id="proof-password" name="password" type="password" required autocomplete="current-password" dir="ltr" autofocus></div>
        ${
          second
            ? html`<div class="field"><label for="proof-code">${say('signIn.code')}</label>
              <input id="proof-code" name="code" required maxlength="60" autocomplete="one-time-code" dir="ltr"></div>`
            : nothing
        }
        <div class="row"><button class="primary">${say('proof.button')}</button>
          ${passkeysWork() ? html`<button type="button" @click=${passkey}>${say('signIn.passkey')}</button>` : nothing}
          <button type="button" @click=${() => this.#leave()}>${say('cancel')}</button></div>
      </form></dialog>`
  }
}

const focusedIn = (root: HTMLElement | DocumentFragment) => (root instanceof ShadowRoot ? (root.activeElement as HTMLElement | null) : null)

/** The server's own sentence, which is in the reader's language. */
export function wordsOf(error: unknown): string {
  if (error instanceof Unreachable) return say('unreachable')
  if (!(error instanceof ApiError)) throw error
  const { title, errors } = error.problem
  return [typeof title === 'string' ? title : say('failed', { detail: error.message }), ...(errors ?? []).map(({ detail }) => detail)].join('. ')
}
