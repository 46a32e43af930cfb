/** What stands in the way of publishing a service that asks for codes. */
import type { Program } from '@guichet/core'
import { say } from '../messages.ts'
import type { PublishFinding } from '../services/check-draft.ts'
import { verifiedFields, type Way, wayOf } from './verified-fields.ts'

/** `program`: what the server sees of the service; null: all of it. `ways`: how this server can send codes. */
export function verificationFindings(whole: Program, program: Program | null, ways: ReadonlySet<Way>, language: string): PublishFinding[] {
  return verifiedFields(whole).flatMap((node) => {
    const code =
      program && !program.nodes.has(node.path)
        ? 'verify-sealed'
        : ways.has(wayOf(node) as Way)
          ? null
          : wayOf(node) === 'sms'
            ? 'verify-no-sms'
            : 'verify-no-mail'
    if (!code) return []
    const params = { field: node.path }
    return [{ code: `policy.${code}`, severity: 'error' as const, pointer: '/pages', params, detail: say(language, `policy.${code}`, params) }]
  })
}
