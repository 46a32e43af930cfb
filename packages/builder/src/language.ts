/** The language of the builder itself. */
import type { Messages } from '@guichet/core'
import { languages as all, type Loaders, type StaffKey, sayAny, speak } from '@guichet/staff/language'
import type author from './author.messages.json'
import type base from './base.messages.json'
import type blocks from './blocks.messages.json'
import type ui from './builder.messages.json'
import type canvas from './canvas.messages.json'
import type checks from './checks.messages.json'
import type exchange from './exchange.messages.json'
import type formula from './formula.messages.json'
import type logic from './logic.messages.json'
import type map from './map.messages.json'
import type merge from './merge.messages.json'
import type paths from './paths.messages.json'
import type people from './people/people.messages.json'
import type policy from './policy.messages.json'
import type tables from './tables.messages.json'
import type template from './template.messages.json'
import type translation from './translation.messages.json'
import type versions from './versions.messages.json'

export type MessageKey =
  | StaffKey
  | keyof typeof author
  | keyof typeof ui
  | keyof typeof base
  | keyof typeof blocks
  | keyof typeof canvas
  | keyof typeof checks
  | keyof typeof exchange
  | keyof typeof formula
  | keyof typeof logic
  | keyof typeof map
  | keyof typeof merge
  | keyof typeof paths
  | keyof typeof policy
  | keyof typeof people
  | keyof typeof tables
  | keyof typeof template
  | keyof typeof translation
  | keyof typeof versions

/**
 * One line a language: the builder's strings, those of all pages of staff, and core's, which word what lint finds; and beside them
 * those of the runtime, which draws the canvas. One file each, so that one request brings all that is said.
 */
const strings = {
  en: () => import('./strings/en.ts'),
  el: () => import('./strings/el.ts'),
  vi: () => import('./strings/vi.ts'),
  hu: () => import('./strings/hu.ts'),
  fa: () => import('./strings/fa.ts'),
} as const

type Tag = keyof typeof strings
const brought = new Map<Tag, Awaited<ReturnType<(typeof strings)[Tag]>>>()
/** What has come is there at once: to import it again would let a frame be drawn before what it is wanted for. */
async function stringsIn(tag: Tag) {
  const known = brought.get(tag) ?? (await strings[tag]())
  brought.set(tag, known)
  return known
}

const loaders: Loaders = Object.fromEntries((Object.keys(strings) as Tag[]).map((tag) => [tag, async () => [{ default: (await stringsIn(tag)).forAuthors }]]))

/** The runtime's strings in a language; English where the runtime does not speak it. */
export async function citizensStrings(wanted: string): Promise<Messages> {
  const { forCitizens } = await stringsIn(Object.hasOwn(strings, wanted) ? (wanted as Tag) : 'en')
  return forCitizens as Messages
}

speak({ loaders, title: 'app.title' })

export const languages = all()

export { allMessages, Localized, language, preferredLanguage, sayIfKnown, useLanguage } from '@guichet/staff/language'

/** A string of the builder, formatted. */
export const say: (key: MessageKey, params?: Parameters<typeof sayAny>[1]) => string = sayAny
