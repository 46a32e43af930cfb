/** How things are called: dates, states, decisions, people, texts of a service. */
import { directionOf, pickText, type Text } from '@guichet/core'
import { html, nothing, type TemplateResult } from 'lit'
import { language, sayIfKnown } from './language.ts'

export const statusName = (status: string) => sayIfKnown(`status.${status}`) ?? status
export const decisionName = (decision: string) => sayIfKnown(`decision.${decision}`) ?? decision

/** The language as it is written where the reader is: dates of `en` are not those of `en-GB`. */
export const regional = () => navigator.languages.find((tag) => tag === language() || tag.startsWith(`${language()}-`)) ?? language()

/** A moment as people write it, in the time zone and calendar of the service. */
export function momentText(
  iso: string,
  { timeZone, calendar }: { timeZone?: string; calendar?: string } = {},
  dateStyle: 'long' | 'medium' = 'medium',
): string {
  return new Intl.DateTimeFormat(regional(), { dateStyle, timeStyle: 'short', timeZone, calendar }).format(new Date(iso))
}

/** A day, for lists: in the reader's own calendar, so that lines of different services can be compared. */
export const dayText = (iso: string, timeZone?: string) => new Intl.DateTimeFormat(regional(), { dateStyle: 'medium', timeZone }).format(new Date(iso))

/** A text of a service in the reader's language, or marked with the one it is in. */
export function textOf(text: Text | undefined, languages: readonly string[]): TemplateResult | string | typeof nothing {
  const said = pickText(text, [language(), ...languages])
  if (said.text === '') return nothing
  return said.language === language() ? said.text : html`<span lang=${said.language} dir=${directionOf(said.language)}>${said.text}</span>`
}

/** The same as plain text, for names that are not drawn, such as those of options of a list. */
export const plainText = (text: Text | undefined, languages: readonly string[]) => pickText(text, [language(), ...languages]).text

/** The end of a case's number: what officers call it among themselves, and what mails to the citizen say. */
export const shortNumber = (submission: string) => submission.slice(-8)

export const bytesText = (bytes: number) => {
  const [unit, size] = bytes < 1e6 ? ['kilobyte', Math.max(1, Math.round(bytes / 1e3))] : ['megabyte', Math.round(bytes / 1e5) / 10]
  return new Intl.NumberFormat(language(), { style: 'unit', unit: unit as string }).format(size as number)
}
