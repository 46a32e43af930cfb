/** What boxes are bound to, and the months that their keys are of. */
import type { AgencyId } from '../store/store.ts'

export const caseOwner = (agency: AgencyId, service: string, id: string) => `${agency}|${service}|${id}`
export const attachmentOwner = (agency: AgencyId, service: string, id: string) => `${agency}|${service}|attachment ${id}`

/** Words of officers that go with events of the audit log. They are kept as long as the month's key is. */
export const auditNoteOwner = (agency: AgencyId) => `${agency}|audit-note`

/** The moments at which a month (`2026-01`) begins, and the next one does. */
export function monthRange(month: string): [from: string, until: string] {
  const [year, number] = month.split('-').map(Number) as [number, number]
  return [new Date(Date.UTC(year, number - 1, 1)).toISOString(), new Date(Date.UTC(year, number, 1)).toISOString()]
}
