/**
 * Publishing with eyes open: what changes for people, what is wrong, and each kind of warning that one publishes with
 * ticked by name; then the new version and how to put it into a page.
 */
import { css, html, LitElement, nothing, type TemplateResult } from 'lit'
import { live } from 'lit/directives/live.js'
import { type Api, ApiError, type Begun, type Release, Unreachable, type VersionCount } from './api.ts'
import type { AutoSave } from './auto-save.ts'
import { type BegunAnswers, begunAnswers } from './begun-answers.ts'
import { changesBetween, type ToldChange } from './changes.ts'
import { fieldSchemas, fieldTypes } from './known-types.ts'
import './copy-box.ts'
import type { Draft } from './editor/edit.ts'
import { completeness, textsOf } from './editor/texts.ts'
import { embedTag } from './embed-tags.ts'
import './findings-list.ts'
import './shadow-run.ts'
import { problemOf } from '@guichet/staff/http'
import { shared } from '@guichet/staff/styles'
import { type Finding, sentenceOf } from './findings.ts'
import { Localized, language, say } from './language.ts'
import { languageName } from './names.ts'

const begunKeys = { gone: 'publish.begunGone', again: 'publish.begunAgain', added: 'publish.begunAdded' } as const

/** A version was published. */
export class PublishedEvent extends Event {
  static readonly type = 'builder-published'
  readonly version: number
  constructor(version: number) {
    super(PublishedEvent.type)
    this.version = version
  }
}

export class PublishDialog extends LitElement {
  static override readonly styles = [
    shared,
    css`
      builder-findings, .changes { max-block-size: 35vh; overflow: auto; }
      .changes { border: 1px solid var(--line); border-radius: var(--corner); padding: 0.5rem 0.75rem; }
      .changes li { padding-block: 0.15rem; overflow-wrap: anywhere; }
      .tick { padding-block: 0.2rem; }
    `,
  ]
  static override readonly properties = {
    draft: { attribute: false },
    findings: { attribute: false },
    agency: {},
    version: { state: true },
    busy: { state: true },
    fault: { state: true },
    refused: { state: true },
    asking: { state: true },
    comparison: { state: true },
    underWay: { state: true },
    ticked: { state: true },
    from: { state: true },
    release: { state: true },
    isOpen: { state: true },
  }
  declare draft: Draft
  declare findings: readonly Finding[]
  /** Id of the agency. */
  declare agency: string
  /** Set by the editor; they stand for the server. */
  declare api: Api
  declare save: AutoSave
  declare protected version: number | null
  declare protected busy: boolean
  declare protected fault: string | null
  /** The server is looking through the draft. */
  declare protected asking: boolean
  /** What the server found, which may be more than we did; null while it has not said. */
  declare protected refused: readonly Finding[] | null
  /** What the new version changes, against the published one, also for what people have begun; null while it is not known. */
  declare protected comparison: { version: number; changes: readonly ToldChange[]; begun: BegunAnswers } | 'first' | 'failed' | null
  /** How much of it there is; null while the server has not said. */
  declare protected underWay: Begun | null
  /** Codes of the warnings that the author publishes with. */
  declare protected ticked: ReadonlySet<string>
  /** When it is to go live, as the input has it; empty: now. */
  declare protected from: string
  /** It waits. */
  declare protected release: Release | null
  /** Closed, it is not drawn: it would be with each letter that is typed. */
  declare protected isOpen: boolean

  constructor() {
    super()
    this.findings = []
    this.version = this.fault = this.refused = this.comparison = this.underWay = this.release = null
    this.from = ''
    this.ticked = new Set()
    this.busy = this.asking = this.isOpen = false
    new Localized(this)
  }

  async open() {
    this.version = this.fault = this.refused = this.comparison = this.underWay = this.release = null
    this.from = ''
    this.ticked = new Set()
    this.busy = false
    this.isOpen = true
    await this.updateComplete
    this.renderRoot.querySelector('dialog')?.showModal()
    this.#asked = this.#askServer()
    await Promise.all([this.#compare(), this.#asked])
  }

  /** Settled once the server has said what it finds. */
  #asked: Promise<void> = Promise.resolve()

  /** What only the server finds is named before anybody publishes. Where it cannot be asked, publishing asks it again. */
  async #askServer() {
    this.asking = true
    try {
      await this.save.flush()
      if (this.save.hasUnsaved) return
      const { findings, begun } = await this.api.findings(this.#definition.id, language())
      this.underWay = begun
      this.refused = findings.map((finding) => ({ params: {}, ...finding }))
    } catch (error) {
      if (!(error instanceof Unreachable || error instanceof ApiError)) throw error
    } finally {
      this.asking = false
    }
  }

  get #definition() {
    return this.draft.definition
  }

  async #compare() {
    const { draft } = this
    try {
      const [latest] = await this.api.versions(draft.definition.id)
      if (!latest) this.comparison = 'first'
      else {
        const published = await this.api.version(draft.definition.id, latest.version)
        this.comparison = {
          version: latest.version,
          changes: changesBetween(published, draft),
          begun: begunAnswers(published.definition, draft.definition, fieldTypes, language()),
        }
      }
    } catch (error) {
      if (!(error instanceof Unreachable || error instanceof ApiError)) throw error
      this.comparison = 'failed'
    }
  }

