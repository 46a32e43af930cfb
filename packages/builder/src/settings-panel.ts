/** The settings of the selected part, whatever it is: what can be done with it, and the forms that its schemas ask for. */

import { directionOf } from '@guichet/core'
import { contrastWithWhite } from '@guichet/core/lint/colour-contrast'
import type { Policy } from '@guichet/schemas'
import policySchema from '@guichet/schemas/policy.schema.json' with { type: 'json' }
import { css, html, LitElement, nothing, type PropertyValues, type TemplateResult } from 'lit'
import { keyed } from 'lit/directives/keyed.js'
import { live } from 'lit/directives/live.js'
import type { KeptLine, PolicyReview } from './api.ts'
import { blockWords } from './block-words.ts'
import { type Control, controlOf, type Defs } from './control.ts'
import { addLanguage } from './editor/add-language.ts'
import { useAt } from './editor/block.ts'
import { changeFieldType } from './editor/change-field-type.ts'
import { topmost } from './editor/chosen-parts.ts'
import type { Draft, Edit } from './editor/edit.ts'
import { editPart } from './editor/edit-part.ts'
import { commonTo, editParts } from './editor/edit-parts.ts'
import { moveParts } from './editor/move-parts.ts'
import { allFields, type Holder, isGroup, kindOf, nameOf, partAt, takenFieldIds } from './editor/part.ts'
import { isInside, read } from './editor/pointer.ts'
import { type ReadableName, readableNames } from './editor/readable-names.ts'
import { definitionSchema, fieldSchema, type Schema, serviceSchema } from './editor/references.ts'
import { removeLanguage } from './editor/remove-language.ts'
import { renameField } from './editor/rename-field.ts'
import { renamePart } from './editor/rename-part.ts'
import { gridOf } from './editor/table-grid.ts'
import { completeness, textsOf } from './editor/texts.ts'
import { type Act, ActEvent, EditEvent, PolicyEvent, type SettingEvent } from './events.ts'
import { type Finding, sentenceOf } from './findings.ts'
import { fieldSchemas, fieldTypes } from './known-types.ts'
import { Localized, type MessageKey, say } from './language.ts'
import { choiceName, languageName, typeName } from './names.ts'
import { isSection, sectionProperties } from './outline.ts'
import { encodePicture, PictureError, type PictureKind } from './picture.ts'
import { agencyProperties, documentGroups, fieldGroups, ownProperties, pageProperties } from './setting-groups.ts'
import type { FormSurroundings, SettingsForm } from './settings-form.ts'
import { startSettings } from './start-settings.ts'
import './policy-view.ts'
import './settings-form.ts'
import { shared } from '@guichet/staff/styles'
import { settled } from './settled.ts'

/** What several questions, or several documents, can be given at once. */
const alike = { question: ['optional', 'when'], privacy: ['personalData', 'purpose', 'legalBasis'] } as const

/** Made once a schema, so that a form knows whether it is still the same. */
const controls = new Map<string, Control>()
function controlFor(key: string, schema: () => Schema): Control {
  let control = controls.get(key)
  if (!control) {
    const made = schema()
    control = controlOf(made, '', '', (made.$defs ?? {}) as Defs)
    controls.set(key, control)
  }
  return control
}

