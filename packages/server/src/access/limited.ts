/**
 * An agency as somebody sees it who may not see all of it. What is not theirs is not found, by the queries themselves: a
 * route cannot forget to ask, and an unknown case and somebody else's are the same.
 */
import type { Stage } from '@guichet/schemas'
import { type AgencyStore, type CaseScope, Conflict } from '../store/store.ts'
import type { Reach } from './may.ts'

/** The stages of a service by their unit. Of a stage that several versions have the newest says whose it is. */
async function unitsOfStages(agency: AgencyStore, service: string): Promise<Map<string, ReadonlySet<string>>> {
  const found = new Map<string, ReadonlySet<string>>()
  for (const { version } of await agency.versions(service)) {
    const { definition } = (await agency.version(service, version)) ?? {}
    for (const { id, unit, units } of (definition?.stages ?? []) as Stage[])
      if (!found.has(id)) found.set(id, new Set([...(unit === undefined ? [] : [unit]), ...(units ?? []).map((one) => one.unit)]))
  }
  return found
}

/** By agency and service: versions never change, so that a number more is the only news there can be. */
const known = new Map<string, { newest: number; units: Map<string, ReadonlySet<string>> }>()
const most = 500

async function stagesOf(agency: AgencyStore, service: string): Promise<Map<string, ReadonlySet<string>>> {
  const newest = (await agency.published(service))[0]?.version ?? 0
  const name = `${agency.id}/${service}`
  const held = known.get(name)
  if (held?.newest === newest) return held.units
  const units = await unitsOfStages(agency, service)
  if (known.size >= most) known.clear()
  known.set(name, { newest, units })
  return units
}

/** The cases that a reach covers. A limit to units covers those that stand at a stage of one of them. */
export async function caseScope(agency: AgencyStore, reach: readonly Reach[]): Promise<CaseScope> {
  /** By service: null: all of it. */
  const scope = new Map<string, Set<string> | null>()
  for (const { services, units } of reach)
    for (const service of services ?? (await agency.published()).map((one) => one.service)) {
      const before = scope.get(service)
      if (units === null || before === null) {
        scope.set(service, null)
        continue
      }
      const stages = [...(await stagesOf(agency, service))].filter(([, of]) => units.some((unit) => of.has(unit))).map(([id]) => id)
      if (stages.length > 0) scope.set(service, new Set([...(before ?? []), ...stages]))
    }
  return [...scope].map(([service, stages]) => (stages ? { service, stages: [...stages] } : { service }))
}

/** The agency behind the reach of a permission. */
export async function limitedTo(agency: AgencyStore, reach: readonly Reach[] | 'everything'): Promise<AgencyStore> {
  if (reach === 'everything') return agency
  const scope = await caseScope(agency, reach)
  const services = reach.some((part) => part.services === null) ? null : new Set(reach.flatMap((part) => part.services as readonly string[]))
  const found = (id: string) => agency.submission(id, scope)
  const has = (service: string) => services === null || services.has(service)
  const release = async (id: string) => {
    const row = await agency.release(id)
    return row && has(row.service) ? row : null
  }
  /** Numbers are kept by service: those of a unit alone there are none. */
  const counted = new Set(scope.flatMap(({ service, stages }) => (stages ? [] : [service])))
  return {
    ...agency,
    submission: found,
    cases: (filter, after, limit) => agency.cases(filter, after, limit, scope),
    openCases: (filter, after, limit) => agency.openCases(filter, after, limit, scope),
    countOpen: (filter, most) => agency.countOpen(filter, most, scope),
    // Numbers of a whole service: of a unit alone there are none.
    countOpenByVersion: async (service, most) => (counted.has(service) ? agency.countOpenByVersion(service, most) : []),
    countDrafts: async (service, most, now) => (counted.has(service) ? agency.countDrafts(service, most, now) : []),
    async assignCase(submission, from, to, by) {
      if (!(await found(submission))) throw new Conflict('stale')
      await agency.assignCase(submission, from, to, by)
    },
    async addCaseNote(note, by) {
      if (!(await found(note.submission))) throw new Conflict('stale')
      await agency.addCaseNote(note, by)
    },
    caseNotes: async (submission) => ((await found(submission)) ? agency.caseNotes(submission) : []),
    exportScope: (service) => agency.exportScope(service, scope),
    submissionsBetween: (service, after, last, limit) => agency.submissionsBetween(service, after, last, limit, scope),
    attachmentsOf: async (submission) => ((await found(submission)) ? agency.attachmentsOf(submission) : []),
    attachments: async (ids) => {
      const rows = await agency.attachments(ids)
      const seen = await Promise.all(rows.map(async ({ submission }) => submission !== null && (await found(submission)) !== null))
      return rows.filter((_, i) => seen[i])
    },
    caseSteps: async (submission, after) => ((await found(submission)) ? agency.caseSteps(submission, after) : []),
    amendments: async (submission) => ((await found(submission)) ? agency.amendments(submission) : []),
    async moveCase(move) {
      // A case cannot come to another stage without another revision, which the change itself asks for.
      if (!(await found(move.from.id))) throw new Conflict('stale')
      await agency.moveCase(move)
    },
    // Whoever may change some services makes no others.
    saveService: async (draft, revision, by) => {
      if (!has(draft.id)) throw new Conflict('stale')
      return agency.saveService(draft, revision, by)
    },
    publish: async (version, revision, by, outbox) => {
      if (!has(version.service)) throw new Conflict('stale')
      return agency.publish(version, revision, by, outbox)
    },
    requestRelease: async (release, revision, by) => {
      if (!has(release.service)) throw new Conflict('stale')
      await agency.requestRelease(release, revision, by)
    },
    releases: async (service, limit) => (has(service) ? agency.releases(service, limit) : []),
    release,
    decideRelease: async (id, to, by) => {
      if (!(await release(id))) throw new Conflict('stale')
      await agency.decideRelease(id, to, by)
    },
    endRelease: async (id, to, reasons, by) => {
      if (!(await release(id))) throw new Conflict('stale')
      await agency.endRelease(id, to, reasons, by)
    },
    carryOutRelease: async (id, version, by, outbox) => {
      if (!(await release(id)) || !has(version.service)) throw new Conflict('stale')
      return agency.carryOutRelease(id, version, by, outbox)
    },
    // What the agency shares is of the whole of it. A base is known by its content, and changes nothing of anybody's.
    keep: async (kept, most, by) => {
      if (services !== null && kept.kind !== 'base') throw new Conflict('stale')
      await agency.keep(kept, most, by)
    },
    forgetKept: async (kind, id, by) => services === null && agency.forgetKept(kind, id, by),
    sealingWraps: async (service) => (has(service) ? agency.sealingWraps(service) : []),
    services: async () => (await agency.services()).filter(({ id }) => has(id)),
    service: async (id) => (has(id) ? agency.service(id) : null),
    published: async (service) => (await agency.published(service)).filter((one) => has(one.service)),
    versions: async (service) => (has(service) ? agency.versions(service) : []),
    version: async (service, version) => (has(service) ? agency.version(service, version) : null),
    submissions: async () => {
      throw new Error('Nobody who is limited reads all submissions at once.')
    },
    monthly: async (until) => (await agency.monthly(until)).filter(({ service }) => counted.has(service)),
    daily: async (from, to) => (await agency.daily(from, to)).filter(({ service }) => counted.has(service)),
  }
}
