/**
 * The editor: outline, preview and settings around one draft. State lives here; panels get what they show and send up
 * edits. Every edit is a command, so that undo, the history and saving see all of them.
 */
import { directionOf } from '@guichet/core'
import { fieldSchemas } from '@guichet/fields/field-schemas'
import type { Policy } from '@guichet/schemas'
import { policy as policyShape } from '@guichet/schemas/validators'
import { css, html, LitElement, nothing, type PropertyValues, type TemplateResult } from 'lit'
import { type Account, type Api, ApiError, type KeptLine, type SavedService, Unreachable } from './api.ts'
import { AutoSave, type SaveState, storedPending } from './auto-save.ts'
import type { BasedEvent } from './base-view.ts'
import type { BlockUpdatedEvent } from './blocks-view.ts'
import type { ForkedEvent, SettledEvent } from './conflict-dialog.ts'
import { addDocument } from './editor/add-document.ts'
import { addField } from './editor/add-field.ts'
import { addPage } from './editor/add-page.ts'
import { addPreset } from './editor/add-preset.ts'
import { blockContent, detachBlock, inBlockTerms, insertBlock, markBlock, useAt } from './editor/block.ts'
import { topmost } from './editor/chosen-parts.ts'
import { type CopiedPart, copyParts, readCopied } from './editor/copied-part.ts'
import { duplicateField } from './editor/duplicate-field.ts'
import { duplicateParts } from './editor/duplicate-parts.ts'
import { type Definition, type Draft, type Edit, isRefused, type Words } from './editor/edit.ts'
import { History } from './editor/history.ts'
import { slugFrom } from './editor/ids.ts'
import { unknownBase } from './editor/merge-base.ts'
import { moveParts } from './editor/move-parts.ts'
import { isGroup, kindOf, nameOf, partAt } from './editor/part.ts'
import { namesMissing, pastePart } from './editor/paste-part.ts'
import { indexOf, parentOf, write } from './editor/pointer.ts'
import { removeDocument } from './editor/remove-document.ts'
import { removeField } from './editor/remove-field.ts'
import { removePage } from './editor/remove-page.ts'
import { removeParts } from './editor/remove-parts.ts'
import { stepPart } from './editor/step-part.ts'
import { stepParts } from './editor/step-parts.ts'
import type { Act, ActEvent, DropEvent, EditEvent, PolicyEvent, SelectEvent } from './events.ts'
import { countByPart, type Finding } from './findings.ts'
import type { KeptBlockEvent } from './keep-block-dialog.ts'
import { Localized, language, type MessageKey, say } from './language.ts'
import { lastOf } from './last-of.ts'
import { LintThread } from './lint-thread.ts'
import type { NamedEvent } from './name-dialog.ts'
import { typeName } from './names.ts'
import { openLintWorker } from './open-lint-worker.ts'
import { outlineOf } from './outline.ts'
import './outline-tree.ts'
import './preview-pane.ts'
import './settings-panel.ts'
import { shared } from '@guichet/staff/styles'
import { blockPicked, presetOf, titleOf } from './pickable.ts'
import { startSettings } from './start-settings.ts'
import { sentenceOfStep } from './step-words.ts'
import type { PickedEvent } from './type-picker.ts'
import type { RevertEvent } from './versions-view.ts'
import { whenIdle } from './when-idle.ts'

const clipboard = 'guichet-builder-clipboard'

let asidesAreThere = false
/** Where it could not be loaded, it is asked for again when it is wanted. */
const asides = async () => {
  await import('./asides.ts')
  asidesAreThere = true
}
type Aside = 'builder-jump' | 'builder-name-dialog' | 'builder-publish' | 'builder-type-picker'

/** The screens beside the editor itself; each is loaded when it is first wanted. */
const views = {
  edit: async () => {},
  tables: () => import('./tables-view.ts'),
  logic: () => import('./logic-view.ts'),
  map: () => import('./map-view.ts'),
  paths: () => import('./paths-view.ts'),
  translation: () => import('./translation-view.ts'),
  versions: () => import('./versions-view.ts'),
  blocks: () => import('./blocks-view.ts'),
  base: () => import('./base-view.ts'),
  share: () => import('./share-view.ts'),
} as const
type View = keyof typeof views

