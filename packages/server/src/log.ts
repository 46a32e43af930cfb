import { type DestinationStream, type LevelWithSilent, type Logger, pino } from 'pino'

export type Log = Pick<Logger, 'info' | 'warn' | 'error' | 'debug'>

/** Names that must never reach the log with their value, at the first two levels. */
const secret = ['answers', 'password', 'reference', 'token', 'email', 'name', 'ip', 'cookie', 'authorization', 'key', 'body']

/**
 * Lines of JSON on standard error. Routes are logged by their pattern, never by address: a query may hold a file's name.
 */
export const createLog = (level: LevelWithSilent, destination?: DestinationStream): Log =>
  pino(
    {
      level,
      base: null,
      redact: { paths: secret.flatMap((name) => [name, `*.${name}`]), remove: true },
      // A message of a failed query or parse may quote what a citizen sent: the kind and place of the error are enough.
      serializers: { err: (error: unknown) => describeError(error) },
    },
    destination ?? pino.destination({ fd: 2, sync: true }),
  )

const describeError = (error: unknown) =>
  error instanceof Error
    ? {
        kind: error.name,
        code: (error as NodeJS.ErrnoException).code,
        at: (error.stack ?? '')
          .split('\n')
          .filter((line) => line.startsWith('    at '))
          .slice(0, 8),
      }
    : { kind: typeof error }
