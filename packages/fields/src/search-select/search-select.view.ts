import { html, nothing, render } from 'lit-html'
import { live } from 'lit-html/directives/live.js'
import type { Option, SearchSelectField } from '../../generated/settings.ts'
import { optionText, said } from '../choice.view.ts'
import type { FieldView, FieldViewProps } from '../field-view.ts'
import { fold, prepared, search } from '../fold.ts'
import { indexOf, isElsewhere, learn, learnt, storedOption, typedText } from './search-select.ts'

type Props = FieldViewProps<SearchSelectField>

/** More cannot be looked through; who does not see theirs writes on. */
const most = 50

/** What is searched in, by the options and the reader's language. */
const haystacks = new WeakMap<readonly Option[], Map<string, string[]>>()

function haystackOf(options: readonly Option[], props: Props): string[] {
  let byLanguage = haystacks.get(options)
  if (!byLanguage) haystacks.set(options, (byLanguage = new Map()))
  let texts = byLanguage.get(props.language)
  if (!texts) {
    texts = prepared(options.map((option) => `${optionText(option, props).text} ${option.hint ? props.text(option.hint).text : ''} ${option.value}`))
    byLanguage.set(props.language, texts)
  }
  return texts
}

/**
 * An open list: what it offers, and the one that Enter would take. `count`: how many there are, beyond those offered.
 * `goOn`: the person went past the last one, and takes up the first of the next page when it is there.
 */
interface Open {
  query: string
  found: readonly Option[]
  count: number
  active: number
  goOn?: boolean
}
const opened = new WeakMap<HTMLElement, Open>()
/** The question to the server that counts: answers to earlier ones come too late. */
const asked = new WeakMap<HTMLElement, object>()

const partsOf = (input: HTMLElement) => {
  const root = input.closest('.g-search') as HTMLElement
  const part = (selector: string) => root.querySelector(selector) as HTMLElement
  return { popup: part('.g-search-popup'), list: part('[role=listbox]'), note: part('.g-search-note'), status: part('[role=status]') }
}

function close(input: HTMLElement) {
  opened.delete(input)
  asked.delete(input)
  const { popup, status } = partsOf(input)
  popup.hidden = true
  status.textContent = ''
  input.setAttribute('aria-expanded', 'false')
  input.removeAttribute('aria-activedescendant')
}

function choose(input: HTMLInputElement, option: Option, props: Props) {
  close(input)
  const elsewhere = isElsewhere(props.field, props.context)
  props.onInput(elsewhere ? { chosen: option.value, label: option.label as Record<string, string> } : option.value)
}

function drawList(input: HTMLInputElement, props: Props) {
  const { found, active } = opened.get(input) as Open
  const { list } = partsOf(input)
  render(
    html`${found.map((option, i) => {
      const hint = option.hint ? html`<span class="g-choice-hint">${said(props.text(option.hint), props.language)}</span>` : nothing
      return html`<li
        class="g-search-option"
        role="option"
        id="${props.id}-o${i}"
        aria-selected=${i === active ? 'true' : 'false'}
        @pointerdown=${(event: Event) => event.preventDefault()}
        @click=${() => choose(input, option, props)}
      >
        ${said(optionText(option, props), props.language)}${hint}
      </li>`
    })}`,
    list,
  )
  if (active < 0) input.removeAttribute('aria-activedescendant')
  else {
    input.setAttribute('aria-activedescendant', `${props.id}-o${active}`)
    list.children[active]?.scrollIntoView({ block: 'nearest' })
  }
}

function open(input: HTMLInputElement, query: string, props: Props) {
  if (isElsewhere(props.field, props.context)) return void ask(input, query, props)
  const { options } = indexOf(props.field, props.context)
  const { found, count } = search(query, haystackOf(options, props), most)
  offer(input, { query, found: found.flatMap((i) => options[i] ?? []), count, active: -1 }, props)
}

function offer(input: HTMLInputElement, list: Open, props: Props) {
  const { found, count } = list
  opened.set(input, list)
  drawList(input, props)
  const said = count === 0 ? props.message('none') : props.message('found', { count })
  tell(input, said, count === 0 ? said : count > found.length ? props.message('more', { shown: found.length, count }) : '')
}

