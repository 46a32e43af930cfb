/** Looks for what is to go live by now. Of replicas that look at the same moment one makes the version (store/releases.ts). */
import type { Adapters } from '../adapters.ts'
import type { Config } from '../config.ts'
import { carryOut } from './releases.ts'

const every = 30_000
const atOnce = 50

export interface ReleaseWatch {
  /** Publishes what is due now, and gives how many versions that made. */
  look(): Promise<number>
  stop(): Promise<void>
}

export function watchReleases(adapters: Adapters, { baseUrl }: Pick<Config, 'baseUrl'>): Pick<ReleaseWatch, 'look'> {
  const { store, clock, log } = adapters
  return {
    async look() {
      let made = 0
      for (const { id } of await store.agencies()) {
        const agency = store.agency(id)
        const at = clock.now().toISOString()
        for (const release of await agency.dueReleases(at, atOnce))
          try {
            if ((await carryOut(adapters, agency, release, baseUrl, { actor: 'system', at })) !== null) made++
          } catch (error) {
            // One that cannot be looked at now holds no other up; it is tried again.
            log.error({ err: error, release }, 'a scheduled version was not published')
          }
      }
      return made
    },
  }
}

export function startReleases(adapters: Adapters, config: Config): Pick<ReleaseWatch, 'stop'> {
  const watch = watchReleases(adapters, config)
  const look = async () => (adapters.stopping ? 0 : watch.look())
  const failed = (error: unknown) => adapters.log.error({ err: error }, 'scheduled versions were not looked at')
  // What came due while the server was down goes live at its start.
  let looking: Promise<unknown> = look().catch(failed)
  const timer = setInterval(() => {
    looking = looking.then(look).catch(failed)
  }, every).unref()
  return {
    async stop() {
      clearInterval(timer)
      await looking
    },
  }
}
