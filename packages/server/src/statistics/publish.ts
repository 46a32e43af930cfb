/** The publication of an agency, worked out once for many readers. */
import { pickText } from '@guichet/core'
import type { Text } from '@guichet/schemas'
import type { Config } from '../config.ts'
import type { LiveServices } from '../services/live.ts'
import type { AgencyId, Store } from '../store/store.ts'
import { type Figure, type Publication, publicationOf } from './publication.ts'
import { lastCompleteMonth } from './upkeep.ts'

export interface CountedService {
  id: string
  title: Text | null
  languages: readonly string[]
  visitsPerCase: number
  /** Null: it is what the server assumes. */
  visitsSource: Text | null
}

export interface Published extends Publication {
  agency: { id: string; title: string }
  services: readonly CountedService[]
  /** The figure of a place, if there is one. */
  find(service: string | null, period: string, measure: string, dimension: string, value: string): Figure | undefined
  timeZone: string
  calendar: string
}

export interface Publications {
  /** Null: there is no such agency, or it does not publish. */
  of(agency: string, now: Date): Promise<Published | null>
  /** Those that publish. */
  agencies(): Promise<{ id: AgencyId; title: string }[]>
}

/** Numbers change once a month; a rebuild, a new title and a new service are seen after this. */
const keptFor = 10 * 60_000

export function createPublications(store: Store, live: LiveServices, config: Config): Publications {
  const kept = new Map<string, { until: string; at: number; work: Promise<Published> }>()
  const open = (agency: string) => config.publishStatistics.some((name) => name === '*' || name === agency)

  const make = async (agency: { id: AgencyId; title: string }, until: string): Promise<Published> => {
    const queries = store.agency(agency.id)
    const [counts, people, latest] = await Promise.all([queries.monthly(until), queries.people(until), live.all()])
    const own = latest.filter((each) => each.agency.id === agency.id)
    const names = new Set([...own.map(({ version }) => version.service), ...counts.map(({ service }) => service)])
    names.delete('')
    const services = [...names].sort().map((id): CountedService => {
      const definition = own.find(({ version }) => version.service === id)?.version.definition
      return {
        id,
        title: definition?.title ?? null,
        languages: definition?.languages ?? [],
        visitsPerCase: definition?.visits?.perCase ?? config.visitsPerCase,
        visitsSource: definition?.visits?.source ?? null,
      }
    })
    const visits = (service: string) => services.find(({ id }) => id === service)?.visitsPerCase ?? config.visitsPerCase
    const publication = await publicationOf({ counts, people, until, visits })
    const locale = own[0]?.version.definition.locale
    return {
      ...publication,
      find: finder(publication.figures),
      agency,
      services,
      timeZone: locale?.timeZone ?? 'UTC',
      calendar: locale?.calendar ?? 'gregory',
    }
  }

  const agencies = async () => (await store.agencies()).filter(({ id }) => open(id))
  return {
    agencies,
    async of(name, now) {
      if (!open(name)) return null
      const agency = (await agencies()).find(({ id }) => id === name)
      if (!agency) return null
      const until = lastCompleteMonth(now)
      const held = kept.get(name)
      if (held && held.until === until && now.getTime() - held.at < keptFor && now.getTime() >= held.at) return held.work
      const work = make(agency, until)
      kept.set(name, { until, at: now.getTime(), work })
      work.catch(() => kept.delete(name))
      return work
    },
  }
}

function finder(figures: readonly Figure[]): Published['find'] {
  const nameOf = (...parts: (string | null)[]) => parts.join('|')
  const places = new Map(figures.map((figure) => [nameOf(figure.service, figure.period, figure.measure, figure.dimension, figure.value), figure]))
  return (...place) => places.get(nameOf(...place))
}

/** The title of a service in the reader's language, and the language that it is in. */
export const titleOf = ({ id, title, languages }: CountedService, language: string): { text: string; language: string } =>
  title ? pickText(title, [language, ...languages]) : { text: id, language: 'en' }
