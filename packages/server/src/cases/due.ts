/** Until when a stage is to be done. */
import { termEnd } from '@guichet/core'
import type { Answers, ServiceDefinition, Stage } from '@guichet/schemas'
import { endOfDay, localDate } from '../clock.ts'
import { noTerm } from '../store/store.ts'

type Place = Pick<ServiceDefinition, 'locale'>

/** Offsets of time zones are whole quarters of an hour, so that within one the date does not change. */
const quarter = 900_000
/** The last answer for each stage: under load every submission asks the same again. */
const known = new WeakMap<Stage, { slot: number; due: string }>()

/**
 * The last moment of the stage's term, for a case that entered it at `entered`; `noTerm` if it has none. A term that counts
 * from the date in a field counts from the stage where that field has no answer.
 */
export function dueAt({ locale }: Place, stage: Stage | null, entered: Date, answers: Answers): string {
  const term = stage?.term
  if (!stage || !term) return noTerm
  const said = term.after === undefined ? undefined : answers[term.after]
  if (term.unit === 'hours') {
    const day = typeof said === 'string' ? termEnd({ value: 0, unit: 'days' }, said, locale) : null
    // From the beginning of that day, which is when the one before it ends.
    const from = day === null ? entered.getTime() : endOfDay(dayBefore(day), locale.timeZone).getTime() + 1
    return momentOf(from + term.value * 3600_000)
  }
  if (typeof said === 'string') return lastMoment(termEnd(term, said, locale), locale)
  const slot = Math.floor(entered.getTime() / quarter)
  const held = known.get(stage)
  if (held?.slot === slot) return held.due
  const due = lastMoment(termEnd(term, localDate(entered, locale.timeZone), locale), locale)
  known.set(stage, { slot, due })
  return due
}

const dayBefore = (day: string) => new Date(Date.parse(`${day}T00:00:00Z`) - 86_400_000).toISOString().slice(0, 10)

const lastMoment = (day: string | null, { timeZone }: Place['locale']) => (day === null ? noTerm : endOfDay(day, timeZone).toISOString())

function momentOf(ms: number): string {
  return ms < Date.parse(noTerm) ? new Date(ms).toISOString() : noTerm
}
