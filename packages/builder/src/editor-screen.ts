/**
 * The editor: outline, preview and settings around one draft. State lives here; panels get what they show and send up
 * edits. Every edit is a command, so that undo, the history and saving see all of them.
 */
import { directionOf } from '@guichet/core'
import type { Policy } from '@guichet/schemas'
import { policy as policyShape } from '@guichet/schemas/validators'
import { html, LitElement, nothing, type PropertyValues, type TemplateResult } from 'lit'
import type { Account, Api, KeptLine, SavedService } from './api.ts'
import { AutoSave, type SaveState, storedPending } from './auto-save.ts'
import type { BasedEvent } from './base-view.ts'
import { BlockActs } from './block-acts.ts'
import type { BlockUpdatedEvent } from './blocks-view.ts'
import type { ForkedEvent, SettledEvent } from './conflict-dialog.ts'
import type { DraftDesk, PartsPlace } from './draft-desk.ts'
import { type Definition, type Draft, type Edit, isRefused, type Words } from './editor/edit.ts'
import { History } from './editor/history.ts'
import { unknownBase } from './editor/merge-base.ts'
import { kindOf, nameOf, partAt } from './editor/part.ts'
import { write } from './editor/pointer.ts'
import { editorStyles } from './editor-styles.ts'
import { type View, viewContent, views } from './editor-views.ts'
import type { Act, ActEvent, DropEvent, EditEvent, PolicyEvent, SelectEvent } from './events.ts'
import { countByPart, type Finding } from './findings.ts'
import type { KeepBlockDialog, KeptBlockEvent } from './keep-block-dialog.ts'
import { fieldSchemas } from './known-types.ts'
import { Localized, language, type MessageKey, say } from './language.ts'
import { lastOf } from './last-of.ts'
import { LintThread } from './lint-thread.ts'
import type { NamedEvent } from './name-dialog.ts'
import { openLintWorker } from './open-lint-worker.ts'
import { outlineOf } from './outline.ts'
import './outline-tree.ts'
import { PartActs } from './part-acts.ts'
import { positionOf } from './part-position.ts'
import './preview-pane.ts'
import './settings-panel.ts'
import { shared } from '@guichet/staff/styles'
import { blockPicked } from './pickable.ts'
import { sentenceOfStep } from './step-words.ts'
import type { StepEvent } from './steps-dialog.ts'
import type { PickedEvent } from './type-picker.ts'
import type { RevertEvent } from './versions-view.ts'
import { whenIdle } from './when-idle.ts'

// Whoever opens it waits for these: a service may use any.
export { learnTypes } from './known-types.ts'

let asidesAreThere = false
/** Where it could not be loaded, it is asked for again when it is wanted. */
const asides = async () => {
  await import('./asides.ts')
  asidesAreThere = true
}
type Aside = 'builder-jump' | 'builder-name-dialog' | 'builder-publish' | 'builder-steps' | 'builder-type-picker'

export class EditorScreen extends LitElement {
  static override readonly styles = [shared, editorStyles]
  static override readonly properties = {
    saved: { attribute: false },
    account: { attribute: false },
    api: { attribute: false },
    selected: { state: true },
    chosen: { state: true },
    version: { state: true },
    findings: { state: true },
    saveState: { state: true },
    told: { state: true },
    refusal: { state: true },
    view: { state: true },
    stands: { state: true },
    showsFindings: { state: true },
    isPublished: { state: true },
    blocks: { state: true },
  }
  declare saved: SavedService
  declare account: Account
  declare api: Api
  /** The selected part. */
  declare protected selected: string
  /** All parts that are chosen; the selected one alone where no others are. */
  declare protected chosen: readonly string[]
  /** Counts changes of the history, which is not itself a property. */
  declare protected version: number
  declare protected findings: readonly Finding[]
  declare protected saveState: SaveState
  /** What was last said to those who do not see it. */
  declare protected told: string
  declare protected refusal: string | null
  declare protected view: View
  /** Once the canvas is drawn. */
  declare protected stands: boolean
  /** What is closed is not drawn: it may be long, and would be drawn with each letter. */
  declare protected showsFindings: boolean
  declare protected isPublished: boolean
  /** What the agency shares, by id. */
  declare protected blocks: ReadonlyMap<string, KeptLine>

  #history!: History<Draft>
  #save!: AutoSave
  readonly #pending = storedPending(localStorage)
  #lintTimer: ReturnType<typeof setTimeout> | undefined