/** Opens the list, if it is not, with a sentence to be heard and one to be read below it. */
function tell(input: HTMLElement, said: string, noted: string) {
  const { popup, note, status } = partsOf(input)
  status.textContent = said
  note.textContent = noted
  popup.hidden = false
  input.setAttribute('aria-expanded', 'true')
}

/** The field's place in the definition: its place on the page without the numbers of rows. */
const pathOf = ({ name }: Props) => name.replace(/\/\d+(?=\/)/g, '').replaceAll('/', '.')

/** A person who types on is not asked about each letter. */
const pause = 150

/** Asks the server; `so` is the list to which a further page comes. */
async function ask(input: HTMLInputElement, query: string, props: Props, so?: Open) {
  const question = {}
  asked.set(input, question)
  const counts = () => asked.get(input) === question && input.isConnected
  if (!so) {
    await new Promise((resolve) => setTimeout(resolve, pause))
    if (!counts()) return
    opened.delete(input)
    render(nothing, partsOf(input).list)
    tell(input, props.message('loading'), props.message('loading'))
  }
  try {
    const from = so?.found.length ?? 0
    const page = await props.uploader?.options?.(pathOf(props), { query, from })
    if (!page) throw new TypeError('nobody to ask')
    if (!counts()) return
    learn(props.field, page.options)
    offer(
      input,
      { query, found: [...(so?.found ?? []), ...page.options], count: page.count, active: so?.goOn ? from : (opened.get(input)?.active ?? -1) },
      props,
    )
  } catch {
    if (!counts()) return
    tell(input, props.message('unreachable'), props.message('unreachable'))
    addEventListener('online', () => counts() && ask(input, query, props, so), { once: true })
  }
}

const asking = new WeakSet<HTMLElement>()

/** The next ones, where there are more than are offered. Gives the list that they will be added to. */
function further(input: HTMLInputElement, props: Props): Open | undefined {
  const now = opened.get(input)
  if (!now || now.found.length >= now.count || !isElsewhere(props.field, props.context)) return undefined
  if (!asking.has(input)) {
    asking.add(input)
    void ask(input, now.query, props, now).finally(() => asking.delete(input))
  }
  return now
}

function onKey(event: KeyboardEvent, props: Props) {
  const input = event.currentTarget as HTMLInputElement
  const now = opened.get(input)
  const { key } = event
  if (key === 'ArrowDown' || key === 'ArrowUp') {
    event.preventDefault()
    // From what is chosen already, all the others are offered.
    if (!now && !asked.has(input)) open(input, typedText(props.input) ?? '', props)
    const list = opened.get(input)
    if (!list) return
    const count = list.found.length
    // With Alt the list opens, and nothing in it is taken up.
    if (count > 0 && !event.altKey) {
      // The next page may be on its way already, as the list was scrolled to its end: the key counts all the same.
      const more = key === 'ArrowDown' && list.active === count - 1 ? further(input, props) : undefined
      list.goOn = more !== undefined
      if (more) return
      list.active = key === 'ArrowDown' ? (list.active + 1) % count : (list.active <= 0 ? count : list.active) - 1
      drawList(input, props)
    }
  } else if (key === 'Enter' && now) {
    // Enter in an open list is not for the form around.
    event.preventDefault()
    const option = now.found[now.active] ?? (now.found.length === 1 ? now.found[0] : undefined)
    if (option) choose(input, option, props)
  } else if (key === 'Tab' && now) {
    const option = now.found[now.active]
    if (option) choose(input, option, props)
  } else if (key === 'Escape') {
    if (now || asked.has(input)) {
      event.preventDefault()
      event.stopPropagation()
      close(input)
    } else if (input.value !== '') props.onInput(null)
  } else if (now && (key === 'Home' || key === 'End' || key === 'ArrowLeft' || key === 'ArrowRight')) {
    now.active = -1
    now.goOn = false
    drawList(input, props)
  }
}

