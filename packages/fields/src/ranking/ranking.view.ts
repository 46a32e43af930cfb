import { html, nothing } from 'lit-html'
import type { RankingField } from '../../generated/settings.ts'
import { optionText, said } from '../choice.view.ts'
import { optionsOf } from '../choices.ts'
import type { FieldView } from '../field-view.ts'
import { orderOf } from './ranking.ts'

export const view: FieldView<RankingField> = {
  layout: 'group',
  render(props) {
    const { id, field, context, language, message } = props
    const options = new Map(optionsOf(field, context).map((option) => [option.value, option]))
    const order = orderOf(props.input, [...options.keys()])
    const number = new Intl.NumberFormat(language)
    const textOf = (value: string) => {
      const option = options.get(value)
      return option ? optionText(option, props) : { text: value, language }
    }
    const move = (from: number, by: -1 | 1) => (event: Event) => {
      const to = from + by
      const moved = order[from]
      if (moved === undefined || to < 0 || to >= order.length) return
      const next = order.filter((value) => value !== moved)
      next.splice(to, 0, moved)
      const box = (event.currentTarget as Element).closest('.g-ranking') as Element
      props.onInput(next)
      // The focus goes along with what was moved, so that it can be moved on; where it now stands is said.
      box.querySelectorAll('li')[to]?.querySelectorAll('button')[by < 0 ? 0 : 1]?.focus()
      const status = box.querySelector('[role=status]')
      if (status) status.textContent = message('moved', { label: textOf(moved).text, position: to + 1, count: order.length })
    }
    const keep = (event: Event) => {
      const box = (event.currentTarget as Element).closest('.g-ranking') as Element
      props.onInput(order)
      box.querySelector('ol')?.focus()
      const status = box.querySelector('[role=status]')
      if (status) status.textContent = message('kept')
    }
    const button = (key: 'up' | 'down', i: number, label: string) => {
      const end = key === 'up' ? i === 0 : i === order.length - 1
      return html`<button
        class="g-button g-button-secondary g-rank-button"
        type="button"
        aria-label="${message(key)}: ${label}"
        aria-disabled=${end ? 'true' : nothing}
        @click=${move(i, key === 'up' ? -1 : 1)}
      >
        ${message(key)}
      </button>`
    }
    return html`<div class="g-ranking">
      <ol class="g-ranks" role="list" id=${id} tabindex="-1">
        ${order.map((value, i) => {
          const text = textOf(value)
          return html`<li class="g-rank">
            <span class="g-rank-number">${number.format(i + 1)}.</span>
            <span class="g-rank-label">${said(text, language)}</span>
            <span class="g-rank-buttons">${button('up', i, text.text)} ${button('down', i, text.text)}</span>
          </li>`
        })}
      </ol>
      ${
        props.value === null
          ? html`<p class="g-rank-keep">
              <span class="g-hint">${message('untouched')}</span>
              <button class="g-button g-button-secondary" type="button" @click=${keep}>${message('keep')}</button>
            </p>`
          : nothing
      }
      <p class="g-hidden" role="status"></p>
    </div>`
  },
  styles: `
.g-ranks { list-style: none; margin: 0; padding: 0; }
.g-rank { display: flex; flex-wrap: wrap; gap: 0.25em 0.75em; align-items: center; padding-block: 0.4em; border-block-end: 1px solid var(--guichet-colour-line); }
.g-rank-number { min-inline-size: 1.75em; font-weight: 600; }
.g-rank-label { flex: 1 1 8em; }
.g-rank-button { padding: 0.25em 0.75em; }
.g-rank-button[aria-disabled="true"] { cursor: default; }
.g-rank-keep { display: flex; flex-wrap: wrap; gap: 0.5em 1em; align-items: center; margin-block: 0.75em 0; }
`,
}
