/** A published version, ready to run: compiled once, kept while it is asked for. */
import { compile, type FieldTypes, type Program } from '@guichet/core'
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js'
import formats from 'ajv-formats'
import { type Settled, settlePolicy } from '../policy/settle.ts'
import type { AgencyId, AgencyStore, Store, VersionRecord } from '../store/store.ts'

export interface LiveService {
  agency: AgencyStore
  version: VersionRecord
  program: Program
  policy: Settled
  /** Checks stored answers against the version's submission schema. */
  fits: ValidateFunction
}

export interface LiveServices {
  /** Null where there is no such agency, service or version. */
  find(agency: string, service: string, version?: number): Promise<LiveService | null>
  /** The latest version of every published service. */
  all(): Promise<LiveService[]>
}

const kept = 200

export function liveServices(store: Store, types: FieldTypes): LiveServices {
  const cache = new Map<string, LiveService>()

  const revive = (agency: AgencyId, version: VersionRecord): LiveService => {
    const name = `${agency}/${version.service}/${version.version}/${version.digest}`
    const known = cache.get(name)
    cache.delete(name)
    const live = known ?? {
      agency: store.agency(agency),
      version,
      program: compile(version.definition, types),
      policy: settlePolicy(version.policy),
      fits: schemaCheck(version.submissionSchema),
    }
    cache.set(name, live)
    if (cache.size > kept) cache.delete(cache.keys().next().value as string)
    return live
  }

  return {
    async find(agencyName, service, version) {
      const agency = await store.findAgency(agencyName)
      const found = agency && (await store.agency(agency).version(service, version ?? 'latest'))
      return found ? revive(agency, found) : null
    },
    async all() {
      const found: LiveService[] = []
      for (const { id } of await store.agencies()) {
        for (const draft of await store.agency(id).services()) {
          if (draft.publishedVersion === null) continue
          const version = await store.agency(id).version(draft.id, draft.publishedVersion)
          if (version) found.push(revive(id, version))
        }
      }
      return found
    },
  }
}

/** The schema comes from our own compiler, never from a citizen. */
function schemaCheck(schema: object): ValidateFunction {
  const ajv = new Ajv2020({ strict: false, allErrors: false, ownProperties: true })
  formats.default(ajv)
  return ajv.compile(schema)
}
