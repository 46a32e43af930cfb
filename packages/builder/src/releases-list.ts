/**
 * Versions that wait, for their day or for somebody else to agree, and what became of those that did. Whoever did not ask may
 * agree, after showing again who they are; whoever may publish may call one back. Fires `builder-released` when one went live.
 */

import { lintText } from '@guichet/core/lint-text'
import { mayTry } from '@guichet/staff/session'
import { shared } from '@guichet/staff/styles'
import { css, html, LitElement, nothing, type PropertyValues } from 'lit'
import type { Account, Api, Release } from './api.ts'
import { allMessages, Localized, language, say } from './language.ts'
import { Deeds } from './people/deeds.ts'

/** Something that waited has become a version. */
export class ReleasedEvent extends Event {
  static readonly type = 'builder-released'
  constructor() {
    super(ReleasedEvent.type, { bubbles: true, composed: true })
  }
}

const open = new Set<Release['state']>(['asked', 'waiting'])

export class ReleasesList extends LitElement {
  static override readonly styles = [
    shared,
    css`
      :host { display: grid; gap: 0.75rem; }
      li { display: grid; gap: 0.35rem; padding: 0.75rem 1rem; background: var(--surface); border: 1px solid var(--line); border-radius: var(--corner); margin-block-end: 0.5rem; }
    `,
  ]
  static override readonly properties = { service: {}, account: { attribute: false }, releases: { state: true } }
  /** Id of the service. */
  declare service: string
  declare account: Account
  declare api: Api
  declare protected releases: readonly Release[] | null

  readonly #deeds = new Deeds(this)

  constructor() {
    super()
    this.releases = null
    new Localized(this)
  }

  protected override firstUpdated(_: PropertyValues) {
    void this.#deeds.run(() => this.#load())
  }

  async #load() {
    this.releases = await this.api.releases(this.service)
  }

  async #do(work: () => Promise<unknown>, done: string) {
    const isDone = await this.#deeds.run(async () => {
      try {
        await work()
      } finally {
        await this.#load()
      }
    }, done)
    await this.updateComplete
    // The button may be gone: the keyboard stays with the list.
    if (isDone) this.renderRoot.querySelector<HTMLElement>('h3')?.focus()
  }

  #decide(release: Release, decision: 'approve' | 'refuse') {
    void this.#do(
      async () => {
        const { version } = await this.api.decideRelease(this.service, release, decision)
        if (version !== null) this.dispatchEvent(new ReleasedEvent())
      },
      say(decision === 'approve' ? 'release.agreed' : 'release.turnedDown'),
    )
  }

  #date = (moment: string) => new Intl.DateTimeFormat(language(), { dateStyle: 'long', timeStyle: 'short' }).format(new Date(moment))

  #line(release: Release) {
    const { state, dueAt, requestedBy, requestedAt, version, reasons } = release
    const mine = requestedBy === `user:${this.account.user.id}`
    const may = mayTry(this.account, 'service.publish')
    return html`<li data-release=${state}>
      <span><strong>${say(`release.state.${state}`, { version: version ?? 0 })}</strong></span>
      <span class="help">${say(mine ? 'release.askedByYou' : 'release.asked', { date: this.#date(requestedAt) })}${
        dueAt > requestedAt ? html` · ${say('release.due', { date: this.#date(dueAt) })}` : nothing
      }</span>
      ${reasons?.length ? html`<ul>${reasons.map((code) => html`<li dir="auto">${lintText({ code, params: {} }, allMessages(), language()) || code}</li>`)}</ul>` : nothing}
      ${
        open.has(state) && may
          ? html`<span class="row small">
              ${
                state === 'asked' && !mine
                  ? html`<button type="button" class="primary" data-agree @click=${() => this.#decide(release, 'approve')}>${say('release.agree')}</button>
                    <button type="button" data-refuse @click=${() => this.#decide(release, 'refuse')}>${say('release.refuse')}</button>`
                  : nothing
              }
              <button type="button" data-withdraw @click=${() => void this.#do(() => this.api.withdrawRelease(this.service, release.id), say('release.withdrawn'))}>${say('release.withdraw')}</button>
            </span>`
          : nothing
      }
      ${state === 'asked' && mine ? html`<span class="help">${say('release.byAnother')}</span>` : nothing}
    </li>`
  }

  protected override render() {
    const { releases } = this
    return html`
      <h3 tabindex="-1" ?hidden=${!releases?.length}>${say('release.title')}</h3>
      ${this.#deeds.render()}
      ${releases?.length ? html`<ul role="list">${releases.map((release) => this.#line(release))}</ul>` : nothing}
    `
  }
}
customElements.define('builder-releases', ReleasesList)

declare global {
  interface HTMLElementTagNameMap {
    'builder-releases': ReleasesList
  }
}
