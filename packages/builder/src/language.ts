/** The language of the builder itself: strings loaded on first use, and a controller that redraws what shows them. */
import { directionOf, formatMessage, type Messages } from '@guichet/core'
import type { ReactiveController, ReactiveControllerHost } from 'lit'
import type ui from './builder.messages.json'
import type exchange from './exchange.messages.json'
import type logic from './logic.messages.json'
import type tables from './tables.messages.json'
import type translation from './translation.messages.json'
import type versions from './versions.messages.json'

export type MessageKey = keyof typeof ui | keyof typeof exchange | keyof typeof logic | keyof typeof tables | keyof typeof translation | keyof typeof versions

interface MessagesModule {
  default: object
}

/** One line a language: the builder's strings, and core's, which word what lint finds. */
const loaders: Readonly<Record<string, () => Promise<MessagesModule[]>>> = {
  en: () =>
    Promise.all([import('../generated/messages/en.json', { with: { type: 'json' } }), import('@guichet/core/messages/en.json', { with: { type: 'json' } })]),
  el: () =>
    Promise.all([import('../generated/messages/el.json', { with: { type: 'json' } }), import('@guichet/core/messages/el.json', { with: { type: 'json' } })]),
  vi: () =>
    Promise.all([import('../generated/messages/vi.json', { with: { type: 'json' } }), import('@guichet/core/messages/vi.json', { with: { type: 'json' } })]),
  hu: () =>
    Promise.all([import('../generated/messages/hu.json', { with: { type: 'json' } }), import('@guichet/core/messages/hu.json', { with: { type: 'json' } })]),
  fa: () =>
    Promise.all([import('../generated/messages/fa.json', { with: { type: 'json' } }), import('@guichet/core/messages/fa.json', { with: { type: 'json' } })]),
}

export const languages = Object.keys(loaders)

let current = 'en'
let messages: Messages = {}
const hosts = new Set<ReactiveControllerHost>()

export const language = (): string => current
export const allMessages = (): Messages => messages

const remembered = 'guichet-builder-language'

/** The language chosen before, else the first of the browser's that there is. */
export function preferredLanguage(): string {
  const wanted = [localStorage.getItem(remembered) ?? '', ...navigator.languages]
  return wanted.map((tag) => tag.split('-')[0] as string).find((tag) => languages.includes(tag)) ?? 'en'
}

export async function useLanguage(next: string): Promise<void> {
  const loaded = await (loaders[next] ?? (loaders.en as () => Promise<MessagesModule[]>))()
  messages = Object.assign({}, ...loaded.map((module) => module.default))
  current = next
  localStorage.setItem(remembered, next)
  document.documentElement.lang = next
  document.documentElement.dir = directionOf(next)
  document.title = say('app.title')
  for (const host of hosts) host.requestUpdate()
}

/** A string of the builder, formatted. */
export const say = (key: MessageKey, params: Parameters<typeof formatMessage>[1] = {}): string => formatMessage(messages[key], params, current)

/** A string whose key is put together at run time; null if there is none. */
export const sayIfKnown = (key: string, params: Parameters<typeof formatMessage>[1] = {}): string | null =>
  Object.hasOwn(messages, key) ? formatMessage(messages[key], params, current) : null

/** Redraws its host when the language changes. */
export class Localized implements ReactiveController {
  readonly #host: ReactiveControllerHost
  constructor(host: ReactiveControllerHost) {
    this.#host = host
    host.addController(this)
  }
  hostConnected(): void {
    hosts.add(this.#host)
  }
  hostDisconnected(): void {
    hosts.delete(this.#host)
  }
}
