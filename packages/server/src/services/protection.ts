/** What protects a service, in words: for citizens, and with what it costs for its author. */

import type { Policy, ServiceDefinition } from '@guichet/schemas'
import policySchema from '@guichet/schemas/policy.schema.json' with { type: 'json' }
import type { Adapters } from '../adapters.ts'
import { explainPolicy, type RuleExplained } from '../policy/explain.ts'
import { lintPolicy, type PolicyFinding } from '../policy/lint.ts'
import { type Preset, presetOf, presets } from '../policy/preset.ts'
import { PolicyError, type Rule } from '../policy/rule.ts'
import { settlePolicy } from '../policy/settle.ts'
import type { LiveService } from './live.ts'
import { policyFinding } from './policy-finding.ts'

/** Rule by rule what citizens are told, without rules that say them nothing. */
export function protectionOf({ version }: LiveService, language: string, rules: readonly Rule[]) {
  const { preset, rules: said } = explainPolicy(version.policy, language, rules)
  return {
    preset,
    rules: said.filter(({ citizen }) => citizen.length > 0).map(({ rule, title, citizen }) => ({ rule, title, said: citizen })),
  }
}

export interface PolicyReview {
  preset: Preset
  presets: readonly Preset[]
  /** Every rule with its settings form; without words while the policy cannot be meant. */
  rules: readonly (RuleExplained & { schema: object })[]
  findings: readonly PolicyFinding[]
}

const builtIn = policySchema.properties.rules.properties as Record<string, object>

/** A policy as its author works on it. It may be unfinished: then the findings say what is wrong, and nothing is explained. */
export function reviewPolicy({ rules }: Pick<Adapters, 'rules'>, policy: Policy, definition: ServiceDefinition | null, language: string): PolicyReview {
  const preset = presetOf(policy)
  try {
    settlePolicy(policy, rules)
  } catch (error) {
    if (!(error instanceof PolicyError)) throw error
    return { preset, presets, rules: schemasOf(explainPolicy({ preset }, language, rules).rules, rules), findings: [policyFinding(error, language)] }
  }
  return {
    preset,
    presets,
    rules: schemasOf(explainPolicy(policy, language, rules).rules, rules),
    findings: definition === null ? [] : lintPolicy(policy, definition, rules, language),
  }
}

const schemasOf = (said: readonly RuleExplained[], rules: readonly Rule[]) =>
  said.map((one) => ({ ...one, schema: builtIn[one.rule] ?? rules.find(({ name }) => name === one.rule)?.schema ?? { type: 'object' } }))
