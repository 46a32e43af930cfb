/** The proofs that come with a submission. Without one, or with one of another address, the answer is refused. */
import type { Problem, Session } from '@guichet/core'
import type { Intake } from '../intake/stages.ts'
import { secretsOf } from './secrets.ts'
import { verifiedValues } from './verified-fields.ts'

export interface Proofs {
  /** Answers that ask for a code and came without its proof. */
  problems: Problem[]
  /** Pointers of those that came with it. */
  proved: string[]
}

/** `vouched`: fields that the person's sign-in has filled, which nobody types. */
export function checkProofs(
  session: Session,
  { service, adapters, now }: Pick<Intake, 'service' | 'adapters' | 'now'>,
  proofs: Readonly<Record<string, string>>,
  vouched: readonly string[],
): Proofs {
  const found: Proofs = { problems: [], proved: [] }
  for (const { pointer, node, way, value } of verifiedValues(session)) {
    if (node.group === null && vouched.includes(node.field.id)) continue
    const proof = Object.hasOwn(proofs, pointer) ? proofs[pointer] : null
    if (secretsOf(adapters.keys.pepper, service.agency.id).isProof(proof, { service: service.version.service, way, value }, now)) found.proved.push(pointer)
    else found.problems.push({ pointer, code: `${node.field.type}.unverified` })
  }
  return found
}
