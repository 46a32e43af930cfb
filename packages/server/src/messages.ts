/** The sentences of the interface, from the generated files of the packages that have some. */
import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { formatMessage, type Json, type Messages } from '@guichet/core'
import list from '@guichet/core/languages.json' with { type: 'json' }

export const languages: readonly string[] = list.languages
export const fallbackLanguage = 'en'

const cache = new Map<string, Messages>()

function read(address: string): Messages {
  const known = cache.get(address)
  if (known) return known
  const path = fileURLToPath(address)
  const found = existsSync(path) ? (JSON.parse(readFileSync(path, 'utf8')) as Messages) : {}
  cache.set(address, found)
  return found
}

const supported = (language: string) => (languages.includes(language) ? language : fallbackLanguage)

/** What the server itself says. */
export const serverMessages = (language: string): Messages => read(new URL(`../generated/messages/${supported(language)}.json`, import.meta.url).href)

/** What core's problems and the field types' problems and views say. */
export function fieldMessages(language: string): Messages {
  const file = supported(language)
  return { ...read(import.meta.resolve(`@guichet/core/messages/${file}.json`)), ...read(import.meta.resolve(`@guichet/fields/messages/${file}.json`)) }
}

/** One sentence of the server. An unknown key is a mistake of ours, which the tests find. */
export const say = (language: string, key: string, params: Readonly<Record<string, Json>> = {}) =>
  formatMessage(serverMessages(language)[key] ?? key, params, supported(language))
