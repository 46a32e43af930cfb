/** The columns of a service's export: those of all its versions, each where the first version that had it put it. */
import type { Program } from '@guichet/core'
import type { Answers, Json } from '@guichet/schemas'
import type { KeptOutcome } from '../../intake/seal.ts'
import type { ExportedSubmission } from '../../store/store.ts'
import type { CaseLine } from '../open-case.ts'
import { seesComputed } from '../revealed.ts'

export interface ExportRow {
  line: CaseLine & Pick<ExportedSubmission, 'decidedAt' | 'amendments' | 'amendedAt'>
  /** Null: the key was destroyed, and what was sent in with it. */
  content: { answers: Answers; outcome: KeptOutcome } | null
}

export interface Column {
  name: string
  value(row: ExportRow): Json | undefined
}

const fixed: readonly Column[] = [
  { name: 'submission', value: ({ line }) => line.submission },
  { name: 'version', value: ({ line }) => line.version },
  { name: 'language', value: ({ line }) => line.language },
  { name: 'receivedAt', value: ({ line }) => line.receivedAt },
  { name: 'status', value: ({ line }) => line.status },
  { name: 'stage', value: ({ line }) => line.stage },
  { name: 'dueAt', value: ({ line }) => line.dueAt },
  { name: 'closedAt', value: ({ line }) => line.closedAt },
  { name: 'decision', value: ({ line }) => line.decision },
  { name: 'decidedAt', value: ({ line }) => line.decidedAt },
  { name: 'amendments', value: ({ line }) => line.amendments },
  { name: 'amendedAt', value: ({ line }) => line.amendedAt },
  { name: 'late', value: ({ line }) => line.late },
  { name: 'readable', value: ({ content }) => content !== null },
  { name: 'fee', value: ({ content }) => content?.outcome.fee.total },
]

const seesSome = (nodes: Program['nodes'], group: string, sees: (path: string) => boolean) =>
  sees(group) || [...nodes.keys()].some((path) => path.startsWith(`${group}.`) && sees(path))

/** Of what whoever exports sees, if only in some rows or versions. `answers.<id>`: a group that repeats is one column, its rows as JSON. `computed.<id>` follow. */
export function columnsOf(programs: readonly Program[], sees: (path: string) => boolean): Column[] {
  const answers = new Set<string>()
  const computed = new Set<string>()
  for (const program of programs) {
    const { nodes, computed: values } = program
    for (const { path, group, field, type, children, rows } of nodes.values()) {
      const arranges = children.length > 0 && rows === null
      if (group === null && !arranges && field.type !== 'computed' && type.answers !== false && (rows ? seesSome(nodes, path, sees) : sees(path)))
        answers.add(path)
    }
    for (const id of values.keys()) if (seesComputed(program, id, sees)) computed.add(id)
  }
  const own = (object: Record<string, unknown> | undefined, name: string) => (object && Object.hasOwn(object, name) ? (object[name] as Json) : undefined)
  return [
    ...fixed,
    ...[...answers].map((id): Column => ({ name: `answers.${id}`, value: ({ content }) => own(content?.answers, id) })),
    ...[...computed].map((id): Column => ({ name: `computed.${id}`, value: ({ content }) => own(content?.outcome.computed, id) })),
  ]
}
