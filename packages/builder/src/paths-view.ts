/**
 * The service tried out for its author: made-up answers under which everything that is decided comes out both ways, each to
 * look at in the preview, and to keep as an example that every later version must still pass.
 */
import { compile, DefinitionError, type FieldTypes, type Program } from '@guichet/core'
import { type Decision, type Outcome, type Paths, searchPaths } from '@guichet/core/paths'
import { changedParts, whatComesOf } from '@guichet/core/saved-examples'
import type { Answers, ExpectedOfAnExample } from '@guichet/schemas'
import { shared } from '@guichet/staff/styles'
import { css, html, LitElement, nothing, type PropertyValues } from 'lit'
import type { Definition, Draft, Edit } from './editor/edit.ts'
import { keepExample } from './editor/keep-example.ts'
import { allFields, nameOf } from './editor/part.ts'
import { read } from './editor/pointer.ts'
import { removeExample } from './editor/remove-example.ts'
import { renameExample } from './editor/rename-example.ts'
import { renewExample } from './editor/renew-example.ts'
import { EditEvent, SelectEvent } from './events.ts'
import { sentenceOf } from './findings.ts'
import { fieldTypes } from './known-types.ts'
import { Localized, language, type MessageKey, say } from './language.ts'
import { placeName } from './names.ts'
import { partOf } from './outline.ts'
import './preview-pane.ts'
import { todayIn } from './preview-view.ts'
import { readerAt } from './words-of.ts'

/** Milliseconds of looking between two turns in which the page can be used. */
const slice = 12
const types: FieldTypes = fieldTypes

const words = (list: readonly string[]) => new Intl.ListFormat(language(), { type: 'conjunction' }).format(list)

export class PathsView extends LitElement {
  static override readonly styles = [
    shared,
    css`
      :host { display: grid; gap: 1rem; grid-template-columns: minmax(0, 1fr) minmax(0, 1fr); align-items: start; }
      .all { grid-column: 1 / -1; }
      li { padding: 0.6rem 0.75rem; background: var(--surface); border: 1px solid var(--line); border-radius: var(--corner); margin-block-end: 0.5rem; overflow-wrap: anywhere; }
      section { margin-block-end: 1.5rem; }
      h3 { margin-block-end: 0.35rem; }
      li.shown { border-color: var(--action); background: var(--chosen); }
      li p { margin: 0; }
      li .row { padding-block-start: 0.4rem; }
      .bad { color: var(--danger); }
      progress { inline-size: 100%; accent-color: var(--action); }
      .preview { position: sticky; inset-block-start: 1rem; }
      @media (max-width: 60rem) { :host { grid-template-columns: minmax(0, 1fr); } .preview { position: static; } }
    `,
  ]
  static override readonly properties = {
    draft: { attribute: false },
    agency: {},
    found: { state: true },
    progress: { state: true },
    looked: { state: true },
    paused: { state: true },
  }
  declare draft: Draft
  declare agency: string
  declare protected found: Paths | null
  /** From 0 to 1; null: nothing is looked for. */
  declare protected progress: number | null
  /** The answers in the preview. */
  declare protected looked: Answers | null
  /** The draft cannot be run. */
  declare protected paused: boolean

  /** The definition that was tried. */
  #tried: Definition | null = null
  #timer: ReturnType<typeof setTimeout> | undefined

  constructor() {
    super()
    this.found = this.progress = this.looked = null
    this.paused = false
    new Localized(this)
  }

  override disconnectedCallback() {
    super.disconnectedCallback()
    clearTimeout(this.#timer)
  }

  protected override firstUpdated(_: PropertyValues) {
    this.#look()
  }

  get #definition(): Definition {
    return this.draft.definition
  }
  get #today(): string {
    return todayIn(this.#definition.locale.timeZone)
  }

  #program(): Program | null {
    try {
      return compile(this.#definition, types)
    } catch (error) {
      if (error instanceof DefinitionError) return null
      throw error
    }
  }

