import { writeSync } from 'node:fs'
import { type DestinationStream, type LevelWithSilent, type Logger, pino } from 'pino'

/** A request that was answered. Nothing else goes into that line, so nothing has to be taken out of it. */
export interface AnsweredRequest {
  method: string
  /** The pattern: an address may hold a file's name. */
  route: string
  status: number
  ms: number
  /** Its id. */
  request: string
}

export type Log = Pick<Logger, 'info' | 'warn' | 'error' | 'debug'> & { answered(request: AnsweredRequest): void }

/** Names that must never reach the log with their value, at the first two levels. */
const secret = ['answers', 'password', 'reference', 'token', 'email', 'name', 'ip', 'cookie', 'authorization', 'key', 'body']

/**
 * Lines of JSON on standard error. Routes are logged by their pattern, never by address: a query may hold a file's name.
 */
export function createLog(level: LevelWithSilent, destination: DestinationStream = (standardError ??= gathered((text) => writeAll(2, text)))): Log {
  const log = pino(
    {
      level,
      base: null,
      redact: { paths: secret.flatMap((name) => [name, `*.${name}`]), remove: true },
      // A message of a failed query or parse may quote what a citizen sent: the kind and place of the error are enough.
      serializers: { err: (error: unknown) => describeError(error) },
    },
    destination,
  )
  // To look through each of its lines for secrets would cost more than to write it.
  const requests = pino({ level, base: null }, destination)
  const answered = ({ method, route, status, ms, request }: AnsweredRequest) => requests.info({ method, route, status, ms, request })
  return Object.assign(log, { answered })
}

/**
 * Writes the lines of a turn of the event loop together: a system call for each would be a good part of what a request
 * costs. A line about an error is written at once, with all before it, and so is what is left when the process ends.
 */
export function gathered(write: (text: string) => void): DestinationStream {
  let text = ''
  const flush = () => {
    const lines = text
    text = ''
    if (lines !== '') write(lines)
  }
  process.on('exit', flush)
  return {
    write(line) {
      if (text === '') setImmediate(flush)
      text += line
      if (seriousLine.test(line)) flush()
    },
  }
}

let standardError: DestinationStream | undefined

/** Levels are numbers: 50 is an error, 60 is fatal. */
const seriousLine = /^\{"level":[56]0/

/** A pipe that is full takes a part only, or nothing for now: waiting for its reader is what a plain write would do too. */
function writeAll(file: number, text: string) {
  let bytes = Buffer.from(text)
  while (bytes.length > 0) {
    try {
      bytes = bytes.subarray(writeSync(file, bytes))
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') return
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1)
    }
  }
}

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