  #close() {
    this.renderRoot.querySelector('dialog')?.close()
  }

  async #publish() {
    await this.#asked
    if ([...this.#warnings.keys()].some((code) => !this.ticked.has(code))) {
      this.fault = say('publish.unticked')
      await this.updateComplete
      this.renderRoot.querySelector<HTMLElement>('input[type=checkbox]:not(:checked)')?.focus()
      return
    }
    this.busy = true
    this.fault = null
    try {
      await this.save.flush()
      if (this.save.hasUnsaved) {
        this.fault = say('publish.unsaved')
        return
      }
      const outcome = await this.api.publish(this.#definition.id, this.save.revision, {
        acknowledged: [...this.ticked],
        // As the clock on the author's wall has it; the server's own decides when it has come.
        ...(this.from ? { from: new Date(this.from).toISOString() } : {}),
      })
      if ('release' in outcome) this.release = outcome.release
      else {
        this.version = outcome.version
        this.dispatchEvent(new PublishedEvent(outcome.version))
      }
      await this.updateComplete
      this.renderRoot.querySelector<HTMLElement>('h2')?.focus()
    } catch (error) {
      if (error instanceof Unreachable) this.fault = say('unreachable')
      else if (!(error instanceof ApiError)) throw error
      else if (error.problem.findings) {
        this.refused = error.problem.findings.map((finding) => ({ params: {}, ...finding }))
        // The server found warnings that only it can find.
        if (problemOf(error) === 'unacknowledged') this.fault = say('publish.unticked')
      } else this.fault = error.status === 412 ? say('conflict.title') : say('failed', { detail: error.message })
    } finally {
      this.busy = false
    }
  }

  #done(version: number): TemplateResult {
    const { tag, hosted: page } = embedTag(new URL(location.href).origin, this.agency, this.#definition.id)
    return html`
      <h2 id="title" tabindex="-1">${say('publish.done', { version })}</h2>
      <p>${say('publish.embed')}</p>
      <builder-copy-box .label=${say('publish.tag')} .text=${tag}></builder-copy-box>
      <p>${say('publish.hosted')} <a href=${page} target="_blank" rel="noopener">${page}</a></p>
      <p class="help">${say('publish.origins')}</p>
      <div class="row"><button type="button" class="primary" @click=${() => this.#close()}>${say('close')}</button></div>
    `
  }

  #waits({ state, dueAt }: Release): TemplateResult {
    const date = new Intl.DateTimeFormat(language(), { dateStyle: 'long', timeStyle: 'short' }).format(new Date(dueAt))
    return html`
      <h2 id="title" tabindex="-1">${say('publish.waits')}</h2>
      <p>${state === 'asked' ? say('publish.waitsForAnother') : say('publish.waitsFor', { date })}</p>
      <div class="row"><button type="button" class="primary" @click=${() => this.#close()}>${say('close')}</button></div>
    `
  }

  /** Warnings by their kind. */
  get #warnings(): Map<string, Finding[]> {
    const kinds = new Map<string, Finding[]>()
    for (const finding of this.refused ?? this.findings)
      if (finding.severity === 'warning') kinds.set(finding.code, [...(kinds.get(finding.code) ?? []), finding])
    return kinds
  }

  /** Of the versions before, which are all that anything can be under way with. */
  #howMany(what: 'drafts' | 'openCases'): TemplateResult | typeof nothing {
    if (!this.underWay) return nothing
    const { most, [what]: counts } = this.underWay
    const of = ({ version, count }: VersionCount) => say(what === 'drafts' ? 'publish.draftsOf' : 'publish.openCasesOf', { version, count })
    const all = counts.reduce((sum, { count }) => sum + count, 0)
    const now =
      all === 0
        ? say(what === 'drafts' ? 'publish.noDrafts' : 'publish.noOpenCases')
        : say(all < most ? 'publish.now' : 'publish.nowAtLeast', { list: new Intl.ListFormat(language()).format(counts.map(of)) })
    return html` <span data-under-way=${what}>${now}</span>`
  }

  #changes(): TemplateResult {
    const { comparison } = this
    if (comparison === null) return html`<p role="status" class="help">${say('publish.loadingChanges')}</p>`
    if (comparison === 'first') return html`<p data-changes="0">${say('publish.first')}</p>`
    if (comparison === 'failed') return html`<p class="note careful" role="status">${say('publish.noComparison')}</p>`
    const { version, changes, begun } = comparison
    const lists = new Intl.ListFormat(language())
    if (changes.length === 0) return html`<p data-changes="0">${say('publish.noChanges', { version })}</p>`
    return html`<h3 id="changes">${say('publish.changes', { version, count: changes.length })}</h3>
      <ul class="changes" tabindex="0" role="list" aria-labelledby="changes" data-changes=${changes.length}>${changes.map(({ sentence }) => html`<li dir="auto">${sentence}</li>`)}</ul>
      <div class="help stack" data-begun>
        <p>${say('publish.begun')}${begun.gone.length === 0 ? html` ${say('publish.begunSame')}` : nothing}${this.#howMany('drafts')}</p>
        ${(['gone', 'again', 'added'] as const).map((what) => (begun[what].length > 0 ? html`<p data-begun-of=${what} dir="auto">${say(begunKeys[what], { names: lists.format(begun[what]) })}</p>` : nothing))}
        <p>${say('publish.openCases')}${this.#howMany('openCases')}</p>
      </div>`
  }

  #acknowledge(): TemplateResult | typeof nothing {
    const kinds = [...this.#warnings]
    if (kinds.length === 0) return nothing
    return html`<fieldset class="stack">
      <legend>${say('publish.acknowledge')}</legend>
      ${kinds.map(([code, [first, ...more]], i) => {
        const toggle = (event: Event) => {
          const next = new Set(this.ticked)
          if ((event.target as HTMLInputElement).checked) next.add(code)
          else next.delete(code)
          this.ticked = next
          this.fault = null
        }
        return html`<div class="tick"><input type="checkbox" id="warning-${i}" data-code=${code} .checked=${live(this.ticked.has(code))} @change=${toggle}>
          <label for="warning-${i}">${first ? sentenceOf(first) : code}${more.length > 0 ? html` (${say('publish.more', { count: more.length })})` : nothing}</label></div>`
      })}
    </fieldset>`
  }

  /** How far each language has come, where there are several. */
  #languages(): TemplateResult | typeof nothing {
    const { languages } = this.#definition
    if (languages.length < 2) return nothing
    const percent = new Intl.NumberFormat(language(), { style: 'percent' })
    return html`<p class="help">${say('publish.languages')}: ${completeness(textsOf(this.#definition, fieldSchemas), languages)
      .map(({ language: tag, done, total }) =>
        // 99.6 % is not all of it.
        say('publish.complete', { language: languageName(tag), percent: percent.format(total === 0 ? 1 : Math.floor((done / total) * 100) / 100) }),
      )
      .join(' · ')}</p>`
  }

  #ask(): TemplateResult {
    const findings = this.refused ?? this.findings
    const errors = findings.filter(({ severity }) => severity === 'error').length
    const warnings = findings.length - errors
    return html`
      <h2 id="title" tabindex="-1">${say('publish.title')}</h2>
      ${this.#changes()}
      <p role="status">${this.asking ? say('publish.asking') : errors > 0 ? say('publish.errors', { count: errors }) : warnings > 0 ? say('publish.warnings', { count: warnings }) : say('publish.clean')}</p>
      ${
        findings.length > 0
          ? html`<builder-findings tabindex="0" role="region" aria-label=${say('findings.title')} .findings=${findings} .definition=${this.#definition} @builder-select=${() => this.#close()}></builder-findings>`
          : nothing
      }
      ${this.#languages()}
      ${
        errors === 0 && this.comparison !== 'first'
          ? html`<builder-shadow .definition=${this.#definition} .api=${this.api} .saved=${async () => {
              await this.save.flush()
              return !this.save.hasUnsaved
            }}></builder-shadow>`
          : nothing
      }
      ${errors === 0 ? this.#acknowledge() : nothing}
      ${
        errors === 0
          ? html`<div class="field"><label for="from">${say('publish.from')}</label>
            <input id="from" type="datetime-local" .value=${live(this.from)} @change=${(event: Event) => (this.from = (event.target as HTMLInputElement).value)}></div>`
          : nothing
      }
      ${this.fault ? html`<p class="note bad" role="alert">${this.fault}</p>` : nothing}
      <div class="row">
        <button type="button" class="primary" ?disabled=${errors > 0 || this.busy} @click=${() => void this.#publish()}>${say(this.busy ? 'publish.busy' : 'publish.button')}</button>
        <button type="button" @click=${() => this.#close()}>${say('cancel')}</button>
      </div>
    `
  }

  #content(): TemplateResult | typeof nothing {
    if (!this.isOpen || !this.draft) return nothing
    if (this.release) return this.#waits(this.release)
    return this.version === null ? this.#ask() : this.#done(this.version)
  }

  protected override render() {
    return html`<dialog aria-labelledby="title" @close=${(event: Event) => (this.isOpen = (event.target as HTMLDialogElement).open)}><div class="stack">${this.#content()}</div></dialog>`
  }
}
customElements.define('builder-publish', PublishDialog)

declare global {
  interface HTMLElementTagNameMap {
    'builder-publish': PublishDialog
  }
}
