/** What stands in the way of publishing a service whose options are kept at addresses. */
import type { Program } from '@guichet/core'
import type { Egress } from '../egress/egress.ts'
import { say } from '../messages.ts'
import { mayCall, outgoing } from '../policy/outgoing/rule.ts'
import type { Settled } from '../policy/settle.ts'
import type { PublishFinding } from '../services/check-draft.ts'
import { addressOf, remoteFields } from './remote-lists.ts'

/** An address that the policy does not let the service call, or this server calls by no means. */
export function listFindings(whole: Program, policy: Settled, egress: Egress, language: string): PublishFinding[] {
  return remoteFields(whole).flatMap((node) => {
    const address = addressOf(node) ?? ''
    const code = !mayCall(policy.terms(outgoing), address) ? 'list-outgoing' : !egress.admits(address) ? 'list-address' : null
    if (!code) return []
    const params = { field: node.path, host: URL.parse(address)?.host ?? address }
    return [{ code: `policy.${code}`, severity: 'error' as const, pointer: '/pages', params, detail: say(language, `policy.${code}`, params) }]
  })
}
