/** Whether citizens may answer online when they are asked, and for what they may be asked that way. What is not known to be fit is not. */
import type { FieldNode } from '@guichet/core'
import type { LookUp } from '@guichet/schemas'
import { limitsAt } from '../files/limits.ts'
import { type AdditionsOptions, additions } from '../policy/additions/rule.ts'
import type { Rule } from '../policy/rule.ts'
import { optionsOf } from '../policy/settle.ts'
import type { LiveService } from '../services/live.ts'
import { wayOf } from '../verification/verified-fields.ts'

/** Why they may not: only officers could open what is added; the policy says so; a code alone is less than the sign-in that was asked for. */
export type Otherwise = 'sealed' | 'policy' | 'sign-in'

export interface OnlineTerms extends AdditionsOptions {
  /** Null: they may. */
  otherwise: Otherwise | null
}

/** The policy of today decides, whatever version was filled in. */
export function onlineTerms(latest: LiveService, filledIn: LiveService): OnlineTerms {
  const terms = latest.policy.terms(additions)
  const otherwise =
    latest.sealed || filledIn.sealed
      ? 'sealed'
      : !terms.online
        ? 'policy'
        : latest.policy.asks.signIn?.demand === 'required' && terms.proof.length === 0
          ? 'sign-in'
          : null
  return { ...terms, otherwise }
}

export interface Askable {
  fields: string[]
  documents: string[]
}

/**
 * What officers may ask for online: fields and documents of the version that was filled in whose answers are the citizen's
 * own. Not what a register, a sign-in or a code vouches for, not what takes one of so many places, and no file for which the
 * newest version has no place.
 */
export function askable(filledIn: LiveService, latest: LiveService, rules: readonly Rule[]): Askable {
  const { proof, otherwise } = onlineTerms(latest, filledIn)
  if (otherwise) return { fields: [], documents: [] }
  const { program } = filledIn
  const { lookups = [], documents = [] } = program.definition
  const policy = latest.version.policy
  const kept = new Set([
    ...proof,
    ...lookups.flatMap((lookup) => fieldsOf(lookup)),
    ...Object.keys(latest.policy.asks.signIn?.fills ?? {}),
    ...rules.flatMap((rule) => (rule.stage === 'claim' ? (rule.fields?.(optionsOf(policy, rule) as never) ?? []) : [])),
  ])
  const fits = (node: FieldNode): boolean => {
    const { field, type, path, rows } = node
    if (kept.has(path) || field.type === 'computed' || field.type === 'hidden' || wayOf(node) !== null) return false
    if (node.children.length > 0) return (rows !== null || node.group !== null) && node.children.every((child) => fits(child) || child.type.answers === false)
    return type.answers !== false && (!type.attachments || limitsAt(latest.program, path) !== null)
  }
  return {
    fields: [...program.nodes.values()].filter((node) => node.group === null && fits(node)).map(({ path }) => path),
    documents: documents.filter(({ id }) => limitsAt(latest.program, id) !== null).map(({ id }) => id),
  }
}

/** Fields that a look-up reads or fills: another answer there would need another look. */
const fieldsOf = ({ input, output, sets }: LookUp): string[] => [...Object.keys(sets ?? {}), ...Object.keys(output), ...(Object.values(input) as string[])]
