/** The language of the desk itself. */
import { type Loaders, type StaffKey, sayAny, speak } from '@guichet/staff/language'
import type audit from './audit.messages.json'
import type ui from './desk.messages.json'
import type destruction from './destruction/destruction.messages.json'
import type mails from './mails/mails.messages.json'
import type sealed from './sealed/sealed.messages.json'
import type together from './together/together.messages.json'

export type MessageKey =
  | StaffKey
  | keyof typeof ui
  | keyof typeof audit
  | keyof typeof destruction
  | keyof typeof sealed
  | keyof typeof together
  | keyof typeof mails

/** One line a language: the desk's strings, those of all pages of staff, and the field types', which word answers. */
const loaders: Loaders = {
  en: () =>
    Promise.all([import('../generated/messages/en.json', { with: { type: 'json' } }), import('@guichet/staff/messages/en.json', { with: { type: 'json' } })]),
  el: () =>
    Promise.all([import('../generated/messages/el.json', { with: { type: 'json' } }), import('@guichet/staff/messages/el.json', { with: { type: 'json' } })]),
  vi: () =>
    Promise.all([import('../generated/messages/vi.json', { with: { type: 'json' } }), import('@guichet/staff/messages/vi.json', { with: { type: 'json' } })]),
  hu: () =>
    Promise.all([import('../generated/messages/hu.json', { with: { type: 'json' } }), import('@guichet/staff/messages/hu.json', { with: { type: 'json' } })]),
  fa: () =>
    Promise.all([import('../generated/messages/fa.json', { with: { type: 'json' } }), import('@guichet/staff/messages/fa.json', { with: { type: 'json' } })]),
}

speak({ loaders, title: 'desk.title' })

export { Localized, language, preferredLanguage, sayIfKnown, useLanguage } from '@guichet/staff/language'

/** A string of the desk, formatted. */
export const say: (key: MessageKey, params?: Parameters<typeof sayAny>[1]) => string = sayAny
