/** The real server in a process of its own, over a folder that outlives it. */
import { type ChildProcess, spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Policy } from '@guichet/schemas'
import libraryCard from '../src/testing/library-card.json' with { type: 'json' }
import { type Oddities, odditiesIn } from './oddities.ts'

const script = (name: string) => fileURLToPath(new URL(name, import.meta.url))
const real = script('../src/main.ts')
/** The same server, but with what cannot be set from outside and should not be: see there. */
const oddServer = script('./odd-server.ts')

/** As many as it takes: the harness asks from one machine. */
const rules: Policy['rules'] = { rate: { submissionsPerHour: 1_000_000, uploadsPerHour: 1_000_000 } }
export const service = 'demo/library-card'

export interface ServerOptions {
  /** Words before the command: a tracer. */
  under?: readonly string[]
  odd?: Oddities
  /** 0: a free one. */
  port?: number
  env?: Readonly<Record<string, string>>
}

export interface PlaceOptions {
  /** Where the data folder shall be, if not beside the rest. */
  data?: string
  /** Rows are kept there, and any number of servers may run. */
  database?: { url: string; ownerUrl: string }
  /** What the service's policy says besides. */
  policy?: Policy
  /** Bytes that its document may have. */
  largestFile?: number
}

export interface ServerProcess {
  url: string
  /** From the start of the process to the first request that it would have answered. */
  readyMs: number
  pid: number
  /** Its exit code; null: ended by a signal. */
  ended: Promise<number | null>
  kill(): Promise<number | null>
  stop(): Promise<number | null>
}

export interface Place {
  folder: string
  data: string
  /** The SQLite file. */
  file: string
  start(options?: ServerOptions): Promise<ServerProcess>
  /** Ends what still runs and removes the folder. */
  close(): Promise<void>
}

const withLargest = (maxBytes: number) => ({ ...libraryCard, documents: libraryCard.documents.map((document) => ({ ...document, maxBytes })) })

export function newPlace({ data, database, policy = {}, largestFile }: PlaceOptions = {}): Place {
  const folder = mkdtempSync(join(tmpdir(), 'guichet-fault-'))
  const examples = join(folder, 'examples')
  mkdirSync(join(examples, 'library-card'), { recursive: true })
  writeFileSync(join(examples, 'library-card', 'definition.json'), JSON.stringify(largestFile === undefined ? libraryCard : withLargest(largestFile)))
  writeFileSync(join(examples, 'library-card', 'policy.json'), JSON.stringify({ ...policy, rules }))
  const place = data ?? join(folder, 'data')
  const running = new Set<ServerProcess>()
  return {
    folder,
    data: place,
    file: join(place, 'guichet.db'),
    async start({ under = [], odd, port = 0, env = {} } = {}) {
      const began = performance.now()
      const [command = '', ...args] = [...under, process.execPath, odd ? oddServer : real]
      const child = spawn(command, args, {
        env: {
          PATH: process.env.PATH,
          HOME: folder,
          PORT: String(port),
          DEMO_PORT: 'off',
          DATA_DIR: place,
          EXAMPLES_DIR: examples,
          LOG_LEVEL: 'silent',
          // Each citizen has an address, so that none is taken for somebody who guesses tracking codes.
          TRUST_PROXY: '1',
          UV_USE_IO_URING: '0',
          ...(database ? { DATABASE_URL: database.url, DATABASE_OWNER_URL: database.ownerUrl } : {}),
          ...(odd ? { [odditiesIn]: JSON.stringify(odd) } : {}),
          ...env,
        },
        stdio: ['ignore', 'pipe', 'pipe'],
      })
      const ended = new Promise<number | null>((resolve, reject) => {
        child.once('error', reject)
        child.once('close', resolve)
      })
      const url = await ready(child, ended)
      const end = async (signal: 'SIGKILL' | 'SIGTERM') => {
        child.kill(signal)
        const code = await ended
        running.delete(server)
        return code
      }
      const server: ServerProcess = {
        url,
        readyMs: Math.round(performance.now() - began),
        pid: child.pid as number,
        ended,
        kill: () => end('SIGKILL'),
        stop: () => end('SIGTERM'),
      }
      running.add(server)
      return server
    },
    async close() {
      for (const server of running) await server.kill()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

/** The address that it prints when it listens. */
function ready(child: ChildProcess, ended: Promise<unknown>): Promise<string> {
  let said = ''
  return new Promise((resolve, reject) => {
    child.stdout?.on('data', (piece) => {
      said += piece
      const url = /Catalogue: +(http\S+)\n/.exec(said)?.[1]
      if (url) resolve(url)
    })
    child.stderr?.on('data', (piece) => (said += piece))
    ended.then(() => reject(new Error(`the server did not start: ${said}`)), reject)
  })
}
