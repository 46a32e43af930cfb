/** Load from another process. */
import { fork } from 'node:child_process'
import { fileURLToPath } from 'node:url'

export interface LoadOptions {
  port: number
  method: string
  /** Asked for in turn. */
  paths: readonly string[]
  /** `{key}` in a value is a new random key in each request, `{address}` the address of a new client. */
  headers: Record<string, string>
  /** Sent in turn. */
  bodies: readonly string[]
  /** The status of an answer that counts. */
  expect: number
  connections: number
  /** Of measuring, after `warmSeconds` that do not count. */
  seconds: number
  warmSeconds: number
  /** Requests a second, however slowly they are answered; null: each connection asks again when it has its answer. */
  rate: number | null
}

/** In milliseconds. */
export interface Quantiles {
  count: number
  p50: number
  p90: number
  p99: number
  p999: number
  max: number
}

export interface LoadResult {
  perSecond: number
  /** Answers that came in the time that counts. */
  answered: number
  /** All answers with the status that was expected. */
  acknowledged: number
  /** Answers with another status, by status; the first of them. */
  other: Record<string, number>
  wrong: string | null
  /** Requests without an answer. */
  errors: number
  answerBytes: number
  /** From when a request was due, so that waiting for a free connection counts. */
  latency: Quantiles
  sinceSent: Quantiles
  /** Of the pacing itself. */
  lateness: Quantiles
  /** Were due and never sent: the server was slower than the rate to the end. */
  unsent: number
}

/** @throws when any answer was not as expected: a figure of refused requests is none */
export async function load(options: LoadOptions): Promise<LoadResult> {
  const child = fork(fileURLToPath(new URL('./load-process.ts', import.meta.url)), { execArgv: [] })
  const abandon = () => child.kill('SIGKILL')
  process.once('exit', abandon)
  try {
    const result = await new Promise<LoadResult>((resolve, reject) => {
      child.once('message', (message) => resolve(message as LoadResult))
      child.once('error', reject)
      child.once('exit', (code) => reject(new Error(`the load ended with ${code}`)))
      child.send(options)
    })
    if (Object.keys(result.other).length > 0 || result.errors > 0)
      throw new Error(`${options.paths[0]}: ${result.errors} without an answer, others ${JSON.stringify(result.other)}, such as ${result.wrong}`)
    return result
  } finally {
    process.off('exit', abandon)
  }
}
