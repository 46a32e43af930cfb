/** Each rule of a policy asked by itself, as often as makes a figure: processor time, without the road around it. */

import type { Rule } from '../../packages/server/src/policy/rule.ts'
import { rules } from '../../packages/server/src/policy/rules.ts'
import type { SignedIn } from '../../packages/server/src/sign-in/sign-in.ts'
import type { AgencyId } from '../../packages/server/src/store/store.ts'
import { evidence, fileOf, readEvidence, settled } from '../../packages/server/src/testing/evidence.ts'
import { foreign } from '../../packages/server/src/testing/world.ts'
import { median } from '../runtime/spread.ts'
import { answersOf } from './service.ts'

export interface RuleAlone {
  rule: string
  stage: Rule['stage']
  /** Each time that it is asked; null: it never is, others keep to what it says. */
  micros: number | null
}

const times = 5000
const bytes = new TextEncoder().encode(JSON.stringify({ version: 1, language: 'en', answers: answersOf(1) }))

/** Options that give a rule something to do, where the standard preset's do not. */
const busy: Readonly<Record<string, object>> = {
  origins: { allow: [foreign] },
  rate: { submissionsPerHour: 1_000_000_000 },
  'sign-in': { demand: 'required', level: 'substantial' },
  honeypot: { demand: 'required' },
  'proof-of-work': { demand: 'required' },
  'one-per-person': { by: 'field', field: 'plot' },
  capacity: { total: 1_000_000, perDay: 1_000_000, slot: 'kind', perSlot: 1_000_000 },
  networks: { allow: ['10.0.0.0/8', '203.0.113.0/24'] },
  purpose: { ask: ['open'] },
  fields: { officer: { hidden: ['father_name', 'mother_name', 'birthplace', 'insurer', 'neighbours'] } },
}

const signedIn: SignedIn = { provider: 'national', subject: 'ana', level: 'high', claims: {}, evidence: 'sha256-x' }
const paths = Object.keys(answersOf(1))

/** A question to a rule which it says yes to. Null: nobody asks it. */
function question(rule: Rule): (() => unknown) | null {
  const options = busy[rule.name] as never
  switch (rule.stage) {
    case 'admit': {
      const ask = settled(rule, options)
      const body = { declared: bytes.length, read: async () => bytes }
      const window = { opens: '2020-01-01T00:00', closes: '2099-12-31T23:59' }
      // What a proof costs to check is measured where the whole of it is (proof-of-work.ts).
      const each = evidence({ origin: foreign, signedIn, trap: 'untouched', proved: async () => true, body, window })
      return () => ask(each)
    }
    case 'inspect': {
      const ask = settled(rule, options)
      const files = [fileOf(), fileOf({ kind: 'png', declared: 'image/png', name: 'a.png' })]
      return () => ask({ files })
    }
    case 'claim': {
      const ask = settled(rule, options)
      const day = { date: '2026-01-05', begins: '2026-01-05T00:00:00.000Z', ends: '2026-01-06T00:00:00.000Z' }
      const each = {
        agency: 'city' as AgencyId,
        service: 'works',
        answers: answersOf(1),
        signedIn,
        pseudonym: (of: string) => of,
        now: new Date(),
        today: () => day,
      }
      return () => ask(each)
    }
    case 'seal': {
      const ask = settled(rule, options)
      const box = { seal: async () => ({}) } as never
      return () => ask({ atRest: () => box, asIs: () => box })
    }
    case 'read': {
      const ask = settled(rule, options)
      const each = readEvidence()
      return () => ask(each)
    }
    case 'reveal': {
      const ask = settled(rule, options)
      return () => paths.map(ask({ roles: ['officer'], way: 'case' }))
    }
    default:
      return null
  }
}

/** @throws when a rule refuses what it should let through: then something else is measured */
export async function rulesAlone(rounds: number): Promise<RuleAlone[]> {
  const found: RuleAlone[] = []
  for (const rule of rules) {
    const ask = question(rule)
    const micros: number[] = []
    for (let round = 0; ask && round <= rounds; round++) {
      const before = process.cpuUsage()
      for (let time = 0; time < times; time++) {
        const answer = await ask()
        if (typeof answer === 'object' && answer !== null && 'status' in answer) throw new Error(`${rule.name} refuses: ${JSON.stringify(answer)}`)
      }
      const { user, system } = process.cpuUsage(before)
      // The first does not count: it is compiled while it runs.
      if (round > 0) micros.push((user + system) / times)
    }
    found.push({ rule: rule.name, stage: rule.stage, micros: ask ? median(micros) : null })
  }
  return found
}
