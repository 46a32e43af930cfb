/** The sentences of the interface, from the generated files of the packages that have some. */
import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { formatMessage, type Json, type Message, type Messages } from '@guichet/core'
import list from '@guichet/core/languages.json' with { type: 'json' }

export const languages: readonly string[] = list.languages
export const fallbackLanguage = 'en'

const cache = new Map<string, Messages>()

function read(path: string): Messages {
  const known = cache.get(path)
  if (known) return known
  const found = existsSync(path) ? (JSON.parse(readFileSync(path, 'utf8')) as Messages) : {}
  cache.set(path, found)
  return found
}

const supported = (language: string) => (languages.includes(language) ? language : fallbackLanguage)

/** The messages of a folder that has one file a language; none if it is not built. */
export const readMessages = (folder: string, language: string): Messages => read(join(folder, `${supported(language)}.json`))

const folderOf = (address: string) => dirname(fileURLToPath(address))
const own = fileURLToPath(new URL('../generated/messages', import.meta.url))
const ofCore = folderOf(import.meta.resolve('@guichet/core/messages/en.json'))
const ofFields = folderOf(import.meta.resolve('@guichet/fields/messages/en.json'))

/** What the server itself says. */
export const serverMessages = (language: string): Messages => readMessages(own, language)

/** What core says of answers. What lint says of definitions stays with the builder. */
export const coreMessages = (language: string): Messages =>
  Object.fromEntries(Object.entries(readMessages(ofCore, language)).filter(([key]) => !key.startsWith('lint.')))

/** The strings of field types made elsewhere, by type, key and language: what their `messages.json` files hold. */
export type TypeMessages = Readonly<Record<string, Readonly<Record<string, Readonly<Record<string, Message>>>>>>

/** What the field types say, by `<type>.<key>`: the built-in ones, and those that were handed in. */
export const fieldMessages = (language: string, outside: TypeMessages = {}): Messages => ({
  ...readMessages(ofFields, language),
  ...Object.fromEntries(
    Object.entries(outside).flatMap(([type, messages]) =>
      Object.entries(messages).flatMap(([key, said]) => {
        // A type from elsewhere may not speak all of our languages: better English than a code.
        const message = said[supported(language)] ?? said[fallbackLanguage] ?? Object.values(said)[0]
        return message === undefined ? [] : [[`${type}.${key}`, message]]
      }),
    ),
  ),
})

/** One sentence of the server, or null if it has none of that key. */
export const sayIfThere = (language: string, key: string): string | null => {
  const messages = serverMessages(language)
  return Object.hasOwn(messages, key) ? formatMessage(messages[key], {}, supported(language)) : null
}

/** One sentence of the server. An unknown key is a mistake of ours, which the tests find. */
export const say = (language: string, key: string, params: Readonly<Record<string, Json>> = {}) =>
  formatMessage(serverMessages(language)[key] ?? key, params, supported(language))