  constructor() {
    super()
    this.selected = '/pages/0'
    this.chosen = []
    this.version = 0
    this.findings = []
    this.saveState = { name: 'saved' }
    this.told = ''
    this.refusal = null
    this.view = 'edit'
    this.isPublished = this.stands = this.showsFindings = false
    this.blocks = new Map()
    new Localized(this)
    for (const name of ['guichet-ready', 'guichet-failed']) this.addEventListener(name, this.#stand)
    this.addEventListener('builder-edit', this.#onEdit)
    this.addEventListener('builder-select', this.#onSelect)
    this.addEventListener('builder-act', this.#onAct)
    this.addEventListener('builder-drop', this.#onDrop)
    this.addEventListener('builder-policy', this.#onPolicy)
    this.addEventListener('builder-revert', this.#onRevert)
    this.addEventListener('builder-based', this.#onBased)
    this.addEventListener('builder-block-updated', this.#onBlockUpdated)
    this.addEventListener('builder-blocks-changed', () => void this.#shared.learn())
  }

  override connectedCallback() {
    super.connectedCallback()
    addEventListener('keydown', this.#onKey)
    addEventListener('beforeunload', this.#onLeave)
    addEventListener('pagehide', this.#pending.flush)
  }

  override disconnectedCallback() {
    super.disconnectedCallback()
    removeEventListener('keydown', this.#onKey)
    removeEventListener('beforeunload', this.#onLeave)
    removeEventListener('pagehide', this.#pending.flush)
    this.#pending.flush()
    clearTimeout(this.#lintTimer)
    this.#checks.stop()
    void this.#save.flush().finally(() => this.#save.stop())
  }

  protected override willUpdate(changed: PropertyValues<this>) {
    if (changed.has('saved')) this.#start()
    // Whoever selects another part has let go of those that were chosen.
    if (changed.has('selected' as never) && (!changed.has('chosen' as never) || this.chosen.length === 0)) this.chosen = [this.selected]
  }

  #start() {
    const { definition, policy, revision } = this.saved
    this.isPublished = this.saved.publishedVersion !== null
    this.#history = new History<Draft>({ definition, policy }, { key: 'open', params: {} }, '/pages/0')
    this.#save = new AutoSave({
      api: this.api,
      service: definition.id,
      revision,
      base: { definition, policy },
      pending: this.#pending,
      onChange: (state) => {
        const before = this.saveState.name
        this.saveState = state
        if (state.name === 'offline' || state.name === 'signed-out') this.#tell(say(`save.${state.name}`))
        if (state.name === 'saved' && (before === 'offline' || before === 'signed-out')) this.#tell(say('save.saved'))
        if (state.name === 'conflict') void this.#openConflict()
      },
    })
    this.selected = '/pages/0'
    // What an earlier visit could not save.
    const kept = this.#pending.find(definition.id)
    if (kept) {
      this.#history.push(kept.draft, { key: 'recovered', params: {} }, '/pages/0')
      this.#tell(say('save.recovered'))
      if (kept.revision === revision) this.#save.changed(kept.draft)
      else {
        // Somebody saved since: the server would refuse, so ask at once. An earlier builder did not keep what it began with.
        this.#save.rebase(kept.revision, kept.base ?? unknownBase, kept.draft)
        void this.#save.flush()
      }
    }
    if (this.stands) this.#lint(0)
    else setTimeout(this.#stand, 3000)
    void this.#shared.learn()
  }

  /** The canvas is drawn, or never will be: what it does not need may come now. */
  readonly #stand = () =>
    whenIdle(() => {
      if (!this.isConnected || this.stands) return
      this.stands = true
      this.#lint(0)
      asides().catch(() => {})
    })

  get #draft(): Draft {
    return this.#history.value
  }

  #tell(sentence: string) {
    // The same sentence twice would not be read twice.
    this.told = sentence === this.told ? `${sentence}\u00a0` : sentence
  }

  /** After the canvas has followed. */
  #lint(after = 250) {
    clearTimeout(this.#lintTimer)
    this.#lintTimer = setTimeout(() => void this.#lintNow(), after)
  }

  readonly #checks = new LintThread(openLintWorker, async (definition) => (await import('./lint-now.ts')).findingsOf(definition))

  /** Resolves once the findings are those of the draft. */
  async #lintNow() {
    const findings = await this.#checks.findings(this.#draft.definition)
    // The same again is nothing to draw.
    if (JSON.stringify(findings) !== JSON.stringify(this.findings)) this.findings = findings
  }

  #changed() {
    this.version++
    this.#save.changed(this.#draft)
    this.#lint()
  }

  // ── edits

  /** Makes an edit. Gives false, and says why, if it was refused. */
  #do(edit: Edit): boolean {
    const draft = this.#draft
    const outcome = edit(draft.definition)
    if (isRefused(outcome)) {
      this.refusal = say(`refused.${outcome.refused}`, outcome.params)
      this.#tell(this.refusal)
      // The panels show again what holds.
      this.version++
      return false
    }
    this.refusal = null
    if (outcome.definition === draft.definition) return true
    this.#history.push({ ...draft, definition: outcome.definition }, outcome.words, outcome.part || this.selected, outcome.merge, this.selected)
    if (partAt(outcome.definition, outcome.part) || outcome.part === '/documents') this.selected = outcome.part
    this.chosen = outcome.parts ?? [this.selected]
    this.#changed()
    return true
  }

  readonly #onEdit = ({ edit }: EditEvent) => {
    const before = this.selected
    if (!this.#do(edit)) return
    if (this.selected !== before && kindOf(this.selected)) this.#tell(positionOf(this.#draft.definition, this.selected))
  }

  readonly #review = (policy: Policy) => this.api.review(this.#draft.definition.id, policy, language())

  readonly #onPolicy = ({ path, value }: PolicyEvent) => {
    const draft = this.#draft
    const next = write<Policy>(draft.policy ?? {}, path, value)
    if (!policyShape(next)) {
      this.refusal = say('refused.shape', { pointer: path })
      this.version++
      return
    }
    this.refusal = null
    this.#history.push({ ...draft, policy: next }, { key: 'editPolicy', params: {} }, this.selected, `policy:${path}`)
    this.#changed()
  }

  readonly #onSelect = ({ part, focus, chosen }: SelectEvent) => {
    const wereSeveral = this.chosen.length > 1
    this.selected = part
    this.chosen = chosen
    // The tree itself says of each line whether it is chosen, but not of how many.
    if (chosen.length > 1 || wereSeveral) this.#tell(say('chosen.count', { count: chosen.length }))
    this.view = 'edit'
    if (focus) void this.#focusSettings()
  }

  async #focusSettings() {
    await this.updateComplete
    await this.renderRoot.querySelector('builder-settings')?.focusFirst()
  }

  #focusOutline() {
    void this.updateComplete.then(() => this.renderRoot.querySelector('builder-outline')?.focus())
  }

  /** Where an event comes from that is about parts; null: from neither. */
  #placeOf(event: Event): PartsPlace | null {
    const names = event.composedPath().map((target) => (target instanceof Element ? target.localName : ''))
    return names.includes('builder-outline') ? 'outline' : names.includes('builder-canvas') ? 'canvas' : null
  }

  /** Back to where something was done to parts; to the outline, if what was pressed is gone. */
  #focusParts(place: PartsPlace | null) {
    if (place !== 'canvas') return this.#focusOutline()
    void this.updateComplete.then(() => this.renderRoot.querySelector('builder-preview')?.focusCanvas())
  }

  /** What those who act on the draft are lent. */
  readonly #desk: DraftDesk = {
    draft: () => this.#draft,
    selected: () => this.selected,
    chosen: () => this.chosen,
    do: (edit) => this.#do(edit),
    choose: (selected, chosen) => {
      this.selected = selected
      this.chosen = chosen
    },
    tell: (sentence) => this.#tell(sentence),
    refuse: (sentence) => {
      this.refusal = sentence
      this.#tell(sentence)
    },
    sayMissing: (missing) => {
      if (missing.length === 0) return
      this.refusal = say('pasted.missing', { names: new Intl.ListFormat(language()).format(missing) })
      this.#tell(`${this.told} ${this.refusal}`)
    },
    edits: () => {
      this.view = 'edit'
    },
    focusSettings: () => this.#focusSettings(),
    focusParts: (place) => this.#focusParts(place),
  }
  readonly #parts = new PartActs(this.#desk)
  readonly #shared = new BlockActs(this.#desk, {
    api: () => this.api,
    blocks: () => this.blocks,
    take: (blocks) => {
      this.blocks = blocks
    },
    dialog: async () => {
      await import('./keep-block-dialog.ts')
      await this.updateComplete
      return this.renderRoot.querySelector('builder-keep-block')
    },
  })

  readonly #onPicked = ({ picked, label }: PickedEvent) => {
    const block = blockPicked(picked)
    if (block === null) this.#parts.add({ picked, label })
    else void this.#shared.insert(block)
  }

