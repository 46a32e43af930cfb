import { type CalendarName, dayOf } from './calendar.ts'

/** An ISO date as a reader of the language writes it in words. */
export function showDay(iso: string, calendar: CalendarName, language: string): string {
  return dayOf(iso, calendar) ? new Intl.DateTimeFormat(language, { calendar, dateStyle: 'long', timeZone: 'UTC' }).format(new Date(iso)) : iso
}
