/** The built server in a process of its own, on ports that stay the same, so that a test can kill it and start it again. */
import { type ChildProcess, spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { fileURLToPath } from 'node:url'
import type { Policy, ServiceDefinition } from '@guichet/schemas'

const main = fileURLToPath(new URL('../packages/server/dist/guichet.js', import.meta.url))

const freePort = () =>
  new Promise<number>((resolve) => {
    const probe = createServer()
    probe.listen(0, '127.0.0.1', () => {
      const { port } = probe.address() as { port: number }
      probe.close(() => resolve(port))
    })
  })

export interface KillableServer {
  url: string
  /** The agency's page, on another origin; it goes down with the server. */
  agency: string
  /** What is offered from the next start on: a change is published as a new version. */
  offer(definition: ServiceDefinition, policy?: Policy): void
  start(): Promise<void>
  /** As if the power had gone. */
  kill(): Promise<void>
  /** Rows of a table. */
  count(table: 'submissions' | 'drafts' | 'attachments'): number
  /** The database as it is on disk. */
  disk(): string
  close(): Promise<void>
}

export async function killableServer(): Promise<KillableServer> {
  const folder = mkdtempSync(join(tmpdir(), 'guichet-killable-'))
  const [port, demoPort] = [await freePort(), await freePort()]
  const url = `http://127.0.0.1:${port}`
  const database = join(folder, 'data', 'guichet.db')
  let child: ChildProcess | null = null

  const server: KillableServer = {
    url,
    agency: `http://localhost:${demoPort}`,
    offer(definition, policy) {
      const place = join(folder, 'examples', definition.id)
      mkdirSync(place, { recursive: true })
      writeFileSync(join(place, 'definition.json'), JSON.stringify(definition))
      if (policy) writeFileSync(join(place, 'policy.json'), JSON.stringify(policy))
    },
    async start() {
      let said = ''
      child = spawn(process.execPath, [main, 'serve'], {
        env: {
          PATH: process.env.PATH,
          HOME: folder,
          PORT: String(port),
          DEMO_PORT: String(demoPort),
          DATA_DIR: join(folder, 'data'),
          EXAMPLES_DIR: join(folder, 'examples'),
          LOG_LEVEL: 'error',
        },
        stdio: ['ignore', 'pipe', 'pipe'],
      })
      for (const stream of [child.stdout, child.stderr]) stream?.on('data', (piece) => (said += piece))
      for (let tries = 0; tries < 200; tries++) {
        if (child.exitCode !== null) throw new Error(`the server ended: ${said}`)
        const ready = await fetch(`${url}/readyz`).then(
          ({ ok }) => ok,
          () => false,
        )
        if (ready) return
        await new Promise((resolve) => setTimeout(resolve, 50))
      }
      throw new Error(`the server did not start: ${said}`)
    },
    async kill() {
      const ending = child
      child = null
      if (!ending || ending.exitCode !== null) return
      const ended = new Promise((resolve) => ending.once('exit', resolve))
      ending.kill('SIGKILL')
      await ended
    },
    count(table) {
      const open = new DatabaseSync(database, { readOnly: true })
      try {
        return Number(open.prepare(`SELECT count(*) AS n FROM ${table}`).get()?.n)
      } finally {
        open.close()
      }
    },
    disk: () => ['', '-wal'].map((end) => readFileSync(database + end, 'latin1')).join(''),
    async close() {
      await server.kill()
      rmSync(folder, { recursive: true, force: true })
    },
  }
  return server
}