  readonly #onNamed = (event: NamedEvent) => this.#parts.addNamed(event)

  readonly #onDrop = (event: DropEvent) => this.#parts.drop(event, this.#placeOf(event))

  readonly #onAct = (event: ActEvent) => {
    const { act, part } = event
    // Somebody else may have kept a block meanwhile.
    if (act === 'insert' || act === 'addField') void this.#shared.learn()
    switch (act) {
      case 'jump':
      case 'insert':
        return void this.#aside('builder-jump').then((dialog) => dialog?.open(act === 'insert' ? '/' : ''))
      case 'addField':
        return void this.#aside('builder-type-picker').then((dialog) => dialog?.open())
      case 'addPage':
      case 'addDocument':
        return void this.#aside('builder-name-dialog').then((dialog) => dialog?.open(act === 'addPage' ? 'page' : 'document'))
      case 'keepBlock':
        return void this.#shared.openKeep(part)
      case 'detachBlock':
        return this.#shared.detach(part)
      default:
        return this.#parts.act(act, part, this.#placeOf(event))
    }
  }

  readonly #onKeptBlock = (event: KeptBlockEvent) => void this.#shared.keep(event.kept, event.target as KeepBlockDialog)

  /** What the newest version of a block made of the draft. */
  readonly #onBlockUpdated = ({ draft, block }: BlockUpdatedEvent) => {
    this.#history.push(draft, { key: 'updateBlock', params: { block } }, this.selected)
    this.#stay()
    this.#changed()
  }

  // ── history

  #travel(to: { words: Words; part: string } | null, key: MessageKey) {
    if (!to) return
    this.refusal = null
    const { definition } = this.#draft
    this.selected = kindOf(to.part) && !partAt(definition, to.part) ? '/pages/0' : to.part
    this.#changed()
    this.#tell(say(key, { what: sentenceOfStep(to.words) }))
  }

  #undo() {
    this.#travel(this.#history.undo(), 'undone')
  }

  #redo() {
    this.#travel(this.#history.redo(), 'redone')
  }

  readonly #onKey = (event: KeyboardEvent) => {
    if (!(event.ctrlKey || event.metaKey) || event.altKey) return
    // A dialog is there for itself: nothing is undone behind it.
    if (event.composedPath().some((target) => target instanceof HTMLDialogElement)) return
    const key = event.key.toLowerCase()
    if (key === 'z') event.shiftKey ? this.#redo() : this.#undo()
    else if (key === 'y') this.#redo()
    else if (key === 's') void this.#save.flush()
    else if (key === 'k') void this.#aside('builder-jump').then((dialog) => dialog?.open())
    else return
    event.preventDefault()
  }

  readonly #onLeave = (event: BeforeUnloadEvent) => {
    if (this.#save.hasUnsaved) event.preventDefault()
  }

  // ── views

  #wanted: View = 'edit'

  async #show(view: View) {
    this.#wanted = view
    await views[view]()
    // Another one was asked for while the code of this one was on its way.
    if (this.#wanted !== view) return
    this.view = view
    await this.updateComplete
    // A view is read from its heading on.
    const shown = this.renderRoot.querySelector<LitElement>('[data-view]')
    await shown?.updateComplete
    ;(shown?.renderRoot.querySelector<HTMLElement>('h2') ?? this.renderRoot.querySelector<HTMLElement>('.outline'))?.focus()
  }

  /** The draft says again what a version said; the version stays what it is. */
  readonly #onRevert = ({ version: { version, definition, policy } }: RevertEvent) => {
    // Versions come without examples; those that there are hold for this one as well, or the checks say so.
    const { examples } = this.#draft.definition
    this.#history.push({ definition: examples ? { ...definition, examples } : definition, policy }, { key: 'revert', params: { version } }, '/pages/0')
    this.selected = '/pages/0'
    this.#changed()
    this.#tell(say('versions.reverted', { version }))
  }

  /** What an update from the base made of the draft, or the draft without its base. */
  readonly #onBased = ({ draft, how }: BasedEvent) => {
    const words = how === 'updated' ? { key: 'updateBase', params: {} } : { key: 'unlinkBase', params: {} }
    this.#history.push(draft, words, this.selected)
    this.#stay()
    this.#changed()
    this.#tell(say(how === 'updated' ? 'base.updated' : 'base.unlinked'))
    void this.#show('base')
  }

  #viewContent() {
    const { findings, account, api, blocks, isPublished } = this
    return viewContent(this.view, { draft: this.#draft, findings, account, api, blocks, isPublished, onPicked: this.#onPicked })
  }

  // ── dialogs

  async #aside<Name extends Aside>(name: Name): Promise<HTMLElementTagNameMap[Name] | null> {
    // An import takes a turn also of what is there, and the next key would come before the dialog that it is meant for.
    if (!asidesAreThere) await asides()
    return this.renderRoot.querySelector(name)
  }

  async #openConflict() {
    await import('./conflict-dialog.ts')
    await this.updateComplete
    await this.renderRoot.querySelector('builder-conflict')?.open(this.#save.base)
  }

  /** Both merged, or theirs alone. Ours stays one step back in the history, so that undo brings it back. */
  readonly #onSettled = ({ how, draft, theirs: { definition, policy, revision } }: SettledEvent) => {
    this.#history.push(draft, { key: how === 'merged' ? 'merge' : 'takeTheirs', params: {} }, this.selected)
    this.#save.rebase(revision, { definition, policy }, how === 'merged' ? draft : null)
    this.version++
    this.#lint()
    this.renderRoot.querySelector('builder-conflict')?.close()
    this.#stay()
    this.#tell(say(how === 'merged' ? 'merge.done' : 'conflict.taken'))
    this.#focusOutline()
  }

  /** Where the selected part is gone, the first page is selected. */
  #stay() {
    if (kindOf(this.selected) && !partAt(this.#draft.definition, this.selected)) this.selected = '/pages/0'
    this.chosen = [this.selected]
  }

  readonly #onForked = ({ service }: ForkedEvent) => {
    this.#save.rebase(this.#save.revision, this.#save.base, null)
    location.hash = `#/services/${service}`
  }

  #saveLine() {
    const { saveState } = this
    const isBad = ['offline', 'signed-out', 'conflict', 'refused'].includes(saveState.name)
    return html`<span class="state ${isBad ? 'bad' : ''}" data-save=${saveState.name}>${
      saveState.name === 'refused' ? say('save.refused', { detail: saveState.detail }) : say(`save.${saveState.name}`)
    }${saveState.name === 'signed-out' ? html` <a href="/builder/" target="_blank" rel="opener">${say('signIn.button')}</a>` : nothing}</span>`
  }

  #goTo(selector: string) {
    const place = this.renderRoot.querySelector<HTMLElement>(selector)
    place?.scrollIntoView({ block: 'start' })
    place?.focus()
  }

  /** The same as before while the definition is the same, so that the outline is not drawn for nothing. */
  readonly #lines = lastOf(outlineOf)
  readonly #marks = lastOf(countByPart)

  /** Stays in the page under the other views: the preview keeps what was typed into it. */
  #editing(definition: Definition, contentLanguage: string, errors: number, act: (name: Act, label: MessageKey) => TemplateResult) {
    return html`
      <nav class="places small" aria-label=${say('editor.places')} ?hidden=${this.view !== 'edit'}>
        ${(['outline', 'preview', 'settings'] as const).map((place) => html`<button type="button" @click=${() => this.#goTo(`.${place}`)}>${say(`editor.${place}`)}</button>`)}
      </nav>
      <main ?hidden=${this.view !== 'edit'}>
        <section class="outline" tabindex="-1" aria-label=${say('editor.outline')}>
          <h2>${say('editor.outline')}</h2>
          <div class="bar">${act('addField', 'add.field')}${act('addPage', 'add.page')}${act('addDocument', 'add.document')}${act('paste', 'add.paste')}${act('jump', 'jump.open')}</div>
          <builder-outline .whole=${this.stands} .lines=${this.#lines(definition)} .selected=${this.selected} .chosen=${this.chosen} .marks=${this.#marks(this.findings)} .settings=${fieldSchemas} .blocks=${this.blocks} .contentLanguage=${contentLanguage}></builder-outline>
          <p class="help">${say('outline.keys')}</p>
        </section>
        <section class="preview" tabindex="-1" aria-label=${say('editor.preview')}>
          <builder-preview explains edits .lines=${this.#lines(definition)} .chosen=${this.chosen} .marks=${this.#marks(this.findings)} .settings=${fieldSchemas} .blocks=${this.blocks} .definition=${definition} .agency=${this.account.agency.id} .selected=${this.selected}></builder-preview>
          <details class="findings card" ?open=${errors > 0} @toggle=${(event: Event) => (this.showsFindings = (event.target as HTMLDetailsElement).open)}>
            <summary>${say('findings.summary', {
              errors: say('outline.errors', { count: errors }),
              warnings: say('outline.warnings', { count: this.findings.length - errors }),
            })}</summary>
            ${this.showsFindings ? html`<builder-findings .findings=${this.findings} .definition=${definition}></builder-findings>` : nothing}
          </details>
        </section>
        <section class="settings" tabindex="-1" aria-label=${say('editor.settings')}>
          ${this.refusal ? html`<p class="note bad">${this.refusal}</p>` : nothing}
          <builder-settings .draft=${this.#draft} .selected=${this.selected} .chosen=${this.chosen} .findings=${this.findings} .version=${this.version} .blocks=${this.blocks} .review=${this.#review}></builder-settings>
        </section>
      </main>
    `
  }

  protected override render() {
    const { definition } = this.#draft
    const [contentLanguage] = definition.languages
    const errors = this.findings.filter(({ severity }) => severity === 'error').length
    const act = (name: Act, label: MessageKey) =>
      html`<button type="button" class="small" data-act=${name} @click=${() => this.#onAct({ act: name, part: this.selected, composedPath: () => [] } as unknown as ActEvent)}>${say(label)}</button>`
    return html`
      <section class="head" aria-label=${say('part.service')}>
        <a href="#/">${say('editor.back')}</a>
        <h1 tabindex="-1" lang=${contentLanguage} dir=${directionOf(contentLanguage)}>${nameOf(definition, definition as never)}</h1>
        ${this.#saveLine()}
        <div class="row small" role="group" aria-label=${say('history.title')}>
          <button type="button" id="undo" ?disabled=${!this.#history.canUndo} aria-keyshortcuts="Control+Z" @click=${() => this.#undo()}>${say('undo')}</button>
          <button type="button" id="redo" ?disabled=${!this.#history.canRedo} aria-keyshortcuts="Control+Shift+Z" @click=${() => this.#redo()}>${say('redo')}</button>
          <button type="button" @click=${() => void this.#aside('builder-steps').then((dialog) => dialog?.open(this.#history.list))}>${say('history.open')}</button>
        </div>
        <button type="button" class="primary" id="publish" @click=${async () => {
          await this.#lintNow()
          await (await this.#aside('builder-publish'))?.open()
        }}>${say('publish.open')}</button>
      </section>
      <nav class="views small" aria-label=${say('view.title')}>${(Object.keys(views) as View[]).map(
        (view) =>
          html`<button type="button" data-view-of=${view} aria-current=${view === this.view ? 'page' : nothing} @click=${() => void this.#show(view)}>${say(`view.${view}`)}</button>`,
      )}</nav>
      ${this.#editing(definition, contentLanguage, errors, act)}
      ${this.view === 'edit' ? nothing : html`<main class="one">${this.refusal ? html`<p class="note bad">${this.refusal}</p>` : nothing}${this.#viewContent()}</main>`}
      <p class="unseen" role="status" data-told>${this.told}</p>
      <builder-type-picker .settings=${fieldSchemas} .blocks=${this.blocks} .contentLanguage=${contentLanguage} @builder-picked=${this.#onPicked}></builder-type-picker>
      <builder-jump .lines=${this.#lines(definition)} .settings=${fieldSchemas} .blocks=${this.blocks} .contentLanguage=${contentLanguage} @builder-picked=${this.#onPicked}></builder-jump>
      <builder-name-dialog .contentLanguage=${contentLanguage} @builder-named=${this.#onNamed}></builder-name-dialog>
      <builder-keep-block .contentLanguage=${contentLanguage} @builder-kept-block=${this.#onKeptBlock}></builder-keep-block>
      <builder-publish .draft=${this.#draft} .findings=${this.findings} .agency=${this.account.agency.id} .api=${this.api} .save=${this.#save} @builder-published=${() => (this.isPublished = true)}></builder-publish>
      <builder-conflict .draft=${this.#draft} .api=${this.api} @builder-settled=${this.#onSettled} @builder-forked=${this.#onForked}></builder-conflict>
      <builder-steps @builder-step=${({ at }: StepEvent) => this.#travel(this.#history.goTo(at), 'redone')}></builder-steps>
    `
  }
}
customElements.define('builder-editor', EditorScreen)

declare global {
  interface HTMLElementTagNameMap {
    'builder-editor': EditorScreen
  }
}