  /** Looks for ways, a little in each turn, so that the page stays usable. */
  #look() {
    clearTimeout(this.#timer)
    const program = this.#program()
    this.paused = program === null
    if (!program) return
    this.#tried = this.#definition
    this.progress = 0
    const search = searchPaths(program, { today: this.#today })
    const turn = () => {
      const until = performance.now() + slice
      try {
        for (;;) {
          const { done, value } = search.next()
          if (done) {
            this.found = value
            this.progress = null
            this.looked ??= value.paths[0]?.answers ?? null
            return
          }
          if (performance.now() > until) {
            this.progress = value
            break
          }
        }
      } catch (error) {
        // A formula that takes too many steps.
        if (!(error instanceof RangeError)) throw error
        this.paused = true
        this.progress = null
        return
      }
      this.#timer = setTimeout(turn)
    }
    this.#timer = setTimeout(turn)
  }

  #edit(edit: Edit) {
    this.dispatchEvent(new EditEvent(edit))
  }

  #nameAt(pointer: string): string {
    const definition = this.#definition
    const route = /^\/routes\/(\d+)/.exec(pointer)
    if (route) return this.#placeName(definition.routes?.[Number(route[1])]?.to ?? null)
    const holder = read(definition, pointer.replace(/\/(when|rules\/\d+\/rule|checks\/\d+\/rule)$/, ''))
    return nameOf(definition, holder as never)
  }

  readonly #placeName = (to: string | null): string => placeName(this.#definition, to ?? '')

