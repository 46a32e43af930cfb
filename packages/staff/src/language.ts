/** The language of a page of staff: strings loaded on first use, and a controller that redraws what shows them. */
import { directionOf, formatMessage, type Messages } from '@guichet/core'
import type { ReactiveController, ReactiveControllerHost } from 'lit'
import type ui from './staff.messages.json'

export type StaffKey = keyof typeof ui

export interface MessagesModule {
  default: object
}

/** By language, what brings its strings. */
export type Loaders = Readonly<Record<string, () => Promise<MessagesModule[]>>>

let current = 'en'
let messages: Messages = {}
let loaders: Loaders = {}
let titleKey = ''
const hosts = new Set<ReactiveControllerHost>()

const remembered = 'guichet-staff-language'

/** Once a page, before anything is drawn. `title`: the key of the window's title. */
export function speak(given: { loaders: Loaders; title: string }): void {
  loaders = given.loaders
  titleKey = given.title
}

export const languages = (): string[] => Object.keys(loaders)
export const language = (): string => current
export const allMessages = (): Messages => messages

/** The language chosen before, else the first of the browser's that there is. */
export function preferredLanguage(): string {
  const wanted = [localStorage.getItem(remembered) ?? '', ...navigator.languages]
  return wanted.map((tag) => tag.split('-')[0] as string).find((tag) => Object.hasOwn(loaders, tag)) ?? 'en'
}

export async function useLanguage(next: string): Promise<void> {
  const loaded = await (loaders[next] ?? (loaders.en as () => Promise<MessagesModule[]>))()
  messages = Object.assign({}, ...loaded.map((module) => module.default))
  current = next
  localStorage.setItem(remembered, next)
  document.documentElement.lang = next
  document.documentElement.dir = directionOf(next)
  document.title = sayAny(titleKey)
  for (const host of hosts) host.requestUpdate()
}

type Params = Parameters<typeof formatMessage>[1]

/** A string by its key; packages narrow it to the keys that they have. */
export const sayAny = (key: string, params: Params = {}): string => formatMessage(messages[key], params, current)

/** A string of those that all pages of staff share. */
export const say = (key: StaffKey, params: Params = {}): string => sayAny(key, params)

/** A string whose key is put together at run time; null if there is none. */
export const sayIfKnown = (key: string, params: Params = {}): string | null =>
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
