import { randomUUID } from 'node:crypto'
import type { Config } from '../config.ts'

/**
 * Names a request in the log, in its answer and in problems. A proxy of ours may have named it already; what a stranger
 * says is not believed, or they could hide behind the name of another's request.
 */
export const requestIdOf = (given: string | undefined, { trustProxy }: Pick<Config, 'trustProxy'>): string =>
  trustProxy > 0 && given !== undefined && /^[\w-]{8,64}$/.test(given) ? given : randomUUID()
