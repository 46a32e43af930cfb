import { directionOf, type Text } from '@guichet/core'
import { html, type TemplateResult } from 'lit-html'
import { h } from './dom.ts'
import type { Said, Words } from './words.ts'

/** A text as it stands in the page: marked with its own language where that is not the one around it. */
export const say = (words: Words, said: Said): string | TemplateResult =>
  said.language === words.language || said.text === '' ? said.text : html`<span lang=${said.language} dir=${directionOf(said.language)}>${said.text}</span>`

/** The same as a node, for what is made without a template. */
export const saidNode = (words: Words, said: Said): string | HTMLElement =>
  said.language === words.language || said.text === '' ? said.text : h('span', { lang: said.language, dir: directionOf(said.language) }, said.text)

export const sayText = (words: Words, text: Text | undefined) => say(words, words.text(text))

/** Plain text whose empty lines part paragraphs. */
export const paragraphs = (words: Words, text: Text | undefined, className = '') => {
  const said = words.text(text)
  return said.text === '' ? [] : said.text.split(/\n\s*\n/).map((part) => html`<p class=${className}>${say(words, { ...said, text: part })}</p>`)
}
