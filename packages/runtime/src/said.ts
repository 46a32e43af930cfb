import { directionOf, type Text } from '@guichet/core'
import { html } from 'lit-html'
import { h } from './dom.ts'
import type { Said, Words } from './words.ts'

/** A text as it stands in the page: marked with its own language where that is not the one around it. */
export const say = (words: Words, { text, language }: Said): string | HTMLElement =>
  language === words.language || text === '' ? text : h('span', { lang: language, dir: directionOf(language) }, text)

export const sayText = (words: Words, text: Text | undefined) => say(words, words.text(text))

/** Plain text whose empty lines part paragraphs. */
export const paragraphs = (words: Words, text: Text | undefined, className = '') => {
  const said = words.text(text)
  return said.text === '' ? [] : said.text.split(/\n\s*\n/).map((part) => html`<p class=${className}>${say(words, { ...said, text: part })}</p>`)
}