export class EditorScreen extends LitElement {
  static override readonly styles = [
    shared,
    css`
      :host { display: grid; min-block-size: 100vh; grid-template-rows: auto auto auto 1fr; }
      .head { display: flex; flex-wrap: wrap; gap: 0.5rem 1rem; align-items: center; padding: 0.5rem 1rem; background: var(--surface); border-block-end: 1px solid var(--line); }
      .head h1 { flex: 1 1 12rem; min-inline-size: 0; overflow-wrap: anywhere; font-size: 1.1rem; }
      .state { color: var(--quiet); font-size: 0.85rem; }
      .state.bad { color: var(--danger); font-weight: 600; }
      .places { display: none; }
      .views { display: flex; flex-wrap: wrap; gap: 0.35rem; padding: 0.4rem 1rem; background: var(--surface); border-block-end: 1px solid var(--line); }
      .views [aria-current] { background: var(--chosen); border-color: var(--action); font-weight: 600; }
      main.one { display: block; grid-row: 4; padding: 1rem; }
      main:not(.one) { grid-row: 4; }
      main { display: grid; gap: 0; grid-template-columns: minmax(15rem, 20rem) minmax(20rem, 1fr) minmax(19rem, 26rem); min-block-size: 0; }
      main > * { padding: 1rem; min-inline-size: 0; }
      .outline, .settings { background: var(--surface); }
      .outline { border-inline-end: 1px solid var(--line); }
      .settings { border-inline-start: 1px solid var(--line); }
      .bar { display: flex; flex-wrap: wrap; gap: 0.35rem; padding-block: 0.5rem 0.75rem; }
      .findings { margin-block-start: 1.25rem; }
      /* Why something was not taken is seen wherever in a long panel one is. */
      .settings > .note { position: sticky; inset-block-start: 0; z-index: 2; }
      .findings summary { cursor: pointer; font-weight: 650; padding-block: 0.3rem; }
      .steps button { inline-size: 100%; }
      .steps [aria-current] button { background: var(--chosen); font-weight: 600; }
      .steps { max-block-size: 50vh; overflow: auto; display: grid; gap: 0.25rem; }
      @media (min-width: 70rem) {
        main:not(.one) { block-size: calc(100vh - 6rem); }
        main > * { overflow: auto; }
      }
      @media (max-width: 69.99rem) {
        .places { display: flex; gap: 0.5rem; padding: 0.5rem 1rem; background: var(--raised); border-block-end: 1px solid var(--line); position: sticky; inset-block-start: 0; z-index: 1; flex-wrap: wrap; }
        main { grid-template-columns: minmax(0, 1fr) minmax(0, 1fr); align-content: start; }
        .preview { grid-column: 1 / -1; grid-row: 2; border-block-start: 1px solid var(--line); }
        .settings { border-inline-start: 0; }
      }
      @media (max-width: 44rem) {
        main { grid-template-columns: minmax(0, 1fr); }
        .outline, .settings { border: 0; border-block-end: 1px solid var(--line); }
        .preview { grid-row: auto; }
        .head { padding: 0.5rem; }
        main > * { padding: 0.75rem; scroll-margin-block-start: 3.5rem; }
      }
    `,
  ]
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
    showsSteps: { state: true },
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
  declare protected showsSteps: boolean
  declare protected showsFindings: boolean
  declare protected isPublished: boolean
  /** What the agency shares, by id. */
  declare protected blocks: ReadonlyMap<string, KeptLine>

