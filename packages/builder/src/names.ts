/** Names of types and settings in the author's language; a type that is not ours brings its own in its schema. */
import { pickText, type ValueKind } from '@guichet/core'
import lifeEvents from '@guichet/core/life-events.json' with { type: 'json' }
import { type Control, isOfWeekdays } from './control.ts'
import type { Operator } from './editor/condition-rows.ts'
import type { Definition } from './editor/edit.ts'
import { allMessages, language, say, sayIfKnown } from './language.ts'

const events: Readonly<Record<string, { label: Readonly<Record<string, string>> }>> = lifeEvents

/** The builder's word where it has one, else the schema's, marked with its language. */
export interface Named {
  text: string
  /** Set where the text is not in the language of the page. */
  lang: 'en' | undefined
}

/** As it is written: what stands in brackets is what an author is to type. */
const ours = (key: string): Named | null => {
  const text = allMessages()[key]
  return typeof text === 'string' ? { text, lang: undefined } : null
}

const theirs = (text: unknown): Named | null => (typeof text === 'string' && text !== '' ? { text, lang: language() === 'en' ? undefined : 'en' } : null)

/** `member_count`, `maxFiles` as words. */
const spaced = (name: string) => {
  const words = name
    .replaceAll(/[_-]/g, ' ')
    .replace(/([a-z])([A-Z])/g, '$1 $2')
    .toLowerCase()
  return words.charAt(0).toUpperCase() + words.slice(1)
}

export const typeName = (type: string, schema: object | undefined): Named =>
  ours(`type.${type}`) ?? theirs((schema as { title?: string })?.title) ?? { text: type, lang: undefined }
export const typeHelp = (type: string, schema: object | undefined): Named | null =>
  ours(`type.${type}.help`) ?? theirs((schema as { description?: string })?.description)

/** `owner` tells apart settings of the same name: the title of the schema that the setting stands in. */
export function settingName(property: string, owner: string, schema: object): Named {
  const titled = schema as { title?: string; $ref?: string }
  return ours(`setting.${owner}.${property}`) ?? ours(`setting.${property}`) ?? theirs(titled.title) ?? { text: spaced(property), lang: undefined }
}
export function settingHelp(property: string, owner: string, schema: object): Named | null {
  const own = ours(`setting.${owner}.${property}.help`)
  // Our general help explains our general name; a setting named apart is explained apart, or by its schema.
  const isNamedApart = ours(`setting.${owner}.${property}`) !== null
  return own ?? (isNamedApart ? null : ours(`setting.${property}.help`)) ?? theirs((schema as { description?: string }).description)
}

/** Life events are named where the catalogue has their names from. */
const eventName = (value: unknown): string | undefined => {
  const { label } = (Object.hasOwn(events, String(value)) && events[String(value)]) || {}
  return label?.[language()] ?? label?.en
}

/** 2 January 2023 was a Monday. */
const weekdayName = (day: number): string =>
  new Intl.DateTimeFormat(language(), { weekday: 'long', timeZone: 'UTC' }).format(new Date(Date.UTC(2023, 0, 1 + day)))

/** Country codes and days of the week are named by the browser. `control`: whose choices they are, where that says what they mean. */
export const choiceName = (value: unknown, control?: Control): string => {
  if (control && isOfWeekdays(control)) return weekdayName(Number(value))
  const known = sayIfKnown(`choice.${String(value)}`) ?? eventName(value)
  if (known !== undefined) return known
  if (typeof value === 'number') return new Intl.NumberFormat(language()).format(value)
  return typeof value === 'string' && /^[A-Z]{2}$/.test(value) ? (new Intl.DisplayNames([language()], { type: 'region' }).of(value) ?? value) : String(value)
}

/** Days and times are before and after each other, numbers less and more. */
const moments: readonly (ValueKind | undefined)[] = ['date', 'time', 'month']
export const operatorName = (operator: Operator, kind: ValueKind | undefined): string =>
  (moments.includes(kind) ? sayIfKnown(`operator.${operator}.time`) : null) ?? say(`operator.${operator}`)

/** Where a route leads: a stage, a unit, or what is decided at once. */
export function placeName({ stages, agency, languages }: Definition, to: string): string {
  const label = stages?.find(({ id }) => id === to)?.label ?? (Object.hasOwn(agency.units ?? {}, to) ? agency.units?.[to] : undefined)
  return label ? pickText(label, [language(), ...languages]).text || to : choiceName(to)
}

export const languageName = (tag: string): string => {
  try {
    return new Intl.DisplayNames([language()], { type: 'language' }).of(tag) ?? tag
  } catch {
    return tag
  }
}