export class SettingsPanel extends LitElement {
  static override readonly styles = [
    shared,
    css`
      .head { display: grid; gap: 0.4rem; padding-block-end: 0.75rem; border-block-end: 1px solid var(--line); margin-block-end: 0.75rem; }
      #only { inline-size: auto; min-block-size: 2rem; }
      .kind { color: var(--quiet); font-size: 0.8rem; }
      details { border-block-start: 1px solid var(--line); padding-block: 0.6rem; }
      summary { cursor: pointer; font-weight: 650; padding-block: 0.25rem; }
      details > .stack { padding-block-start: 0.5rem; }
      .found { display: grid; gap: 0.35rem; }
      .logo { max-inline-size: 100%; max-block-size: 6rem; background: repeating-conic-gradient(#fff 0 25%, #eee 0 50%) 0 0 / 16px 16px; border: 1px solid var(--line); }
      .swatch input.code { inline-size: 8rem; }
      input[type='file'] { max-inline-size: 100%; }
      .swatch { display: flex; gap: 0.6rem; align-items: center; flex-wrap: wrap; }
      pre { overflow: auto; max-block-size: 60vh; background: var(--raised); border: 1px solid var(--line); padding: 0.75rem; border-radius: var(--corner); font-size: 0.8rem; margin: 0; }
      .move { display: grid; grid-template-columns: 1fr auto; gap: 0.4rem; align-items: end; }
    `,
  ]
  static override readonly properties = {
    draft: { attribute: false },
    selected: {},
    chosen: { attribute: false },
    findings: { attribute: false },
    version: { attribute: false },
    blocks: { attribute: false },
    review: { attribute: false },
    only: { state: true },
    open: { state: true },
    pictureFault: { state: true },
    looks: { state: true },
    idTyped: { state: true },
  }
  declare draft: Draft
  declare selected: string
  /** All parts that are chosen. */
  declare chosen: readonly string[]
  declare findings: readonly Finding[]
  /** What the agency shares, by id. */
  declare blocks: ReadonlyMap<string, KeptLine>
  /** Asks the server what a policy means. */
  declare review: (policy: Policy) => Promise<PolicyReview>
  /** Another number: draw again, also where the draft is the same (an edit was refused). */
  declare version: number
  /** The one language that texts are shown in; null: all. */
  declare protected only: string | null
  declare protected open: ReadonlySet<string>
  /** Whether how the service looks is shown, which is loaded when somebody wants it. */
  declare protected looks: boolean
  declare protected pictureFault: PictureError['code'] | null
  declare protected idTyped: string | null

  constructor() {
    super()
    this.findings = this.chosen = []
    this.blocks = new Map()
    this.looks = false
    this.only = this.pictureFault = this.idTyped = null
    this.open = new Set()
    new Localized(this)
  }

  protected override willUpdate(changed: PropertyValues<this>) {
    if (changed.has('selected')) this.pictureFault = this.idTyped = null
    if (this.only !== null && !this.draft.definition.languages.includes(this.only)) this.only = null
  }

