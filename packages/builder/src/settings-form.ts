/**
 * Any settings schema as a form: strings, numbers, choices, lists of objects, nested objects, texts in every language,
 * expressions, references. It knows no field type.
 *
 * Fires `builder-setting` with a JSON pointer into `value` and the new value; undefined removes the setting.
 */
import { directionOf } from '@guichet/core'
import type { Expression } from '@guichet/schemas'
import { css, html, LitElement, nothing, type PropertyValues, type TemplateResult } from 'lit'
import { ifDefined } from 'lit/directives/if-defined.js'
import { live } from 'lit/directives/live.js'
import { type Control, choicesOf, controlsOf, initialOf, isRequired, itemOf, parseEither, parseNumber, parseString, type Typed } from './control.ts'
import { idFrom } from './editor/ids.ts'
import { listedItems } from './editor/listed-items.ts'
import { isInside, isObject, parentOf, pointerOf, read, type Value } from './editor/pointer.ts'
import type { ReadableName } from './editor/readable-names.ts'
import { tableBeside } from './editor/references.ts'
import { SettingEvent } from './events.ts'
import './expression-input.ts'
import { shared } from '@guichet/staff/styles'
import { Localized, type MessageKey, say } from './language.ts'
import { choiceName, languageName, type Named, settingHelp, settingName } from './names.ts'
import { settled } from './settled.ts'

/** What is known about the surroundings of the part: what its settings may refer to. */
export interface FormSurroundings {
  languages: readonly string[]
  /** The one language to write in; null: all of them. */
  only: string | null
  decimals: number
  /** ISO 4217 code of the service's currency. */
  currency: string
  names(): readonly ReadableName[]
  /** What the id under a property may name, as value and label. */
  references(property: string, owner: string): readonly { value: string; label: string }[]
  /** Columns of a table. */
  columns(table: string): readonly string[]
  takenIds(): ReadonlySet<string>
  /** What the checks found, all of it: another one whenever they have run again. */
  checked: unknown
  /** Sentences of what core finds wrong at a pointer inside the part; `deep`: or anywhere under it. */
  faultsAt(path: string, deep?: boolean): readonly string[]
  /** The same with where they are, as pointers from the path. */
  faultsIn(path: string): readonly { pointer: string; sentence: string }[]
}

/** Texts of one line; the others grow. */
const oneLine = new Set(['label', 'title', 'name', 'alt', 'add', 'item', 'unit', 'heading', 'number'])
/** Expressions that are no condition. */
const values = new Set(['value', 'amount', 'copies'])

export class SettingsForm extends LitElement {
  static override readonly styles = [
    shared,
    css`
      .item { border: 1px solid var(--line); border-radius: var(--corner); padding: 0.6rem; background: var(--raised); }
      .language { font-weight: 500; color: var(--quiet); font-size: 0.8rem; }
      .pair { display: grid; grid-template-columns: 1fr 1fr; gap: 0.5rem; }
      .ticks { display: flex; flex-wrap: wrap; gap: 0.4rem 1rem; }
      [id$='-wrong']:not(:has(p)) { display: none; }
      .object { border-inline-start: 3px solid var(--line); padding-inline-start: 0.75rem; }
    `,
  ]
  static override readonly properties = {
    control: { attribute: false },
    only: { attribute: false },
    value: { attribute: false },
    surroundings: { attribute: false },
    drafts: { state: true },
    fresh: { state: true },
  }
  /** The object whose properties are shown. */
  declare control: Control
  /** Which properties, in this order; all if undefined. */
  declare only: readonly string[] | undefined
  declare value: unknown
  declare surroundings: FormSurroundings
  /** What was typed and is no value yet, by path. */
  declare protected drafts: ReadonlyMap<string, { raw: string; wrong: string }>
  /** The list of plain texts that shows one more: it joins the list once it is written, as no text at all may not be allowed. */
  declare protected fresh: string | null

  constructor() {
    super()
    this.drafts = new Map()
    this.fresh = null
    new Localized(this)
  }

  protected override willUpdate(changed: PropertyValues<this>) {
    // Another part, or the same one after an undo: what was half typed is gone.
    if (!changed.has('control')) return
    this.drafts = new Map()
    this.fresh = null
  }

