/** Lists of open cases, and the index that each is read from. */
export const listsOfWork: readonly (readonly [WorkFilter, string])[] = [
  [{}, 'submissions_open_by_due'],
  [{ service: 'other' }, 'submissions_open_by_due'],
  [{ dueBefore: '2026-01-20' }, 'submissions_open_by_due'],
  [{ service: 'card', stage: 'check' }, 'submissions_by_stage'],
]

/** Lists of cases, and the index that each is read from. */
import type { CaseFilter, WorkFilter } from './store.ts'

export const planRows = 20_000

export const listsOfCases: readonly (readonly [CaseFilter, string])[] = [
  [{}, 'submissions_pkey'],
  [{ service: 'card' }, 'submissions_by_service'],
  [{ status: 'waiting' }, 'submissions_by_status'],
  [{ service: 'other', status: 'waiting' }, 'submissions_by_status'],
  [{ service: 'other', stage: 'check' }, 'submissions_by_stage'],
  [{ service: 'other', stage: 'check', status: 'waiting' }, 'submissions_by_stage'],
]
