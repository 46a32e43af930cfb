/** Which words of a page of staff are in its language, by comparing what is shown with the messages it is made of. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import lifeEvents from '@guichet/core/life-events.json' with { type: 'json' }
import type { Page } from 'playwright-core'

export interface Shown {
  text: string
  /** Language that it is marked with, as a screen reader takes it. */
  lang: string
}

/** Every text and every text of an attribute that is read out or seen, through all shadow roots. Code is in no language. */
export const shownOn = (page: Page): Promise<Shown[]> =>
  page.evaluate(() => {
    const found: Shown[] = []
    const add = (text: string | null, lang: string) => {
      const plain = text?.replace(/\s+/g, ' ').trim() ?? ''
      if (/\p{L}{2}/u.test(plain)) found.push({ text: plain, lang })
    }
    const walk = (node: Node, given: string) => {
      if (node instanceof Text) return add(node.data, given)
      if (node instanceof Element) {
        if (node.matches('script, style, code, pre, .code, [data-path$="/tables"] textarea') || !node.checkVisibility({ visibilityProperty: true })) return
        const lang = node.getAttribute('lang') || given
        for (const name of ['aria-label', 'title', 'placeholder', 'alt', 'aria-roledescription', 'aria-description']) add(node.getAttribute(name), lang)
        if (node.shadowRoot) walk(node.shadowRoot, lang)
        for (const inner of node instanceof HTMLSlotElement ? [] : node.childNodes) walk(inner, lang)
        return
      }
      for (const inner of node.childNodes) walk(inner, given)
    }
    walk(document.body, document.documentElement.lang)
    return found
  })

type Message = string | Readonly<Record<string, string>>

const root = join(import.meta.dirname, '../packages')
const read = <Content>(file: string) => JSON.parse(readFileSync(join(root, file), 'utf8')) as Content

/** Strings that the runtime fetches with a piece of its own stand beside that piece, in all languages. */
const pieces = readdirSync(join(root, 'runtime/src'))
  .filter((file) => file.endsWith('-strings.json'))
  .map((file) => read<Record<string, Record<string, Message>>>(`runtime/src/${file}`))

export const messagesIn = (language: string): [string, Message][] => [
  ...['builder', 'staff', 'core', 'runtime', 'fields', 'server'].flatMap((name) =>
    Object.entries(read<Record<string, Message>>(`${name}/generated/messages/${language}.json`)),
  ),
  ...pieces.flatMap((piece) => Object.entries(piece).map(([key, texts]): [string, Message] => [key, texts[language] ?? ''])),
]

const variants = (message: Message): string[] => (typeof message === 'string' ? [message] : Object.values(message))
const plain = (text: string) => text.replace(/\s+/g, ' ').trim()
const escaped = (text: string) => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')

/** What matches what a message can look like, whatever is put into its places. */
function patternsOf(message: Message): RegExp[] {
  return variants(message).flatMap((text) => {
    const parts = plain(text).split(/\{\w+\}/)
    // Of a message that is hardly more than its places, everything would be one.
    if (!/\p{L}{2}/u.test(parts.join(''))) return []
    return [new RegExp(`^${parts.map(escaped).join('.*')}$`, 'su')]
  })
}

/** What is said in English, where the language has another word for it. */
export function englishIn(language: string): (text: string) => string | undefined {
  const own = new Map(messagesIn(language))
  const english = messagesIn('en').flatMap(([key, message]) => {
    const [theirs, ours] = [patternsOf(message), patternsOf(own.get(key) ?? '')]
    return theirs.map((pattern) => ({ key, pattern, ours }))
  })
  return (text) => english.find(({ pattern, ours }) => pattern.test(text) && !ours.some((one) => one.test(text)))?.key
}

const wordsOf = (text: string): string[] => text.toLocaleLowerCase().match(/\p{L}[\p{L}\p{M}]{2,}/gu) ?? []

/** Words of a text that stand neither in the language's messages nor in `known`. */
export function strangersIn(language: string, known: readonly string[]): (text: string) => string[] {
  const own = messagesIn(language).flatMap(([, message]) => variants(message).map((text) => text.replaceAll(/\{\w+\}/g, ' ')))
  const vocabulary = new Set([...own, ...Object.values(lifeEvents).map(({ label }) => label[language as 'en']), ...known].flatMap(wordsOf))
  return (text) => wordsOf(text).filter((word) => !vocabulary.has(word))
}
