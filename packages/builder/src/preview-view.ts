/** What the server would send for a draft, made here: the preview is the runtime itself. */
import { localise } from '@guichet/core'
import { lookOf } from '@guichet/core/theme'
import type { ServiceView } from '@guichet/runtime'
import type { Definition } from './editor/edit.ts'
import { outsideMessages } from './known-types.ts'
import { citizensStrings } from './language.ts'
import { lastOf } from './last-of.ts'

interface WithTemporal {
  Temporal?: { Now: { plainDateISO(timeZone: string): { toString(): string } } }
}

/** Making one takes longer than all else that a view is made of. */
const calendars = new Map<string, Intl.DateTimeFormat>()
function calendarOf(timeZone: string): Intl.DateTimeFormat {
  const calendar = calendars.get(timeZone) ?? new Intl.DateTimeFormat('en-CA', { timeZone, year: 'numeric', month: '2-digit', day: '2-digit' })
  calendars.set(timeZone, calendar)
  return calendar
}

/** Today's date where the service is. */
export const todayIn = (timeZone: string): string => {
  try {
    // It knows time zones without a calendar's names, and takes a hundredth of the time; not every browser has it.
    const { Temporal } = globalThis as WithTemporal
    return Temporal?.Now.plainDateISO(timeZone).toString() ?? calendarOf(timeZone).format()
  } catch {
    // A time zone that does not exist; lint says so.
    return new Date().toISOString().slice(0, 10)
  }
}

/** Colours that can be read are looked for step by step. */
const lookNow = lastOf(lookOf)

/** Before a service opens, while it is open, and after it has closed people read something else. */
export type OpenState = ServiceView['open']['state']

const lastDay = ({ window }: Definition) => window?.lateUntil ?? window?.closes

/** The states that the window of a service brings about. */
export const openStates = (definition: Definition): readonly OpenState[] => [
  'open',
  ...(definition.window?.opens === undefined ? [] : (['not-yet'] as const)),
  ...(lastDay(definition) === undefined ? [] : (['closed'] as const)),
]

/** The same again while it says the same, as what is another object has all of the page drawn anew. */
const sameOpen = lastOf((json: string) => JSON.parse(json) as ServiceView['open'])

/** It can be tried at any time. Until when it is open stands in the guide, where that is not over. */
function openIn(definition: Definition, state: OpenState, today: string): ServiceView['open'] {
  const last = lastDay(definition)
  const closes = state === 'open' && last !== undefined && last.slice(0, 10) >= today ? last : undefined
  const opens = state === 'not-yet' ? definition.window?.opens : undefined
  return sameOpen(JSON.stringify({ state, opens, closes }))
}

/** What was made of parts, by the languages that this depends on. */
const localised = new Map<string, WeakMap<object, unknown>>()

function knownIn(definition: Definition, language: string): WeakMap<object, unknown> {
  const key = [language, ...definition.languages].join(' ')
  let known = localised.get(key)
  if (!known) {
    if (localised.size > 20) localised.clear()
    known = new WeakMap()
    localised.set(key, known)
  }
  return known
}

/** The same object each time, as what is another has all of the page drawn anew. */
const said = new Map<string, ServiceView['messages']>()
async function messagesIn(language: string): Promise<ServiceView['messages']> {
  const known = said.get(language) ?? { ...(await citizensStrings(language)), ...outsideMessages(language) }
  said.set(language, known)
  return known
}

/** Parts of the definition that are the same as at another time are the same in the view. */
export async function previewView(definition: Definition, agency: string, language: string, state: OpenState = 'open'): Promise<ServiceView> {
  const today = todayIn(definition.locale.timeZone)
  return {
    agency,
    service: definition.id,
    version: 0,
    language,
    languages: definition.languages,
    today,
    look: lookNow(definition.agency),
    open: openIn(definition, state, today),
    definition: localise(definition, language, knownIn(definition, language)),
    messages: await messagesIn(language),
  }
}