  #history!: History<Draft>
  #save!: AutoSave
  readonly #pending = storedPending(localStorage)
  #copied: CopiedPart | null = null
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
    this.isPublished = this.stands = this.showsSteps = this.showsFindings = false
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
    this.addEventListener('builder-blocks-changed', () => void this.#learnBlocks())
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
    void this.#learnBlocks()
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
    if (this.selected !== before && kindOf(this.selected)) this.#tell(this.#positionOf(this.selected))
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
  #placeOf(event: Event): 'outline' | 'canvas' | null {
    const names = event.composedPath().map((target) => (target instanceof Element ? target.localName : ''))
    return names.includes('builder-outline') ? 'outline' : names.includes('builder-canvas') ? 'canvas' : null
  }

  /** Back to where something was done to parts; to the outline, if what was pressed is gone. */
  #focusParts(place: 'outline' | 'canvas' | null) {
    if (place !== 'canvas') return this.#focusOutline()
    void this.updateComplete.then(() => this.renderRoot.querySelector('builder-preview')?.focusCanvas())
  }

  /** "Income, 2 of 5 in Home". */
  #positionOf(part: string): string {
    const { definition } = this.#draft
    const found = partAt(definition, part)
    const line = outlineOf(definition).find((one) => one.part === part)
    if (!found || !line) return ''
    const size = kindOf(part) === 'page' ? definition.pages.length : line.size
    const holder = line.parent ? partAt(definition, line.parent) : null
    const params = { name: nameOf(definition, found), position: line.position, count: size }
    return holder ? say('moved.in', { ...params, holder: nameOf(definition, holder) }) : say('moved.to', params)
  }

  /** Where a new field goes: after the selected one, into the selected page or group, else onto the first page. */
  #fieldPlace(): { parent: string; index?: number } {
    const { definition } = this.#draft
    const kind = kindOf(this.selected)
    if (kind === 'page' || (kind === 'field' && isGroup(partAt(definition, this.selected)))) return { parent: this.selected }
    if (kind === 'field') return { parent: parentOf(parentOf(this.selected)), index: indexOf(this.selected) + 1 }
    return { parent: `/pages/${definition.pages.length - 1}` }
  }

  readonly #onPicked = ({ picked, label }: PickedEvent) => {
    const { definition } = this.#draft
    const block = blockPicked(picked)
    if (block !== null) return void this.#insertBlock(block)
    const name = label || typeName(picked, fieldSchemas[picked as keyof typeof fieldSchemas]?.schema).text
    const preset = presetOf(picked)
    if (preset) return void (this.#do(addPreset({ ...this.#fieldPlace(), preset, label: name })) && this.#focusSettings())
    const settings = startSettings(picked, fieldSchemas, definition.languages[0])
    if (this.#do(addField({ ...this.#fieldPlace(), type: picked, label: name, settings }))) void this.#focusSettings()
  }

  readonly #onNamed = ({ what, named }: NamedEvent) => {
    const [, page] = /^\/pages\/(\d+)/.exec(this.selected) ?? []
    const edit = what === 'page' ? addPage({ title: named, ...(page === undefined ? {} : { index: Number(page) + 1 }) }) : addDocument({ label: named })
    if (this.#do(edit)) void this.#focusSettings()
  }

  /** The chosen parts that an act on one of them is about. */
  #meant(part: string): string[] {
    return this.chosen.includes(part) ? topmost(this.chosen) : topmost([part])
  }

  /** Something is done with several parts at once; gives false where it is done with one. */
  #actOnAll(act: Act, parts: readonly string[], from: 'outline' | 'canvas' | null): boolean {
    if (parts.length < 2) return false
    const number = parts.length
    switch (act) {
      case 'remove':
        if (this.#do(removeParts({ pointers: parts }))) {
          this.#tell(say('removed.several', { number }))
          this.#focusParts(from)
        }
        return true
      case 'duplicate':
        if (this.#do(duplicateParts({ pointers: parts, settings: fieldSchemas }))) this.#tell(this.#positionOfAll())
        break
      case 'up':
      case 'down':
      case 'in':
      case 'out':
        if (this.#do(stepParts({ pointers: parts, step: act }))) this.#tell(this.#positionOfAll())
        break
      default:
        return false
    }
    if (from === 'outline') this.#focusOutline()
    return true
  }

  /** "3 parts; the first: Income, 2 of 5 in Home". */
  #positionOfAll(): string {
    const position = this.#positionOf(this.selected)
    return this.chosen.length > 1 ? say('moved.several', { number: this.chosen.length, position }) : position
  }

  readonly #onDrop = (event: DropEvent) => {
    const { parts, place } = event
    if (!this.#do(moveParts({ pointers: parts, ...place }))) return
    this.#tell(this.#positionOfAll())
    this.#focusParts(this.#placeOf(event))
  }

  readonly #onAct = (event: ActEvent) => {
    const { act, part } = event
    const from = this.#placeOf(event)
    // Somebody else may have kept a block meanwhile.
    if (act === 'insert' || act === 'addField') void this.#learnBlocks()
    if (act === 'jump' || act === 'insert') return void this.#aside('builder-jump').then((dialog) => dialog?.open(act === 'insert' ? '/' : ''))
    if (act === 'keepBlock') return void this.#openKeep(part)
    if (act === 'detachBlock') return this.#detach(part)
    if (act === 'addField') return void this.#aside('builder-type-picker').then((dialog) => dialog?.open())
    if (act === 'addPage' || act === 'addDocument')
      return void this.#aside('builder-name-dialog').then((dialog) => dialog?.open(act === 'addPage' ? 'page' : 'document'))
    if (this.#actOnAll(act, this.#meant(part), from)) return
    if (act === 'remove') {
      const remove = { page: removePage, field: removeField, document: removeDocument }[kindOf(part) ?? 'field']
      const found = partAt(this.#draft.definition, part)
      const name = found ? nameOf(this.#draft.definition, found) : ''
      if (!this.#do(remove({ pointer: part }))) return
      this.#tell(say('removed', { name }))
      // What had the keyboard is gone: on to its neighbour.
      return this.#focusParts(from)
    }
    if (act === 'copy') return this.#copy(part)
    if (act === 'paste') return this.#paste(from)
    if (act === 'duplicate') {
      if (!this.#do(duplicateField({ pointer: part, settings: fieldSchemas }))) return
      // On the canvas one goes on where one is.
      if (from === 'canvas') this.#tell(this.#positionOf(this.selected))
      else void this.#focusSettings()
      return
    }
    if (this.#do(stepPart({ pointer: part, step: act }))) {
      this.#tell(this.#positionOf(this.selected))
      if (from === 'outline') this.#focusOutline()
    }
  }

  /** Where parts of a kind go that come from elsewhere. */
  #placeFor(kind: CopiedPart['kind']): { parent: string; index?: number } {
    const [, page] = /^\/pages\/(\d+)/.exec(this.selected) ?? []
    return kind === 'field' ? this.#fieldPlace() : { parent: '', ...(page === undefined ? {} : { index: Number(page) + 1 }) }
  }

  /** Seen beside the settings as well: the rules that came along read what is not here. */
  #sayMissing(missing: readonly string[]) {
    if (missing.length === 0) return
    this.refusal = say('pasted.missing', { names: new Intl.ListFormat(language()).format(missing) })
    this.#tell(`${this.told} ${this.refusal}`)
  }

  /** Copied parts lie in the browser's store, so that they can be pasted into another service, also in another tab. */
  #copy(part: string) {
    const parts = this.#meant(part)
    const copied = copyParts(this.#draft.definition, parts)
    if (!copied) {
      if (parts.length > 0) this.#tell(say('refused.severalKinds'))
      return
    }
    try {
      localStorage.setItem(clipboard, JSON.stringify(copied))
    } catch {
      // A full or forbidden store: it can be pasted here all the same.
    }
    this.#copied = copied
    const [first, ...more] = copied.parts
    this.#tell(
      more.length > 0 || !first ? say('copied.several', { number: copied.parts.length }) : say('copied.part', { name: nameOf(this.#draft.definition, first) }),
    )
  }

  #paste(from: 'outline' | 'canvas' | null) {
    const copied = readCopied(localStorage.getItem(clipboard) ?? '') ?? this.#copied
    if (!copied) {
      this.#tell(say('refused.nothingCopied'))
      return
    }
    const missing = namesMissing(this.#draft.definition, copied, fieldSchemas)
    if (!this.#do(pastePart({ copied, ...this.#placeFor(copied.kind), settings: fieldSchemas }))) return
    this.#tell(this.#positionOfAll())
    this.#sayMissing(missing)
    if (from) this.#focusParts(from)
    else void this.#focusSettings()
  }

  // ── shared blocks

  /** What there is to share. Without an answer the marks in the service name blocks by their ids. */
  async #learnBlocks() {
    try {
      const lines = await this.api.library('block')
      // The outline is not drawn again for nothing.
      if (lines.length > 0 || this.blocks.size > 0) this.blocks = new Map(lines.map((line) => [line.id, line]))
    } catch (error) {
      if (!(error instanceof Unreachable || error instanceof ApiError)) throw error
    }
  }

  /** Does what asks the server; says why where it does not answer, or says no. */
  async #ask(work: () => Promise<void>, refuse: (sentence: string) => void) {
    try {
      await work()
    } catch (error) {
      if (error instanceof Unreachable) refuse(say('unreachable'))
      else if (!(error instanceof ApiError)) throw error
      else if (error.status === 412) refuse(say('blocks.stale'))
      else refuse(error.status === 403 ? say('blocks.notAllowed') : say('failed', { detail: error.message }))
    }
  }

  readonly #refuse = (sentence: string) => {
    this.refusal = sentence
    this.#tell(sentence)
  }

  #insertBlock(id: string) {
    const line = this.blocks.get(id)
    if (!line) return
    return this.#ask(async () => {
      const content = blockContent((await this.api.kept('block', id, line.version)).content)
      if (!content) return this.#refuse(say('refused.shape', { pointer: id }))
      const missing = namesMissing(this.#draft.definition, content, fieldSchemas)
      if (!this.#do(insertBlock({ content, block: id, version: line.version, ...this.#placeFor(content.kind), settings: fieldSchemas }))) return
      this.view = 'edit'
      this.#tell(say('blocks.inserted', { name: titleOf(line.title, id) }))
      this.#sayMissing(missing)
      await this.#focusSettings()
    }, this.#refuse)
  }

  /** Asks what the chosen parts are called as a block. */
  async #openKeep(part: string) {
    const { definition } = this.#draft
    const parts = this.#meant(part)
    const use = parts.map((one) => useAt(definition, one)).find((one) => one !== null) ?? null
    // A block that is gone has no next version.
    const line = use && this.blocks.get(use.block)
    await import('./keep-block-dialog.ts')
    await this.updateComplete
    await this.#ask(async () => {
      const content = line ? blockContent((await this.api.kept('block', line.id, line.version)).content) : null
      const names = { name: line ? titleOf(line.title, line.id) : '', description: content?.description ? titleOf(content.description, '') : '' }
      await this.renderRoot.querySelector('builder-keep-block')?.open(line ? use : null, names, use?.parts.every((one) => parts.includes(one)) ?? false)
    }, this.#refuse)
  }

  readonly #onKeptBlock = ({ kept: { of, name, description } }: KeptBlockEvent) => {
    const dialog = this.renderRoot.querySelector('builder-keep-block')
    const { definition } = this.#draft
    const [written] = definition.languages
    const terms = inBlockTerms(definition, this.#meant(this.selected), of, fieldSchemas)
    if (!terms) return dialog?.refuse(say('refused.severalKinds'))
    const line = of && this.blocks.get(of.block)
    if (of && line && line.version > of.version) return dialog?.refuse(say('blocks.notNewest'))
    return void this.#ask(
      async () => {
        await this.#learnBlocks()
        const id = of ? of.block : slugFrom(name, new Set(this.blocks.keys()))
        const content = { ...terms.content, ...(description ? { description: { [written]: description } } : {}) }
        const { version } = await this.api.keep('block', { id, after: of?.version ?? 0, title: { ...line?.title, [written]: name }, content })
        dialog?.close()
        this.#do(markBlock({ block: id, version, paths: terms.paths, of }))
        await this.#learnBlocks()
        this.#tell(say('blocks.kept', { name, version }))
      },
      (sentence) => dialog?.refuse(sentence),
    )
  }

  #detach(part: string) {
    const use = useAt(this.#draft.definition, part)
    const { selected, chosen } = this
    if (!use || !this.#do(detachBlock(use))) return
    this.selected = selected
    this.chosen = chosen
    this.#tell(say('blocks.detached'))
  }

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
    if (!(event.ctrlKey || event.metaKey) || event.altKey || this.renderRoot.querySelector('dialog[open]')) return
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
    switch (this.view) {
      case 'edit':
        return nothing
      case 'tables':
        return html`<builder-tables data-view .draft=${this.#draft} .findings=${this.findings}></builder-tables>`
      case 'logic':
        return html`<builder-logic data-view .draft=${this.#draft} .findings=${this.findings}></builder-logic>`
      case 'map':
        return html`<builder-map data-view .draft=${this.#draft}></builder-map>`
      case 'paths':
        return html`<builder-paths data-view .draft=${this.#draft} .agency=${this.account.agency.id}></builder-paths>`
      case 'translation':
        return html`<builder-translation data-view .draft=${this.#draft}></builder-translation>`
      case 'versions':
        return html`<builder-versions data-view .draft=${this.#draft} .account=${this.account} .agency=${this.account.agency.id} .api=${this.api}></builder-versions>`
      case 'blocks':
        return html`<builder-blocks data-view .draft=${this.#draft} .blocks=${this.blocks} .api=${this.api} @builder-picked=${this.#onPicked}></builder-blocks>`
      case 'base':
        return html`<builder-base data-view .draft=${this.#draft} .api=${this.api}></builder-base>`
      case 'share':
        return html`<builder-share data-view .draft=${this.#draft} .agency=${this.account.agency.id} .api=${this.api} .published=${this.isPublished}></builder-share>`
    }
  }

  // ── dialogs

  async #openSteps() {
    this.showsSteps = true
    await this.updateComplete
    const dialog = this.renderRoot.querySelector<HTMLDialogElement>('#history')
    if (dialog && !dialog.open) dialog.showModal()
  }

  async #aside<Name extends Aside>(name: Name): Promise<HTMLElementTagNameMap[Name] | null> {
    // An import takes a turn also of what is there, and the next key would come before the dialog that it is meant for.
    if (!asidesAreThere) await asides()
    return this.renderRoot.querySelector(name)
  }

  #closeSteps() {
    this.renderRoot.querySelector<HTMLDialogElement>('#history')?.close()
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

  #steps() {
    const { words, at } = this.showsSteps ? this.#history.list : { words: [], at: 0 }
    return html`<dialog id="history" aria-labelledby="history-title" @close=${(event: Event) => (this.showsSteps = (event.target as HTMLDialogElement).open)}>
      <div class="stack">
        <div class="row spread"><h2 id="history-title">${say('history.title')}</h2><button type="button" class="small" @click=${() => this.#closeSteps()}>${say('close')}</button></div>
        <ol class="steps" reversed>${words
          .map(
            (one, i) =>
              html`<li aria-current=${i === at ? 'step' : nothing}><button type="button" @click=${() => {
                this.#travel(this.#history.goTo(i), 'redone')
                this.#closeSteps()
              }}>${sentenceOfStep(one)}</button></li>`,
          )
          .reverse()}</ol>
      </div>
    </dialog>`
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
          <button type="button" @click=${() => void this.#openSteps()}>${say('history.open')}</button>
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
      ${this.#steps()}
    `
  }
}
customElements.define('builder-editor', EditorScreen)

declare global {
  interface HTMLElementTagNameMap {
    'builder-editor': EditorScreen
  }
}
