/**
 * Terms that pass in silence: a stage may say what happens then (`onTimeout`), and here it happens. A case is moved once,
 * because it is moved from the revision that was read: replicas that look at the same moment do not do it twice.
 *
 * What is decided because time has passed is judged by lived time (lived-time.ts), as what is destroyed is: a clock that
 * jumps must not grant permits.
 */
import type { ServiceDefinition } from '@guichet/schemas'
import type { Adapters } from '../adapters.ts'
import type { Config } from '../config.ts'
import { say } from '../messages.ts'
import { Refused } from '../problem.ts'
import { type AgencyStore, type CasePlace, Conflict } from '../store/store.ts'
import { caseBox, openAnswers } from './case-box.ts'
import { move, neededBy } from './decide.ts'
import { followSilence, waitsForCitizen } from './graph.ts'
import { versionOf } from './open-case.ts'

const every = 60_000
const atOnce = 100

/** Names of the stages, in any version of a service, that say what happens in silence. */
async function stagesThatPass(agency: AgencyStore, service: string): Promise<string[]> {
  const found = new Set<string>()
  for (const { version } of await agency.versions(service)) {
    const { stages = [] } = ((await agency.version(service, version))?.definition ?? {}) as Partial<ServiceDefinition>
    for (const { id, onTimeout, term } of stages) if (onTimeout && term) found.add(id)
  }
  return [...found]
}

export interface SilenceWatch {
  /** Moves what is due now, and gives how many cases that were. */
  look(): Promise<number>
  stop(): Promise<void>
}

export function watchSilence(adapters: Adapters, config: Config): Pick<SilenceWatch, 'look'> {
  const { store, lived, clock, log } = adapters
  /** By agency and service: versions never change, so that another number is the only news there can be. */
  const known = new Map<string, { newest: number; stages: string[] }>()

  const stagesOf = async (agency: AgencyStore, service: string, newest: number) => {
    const name = `${agency.id}/${service}`
    const held = known.get(name)
    if (held?.newest === newest) return held.stages
    const stages = await stagesThatPass(agency, service)
    known.set(name, { newest, stages })
    return stages
  }

  /** False: somebody was faster, or it cannot be opened any more. */
  const pass = async (agency: AgencyStore, id: string): Promise<boolean> => {
    const from = await agency.submission(id)
    if (!from) return false
    try {
      const live = await versionOf(adapters, agency, from)
      const box = caseBox(adapters, agency.id, from)
      const answers = openAnswers(box, from)
      const due = followSilence(live.version.definition, from, neededBy(live, from, answers))
      if (!due) return false
      const note = say(from.language, `silence.${due.silence}`)
      const now = clock.now()
      await move(adapters, config, agency, { from, live, box, answers, target: due.target, decision: due.silence, note, actor: 'system', now })
      return true
    } catch (error) {
      if (error instanceof Conflict || error instanceof Refused) return false
      throw error
    }
  }

  return {
    async look() {
      let moved = 0
      for (const { id } of await store.agencies()) {
        const agency = store.agency(id)
        for (const { service, version } of await agency.published()) {
          const stages = await stagesOf(agency, service, version)
          if (stages.length === 0) continue
          const dueBefore = await lived.before(agency)
          for (const stage of stages)
            for (let after: CasePlace | null = null; ; ) {
              const page = await agency.openCases({ service, stage, dueBefore }, after, atOnce)
              // What waits for the citizen is due by them.
              for (const found of page) if (!waitsForCitizen(found.status) && (await pass(agency, found.id))) moved++
              if (page.length < atOnce) break
              after = page.at(-1) as CasePlace
            }
        }
      }
      if (moved > 0) log.info({ cases: moved }, 'terms passed in silence')
      return moved
    },
  }
}

/** Looks every minute until it is stopped. */
export function startSilence(adapters: Adapters, config: Config): Pick<SilenceWatch, 'stop'> {
  const watch = watchSilence(adapters, config)
  let looking: Promise<unknown> = Promise.resolve()
  const timer = setInterval(() => {
    // One look at a time: the next one finds what this one left.
    looking = looking.then(() => (adapters.stopping ? 0 : watch.look())).catch((error) => adapters.log.error({ err: error }, 'terms were not looked at'))
  }, every).unref()
  return {
    async stop() {
      clearInterval(timer)
      await looking
    },
  }
}
