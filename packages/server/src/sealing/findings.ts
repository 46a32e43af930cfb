/** What stands in the way of publishing a sealed service: what the server could not work out, and keys that are not there. */
import { clearPartOf, compile, type Json, type Program } from '@guichet/core'
import type { Policy } from '@guichet/schemas'
import { say } from '../messages.ts'
import type { PublishFinding } from '../services/check-draft.ts'
import { sealedTerms } from '../services/live.ts'
import type { AgencyStore } from '../store/store.ts'
import { recipientsOf } from './recipients.ts'

/** `program`: what the server sees of the service; null if it is not sealed. */
export async function sealedFindings(
  agency: AgencyStore,
  service: string,
  whole: Program,
  policy: Policy,
  language: string,
): Promise<{ findings: PublishFinding[]; program: Program | null }> {
  const terms = sealedTerms(policy)
  if (!terms) return { findings: [], program: null }
  const { definition, needs, unknown, files } = clearPartOf(whole, terms.clear)
  const finding = (code: string, pointer: string, params: Record<string, Json> = {}): PublishFinding => ({
    code: `policy.${code}`,
    severity: 'error',
    pointer,
    params,
    detail: say(language, `policy.${code}`, params),
  })
  const rule = '/policy/rules/encryption'
  const findings = [
    ...unknown.map((field) => finding('sealed-unknown', rule, { field })),
    ...files.map((field) => finding('sealed-file', rule, { field })),
    ...needs.map(({ pointer, field }) => finding('sealed-needed', pointer, { field, place: pointer })),
    ...((await recipientsOf(agency, service)) ? [] : [finding('sealed-keys', rule)]),
  ]
  return { findings, program: compile(definition, whole.types) }
}
