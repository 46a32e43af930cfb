/** What the small elements share: language, address of the server, strings, styles, and saying that it is away. */
import { directionOf, formatMessage, type Json, type Message } from '@guichet/core'
import { h } from './dom.ts'
import './more-styles.ts'
import { more, sheetOf } from './sheets.ts'
import { styles } from './styles.ts'
import { unreachable } from './unreachable.ts'

export type Strings = Readonly<Record<string, Readonly<Record<string, Message>>>>

export interface Speech {
  language: string
  direction: 'ltr' | 'rtl'
  say(key: string, params?: Readonly<Record<string, Json>>): string
  /** Attributes of a text in some language: none where it is the language around. */
  marked(language: string): { lang?: string; dir?: string }
}

/** The language of an element: its own, else that around it, else the reader's; English where the strings lack it. */
export function speechOf(element: Element, strings: Strings): Speech {
  const wanted = element.getAttribute('lang') || element.closest<HTMLElement>('[lang]')?.lang || navigator.language
  const base = wanted.split('-')[0] as string
  const known = Object.hasOwn(Object.values(strings)[0] ?? {}, base)
  const language = known ? wanted : 'en'
  return {
    language,
    direction: directionOf(language),
    say: (key, params = {}) => formatMessage(strings[key]?.[known ? base : 'en'], params, language),
    marked: (other) => (other === language || other === '' ? {} : { lang: other, dir: directionOf(other) }),
  }
}

let own = ''
/** Tells where the script came from, for elements without `base`. */
export const servedFrom = (script: string) => {
  own = new URL('.', script).href
}
export const baseOf = (element: Element) => {
  const given = element.getAttribute('base')
  return given ? `${given.replace(/\/*$/, '')}/` : own
}

export const dress = (root: ShadowRoot, own: string) => {
  root.adoptedStyleSheets = [sheetOf(styles), more, sheetOf(own)]
}

/** The server is away: a sentence, and a way to try again. */
export function awayNotice({ language }: Speech, again: () => void) {
  const said = unreachable(language)
  return h(
    'div',
    { lang: said.language, dir: said.direction },
    h('div', { class: 'g-failure', role: 'alert' }, h('p', {}, said.sentence)),
    h('button', { type: 'button', class: 'g-button', click: again }, said.retry),
  )
}