  #set(path: string, value: unknown) {
    if (this.fresh !== null && isInside(path, this.fresh)) this.fresh = null
    if (this.drafts.has(path)) this.drafts = new Map([...this.drafts].filter(([other]) => other !== path))
    this.dispatchEvent(new SettingEvent(path, value))
  }

  #take(path: string, raw: string, typed: Typed) {
    if ('value' in typed) return this.#set(path, typed.value)
    const wrong = say(`form.wrong.${typed.wrong}` as MessageKey, typed.limit === undefined ? {} : { limit: typed.limit })
    this.drafts = new Map([...this.drafts, [path, { raw, wrong }]])
  }

  #id(path: string): string {
    return `s${path.replaceAll(/[^\w-]/g, '_')}`
  }

  /**
   * Takes the keyboard to a setting, once it is drawn: its value goes up to the editor first and comes back down. Of an
   * object that was added that is its first setting; the button that added it is on the page for a moment longer.
   */
  async #focus(path: string, isObject = false) {
    const inside = `[data-path="${path}"]`
    const inputs = `${inside} :is(input, select, textarea, builder-expression-input)`
    for (let turn = 0; turn < 20; turn++) {
      await this.updateComplete
      const at = this.renderRoot.querySelector<HTMLElement>(isObject ? `${inputs}, ${inside} button` : `#${this.#id(path)}, ${inputs}, ${inside} button`)
      if (at) return at.focus()
      await new Promise(requestAnimationFrame)
    }
  }

  // ── pieces

  #named({ text, lang }: Named) {
    return html`<span lang=${ifDefined(lang)}>${text}</span>`
  }

  /** What is said of a list is said once, not of each item again. */
  #helpOf({ property, owner, given, isItem }: Control): Named | null {
    return isItem ? null : settingHelp(property, owner, given)
  }

  #help(control: Control, path: string): TemplateResult | typeof nothing {
    const help = this.#helpOf(control)
    return help ? html`<p class="help" id="${this.#id(path)}-help" lang=${ifDefined(help.lang)}>${help.text}</p>` : nothing
  }

  #faults(path: string, deep = false) {
    const draft = this.drafts.get(path)
    const sentences = draft ? [draft.wrong] : this.surroundings.faultsAt(path, deep)
    return html`<div id="${this.#id(path)}-wrong">${sentences.map((sentence) => html`<p class="wrong">${sentence}</p>`)}</div>`
  }

  #described(path: string) {
    return `${this.#id(path)}-help ${this.#id(path)}-wrong`
  }

  #isWrong(path: string, deep = false) {
    return this.drafts.has(path) || this.surroundings.faultsAt(path, deep).length > 0 ? 'true' : 'false'
  }

  /** A control with its label above. */
  #labelled(control: Control, path: string, input: TemplateResult) {
    return html`<div class="field">
      <label for=${this.#id(path)}>${this.#named(settingName(control.property, control.owner, control.given))}</label>
      ${input}${this.#help(control, path)}${this.#faults(path)}
    </div>`
  }

  // ── kinds

  #text(control: Control, path: string, value: unknown, required: boolean) {
    const text = (isObject(value) ? value : {}) as Record<string, string>
    const { languages, only } = this.surroundings
    const shown = only !== null && languages.includes(only) ? [only] : languages
    const name = settingName(control.property, control.owner, control.given)
    const write = (language: string, raw: string) => {
      const next = { ...text, [language]: raw }
      if (raw === '') delete next[language]
      const isEmpty = Object.keys(next).length === 0
      if (!isEmpty) this.#set(path, next)
      else this.#set(path, required ? { [languages[0] as string]: '' } : undefined)
    }
    const box = (language: string) => {
      const id = `${this.#id(path)}${language === shown[0] ? '' : `-${language}`}`
      const common = { value: text[language] ?? '', take: (event: Event) => write(language, (event.target as HTMLInputElement).value) }
      const settle = (event: Event) => {
        if (control.property === 'label' && language === languages[0]) this.#nameItem(parentOf(path), (event.target as HTMLInputElement).value, control.owner)
      }
      return html`<div class="field">
        <label for=${id}>${this.#named(name)}${languages.length > 1 ? html` <span class="language">${languageName(language)}</span>` : nothing}</label>
        ${
          oneLine.has(control.property)
            ? html`<input id=${id} lang=${language} dir=${directionOf(language)} .value=${live(common.value)} @input=${common.take} @change=${settle}
              aria-describedby=${this.#described(path)} aria-invalid=${this.#isWrong(path, true)}>`
            : html`<textarea id=${id} rows="2" lang=${language} dir=${directionOf(language)} .value=${live(common.value)} @input=${common.take}
              aria-describedby=${this.#described(path)} aria-invalid=${this.#isWrong(path, true)}></textarea>`
        }
      </div>`
    }
    return html`<div class="stack" data-path=${path}>${shown.map(box)}${this.#help(control, path)}${this.#faults(path, true)}</div>`
  }

  #expression(control: Control, path: string, value: unknown, required: boolean) {
    const help = this.#helpOf(control)
    return html`<builder-expression-input id=${this.#id(path)} data-path=${path} .value=${value as Expression | undefined}
      .label=${settingName(control.property, control.owner, control.given).text} .help=${help && !help.lang ? help.text : ''}
      .names=${this.surroundings.names()} .condition=${!values.has(control.property)} .required=${required} .decimals=${this.surroundings.decimals} .currency=${this.surroundings.currency}
      .faults=${this.surroundings.faultsIn(path)} .checked=${this.surroundings.checked}
      @builder-setting=${(event: SettingEvent) => {
        event.stopPropagation()
        this.#set(path, event.value)
      }}></builder-expression-input>`
  }

  #select(
    control: Control,
    path: string,
    value: unknown,
    required: boolean,
    options: readonly { value: string; label: string }[],
    parse: (raw: string) => unknown,
  ) {
    const current = value === undefined ? '' : String(value)
    const isKnown = current === '' || options.some((option) => option.value === current)
    return this.#labelled(
      control,
      path,
      html`<select id=${this.#id(path)} aria-describedby=${this.#described(path)} aria-invalid=${this.#isWrong(path)}
        @change=${(event: Event) => {
          const raw = (event.target as HTMLSelectElement).value
          this.#set(path, raw === '' ? undefined : parse(raw))
        }}>
        ${required && current !== '' ? nothing : html`<option value="" .selected=${current === ''}>${say('form.notSet')}</option>`}
        ${isKnown ? nothing : html`<option value=${current} .selected=${true}>${current}</option>`}
        ${options.map((option) => html`<option value=${option.value} .selected=${option.value === current}>${option.label}</option>`)}
      </select>`,
    )
  }

  #input(control: Control, path: string, value: unknown, parse: (raw: string) => Typed, isNumber: boolean) {
    const raw = this.drafts.get(path)?.raw ?? (value === undefined || value === null ? '' : String(value))
    return this.#labelled(
      control,
      path,
      html`<input id=${this.#id(path)} .value=${live(raw)} inputmode=${isNumber ? 'decimal' : 'text'} dir="auto" autocomplete="off"
        aria-describedby=${this.#described(path)} aria-invalid=${this.#isWrong(path)}
        @input=${(event: Event) => {
          const next = (event.target as HTMLInputElement).value
          this.#take(path, next, parse(next))
        }}>`,
    )
  }

  #boolean(control: Control, path: string, value: unknown, on: unknown = true) {
    const id = this.#id(path)
    return html`<div class="field"><div class="tick">
      <input type="checkbox" id=${id} .checked=${live(value === on)} aria-describedby=${this.#described(path)}
        @change=${(event: Event) => this.#set(path, (event.target as HTMLInputElement).checked ? on : undefined)}>
      <label for=${id}>${this.#named(settingName(control.property, control.owner, control.given))}</label>
    </div>${this.#help(control, path)}${this.#faults(path)}</div>`
  }

  #choices(control: Control, path: string, value: unknown, required: boolean) {
    // What holds where nothing is said is ticked, so that it can be unticked; nothing at all has to be said then.
    const otherwise = control.schema.default
    const chosen = Array.isArray(value) ? value : Array.isArray(otherwise) ? otherwise : []
    const mayBeEmpty = required || otherwise !== undefined
    const all = choicesOf(control)
    const least = Number(control.schema.minItems ?? 0)
    return html`<fieldset data-path=${path} aria-describedby=${this.#described(path)}>
      <legend>${this.#named(settingName(control.property, control.owner, control.given))}</legend>
      <div class="ticks">${all.map((choice) => {
        const id = `${this.#id(path)}-${String(choice)}`
        return html`<div class="tick"><input type="checkbox" id=${id} .checked=${live(chosen.includes(choice))}
          @change=${(event: Event) => {
            const isOn = (event.target as HTMLInputElement).checked
            const next = all.filter((other) => (other === choice ? isOn : chosen.includes(other)))
            this.#set(path, next.length >= least && (next.length > 0 || mayBeEmpty) ? next : required ? chosen : undefined)
            this.requestUpdate()
          }}><label for=${id}>${choiceName(choice, control)}</label></div>`
      })}</div>
      ${this.#help(control, path)}${this.#faults(path)}
    </fieldset>`
  }

  #json(control: Control, path: string, value: unknown) {
    const raw = this.drafts.get(path)?.raw ?? (value === undefined ? '' : JSON.stringify(value, null, 2))
    const parse = (text: string): void => {
      try {
        this.#set(path, text.trim() === '' ? undefined : JSON.parse(text))
      } catch {
        this.drafts = new Map([...this.drafts, [path, { raw: text, wrong: say('form.json') }]])
      }
    }
    return this.#labelled(
      control,
      path,
      html`<textarea id=${this.#id(path)} class="code" dir="ltr" rows="4" spellcheck="false" .value=${settled(raw)} aria-describedby=${this.#described(path)}
        aria-invalid=${this.#isWrong(path)} @change=${(event: Event) => parse((event.target as HTMLTextAreaElement).value)}></textarea>`,
    )
  }

  /** Ids in the list already, so that the next one is new. */
  #taken(list: readonly unknown[]): ReadonlySet<string> {
    const taken = new Set(this.surroundings.takenIds())
    for (const item of list) {
      if (!isObject(item)) continue
      if (typeof item.id === 'string') taken.add(item.id)
      if (typeof item.value === 'string') taken.add(item.value)
    }
    return taken
  }

  /** An item is framed already: an object's settings stand in it as they are, what it is called first. */
  #item(item: Control, path: string, value: unknown): TemplateResult | typeof nothing {
    if (item.kind !== 'object') return this.#control(item, path, value, true)
    const names = controlsOf(item).map(({ property }) => property)
    const first: string[] = names.filter((name) => name === 'label' || name === 'title')
    return this.#properties(item, path, value, [...first, ...names.filter((name) => !first.includes(name))])
  }

  /**
   * A new item's value or id is a word with a number only until the item has a text: then it is made from that, so that
   * authors need not think of one, and can read it where rules name it.
   */
  #nameItem(item: string, text: string, owner: string) {
    const list = read(this.value, parentOf(item))
    const given = (read(this.value, item) ?? {}) as { value?: unknown; id?: unknown }
    if (text.trim() === '' || !Array.isArray(list)) return
    const start = idFrom(owner, new Set(), 'part')
    const [property, made] = typeof given.value === 'string' ? (['value', 'option'] as const) : (['id', start] as const)
    const name = given[property]
    if (typeof name !== 'string' || !new RegExp(`^${made}(_\\d+)?$`).test(name)) return
    const others = list.filter((other) => other !== given).map((other) => String((other as Record<string, unknown>)[property] ?? ''))
    this.#set(`${item}/${property}`, idFrom(text, new Set([...others, ...(property === 'id' ? this.surroundings.takenIds() : [])]), made))
  }

  /** The same for the key of an entry that is a text: units of an agency, for one. */
  #nameEntry(map: string, key: string, text: string, made: string) {
    const entries = Object.entries((read(this.value, map) ?? {}) as Record<string, unknown>)
    if (text.trim() === '' || !new RegExp(`^${made}(_\\d+)?$`).test(key)) return
    const name = idFrom(text, new Set(entries.map(([other]) => other).filter((other) => other !== key)), made)
    this.#set(map, Object.fromEntries(entries.map(([other, inner]) => [other === key ? name : other, inner])))
  }

  /** Several lines put into the name of an item, or into an item that is a plain text, become an item each. */
  #onPasteList(event: ClipboardEvent, item: Control, path: string, items: readonly unknown[]) {
    const input = event.target as HTMLElement
    const box = input instanceof HTMLInputElement ? input.closest<HTMLElement>('.item') : null
    const at = Number(box?.dataset.path?.slice(path.length + 1))
    const [language = 'en'] = this.surroundings.languages
    const named = controlsOf(item).find(({ property }) => property === 'value')
    const isPlain = item.kind === 'string'
    if (!Number.isInteger(at) || (!isPlain && (named === undefined || input.id !== this.#id(`${path}/${at}/label`)))) return
    const pattern = named?.schema.pattern
    // An item without a text is not there yet: its value was made for it.
    const isEmpty = isPlain ? items[at] === '' : Object.values((items[at] as { label?: object }).label ?? {}).every((text) => text === '')
    const kept = items.filter((_, i) => i !== at || !isEmpty)
    const taken = new Set(kept.flatMap((one) => (isObject(one) && typeof one.value === 'string' ? [one.value] : [])))
    const listed = listedItems(event.clipboardData?.getData('text/plain') ?? '', taken, (raw) =>
      typeof pattern === 'string' ? new RegExp(pattern, 'u').test(raw) : true,
    )
    if (listed === null) return
    event.preventDefault()
    const added = listed.map(({ text, value }) =>
      isPlain ? text : { ...(initialOf(item, language, this.surroundings.takenIds(), this.surroundings) as object), value, label: { [language]: text } },
    )
    const from = isEmpty ? at : at + 1
    this.#set(path, [...kept.slice(0, from), ...added, ...kept.slice(from)])
    void this.#focus(`${path}/${from + added.length - 1}`)
  }

  #list(control: Control, path: string, value: unknown, required: boolean) {
    const kept: readonly unknown[] = Array.isArray(value) ? value : []
    const items = this.fresh === path ? [...kept, ''] : kept
    const name = settingName(control.property, control.owner, control.given)
    const item = itemOf(control)
    const [language = 'en'] = this.surroundings.languages
    const setItems = (next: readonly unknown[]) => {
      const written = item.kind === 'string' ? next.filter((one) => one !== '') : next
      this.#set(path, written.length > 0 || required ? written : undefined)
    }
    const swap = (from: number, to: number) => {
      const next = [...items]
      next.splice(to, 0, ...next.splice(from, 1))
      setItems(next)
      void this.#focus(`${path}/${to}`)
    }
    return html`<fieldset class="stack" data-path=${path} aria-describedby=${this.#described(path)}>
      <legend>${this.#named(name)}</legend>
      ${this.#help(control, path)}${this.#faults(path)}
      <ol class="stack" @paste=${(event: ClipboardEvent) => this.#onPasteList(event, item, path, items)}>${items.map((inner, i) => {
        const at = `${path}/${i}`
        const number = { name: name.text, number: i + 1 }
        return html`<li><div class="item stack" data-path=${at} role="group" aria-label=${say('form.item', number)}>
          ${this.#item(item, at, inner)}
          <div class="row small">
            <button type="button" ?disabled=${i === 0} @click=${() => swap(i, i - 1)} aria-label=${say('form.itemUp', number)}>↑</button>
            <button type="button" ?disabled=${i === items.length - 1} @click=${() => swap(i, i + 1)} aria-label=${say('form.itemDown', number)}>↓</button>
            <button type="button" class="danger" aria-label=${say('form.itemRemove', number)} @click=${() => {
              setItems(items.filter((_, other) => other !== i))
              void this.updateComplete.then(() => this.renderRoot.querySelector<HTMLElement>(`#${this.#id(path)}-add`)?.focus())
            }}>${say('form.remove')}</button>
          </div>
        </div></li>`
      })}</ol>
      <div><button type="button" class="small" id="${this.#id(path)}-add" @click=${() => {
        if (item.kind === 'string') this.fresh = path
        else {
          // Of what there is, the first that the list does not have yet: a made-up name would be one that there is not.
          const free = item.kind === 'reference' && this.surroundings.references(item.property, item.owner).find(({ value }) => !items.includes(value))
          setItems([...items, free ? free.value : initialOf(item, language, this.#taken(items), this.surroundings)])
        }
        void this.#focus(`${path}/${kept.length}`)
      }}>${say('form.add', { name: name.text })}</button></div>
    </fieldset>`
  }

  #object(control: Control, path: string, value: unknown, required: boolean) {
    const name = settingName(control.property, control.owner, control.given)
    const [language = 'en'] = this.surroundings.languages
    if (value === undefined && !required) {
      return html`<div class="field">
        <span class="label">${this.#named(name)}</span>${this.#help(control, path)}
        <div><button type="button" class="small" id=${this.#id(path)} @click=${() => {
          this.#set(path, initialOf(control, language, this.surroundings.takenIds(), this.surroundings))
          void this.#focus(path, true)
        }}>${say('form.add', { name: name.text })}</button></div>
      </div>`
    }
    return html`<fieldset class="object stack" data-path=${path} aria-describedby=${this.#described(path)}>
      <legend>${this.#named(name)}</legend>${this.#help(control, path)}${this.#faults(path)}
      ${this.#properties(control, path, value)}
      ${
        required
          ? nothing
          : html`<div><button type="button" class="small danger" @click=${() => {
              this.#set(path, undefined)
              void this.#focus(path)
            }}>${say('form.removeNamed', { name: name.text })}</button></div>`
      }
    </fieldset>`
  }

  #map(control: Control, path: string, value: unknown, required: boolean) {
    const entries = Object.entries((isObject(value) ? value : {}) as Record<string, unknown>)
    const name = settingName(control.property, control.owner, control.given)
    const item = itemOf(control)
    const [language = 'en'] = this.surroundings.languages
    const made = control.property.replace(/s$/, '').toLowerCase()
    const rename = (from: string, input: HTMLInputElement) => {
      const to = input.value.trim()
      if (!/^[A-Za-z0-9_.-]+$/.test(to) || entries.some(([key]) => key === to)) {
        input.value = from
        return
      }
      this.#set(path, Object.fromEntries(entries.map(([key, inner]) => [key === from ? to : key, inner])))
    }
    return html`<fieldset class="stack" data-path=${path}>
      <legend>${this.#named(name)}</legend>${this.#help(control, path)}${this.#faults(path)}
      ${entries.map(([key, inner], i) => {
        const at = `${path}${pointerOf([key])}`
        const named = html`<div class="field"><label for="${this.#id(at)}-key">${say('form.key')}</label>
            <input id="${this.#id(at)}-key" class="code" dir="ltr" .value=${settled(key)} @change=${(event: Event) => rename(key, event.target as HTMLInputElement)}></div>`
        const isText = item.kind === 'text'
        return html`<div class="item stack" data-path=${at} @change=${(event: Event) => {
          const input = event.target as HTMLInputElement
          if (isText && input.lang === language) this.#nameEntry(path, key, input.value, made)
        }}>
          ${isText ? nothing : named}${this.#control(item, at, inner, true)}${isText ? named : nothing}
          <div><button type="button" class="small danger" aria-label=${say('form.itemRemove', { name: name.text, number: i + 1 })}
            @click=${() => this.#set(path, entries.length > 1 || required ? Object.fromEntries(entries.filter(([other]) => other !== key)) : undefined)}>${say('form.remove')}</button></div>
        </div>`
      })}
      <div><button type="button" class="small" @click=${() => {
        let key = made
        for (let count = 2; entries.some(([other]) => other === key); count++) key = `${key.replace(/_\d+$/, '')}_${count}`
        this.#set(path, { ...Object.fromEntries(entries), [key]: initialOf(item, language, this.surroundings.takenIds(), this.surroundings) })
        void this.#focus(`${path}${pointerOf([key])}`)
      }}>${say('form.add', { name: name.text })}</button></div>
    </fieldset>`
  }

  #tuple(control: Control, path: string, value: unknown) {
    const items = Array.isArray(value) ? value : []
    const count = (control.schema.prefixItems as unknown[]).length
    const name = settingName(control.property, control.owner, control.given)
    return html`<fieldset data-path=${path} aria-describedby=${this.#described(path)}>
      <legend>${this.#named(name)}</legend>
      <div class="pair">${Array.from({ length: count }, (_, i) => {
        const id = `${this.#id(path)}-${i}`
        return html`<div class="field"><label for=${id}>${say('form.nth', { number: i + 1 })}</label>
          <input id=${id} inputmode="decimal" .value=${settled(String(items[i] ?? ''))} @change=${(event: Event) => {
            const raw = (event.target as HTMLInputElement).value
            const typed = parseNumber(itemOf(control, i).schema, raw)
            if (!('value' in typed)) return this.#take(path, raw, typed)
            if (typed.value === undefined) return this.#set(path, undefined)
            // A pair is only complete with all of it: the same number for the rest, until it is typed.
            this.#set(
              path,
              Array.from({ length: count }, (_, at) => (at === i ? typed.value : (items[at] ?? typed.value))),
            )
          }}></div>`
      })}</div>
      ${this.#help(control, path)}${this.#faults(path)}
    </fieldset>`
  }

  #colour(control: Control, path: string, value: unknown) {
    return this.#labelled(
      control,
      path,
      html`<input type="color" id=${this.#id(path)} .value=${live(typeof value === 'string' ? value : '#000000')}
        @input=${(event: Event) => this.#set(path, (event.target as HTMLInputElement).value)}>`,
    )
  }

  #control(control: Control, path: string, value: unknown, required: boolean): TemplateResult | typeof nothing {
    switch (control.kind) {
      case 'text':
        return this.#text(control, path, value, required)
      case 'expression':
        return this.#expression(control, path, value, required)
      case 'reference':
        return this.#select(control, path, value, required, this.surroundings.references(control.property, control.owner), (raw) => raw)
      case 'column': {
        const columns = this.surroundings.columns(tableBeside(read(this.value, parentOf(path)) as Value) ?? '')
        const options = columns.map((column) => ({ value: column, label: column }))
        return this.#select(control, path, value, required, options, (raw) => raw)
      }
      case 'choice': {
        const options = choicesOf(control).map((choice) => ({ value: String(choice), label: choiceName(choice, control) }))
        return this.#select(control, path, value, required, options, (raw) => choicesOf(control).find((choice) => String(choice) === raw))
      }
      case 'id':
      case 'string':
        return this.#input(control, path, value, (raw) => (raw === '' && required ? { wrong: 'form' } : parseString(control.schema, raw)), false)
      case 'number':
        return this.#input(control, path, value, (raw) => (raw.trim() === '' && required ? { wrong: 'number' } : parseNumber(control.schema, raw)), true)
      case 'colour':
        return this.#colour(control, path, value)
      case 'boolean':
        return this.#boolean(control, path, value)
      case 'choices':
        return this.#choices(control, path, value, required)
      case 'list':
        return this.#list(control, path, value, required)
      case 'tuple':
        return this.#tuple(control, path, value)
      case 'object':
        return path === '' ? this.#properties(control, path, value) : this.#object(control, path, value, required)
      case 'map':
        return this.#map(control, path, value, required)
      case 'either':
        return this.#input(control, path, value, (raw) => parseEither(control.schema, raw), false)
      case 'constant':
        return required ? nothing : this.#boolean(control, path, value, control.schema.const)
      default:
        return this.#json(control, path, value)
    }
  }

  #properties(control: Control, path: string, value: unknown, only?: readonly string[]): TemplateResult {
    return html`${controlsOf(control, only).map((inner) => {
      const at = `${path}${pointerOf([inner.property])}`
      return this.#control(inner, at, read(value, pointerOf([inner.property])), isRequired(control, inner.property))
    })}`
  }

  /** Moves the keyboard to the first setting, or to the one at a path. */
  async focusSetting(path?: string): Promise<boolean> {
    await this.updateComplete
    const within = path ? `[data-path^="${path}"]` : ''
    const at = this.renderRoot.querySelector<HTMLElement>(
      path
        ? `#${this.#id(path)}, ${within} :is(input, select, textarea), builder-expression-input${within}`
        : 'input, select, textarea, builder-expression-input, button',
    )
    at?.focus()
    return at !== null
  }

  protected override render() {
    return html`<div class="stack">${this.#properties(this.control, '', this.value, this.only)}</div>`
  }
}
customElements.define('builder-settings-form', SettingsForm)

declare global {
  interface HTMLElementTagNameMap {
    'builder-settings-form': SettingsForm
  }
}
