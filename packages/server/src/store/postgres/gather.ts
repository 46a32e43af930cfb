import { commitsTogether } from '../../telemetry/telemetry.ts'

/** One result of many that ran together. */
export type Outcome<Result> = { result: Result } | { error: unknown }

/**
 * Gathers what arrives while a run is under way and runs it together: one transaction, one wait for the disk for many. Who
 * comes alone runs at once. If a run fails as a whole, each of it runs by itself, so that nobody fails for another's sake.
 */
export function gather<Item, Result>(run: (items: readonly Item[]) => Promise<readonly Outcome<Result>[]>, alone: (error: unknown) => boolean, most = 64) {
  const waiting: { item: Item; resolve(result: Result): void; reject(error: unknown): void }[] = []
  let running = false

  const settle = (place: (typeof waiting)[number], outcome: Outcome<Result>) =>
    'error' in outcome ? place.reject(outcome.error) : place.resolve(outcome.result)
  const attempt = async (places: typeof waiting): Promise<void> => {
    try {
      const outcomes = await run(places.map(({ item }) => item))
      commitsTogether.publish(places.length)
      places.forEach((place, i) => {
        settle(place, outcomes[i] as Outcome<Result>)
      })
    } catch (error) {
      if (places.length === 1 || !alone(error)) for (const place of places) place.reject(error)
      else for (const place of places) await attempt([place])
    }
  }
  const work = async () => {
    running = true
    while (waiting.length > 0) await attempt(waiting.splice(0, most))
    running = false
  }

  return (item: Item): Promise<Result> =>
    new Promise((resolve, reject) => {
      waiting.push({ item, resolve, reject })
      if (!running) void work()
    })
}
