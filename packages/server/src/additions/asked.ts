/** What an officer asks a citizen for: kept with the step that asked, in the box of the case, because it may say something of them. */
import { isWorkingDay } from '@guichet/core'
import type { Answers, ServiceDefinition, Stage } from '@guichet/schemas'
import { dueAt } from '../cases/due.ts'
import { endOfDay, localDate } from '../clock.ts'
import type { SealBox } from '../keys/seal-box.ts'
import { type CaseStep, noTerm, type SubmissionRecord } from '../store/store.ts'

/** What is to be answered again or handed in. */
export interface Ask {
  /** Paths of fields outside repeated groups; a repeated group is asked for as a whole. */
  fields: readonly string[]
  /** Ids of required documents. */
  documents: readonly string[]
  /** The day (ISO date, where the service is) until which it is asked for. Later answers are taken too, while the case waits. */
  until?: string
}

export interface Asked extends Ask {
  /** Where the office's own term stood when it stopped; `dueAt` as in the store. */
  paused: { at: string; dueAt: string }
}

export const names = ({ fields, documents }: Pick<Ask, 'fields' | 'documents'>) => fields.length + documents.length > 0

const part = (number: number) => `asked|${number}`
/** Bound to its step, as the note is. */
export const sealAsked = (box: SealBox, number: number, asked: Asked) => box.seal(part(number), new TextEncoder().encode(JSON.stringify(asked)))
export const openAsked = (box: SealBox, { number, asked }: Pick<CaseStep, 'number' | 'asked'>): Asked | null =>
  asked === null ? null : JSON.parse(new TextDecoder().decode(box.open(part(number), asked)))

/** What the case waits for; null where nothing is named that could be answered. The last step of a case makes its revision. */
export function openAsk(box: SealBox, { status, revision }: Pick<SubmissionRecord, 'status' | 'revision'>, steps: readonly CaseStep[]): Asked | null {
  const last = steps.at(-1)
  if ((status !== 'returned' && status !== 'waiting') || last?.number !== revision) return null
  const asked = openAsked(box, last)
  return asked && names(asked) ? asked : null
}

const dayMs = 86_400_000
const dayAfter = (iso: string) => new Date(Date.parse(`${iso}T00:00:00Z`) + dayMs).toISOString().slice(0, 10)
/** A century, as of a term itself. */
const mostDays = 36_525

/** Days between two dates, the first one not counted and the last one counted, as terms count them. */
function daysBetween(from: string, to: string, counts: (iso: string) => boolean): number {
  let days = 0
  let day = from
  for (let i = 0; i < mostDays && day < to; i++) {
    day = dayAfter(day)
    if (counts(day)) days++
  }
  return days
}

/**
 * The last moment of a term that stood still while the case waited for the citizen: what was left of it, counted from the
 * day of their answer, in its own days. A term that had passed before has the rest of that day. One that counts from a date
 * that is another now counts from that. `changed`: fields with new answers.
 */
export function resumedDue(
  definition: Pick<ServiceDefinition, 'locale'>,
  stage: Stage | null,
  asked: Asked | null,
  now: Date,
  answers: Answers,
  changed: ReadonlySet<string>,
): string {
  const term = stage?.term
  if (!stage || !term) return noTerm
  const { locale } = definition
  if (!asked || (term.after !== undefined && changed.has(term.after))) return dueAt(definition, stage, now, answers)
  const { at, dueAt: due } = asked.paused
  if (due === noTerm) return noTerm
  if (term.unit === 'hours') return new Date(now.getTime() + Math.max(0, Date.parse(due) - Date.parse(at))).toISOString()
  const local = (moment: string) => localDate(new Date(moment), locale.timeZone)
  const left = daysBetween(local(at), local(due), (day) => term.unit === 'days' || isWorkingDay(day, locale))
  return dueAt(definition, { ...stage, term: { value: left, unit: term.unit } }, now, answers)
}

/** The moment until which a citizen is asked to answer. */
export const askedUntil = ({ locale }: Pick<ServiceDefinition, 'locale'>, until: string | undefined): string =>
  until === undefined ? noTerm : endOfDay(until, locale.timeZone).toISOString()
