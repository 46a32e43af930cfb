import type { CaseFilter, WorkFilter } from './store.ts'

/** Lists of open cases, and the index that each is read from. */
export const listsOfWork: readonly (readonly [WorkFilter, string])[] = [
  [{}, 'submissions_open'],
  [{ service: 'other' }, 'submissions_open'],
  [{ dueBefore: '2026-01-20' }, 'submissions_open'],
  [{ dueFrom: '2026-01-12', dueBefore: '2026-01-20', status: 'waiting' }, 'submissions_open'],
  [{ status: 'waiting' }, 'submissions_open'],
  [{ assignee: null }, 'submissions_open'],
  [{ assignee: null, status: 'received', service: 'card' }, 'submissions_open'],
  [{ service: 'card', stage: 'check' }, 'submissions_by_stage'],
  [{ service: 'card', stage: 'check', status: 'received', assignee: null }, 'submissions_by_stage'],
]

/** Lists of cases, and the index that each is read from. */

export const planRows = 100_000

export const listsOfCases: readonly (readonly [CaseFilter, string])[] = [
  [{}, 'submissions_pkey'],
  [{ service: 'card' }, 'submissions_by_service'],
  [{ status: 'waiting' }, 'submissions_by_status'],
  [{ service: 'other', status: 'waiting' }, 'submissions_by_status'],
  [{ service: 'other', stage: 'check' }, 'submissions_by_stage'],
  [{ service: 'other', stage: 'check', status: 'waiting' }, 'submissions_by_stage'],
]
