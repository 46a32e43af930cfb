/** What people read before they start: derived from the definition, so that it is never typed twice and never stale. */
import type { RequiredDocument, ServiceDefinition, Stage, Term, Text } from '@guichet/schemas'
import { evaluate, roundTo } from './expression.ts'
import type { Program } from './program.ts'
import { isConstant } from './submission-schema.ts'

export interface Guide {
  audience?: Text
  signIn?: ServiceDefinition['signIn']
  window?: ServiceDefinition['window']
  /** Documents: certain to be asked for, or depending on the answers. */
  documents: { document: RequiredDocument; certain: boolean }[]
  steps: { stage: Stage; units: Text[] }[]
  /** `free`: no fee in any case. `fixed`: the same for all. `depends`: some lines depend on the answers. Minor units. */
  cost: { kind: 'free' | 'fixed' | 'depends'; total: number; lines: { id: string; label: Text; amount: number | null }[] }
  time: {
    /** Minutes to fill in: the author's figure, else half a minute a question and two a document, rounded up to five. */
    minutes: number
    /** The longest the stages may take together, by unit of time. */
    handling: Record<Term['unit'], number>
  }
}

const constantTrue = (when: unknown) => when === undefined || when === true

/** The guide for everyone: nothing is known about the reader yet. */
export function guideOf(program: Program): Guide {
  const { definition } = program
  const documents = (definition.documents ?? []).map((document) => ({ document, certain: constantTrue(document.when) && !document.optional }))
  const environment = { today: '1970-01-01', tables: (definition.tables ?? {}) as never }
  const lines = (definition.fee?.lines ?? []).map(({ id, label, amount, when }) => {
    const known = constantTrue(when) && isConstant(amount) ? evaluate(amount, { read: () => undefined }, environment) : null
    return { id, label, amount: typeof known === 'number' ? roundTo(known, 0) : null }
  })
  const total = lines.reduce((sum, line) => sum + (line.amount ?? 0), 0)
  const kind = lines.some((line) => line.amount === null) ? 'depends' : total === 0 ? 'free' : 'fixed'
  const units = definition.agency.units ?? {}
  const steps = (definition.stages ?? []).map((stage) => ({
    stage,
    units: [...(stage.unit ? [stage.unit] : []), ...(stage.units ?? []).map((part) => part.unit)]
      .map((unit) => units[unit])
      .filter((name) => name !== undefined),
  }))
  const handling: Record<Term['unit'], number> = { hours: 0, days: 0, workingDays: 0 }
  for (const { term } of definition.stages ?? []) if (term) handling[term.unit] += term.value
  const questions = [...program.nodes.values()].filter((node) => node.type.answers !== false && node.children.length === 0).length
  const minutes = definition.guide?.minutes ?? Math.max(5, Math.ceil((questions / 2 + documents.filter((item) => item.certain).length * 2) / 5) * 5)
  return {
    ...(definition.guide?.audience ? { audience: definition.guide.audience } : {}),
    ...(definition.signIn ? { signIn: definition.signIn } : {}),
    ...(definition.window ? { window: definition.window } : {}),
    documents,
    steps,
    cost: { kind, total, lines },
    time: { minutes, handling },
  }
}
