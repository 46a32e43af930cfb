/**
 * The proofs that addresses and numbers are the person's own, by the address: a changed answer has none. They belong to one way
 * through a service, as its files do, and go where those go: into another language, into a saved application and out of it.
 */
import { type Json, places } from '@guichet/core'
import type { Submission } from '@guichet/schemas'
import type { DraftContent } from './draft-content.ts'
import { goneThrough } from './gone-through.ts'
import type { Visit } from './visit.ts'

export const asksForCode = (field: object) => (field as { verify?: boolean }).verify === true

export type Proofs = Map<string, string>

const held = new WeakMap<object, Proofs>()

/** `files`: those of the visit. */
export function proofsOf(files: Visit['files'] | ReadonlyMap<string, unknown>): Proofs {
  let proofs = held.get(files)
  if (!proofs) held.set(files, (proofs = new Map()))
  return proofs
}

/** The files of what was kept elsewhere, and with them its proofs. */
export function filesOf({ files, proofs = {}, through = [] }: Pick<DraftContent, 'files' | 'proofs' | 'through'>): Visit['files'] {
  const found: Visit['files'] = new Map(files.map((file) => [file.id, file]))
  for (const [value, proof] of Object.entries(proofs)) proofsOf(found).set(value, proof)
  for (const step of through) goneThrough(found).add(step)
  return found
}

/** Those of a submission, by address again. */
export const proofsIn = ({ answers, proofs = {} }: Pick<Submission, 'answers' | 'proofs'>): Record<string, string> =>
  Object.fromEntries(
    Object.entries(proofs).flatMap(([pointer, proof]) => {
      const value = pointer
        .split('/')
        .slice(1)
        .reduce<Json>((at, key) => (Object(at) as Record<string, Json>)[key] ?? null, answers as Json)
      return typeof value === 'string' ? [[value, proof]] : []
    }),
  )

/** The proofs that go along with a submission, by the pointers of their answers. */
export function proofsFor({ session, program, files }: Pick<Visit, 'session' | 'program' | 'files'>): Record<string, string> {
  const proofs = proofsOf(files)
  return Object.fromEntries(
    [...program.pages.values()].flatMap((nodes) =>
      places(session, nodes).flatMap(({ node, at }) => {
        const proof = asksForCode(node.field) ? proofs.get(String(session.value(node, at))) : undefined
        return proof === undefined ? [] : [[`/${at}${node.field.id}`, proof]]
      }),
    ),
  )
}
