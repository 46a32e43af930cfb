/** What ends by itself while a citizen fills in a service. */
import { instantOf } from '../clock.ts'
import type { Config } from '../config.ts'
import { endOf } from '../policy/window/opening.ts'
import type { LiveService } from './live.ts'

export interface TimeLimits {
  /** The time here: a page counts from it, and not from its reader's clock. */
  now: string
  /** When the service takes nothing more. The minutes of grace that a policy may give are told to nobody. */
  closes?: string
  /** For how long files are kept that are neither sent nor saved. */
  filesHours: number
}

export function timeLimits({ version }: Pick<LiveService, 'version'>, now: Date, { purgeAfterHours }: Pick<Config, 'purgeAfterHours'>): TimeLimits {
  const { window, locale } = version.definition
  const last = window?.lateUntil ?? window?.closes
  return {
    now: now.toISOString(),
    ...(last ? { closes: instantOf(endOf(last), locale.timeZone).toISOString() } : {}),
    filesHours: purgeAfterHours,
  }
}
