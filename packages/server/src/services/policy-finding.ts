/** A policy that cannot be meant, as a finding beside those of the definition. */
import { say } from '../messages.ts'
import type { PolicyFinding } from '../policy/lint.ts'
import type { PolicyError } from '../policy/rule.ts'

export const policyFinding = ({ code, part, rule }: PolicyError, language: string): PolicyFinding => ({
  code: `policy.${code}`,
  severity: 'error',
  pointer: `/policy/${part}/${rule}`,
  params: {},
  detail: say(language, `policy.${code}`),
})