  #never({ kind, pointer }: Decision, outcome: Outcome): string {
    return say(`paths.${kind === 'check' ? 'rule' : kind}.${outcome}` as MessageKey, { name: this.#nameAt(pointer) })
  }

  #summary({ pages, documents, total, route, problems }: ExpectedOfAnExample) {
    const definition = this.#definition
    const titles = (definition.documents ?? []).filter(({ id }) => Object.hasOwn(documents, id)).map((document) => nameOf(definition, document))
    const names = new Map([...allFields(definition)].map(({ field }) => [field.id, nameOf(definition, field)]))
    const labelOf = (problem: string) => {
      const id =
        problem
          .split(' ')[0]
          ?.split('/')
          .filter((part) => !/^\d*$/.test(part))
          .at(-1) ?? ''
      return names.get(id) ?? id
    }
    const lines = [
      say('paths.pages', { count: pages.length, all: definition.pages.length }),
      ...(titles.length > 0 ? [say('paths.documents', { list: words(titles) })] : []),
      ...(total === 0 ? [] : [say('paths.fee', { amount: readerAt(definition, '').value('', total, true) })]),
      ...(route === null ? [] : [say('paths.goes', { name: this.#placeName(route) })]),
    ]
    return html`<p dir="auto">${lines.join(' · ')}</p>
      ${problems.length > 0 ? html`<p class="bad" dir="auto">${say('paths.refused', { list: words([...new Set(problems.map(labelOf))]) })}</p>` : nothing}`
  }

  #isLooked(answers: Answers): boolean {
    return this.looked !== null && JSON.stringify(this.looked) === JSON.stringify(answers)
  }

  #missing({ missing, unanswered }: Paths) {
    const definition = this.#definition
    const labels = new Map([...allFields(definition)].map(({ field, pointer }) => [field.id, { name: nameOf(definition, field), pointer }]))
    const of = (path: string) => labels.get(path.split('.').at(-1) ?? '') ?? { name: path, pointer: '' }
    const lines = [
      ...unanswered.map((path) => ({ sentence: say('paths.unanswered', { name: of(path).name }), pointer: of(path).pointer })),
      ...missing.map(({ decision, outcome }) => ({ sentence: this.#never(decision, outcome), pointer: decision.pointer })),
    ]
    if (lines.length === 0) return html`<p class="help">${say('paths.all')}</p>`
    return html`<section aria-labelledby="missing"><h3 id="missing">${say('paths.missing')}</h3><p>${say('paths.missingText')}</p>
      <ul>${lines.map(
        ({ sentence, pointer }) =>
          html`<li data-missing><button type="button" class="plain small" @click=${() => this.dispatchEvent(new SelectEvent(partOf(pointer), true))}>${sentence}</button></li>`,
      )}</ul></section>`
  }

  #ways({ paths }: Paths, program: Program) {
    const kept = new Set((this.#definition.examples ?? []).map(({ answers }) => JSON.stringify(answers)))
    return html`<section aria-labelledby="ways"><h3 id="ways">${say('paths.ways')}</h3>
      <ol>${paths.map(({ answers }, i) => {
        const number = i + 1
        const name = say('paths.way', { number })
        return html`<li class=${this.#isLooked(answers) ? 'shown' : ''} data-way>
          <h4>${name}</h4>
          ${this.#summary(whatComesOf(program, answers, this.#today))}
          <div class="row small">
            <button type="button" aria-pressed=${this.#isLooked(answers)} @click=${() => (this.looked = answers)}>${say('paths.look', { number })}</button>
            ${
              kept.has(JSON.stringify(answers))
                ? html`<span class="help">${say('paths.kept')}</span>`
                : html`<button type="button" @click=${() => this.#edit(keepExample({ name, answers, today: this.#today, types }))}>${say('paths.keep', { number })}</button>`
            }
          </div></li>`
      })}</ol></section>`
  }

  #examples(program: Program) {
    const { examples = [] } = this.#definition
    return html`<section aria-labelledby="examples"><h3 id="examples">${say('examples.title')}</h3>
      ${examples.length === 0 ? html`<p>${say('examples.none')}</p>` : nothing}
      <ul>${examples.map((example, index) => {
        const { name, answers, today } = example
        const changed = changedParts(program, example)
        return html`<li class=${this.#isLooked(answers as Answers) ? 'shown' : ''} data-example=${changed.length === 0 ? 'same' : 'changed'}>
          <div class="field"><label for="example-${index}">${say('examples.name', { number: index + 1 })}</label>
            <input id="example-${index}" dir="auto" maxlength="200" .value=${name} @change=${(event: Event) => this.#edit(renameExample({ index, name: (event.target as HTMLInputElement).value }))}></div>
          ${this.#summary(whatComesOf(program, answers as Answers, today))}
          ${
            changed.length === 0
              ? html`<p class="help">${say('examples.same')}</p>`
              : changed.map((part) => html`<p class="bad" dir="auto">${sentenceOf({ code: `example.${part}`, params: { name } })}</p>`)
          }
          <div class="row small">
            <button type="button" aria-pressed=${this.#isLooked(answers as Answers)} @click=${() => (this.looked = answers as Answers)}>${say('examples.look', { name })}</button>
            ${changed.length > 0 ? html`<button type="button" @click=${() => this.#edit(renewExample({ index, types }))}>${say('examples.renew', { name })}</button>` : nothing}
            <button type="button" @click=${() => void this.#remove(index)}>${say('examples.remove', { name })}</button>
          </div></li>`
      })}</ul></section>`
  }

  /** The button goes with its example: the heading is the next thing to stand at. */
  async #remove(index: number) {
    this.#edit(removeExample({ index }))
    await this.updateComplete
    const heading = this.renderRoot.querySelector<HTMLElement>('#examples')
    heading?.setAttribute('tabindex', '-1')
    heading?.focus()
  }

  protected override render() {
    const program = this.#program()
    const stale = this.found !== null && this.#tried !== null && !sameButExamples(this.#tried, this.#definition)
    return html`
      <div class="all">
        <h2 tabindex="-1">${say('view.paths')}</h2>
        <p>${say('paths.text')}</p>
        <div class="row">
          <button type="button" class=${stale ? 'main' : ''} ?disabled=${this.progress !== null} @click=${() => this.#look()}>${say('paths.start')}</button>
          <span role="status" class="help">${this.progress !== null ? say('paths.looking') : this.found ? say('paths.found', { count: this.found.paths.length }) : ''}</span>
        </div>
        ${this.progress === null ? nothing : html`<progress max="1" .value=${this.progress} aria-label=${say('paths.looking')}></progress>`}
        ${this.paused || !program ? html`<p class="note careful" role="status">${say('paths.paused')}</p>` : nothing}
      </div>
      <div>
        ${program ? this.#examples(program) : nothing}
        ${this.found && program ? this.#missing(this.found) : nothing}
        ${this.found && program ? this.#ways(this.found, program) : nothing}
      </div>
      <div class="preview">${
        this.looked && program
          ? html`<builder-preview .definition=${this.#definition} .agency=${this.agency} .answers=${this.looked} selected="#check"></builder-preview>`
          : nothing
      }</div>
    `
  }
}
customElements.define('builder-paths', PathsView)

/** What was kept as an example changes nothing of what was tried. */
const sameButExamples = ({ examples: _, ...one }: Definition, { examples: __, ...other }: Definition) => JSON.stringify(one) === JSON.stringify(other)

declare global {
  interface HTMLElementTagNameMap {
    'builder-paths': PathsView
  }
}
