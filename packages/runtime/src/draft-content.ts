/** What a draft holds, and what of it still fits when the service has changed meanwhile. Pure; no DOM. */
import type { Answers, Json, Program, Session } from '@guichet/core'
import { isAskedAlike, questionsOf } from '@guichet/core/kept-answers'
import type { UploadedFile } from '@guichet/fields/field-view'
import type { Field, ServiceDefinition, Text } from '@guichet/schemas'
import { goneThrough } from './gone-through.ts'
import type { Step } from './journey.ts'
import { proofsOf } from './proofs.ts'
import { type Unfinished, unfinishedAt } from './unfinished.ts'

export interface DraftContent {
  format: 1
  version: number
  language: string
  step: Step
  inputs: Answers
  documents: Record<string, readonly string[]>
  atDesk: readonly string[]
  /** What is known of the files that the answers and documents name. */
  files: UploadedFile[]
  /** By address or number: proofs that it is the person's own. Absent: there are none. */
  proofs?: Record<string, string>
  /** Of a task list: the steps that were gone through. */
  through?: readonly Step[]
  /** Files that have come part of their way. */
  uploads?: readonly Unfinished[]
}

export interface InProgress {
  session: Pick<Session, 'inputs' | 'documents' | 'atDesk'>
  files: ReadonlyMap<string, UploadedFile>
  view: { version: number; language: string }
  transport?: { address?: string; sealing?: unknown }
}

export function draftContent({ session, files, view, transport }: InProgress, step: Step): DraftContent {
  const { inputs, documents, atDesk } = session
  const named = JSON.stringify([inputs, documents])
  const proofs = proofsOf(files)
  const through = goneThrough(files)
  // A sealed file is sealed anew each time, so that no other visit can go on with it.
  const uploads = transport?.sealing ? [] : unfinishedAt(transport?.address)
  return {
    format: 1,
    version: view.version,
    language: view.language,
    step,
    inputs,
    documents,
    atDesk,
    // Ids are long and random, so whatever holds one means it.
    files: [...files.values()].filter(({ id }) => named.includes(JSON.stringify(id))),
    ...(proofs.size > 0 ? { proofs: Object.fromEntries(proofs) } : {}),
    ...(through.size > 0 ? { through: [...through] } : {}),
    ...(uploads.length > 0 ? { uploads } : {}),
  }
}

export interface Changes {
  /** Still asked, but what was answered does not fit any more, or not as it is. */
  changed: Text[]
  /** Answered, and no longer asked. */
  gone: Text[]
  /** Asked now, and not before. */
  added: Text[]
}

const labelOf = (field: { id: string; label?: unknown; statement?: unknown }): Text => (field.label ?? field.statement ?? { en: field.id }) as Text
const isEmpty = (input: Json | undefined) => input === null || input === undefined || input === '' || (Array.isArray(input) && input.length === 0)

/**
 * Moves a draft to another version. `program` is that version, `before` the definition it was filled in with (null: not
 * known any more), `session` one made of the draft's answers. Answers that fit stay as they were typed.
 */
export function moveDraft(
  draft: DraftContent,
  before: ServiceDefinition | null,
  session: Session,
): { inputs: Answers; documents: DraftContent['documents']; changes: Changes } {
  const { program, context } = session
  const now = questionsOf(program.definition)
  const then = before ? questionsOf(before) : new Map<string, Field>()
  const changed = new Set<string>()
  const gone = new Map<string, Text>()

  const move = (answers: Answers, prefix: string): Answers => {
    const kept: Answers = {}
    for (const [id, input] of Object.entries(answers)) {
      const path = prefix + id
      const [was, is] = [then.get(path), now.get(path)]
      const node = program.nodes.get(path)
      if (!is || !node || node.type.answers === false || is.type === 'computed') {
        if (!isEmpty(input)) gone.set(path, labelOf(was ?? { id }))
        continue
      }
      if (node.rows) {
        if (Array.isArray(input)) kept[id] = input.map((row) => move(Object(row) as Answers, `${path}.`))
        else if (!isEmpty(input)) changed.add(path)
        continue
      }
      // Half-typed input of a question that is as it was is the person's own matter still.
      if (isEmpty(input) || (was && isAskedAlike(was, is))) {
        kept[id] = input
        continue
      }
      const parsed = node.type.parse(input, is as never, context)
      if ('finding' in parsed || parsed.value === null) {
        changed.add(path)
        continue
      }
      if (node.type.check?.(parsed.value, is as never, context)) changed.add(path)
      kept[id] = input
    }
    return kept
  }
  const inputs = move(draft.inputs, '')

  const documents: DraftContent['documents'] = {}
  for (const [id, files] of Object.entries(draft.documents)) {
    if (program.definition.documents?.some((document) => document.id === id)) documents[id] = files
    else if (files.length > 0) gone.set(`document ${id}`, labelOf(before?.documents?.find((document) => document.id === id) ?? { id }))
  }
  return {
    inputs,
    documents,
    changes: {
      changed: [...changed].map((path) => labelOf(now.get(path) as Field)),
      gone: [...gone.values()],
      added: before ? [...now].filter(([path, field]) => !then.has(path) && asks(program, path, field)).map(([, field]) => labelOf(field)) : [],
    },
  }
}

const asks = (program: Program, path: string, field: Field) =>
  field.type !== 'computed' && field.type !== 'hidden' && program.nodes.get(path)?.type.answers !== false
