/** A published version, ready to run: compiled once, kept while it is asked for. */
import { clearPartOf, compile, type FieldTypes, type Program, upgrade } from '@guichet/core'
import type { Policy } from '@guichet/schemas'
import { type AnswersCheck, answersCheck } from '../definitions/answers-check.ts'
import type { Deliveries } from '../deliveries/delivery.ts'
import { type Effects, settleDeliveries } from '../deliveries/settle.ts'
import { canonical, digestOf } from '../digest.ts'
import { type EncryptionOptions, encryption } from '../policy/encryption/rule.ts'
import type { Rates } from '../policy/rate/rates.ts'
import type { Rule } from '../policy/rule.ts'
import { optionsOf, type Settled, settlePolicy } from '../policy/settle.ts'
import type { AgencyId, AgencyStore, Store, VersionRecord } from '../store/store.ts'

export interface LiveService {
  agency: AgencyStore
  /** As it was published, its definition in today's format. */
  version: VersionRecord
  /** Of a sealed service only the clear part: what the server works out can depend on nothing else. */
  /** Digest of the policy that it was published with, as receipts write it. */
  policyDigest: string
  program: Program
  /** All that is asked: for whoever draws it. */
  whole: Program
  /** Of a sealed service: which fields are clear, and the digest of the policy that says so. */
  sealed: SealedTerms | null
  policy: Settled
  /** What it tells the outside. */
  effects: Effects
  /** Checks stored answers against the version's submission schema. Made when it is first asked for. */
  readonly fits: AnswersCheck
}

export interface SealedTerms {
  clear: readonly string[]
  policy: string
}

/** Null where the server may open what is sent. */
export function sealedTerms(policy: Policy): SealedTerms | null {
  const { mode, clear = [] } = optionsOf(policy, encryption) as EncryptionOptions
  return mode === 'sealed' ? { clear, policy: digestOf(canonical(policy)) } : null
}

export interface LiveServices {
  /** Null where there is no such agency, service or version. */
  find(agency: string, service: string, version?: number): Promise<LiveService | null>
  /** The latest version of every published service. */
  all(): Promise<LiveService[]>
}

const kept = 200

export function liveServices(store: Store, types: FieldTypes, deliveries: Deliveries, rates: Rates, rules?: readonly Rule[]): LiveServices {
  const cache = new Map<string, Promise<LiveService | null>>()

  const load = async (agency: AgencyId, service: string, version: number): Promise<LiveService | null> => {
    const found = await store.agency(agency).version(service, version)
    if (!found) return null
    const definition = upgrade(found.definition)
    const whole = compile(definition, types)
    const sealed = sealedTerms(found.policy)
    const program = sealed ? compile(clearPartOf(whole, sealed.clear).definition, types) : whole
    let fits: AnswersCheck | null = null
    const policy = settlePolicy(found.policy, rules, { rates })
    return {
      agency: store.agency(agency),
      version: { ...found, definition },
      policyDigest: digestOf(canonical(found.policy)),
      program,
      whole,
      sealed,
      policy,
      effects: settleDeliveries(found.policy, deliveries, program, policy),
      get fits() {
        fits ??= answersCheck(found.submissionSchema)
        return fits
      },
    }
  }

  /**
   * A version never changes, so what is kept need not be looked up again. Those who ask at once wait for one to compile
   * it: after a start under load each of them would do so otherwise. What is not there, or failed, is not kept.
   */
  const revive = async (agency: AgencyId, service: string, version: number): Promise<LiveService | null> => {
    const name = `${agency}/${service}/${version}`
    const loading = cache.get(name) ?? load(agency, service, version)
    // The least recently used goes first.
    cache.delete(name)
    cache.set(name, loading)
    if (cache.size > kept) cache.delete(cache.keys().next().value as string)
    const forget = () => {
      if (cache.get(name) === loading) cache.delete(name)
    }
    try {
      const live = await loading
      if (!live) forget()
      return live
    } catch (error) {
      forget()
      throw error
    }
  }

  return {
    async find(agencyName, service, version) {
      const agency = await store.findAgency(agencyName)
      if (!agency) return null
      const wanted = version ?? (await store.agency(agency).published(service))[0]?.version
      return wanted === undefined ? null : revive(agency, service, wanted)
    },
    async all() {
      const found: LiveService[] = []
      for (const { id } of await store.agencies()) {
        for (const { service, version } of await store.agency(id).published()) {
          const live = await revive(id, service, version)
          if (live) found.push(live)
        }
      }
      return found
    },
  }
}
