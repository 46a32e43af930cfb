/** The ready-made backend: Strapi with one content type that has the service's questions as its fields. */
import { spawnSync } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type Program, start } from './place.ts'
import { answersOf, type Column, columns } from './service.ts'

const peers = fileURLToPath(new URL('./peers/', import.meta.url))

/** Installs what the lock file says, on first use, and runs none of its scripts. */
export function installPeers(): void {
  const lock = readFileSync(join(peers, 'package-lock.json'), 'utf8')
  const stamp = join(peers, 'node_modules/.installed')
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === lock) return
  // Not `npm ci`, which refuses a lock file without the binaries of platforms that a registry may lack.
  const { status } = spawnSync('npm', ['install', '--no-save', '--ignore-scripts', '--no-audit', '--no-fund'], { cwd: peers, stdio: ['ignore', 2, 2] })
  if (status !== 0) throw new Error('The peers could not be installed; see above.')
  writeFileSync(stamp, lock)
}

export const strapiVersion = (): string => JSON.parse(readFileSync(join(peers, 'node_modules/@strapi/strapi/package.json'), 'utf8')).version

const attribute = (column: Column) =>
  ({
    string: { type: 'string', maxLength: 120 },
    text: { type: 'text', maxLength: 2000 },
    integer: { type: 'integer', required: true, min: 0, max: 100_000 },
    boolean: { type: 'boolean', required: true },
    date: { type: 'date', required: true },
  })[column]

const contentType = {
  kind: 'collectionType',
  collectionName: 'notices',
  info: { singularName: 'notice', pluralName: 'notices', displayName: 'Notice' },
  options: { draftAndPublish: false },
  attributes: Object.fromEntries(Object.entries(columns).map(([id, column]) => [id, { required: id !== 'permit', ...attribute(column) }])),
}

export const itemPath = '/api/notices'
export const itemBodies = Array.from({ length: 256 }, (_, i) => JSON.stringify({ data: answersOf(i) }))

/** In production mode, over a database of its own in the folder. */
export async function startStrapi(folder: string): Promise<Program & { port: number; database: string }> {
  cpSync(join(peers, 'app'), folder, { recursive: true })
  const place = join(folder, 'src/api/notice/content-types/notice')
  mkdirSync(place, { recursive: true })
  mkdirSync(join(folder, 'public/uploads'), { recursive: true })
  writeFileSync(join(place, 'schema.json'), JSON.stringify(contentType))
  writeFileSync(join(folder, 'package.json'), readFileSync(join(peers, 'package.json')))
  symlinkSync(join(peers, 'node_modules'), join(folder, 'node_modules'))
  const port = await freePort()
  const database = join(folder, 'strapi.db')
  const program = start(process.execPath, [join(peers, 'node_modules/@strapi/strapi/bin/strapi.js'), 'start'], {
    cwd: folder,
    env: {
      HOME: folder,
      NODE_ENV: 'production',
      PORT: String(port),
      DATABASE_FILENAME: database,
      STRAPI_TELEMETRY_DISABLED: 'true',
    },
  })
  await program.says(/Strapi started successfully/, 180)
  return { ...program, port, database }
}

/** It cannot be told to take one that is free. */
function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer()
    server.once('error', reject)
    server.listen(0, '127.0.0.1', () => {
      const address = server.address()
      server.close(() => resolve(typeof address === 'object' && address ? address.port : 0))
    })
  })
}