  get #definition() {
    return this.draft.definition
  }

  #edit(edit: Edit) {
    this.dispatchEvent(new EditEvent(edit))
  }

  /** To the first setting of the part. */
  async focusFirst() {
    await this.updateComplete
    const form = this.renderRoot.querySelector<SettingsForm>('builder-settings-form')
    if (!form || !(await form.focusSetting())) this.renderRoot.querySelector<HTMLElement>('h2')?.focus()
  }

  // ── what a form has to know

  #references(property: string, owner: string): { value: string; label: string }[] {
    const { agency, pages, taskList, stages = [], slots = [], documents = [], tables = {} } = this.#definition
    const named = (parts: readonly { id: string; label?: object }[]) =>
      parts.map((part) => ({ value: part.id, label: `${nameOf(this.#definition, part as never)} (${part.id})` }))
    const plain = (ids: readonly string[]) => ids.map((id) => ({ value: id, label: id }))
    const units = Object.entries(agency.units ?? {}).map(([id, name]) => ({ value: id, label: nameOf(this.#definition, { id, label: name } as never) }))
    const fields = () =>
      [...allFields(this.#definition)]
        .filter(({ pointer }) => pointer !== this.selected)
        .map(({ field }) => named([field])[0] as { value: string; label: string })
    if (property === 'from')
      return [{ value: 'session', label: choiceName('session') }, ...plain((this.#definition.lookups ?? []).map(({ id }) => id)), ...fields()]
    if (property === 'unit') return units
    if (owner === 'Route' && property === 'to')
      return [...named(stages), ...units, ...['auto_approve', 'auto_reject', 'auto_confirm'].map((value) => ({ value, label: choiceName(value) }))]
    if (owner === 'Part of the task list') return named(property === 'pages' ? pages : (taskList?.sections ?? []))
    if (property === 'slots' || property === 'slot') return plain(slots.map(({ id }) => id))
    if (property === 'document' || property === 'wallet') return named(documents)
    if (property === 'table') return plain(Object.keys(tables))
    return fields()
  }

  #named: { definition: Draft['definition']; at: string; names: readonly ReadableName[] } | null = null
  /** The several forms of a part read the same names. */
  #namesAt(at: string): readonly ReadableName[] {
    const definition = this.#definition
    if (this.#named?.definition !== definition || this.#named.at !== at) this.#named = { definition, at, names: readableNames(definition, fieldTypes, at) }
    return this.#named.names
  }

  #surroundings(at: string, base: string): FormSurroundings {
    const definition = this.#definition
    const { languages, locale } = definition
    const here = this.findings.filter(({ pointer }) => isInside(pointer, base))
    return {
      languages,
      only: this.only,
      decimals: locale.decimals,
      currency: locale.currency,
      names: () => this.#namesAt(at),
      references: (property, owner) => this.#references(property, owner),
      columns: (table) => gridOf(definition.tables?.[table] ?? {}).columns,
      takenIds: () => takenFieldIds(definition),
      checked: this.findings,
      faultsAt: (path, deep) => here.filter(({ pointer }) => (deep ? isInside(pointer, base + path) : pointer === base + path)).map(sentenceOf),
      faultsIn: (path) =>
        here
          .filter(({ pointer }) => isInside(pointer, base + path))
          .map((finding) => ({ pointer: finding.pointer.slice(base.length + path.length), sentence: sentenceOf(finding) })),
    }
  }

  /** A form over the object at `base`. `at`: the part that it belongs to, whose place its expressions are read from. */
  #form(key: string, control: Control, base: string, only: readonly string[] | undefined, at = base): TemplateResult {
    return html`${keyed(
      `${key}:${base}`,
      html`<builder-settings-form .control=${control} .only=${only} .value=${read(this.#definition, base)} .surroundings=${this.#surroundings(at, base)}
        @builder-setting=${(event: SettingEvent) => this.#edit(editPart({ pointer: at, path: base.slice(at.length) + event.path, value: event.value }))}></builder-settings-form>`,
    )}`
  }

  /** What is closed is not drawn: lists of all questions are long. */
  #details(name: string, content: () => TemplateResult, isOpen = false): TemplateResult {
    return html`<details ?open=${isOpen || this.open.has(name)} @toggle=${(event: Event) => {
      const { open } = event.target as HTMLDetailsElement
      if (open === this.open.has(name)) return
      const next = new Set(this.open)
      if (open) next.add(name)
      else next.delete(name)
      this.open = next
    }}><summary>${say(`settings.${name}` as MessageKey)}</summary><div class="stack">${isOpen || this.open.has(name) ? content() : nothing}</div></details>`
  }

  #found(): TemplateResult | typeof nothing {
    const own = this.findings.filter(({ pointer }) => pointer === this.selected)
    return own.length === 0
      ? nothing
      : html`<div class="found">${own.map((finding) => html`<p class="note ${finding.severity === 'error' ? 'bad' : 'careful'}">${sentenceOf(finding)}</p>`)}</div>`
  }

  #languageSwitch(): TemplateResult | typeof nothing {
    const { languages } = this.#definition
    if (languages.length < 2) return nothing
    return html`<div class="row"><label for="only">${say('settings.only')}</label>
      <select id="only" @change=${(event: Event) => (this.only = (event.target as HTMLSelectElement).value || null)}>
        <option value="" .selected=${this.only === null}>${say('settings.allLanguages')}</option>
        ${languages.map((tag) => html`<option value=${tag} .selected=${tag === this.only}>${languageName(tag)}</option>`)}
      </select></div>`
  }

  // ── pages, fields, documents

  #acts(): TemplateResult {
    const act = (name: Act, label: MessageKey, danger = false) =>
      html`<button type="button" data-act=${name} class=${danger ? 'danger' : ''} @click=${() => this.dispatchEvent(new ActEvent(name, this.selected))}>${say(label)}</button>`
    return html`<div class="row small" role="group" aria-label=${say('settings.acts')}>
      ${act('up', 'act.up')}${act('down', 'act.down')}
      ${kindOf(this.selected) === 'field' ? act('duplicate', 'act.duplicate') : nothing}
      ${act('copy', 'act.copy')}
      ${act('keepBlock', 'act.keepBlock')}
      ${act('remove', 'act.remove', true)}
    </div>${this.#block()}`
  }

  /** Which shared block it came from. */
  #block(): TemplateResult | typeof nothing {
    const use = useAt(this.#definition, this.selected)
    if (!use) return nothing
    return html`<p class="note" data-block>${say('blocks.one')}: ${blockWords({ id: use.block, version: use.version }, this.blocks)}</p>
      <div class="row small"><button type="button" data-act="detachBlock" @click=${() => this.dispatchEvent(new ActEvent('detachBlock', this.selected))}>${say('blocks.detach')}</button></div>`
  }

  /** What is to be done with all that are chosen. */
  #several(parts: readonly string[]): TemplateResult {
    const isFields = parts.every((part) => kindOf(part) === 'field')
    const act = (name: Act, label: MessageKey, danger = false) =>
      html`<button type="button" data-act=${name} class=${danger ? 'danger' : ''} @click=${() => this.dispatchEvent(new ActEvent(name, this.selected))}>${say(label)}</button>`
    return html`<div class="head">
        <h2 tabindex="-1">${say('chosen.count', { count: parts.length })}</h2>
        <div class="row small" role="group" aria-label=${say('settings.acts')}>
          ${act('up', 'act.up')}${act('down', 'act.down')}${isFields ? act('duplicate', 'act.duplicate') : nothing}${act('copy', 'act.copy')}${act('keepBlock', 'act.keepBlock')}${act('remove', 'act.remove', true)}
        </div>
      </div>
      <ul class="stack">${parts.map((part) => {
        const found = partAt(this.#definition, part)
        return found ? html`<li lang=${this.#definition.languages[0]} dir="auto">${nameOf(this.#definition, found)}</li>` : nothing
      })}</ul>
      ${isFields ? this.#moveTo(parts) : nothing}
      ${parts.every((part) => kindOf(part) === 'field') || parts.every((part) => kindOf(part) === 'document') ? this.#alike(parts) : nothing}`
  }

  /** Settings that all of the chosen parts have. What they say differently is shown empty; what is written is said by all. */
  #alike(parts: readonly string[]): TemplateResult {
    const [first = ''] = parts
    const isFields = kindOf(first) === 'field'
    const control = isFields ? controlFor('several:field', () => definitionSchema('field')) : controlFor('document', () => definitionSchema('document'))
    const shown = commonTo(this.#definition, parts, [...alike.question, ...alike.privacy])
    const form = (only: readonly string[]) =>
      html`${keyed(
        `alike:${parts.join(' ')}`,
        html`<builder-settings-form .control=${control} .only=${only} .value=${shown} .surroundings=${this.#surroundings(first, first)}
        @builder-setting=${({ path, value }: SettingEvent) => this.#edit(editParts({ pointers: parts, path, value, shown }))}></builder-settings-form>`,
      )}`
    return html`<p class="help">${say('several.alike')}</p>
      ${form(alike.question)}
      ${this.#details('privacy', () => form(alike.privacy), true)}`
  }

  #moveTo(parts: readonly string[] = [this.selected]): TemplateResult | typeof nothing {
    const [here = ''] = parts
    const pages = this.#definition.pages.map((page, i) => ({ pointer: `/pages/${i}`, name: nameOf(this.#definition, page) }))
    const groups = [...allFields(this.#definition)]
      .filter(({ field, pointer }) => isGroup(field) && !parts.some((part) => isInside(pointer, part)))
      .map(({ field, pointer }) => ({ pointer, name: `– ${nameOf(this.#definition, field)}` }))
    const holder = here.replace(/\/fields\/\d+$/, '')
    const targets = pages
      .flatMap((page) => [page, ...groups.filter(({ pointer }) => isInside(pointer, page.pointer))])
      .filter(({ pointer }) => pointer !== holder)
    if (targets.length === 0) return nothing
    return html`<div class="move">
      <div class="field"><label for="target">${say('settings.moveTo')}</label>
        <select id="target">${targets.map(({ pointer, name }) => html`<option value=${pointer}>${name}</option>`)}</select></div>
      <button type="button" id="move" @click=${() => {
        const parent = this.renderRoot.querySelector<HTMLSelectElement>('#target')?.value ?? ''
        this.#edit(moveParts({ pointers: parts, parent }))
      }}>${say('settings.move')}</button>
    </div>`
  }

  #idInput(rename: (id: string) => Edit): TemplateResult {
    const part = partAt(this.#definition, this.selected)
    return html`<div class="field">
      <label for="id">${say('settings.id')}</label>
      <input id="id" class="code" dir="ltr" spellcheck="false" autocomplete="off" aria-describedby="id-help" .value=${live(this.idTyped ?? part?.id ?? '')}
        @input=${(event: Event) => (this.idTyped = (event.target as HTMLInputElement).value)}
        @change=${() => {
          const id = this.idTyped?.trim() ?? ''
          this.idTyped = null
          if (id !== '' && id !== part?.id) this.#edit(rename(id))
        }}>
      <p class="help" id="id-help">${say('settings.idHelp')}</p>
    </div>`
  }

  #field(field: Holder): TemplateResult {
    const { type } = field
    const control = controlFor(`field:${type}`, () => fieldSchema(type, fieldSchemas))
    const own = ownProperties((fieldSchemas as Record<string, { schema: { properties?: object } }>)[type]?.schema)
    const form = (name: string, only: readonly string[]) => this.#form(`${type}:${name}`, control, this.selected, only)
    const types = Object.entries(fieldSchemas).map(([name, { schema }]) => ({ name, title: typeName(name, schema) }))
    return html`
      ${form('question', fieldGroups.question.slice(0, 2))}
      ${own.length > 0 ? html`<h3>${say('settings.answer')}</h3>${form('answer', own)}` : nothing}
      ${form('when', fieldGroups.question.slice(2))}
      ${this.#details('rules', () => form('rules', fieldGroups.rules), field.rules !== undefined)}
      ${this.#details('privacy', () => form('privacy', fieldGroups.privacy))}
      ${this.#details(
        'more',
        () => html`
          ${this.#moveTo()}
          ${this.#idInput((id) => renameField({ pointer: this.selected, id, settings: fieldSchemas }))}
          <div class="field"><label for="type">${say('settings.type')}</label>
            <select id="type" @change=${(event: Event) => {
              const next = (event.target as HTMLSelectElement).value
              this.#edit(
                changeFieldType({
                  pointer: this.selected,
                  type: next,
                  settings: fieldSchemas,
                  initial: startSettings(next, fieldSchemas, this.#definition),
                }),
              )
            }}>${types.map(({ name, title }) => html`<option value=${name} .selected=${name === type} lang=${title.lang ?? nothing}>${title.text}</option>`)}</select></div>
          ${form('more', fieldGroups.more)}
        `,
      )}
    `
  }

  #page(): TemplateResult {
    const control = controlFor('page', () => definitionSchema('page'))
    return html`
      ${this.#form('page', control, this.selected, pageProperties)}
      ${this.#details('more', () => this.#idInput((id) => renamePart({ pointer: this.selected, id, settings: fieldSchemas })))}
    `
  }

  #document(): TemplateResult {
    const control = controlFor('document', () => definitionSchema('document'))
    return html`
      ${this.#form('question', control, this.selected, documentGroups.question)}
      ${keyed(this.selected, this.#picture('example', this.selected, '/examplePicture', (read(this.#definition, this.selected) as { label?: object }).label ?? {}))}
      <h3>${say('settings.files')}</h3>
      ${this.#form('answer', control, this.selected, documentGroups.answer)}
      ${this.#details('privacy', () => this.#form('privacy', control, this.selected, documentGroups.privacy))}
      ${this.#details('more', () => this.#idInput((id) => renamePart({ pointer: this.selected, id, settings: fieldSchemas })))}
    `
  }

  // ── sections

  #service(only: readonly string[]): TemplateResult {
    return this.#form(
      'service',
      controlFor('service', () => serviceSchema),
      '',
      only,
    )
  }

  /** Takes a picture in, or another in its place. `part` and `path`: where it is kept; `alt`: what is said instead of it at first. */
  async #takePicture(input: HTMLInputElement, kind: PictureKind, part: string, path: string, alt: object) {
    const [file] = input.files ?? []
    if (!file) return
    this.pictureFault = null
    try {
      const src = await encodePicture(file, kind)
      const before = read(this.#definition, part + path) as { alt: object } | undefined
      this.#edit(editPart({ pointer: part, path, value: { src, alt: before?.alt ?? { ...alt } } }))
    } catch (error) {
      if (!(error instanceof PictureError)) throw error
      this.pictureFault = error.code
    }
    input.value = ''
  }

  #picture(kind: PictureKind, part: string, path: string, alt: object): TemplateResult {
    const at = part + path
    const picture = read(this.#definition, at) as { src: string; alt: Record<string, string> } | undefined
    const schema = kind === 'logo' ? 'logo' : 'picture'
    return html`<div class="stack">
      <h3>${say(`${kind}.title`)}</h3>
      ${picture ? html`<img class="logo" src=${picture.src} alt=${Object.values(picture.alt)[0] ?? ''}>` : nothing}
      <div class="field">
        <label for="file">${say(picture ? `${kind}.replace` : `${kind}.choose`)}</label>
        <input type="file" id="file" accept="image/png,image/jpeg,image/webp" aria-describedby="file-help file-wrong" @change=${(event: Event) => void this.#takePicture(event.target as HTMLInputElement, kind, part, path, alt)}>
        <p class="help" id="file-help">${say('picture.help')}</p>
        <p class="wrong" id="file-wrong" role="alert">${this.pictureFault ? say(`picture.fault.${this.pictureFault}`) : ''}</p>
      </div>
      ${
        picture
          ? html`${this.#form(
              schema,
              controlFor(schema, () => definitionSchema(schema)),
              at,
              ['alt'],
              part,
            )}
            <div><button type="button" class="small danger" @click=${() => this.#edit(editPart({ pointer: part, path, value: undefined }))}>${say(`${kind}.remove`)}</button></div>`
          : nothing
      }
    </div>`
  }

  #colour(name: 'primary' | 'accent'): TemplateResult {
    const colour = this.#definition.agency.colours?.[name]
    const ratio = colour ? contrastWithWhite(colour) : 0
    const wanted = name === 'primary' ? 4.5 : 3
    const set = (value: string | undefined) => {
      const { [name]: _old, ...rest } = this.#definition.agency.colours ?? {}
      const next = value === undefined ? rest : { ...rest, [name]: value }
      this.#edit(editPart({ pointer: '', path: '/agency/colours', value: Object.keys(next).length > 0 ? next : undefined }))
    }
    return html`<div class="field">
      <label for=${name}>${say(`branding.${name}`)}</label>
      <div class="swatch">
        <input type="color" id=${name} .value=${live(colour ?? '#1b4f8f')} aria-describedby="${name}-contrast" @change=${(event: Event) => set((event.target as HTMLInputElement).value)}>
        <label class="unseen" for="${name}-code">${say('branding.code', { name: say(`branding.${name}`) })}</label>
        <input id="${name}-code" class="code" dir="ltr" size="8" maxlength="7" placeholder="#1b4f8f" .value=${settled(colour ?? '')} @change=${(
          event: Event,
        ) => {
          const input = event.target as HTMLInputElement
          const code = input.value.trim()
          if (code === '') set(undefined)
          else if (/^#[0-9a-fA-F]{6}$/.test(code)) set(code.toLowerCase())
          else input.value = colour ?? ''
        }}>
        ${colour ? html`<button type="button" class="small" @click=${() => set(undefined)}>${say('branding.default', { name: say(`branding.${name}`) })}</button>` : nothing}
      </div>
      <p class=${colour && ratio < wanted ? 'wrong' : 'help'} id="${name}-contrast">${
        colour ? say(ratio < wanted ? 'branding.low' : 'branding.enough', { ratio: Math.floor(ratio * 10) / 10, wanted }) : say('branding.unset')
      }</p>
    </div>`
  }

  #branding(): TemplateResult {
    const agency = controlFor('agency', () => definitionSchema('agency'))
    return html`
      ${this.#form('agency', agency, '/agency', agencyProperties.slice(0, 1), '')}
      ${this.#picture('logo', '', '/agency/logo', this.#definition.agency.name)}
      <div class="stack"><h3>${say('branding.colours')}</h3>${this.#colour('primary')}${this.#colour('accent')}
        <details data-looks @toggle=${async (event: Event) => {
          if (!(event.target as HTMLDetailsElement).open || this.looks) return
          await import('./branding-preview.ts')
          this.looks = true
        }}><summary>${say('branding.looks')}</summary>${this.looks ? html`<builder-branding .definition=${this.#definition} .agency=${''}></builder-branding>` : nothing}</details></div>
      ${this.#form('agency-more', agency, '/agency', agencyProperties.slice(1), '')}
    `
  }

  /** A language that has to be whole before anything is published, with how far it is. */
  #complete(tag: string): TemplateResult {
    const { languages, completeLanguages = [] } = this.#definition
    const [{ done, total } = { done: 0, total: 0 }] = completeness(textsOf(this.#definition, fieldSchemas), [tag])
    const set = (wanted: boolean) => {
      const next = languages.filter((other) => (other === tag ? wanted : completeLanguages.includes(other)))
      this.#edit(editPart({ pointer: '', path: '/completeLanguages', value: next.length > 0 ? next : undefined }))
    }
    return html`<span class="tick"><input type="checkbox" id="complete-${tag}" .checked=${live(completeLanguages.includes(tag))}
        @change=${(event: Event) => set((event.target as HTMLInputElement).checked)}>
      <label for="complete-${tag}">${say('languages.complete', { name: languageName(tag), done, total })}</label></span>`
  }

  #languages(): TemplateResult {
    const { languages } = this.#definition
    return html`
      <div class="stack">
        <ul class="stack">${languages.map(
          (
            tag,
            i,
          ) => html`<li class="row spread"><span>${languageName(tag)} <code>${tag}</code>${i === 0 ? html` <span class="help">${say('languages.first')}</span>` : nothing}</span>
            <button type="button" class="small danger" ?disabled=${languages.length === 1} aria-label=${say('languages.remove', { name: languageName(tag) })}
              @click=${() => this.#edit(removeLanguage({ language: tag, settings: fieldSchemas }))}>${say('form.remove')}</button>
            ${this.#complete(tag)}</li>`,
        )}</ul>
        <form class="move" @submit=${(event: SubmitEvent) => {
          event.preventDefault()
          const input = this.renderRoot.querySelector<HTMLInputElement>('#tag')
          if (!input || input.value.trim() === '') return
          this.#edit(addLanguage({ language: input.value.trim() }))
          input.value = ''
        }}>
          <div class="field"><label for="tag">${say('languages.add')}</label>
            <input id="tag" list="tags" autocomplete="off" dir="ltr" aria-describedby="tag-help">
            <datalist id="tags">${['en', 'el', 'vi', 'hu', 'fa', 'de', 'fr', 'tr', 'ar', 'uk', 'ro', 'sq']
              .filter((tag) => !languages.includes(tag))
              .map((tag) => html`<option value=${tag}>${languageName(tag)}</option>`)}</datalist>
            <p class="help" id="tag-help">${say('languages.addHelp')}</p></div>
          <button>${say('languages.addButton')}</button>
        </form>
      </div>
      <h3>${say('languages.locale')}</h3>
      ${this.#form(
        'locale',
        controlFor('locale', () => definitionSchema('locale')),
        '/locale',
        undefined,
        '',
      )}
    `
  }

  #access(): TemplateResult {
    const control = controlFor('policy', () => policySchema as unknown as Schema)
    const policy: Policy = this.draft.policy ?? {}
    return html`
      <p class="help">${say('access.note')}</p>
      <builder-policy .policy=${policy} .review=${this.review} .surroundings=${this.#surroundings('', '/policy')}></builder-policy>
      <h3>${say('policy.deliveries')}</h3>
      <builder-settings-form .control=${control} .only=${['deliveries']} .value=${policy} .surroundings=${this.#surroundings('', '/policy')}
        @builder-setting=${(event: SettingEvent) => this.dispatchEvent(new PolicyEvent(event.path, event.value))}></builder-settings-form>
      <h3>${say('access.applicants')}</h3>
      ${this.#service(sectionProperties['@access'])}
    `
  }

  #source(): TemplateResult {
    return html`<p class="help">${say('source.note')}</p>
      <pre tabindex="0" dir="ltr" aria-label=${say('part.source')}>${JSON.stringify(this.#definition, null, 2)}</pre>`
  }

  #content(): TemplateResult {
    const part = partAt(this.#definition, this.selected)
    if (part) {
      const kind = kindOf(this.selected)
      return kind === 'field' ? this.#field(part as Holder) : kind === 'page' ? this.#page() : this.#document()
    }
    if (!isSection(this.selected)) return html`<p class="help">${say('documents.note')}</p>`
    switch (this.selected) {
      case '@branding':
        return this.#branding()
      case '@languages':
        return this.#languages()
      case '@access':
        return this.#access()
      case '@source':
        return this.#source()
      default:
        return this.#service(sectionProperties[this.selected])
    }
  }

  #heading(): { kind: string; name: string; language?: string } {
    const part = partAt(this.#definition, this.selected)
    if (!part) return { kind: say('settings.title'), name: say(`part.${this.selected.replace(/^[@/]/, '')}` as MessageKey) }
    const kind = kindOf(this.selected)
    const type = (part as Holder).type
    const ofType =
      kind === 'field'
        ? typeName(type, (fieldSchemas as Record<string, { schema: object }>)[type]?.schema).text
        : say(`settings.${kind as 'page' | 'document'}`)
    return { kind: ofType, name: nameOf(this.#definition, part), language: this.#definition.languages[0] }
  }

  protected override render() {
    const parts = topmost(this.chosen)
    if (parts.length > 1) return this.#several(parts)
    const { kind, name, language } = this.#heading()
    const isPart = partAt(this.#definition, this.selected) !== null
    return html`
      <div class="head">
        <p class="kind">${kind}</p>
        <h2 tabindex="-1" lang=${language ?? nothing} dir=${language ? directionOf(language) : nothing}>${name}</h2>
        ${isPart ? this.#acts() : nothing}
        ${this.#found()}
        ${this.selected === '@source' ? nothing : this.#languageSwitch()}
      </div>
      <div class="stack">${this.#content()}</div>
    `
  }
}
customElements.define('builder-settings', SettingsPanel)

declare global {
  interface HTMLElementTagNameMap {
    'builder-settings': SettingsPanel
  }
  interface HTMLElementEventMap {
    'builder-policy': PolicyEvent
  }
}
