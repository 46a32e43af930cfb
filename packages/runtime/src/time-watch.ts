/** What ends by time while somebody fills in; the warnings themselves come with the first answer. */
import type { Visit } from './visit.ts'

export type LimitName = 'session' | 'window' | 'draft' | 'files'

export interface TimeLimit {
  name: LimitName
  /** When it ends, by the server's clock, in milliseconds. */
  at: number
  /** How many minutes before its end it is told of, the earliest first. */
  warnings: readonly number[]
  /** Gives more time. @throws Refused when there is none; another error when that cannot be told */
  extend?(): Promise<void>
  /** It has ended. */
  over?(): void
}

/** Warns from now on; called again it does nothing more. What cannot be loaded is asked for with the next answer or sign-in. */
export const watchTime = (visit: Visit): Promise<void> =>
  import('./time-limits.ts').then(
    ({ watch }) => watch(visit),
    () => {},
  )