/** The option that is chosen. Of a list that is elsewhere, an answer kept without its words gets them from the server. */
function optionOf(props: Props): Option | undefined {
  const { field, context, input, value } = props
  if (!isElsewhere(field, context)) return typeof input === 'string' ? indexOf(field, context).byValue.get(String(value ?? input)) : undefined
  const kept = storedOption(value)
  if (kept && Object.keys(kept.label).length > 0) return kept
  const chosen = kept?.value ?? value
  if (typeof chosen !== 'string') return undefined
  const known = learnt(field, chosen)
  if (!known && !wanted.has(field)) {
    wanted.add(field)
    props.uploader?.options?.(pathOf(props), { value: chosen }).then(
      ({ options }) => {
        learn(field, options)
        props.redraw()
      },
      () => wanted.delete(field),
    )
  }
  return known
}
const wanted = new WeakSet<object>()

/** The editable combobox with a list of the ARIA Authoring Practices. The list takes its room in the page, so that nothing cuts it off. */
export const view: FieldView<SearchSelectField> = {
  layout: 'label',
  render(props) {
    const { id, input, language, value } = props
    const option = optionOf(props)
    const chosen = option && optionText(option, props)
    return html`<div class="g-search">
      <input
        class="g-input"
        type="text"
        role="combobox"
        id=${id}
        name=${props.name}
        dir="auto"
        lang=${chosen?.language && chosen.language !== language ? chosen.language : nothing}
        autocomplete="off"
        autocapitalize="none"
        spellcheck="false"
        aria-expanded="false"
        aria-autocomplete="list"
        aria-controls="${id}-list"
        aria-describedby=${[props.describedBy, `${id}-how`].filter(Boolean).join(' ')}
        aria-invalid=${props.invalid ? 'true' : nothing}
        aria-required=${props.required ? 'true' : nothing}
        .value=${live(chosen?.text ?? typedText(input) ?? (typeof input === 'string' ? input : ''))}
        @input=${(event: Event) => {
          const box = event.currentTarget as HTMLInputElement
          const typed = box.value
          props.onInput(typed === '' ? null : { typed })
          if (typed.trim() === '') close(box)
          else open(box, typed, props)
        }}
        @keydown=${(event: KeyboardEvent) => onKey(event, props)}
        @blur=${(event: Event) => {
          const box = event.currentTarget as HTMLInputElement
          const found = opened.get(box)?.found ?? []
          close(box)
          // An option that was written in full is shown the way it is written.
          if (value !== null && typedText(input) !== null) props.onInput(value)
          const exact = found.filter((option) => fold(optionText(option, props).text) === fold(typedText(input) ?? ''))
          if (exact.length === 1 && isElsewhere(props.field, props.context)) choose(box, exact[0] as Option, props)
        }}
      />
      <span class="g-hidden" id="${id}-how">${props.message('how')}</span>
      <div class="g-search-popup" hidden>
        <ul
          class="g-search-list"
          role="listbox"
          id="${id}-list"
          aria-label=${props.message('list')}
          @scroll=${(event: Event) => {
            const { scrollTop, clientHeight, scrollHeight } = event.currentTarget as HTMLElement
            const box = (event.currentTarget as HTMLElement).closest('.g-search')?.querySelector('input') as HTMLInputElement
            if (scrollTop + clientHeight > scrollHeight - 40 && !asking.has(box)) further(box, props)
          }}
        ></ul>
        <p class="g-hint g-search-note"></p>
      </div>
      <p class="g-hidden" role="status"></p>
    </div>`
  },
  styles: `
.g-search-popup { border: 2px solid var(--guichet-colour-border); border-block-start: 0; background: var(--guichet-colour-surface); }
.g-search-list { list-style: none; margin: 0; padding: 0; max-block-size: 16em; overflow-y: auto; }
.g-search-option { padding: 0.5em 0.6em; cursor: pointer; }
.g-search-option + .g-search-option { border-block-start: 1px solid var(--guichet-colour-line); }
.g-search-option:hover { background: var(--guichet-colour-raised); }
.g-search-option[aria-selected="true"] { background: var(--guichet-colour-primary); color: var(--guichet-colour-on-primary); outline: 2px solid transparent; outline-offset: -2px; }
.g-search-option[aria-selected="true"] .g-choice-hint { color: inherit; }
.g-search-note { margin: 0; padding: 0.4em 0.6em; }
.g-search-note:empty { display: none; }
`,
}
