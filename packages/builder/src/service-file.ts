/** A whole service as one JSON file, and back: definition and policy, brought to today's format. */
import { FormatError, upgrade } from '@guichet/core/migrations/upgrade'
import type { Policy } from '@guichet/schemas'
import { policy as policyShape, serviceDefinition } from '@guichet/schemas/validators'
import { type BaseContent, baseOf, withBase } from './editor/base.ts'
import type { Definition, Draft } from './editor/edit.ts'
import type { Finding } from './findings.ts'
import { findingsOf } from './lint-now.ts'

export class ServiceFileError extends Error {
  readonly code: 'json' | 'format' | 'shape'
  readonly findings: readonly Finding[]
  constructor(code: ServiceFileError['code'], findings: readonly Finding[] = []) {
    super(code)
    this.code = code
    this.findings = findings
  }
}

export interface ReadService extends Draft {
  findings: readonly Finding[]
  /** What the service was made from, if the file has it. */
  base: BaseContent | null
  /** It came in an older format. */
  upgraded: boolean
}

/** Takes a service file, or a definition alone. @throws ServiceFileError */
export function readServiceFile(text: string): ReadService {
  let content: unknown
  try {
    content = JSON.parse(text)
  } catch {
    throw new ServiceFileError('json')
  }
  const whole = Object(content) as { guichet?: unknown; definition?: unknown; policy?: unknown; base?: { definition?: unknown } | null }
  const given = whole.guichet === 'service' ? whole.definition : content
  let definition: Definition
  try {
    definition = upgrade(given)
  } catch (error) {
    if (error instanceof FormatError) throw new ServiceFileError('format')
    throw error
  }
  const findings = findingsOf(definition)
  // A draft may be unfinished; one whose shape is broken cannot be shown, let alone edited.
  if (!serviceDefinition(definition)) throw new ServiceFileError('shape', findings)
  const policy = (whole.guichet === 'service' ? (whole.policy ?? null) : null) as Policy | null
  if (policy !== null && !policyShape(policy)) throw new ServiceFileError('shape', [])
  const base = baseIn(whole.guichet === 'service' && baseOf(definition) ? whole.base : null)
  // A link to a base that did not come along leads nowhere.
  return { definition: base ? definition : withBase(definition, null), policy, base, findings, upgraded: definition !== given }
}

/** The base in a file, brought to today's format as well; null if there is none that could be merged with. */
function baseIn(given: { definition?: unknown } | null | undefined): BaseContent | null {
  if (!given) return null
  try {
    const definition = upgrade(given.definition)
    return serviceDefinition(definition) ? { definition } : null
  } catch (error) {
    if (error instanceof FormatError) return null
    throw error
  }
}
