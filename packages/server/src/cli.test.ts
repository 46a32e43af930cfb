/** What somebody who runs a server is told when it cannot be done: what, and what to do; never a stack, a secret, or nothing. */
import { spawnSync } from 'node:child_process'
import { chmodSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { fileURLToPath } from 'node:url'
import { afterAll, expect, it } from 'vitest'
import { run } from './cli.ts'
import { openStore } from './store/open-store.ts'

const folder = mkdtempSync(join(tmpdir(), 'guichet-cli-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const quiet = { PORT: '0', DEMO_PORT: 'off', EXAMPLES_DIR: 'off', LOG_LEVEL: 'silent' }
const call = async (args: readonly string[], env: Record<string, string> = {}) => {
  const [out, err] = [[] as string[], [] as string[]]
  const code = await run(args, { ...quiet, ...env }, { out: { write: (text) => out.push(text) }, err: { write: (text) => err.push(text) } })
  return { code, out: out.join(''), err: err.join('') }
}
const made = async (name: string) => {
  const dataDir = join(folder, name)
  await openStore({ databaseUrl: null, databaseOwnerUrl: null, dataDir }, () => new Date()).close()
  return dataDir
}

it.each([
  'types city/permit',
  'deliveries list',
  'clock',
  'keys list',
  'policy explain city/permit',
  'statistics rebuild',
  'agency list',
  'operator ops@example.org',
  'init --link',
  'backup --to .',
])('guichet %s makes no installation where DATA_DIR is mistyped', async (line) => {
  const DATA_DIR = join(mkdtempSync(join(folder, 'mistyped-')), 'data')
  const { code, out, err } = await call(line.split(' '), { DATA_DIR })
  expect([code, out, err]).toEqual([1, '', `There is no database ${join(DATA_DIR, 'guichet.db')}. Is DATA_DIR right?\n`])
  expect(existsSync(DATA_DIR)).toBe(false)
})

it('says what to do about a folder that cannot be made', async () => {
  const file = join(folder, 'file')
  writeFileSync(file, '')
  for (const args of [['serve'], ['init', '--env', join(folder, 'x.env')]]) {
    const { code, out, err } = await call(args, { DATA_DIR: join(file, 'data') })
    expect([code, out, err]).toEqual([1, '', expect.stringMatching(/^(ENOTDIR|EEXIST): .*name another place\.\n$/)])
  }
  const DATA_DIR = await made('sound')
  expect(await call(['backup', '--to', file], { DATA_DIR })).toMatchObject({
    code: 1,
    out: '',
    err: expect.stringMatching(/^(ENOTDIR|EEXIST): .*name another place/),
  })
})

// Node's own way to make several folders at once never comes back from there.
it.runIf(existsSync('/proc/self'))(
  'gives up where no folder can be made at all',
  () => {
    const env = { PATH: process.env.PATH ?? '', DATA_DIR: '/proc/guichet/data' }
    const { status, stderr } = spawnSync(process.execPath, [guichetFile, 'init', '--env', join(folder, 'proc.env')], { env, timeout: 20_000, encoding: 'utf8' })
    expect([status, stderr]).toEqual([1, expect.stringMatching(/^E[A-Z]+: .*\/proc\/guichet.*\n$/)])
  },
  30_000,
)

/** Somebody who may enter nothing of ours: another user for root, who may enter everything. */
const stranger = process.getuid?.() === 0 ? { uid: 65_534, gid: 65_534 } : {}
const guichetFile = fileURLToPath(new URL('./guichet.js', import.meta.url))

it('says which Node it needs to an earlier one', () => {
  const earlier = "data:text/javascript,Object.defineProperty(process,'versions',{value:{...process.versions,node:'20.20.2'}})"
  const { status, stdout, stderr } = spawnSync(process.execPath, ['--import', earlier, guichetFile, 'serve'], { timeout: 20_000, encoding: 'utf8' })
  expect([status, stdout, stderr]).toEqual([1, '', 'guichet needs Node 24 or newer, and this is 20.20.2. Install a newer one, and start again.\n'])
})

const asStranger = (args: readonly string[], env: Record<string, string> = {}) => {
  const { status, stdout, stderr } = spawnSync(process.execPath, [guichetFile, ...args], {
    ...stranger,
    env: { ...quiet, ...env },
    encoding: 'utf8',
    timeout: 20_000,
  })
  return { code: status, out: stdout, err: stderr }
}

// Not where root has all of this in a folder of his own.
it.runIf(asStranger(['help']).code === 0)(
  'tells whoever may not enter DATA_DIR that, and not that there is nothing',
  async () => {
    const DATA_DIR = await made('of-others')
    const to = join(folder, 'for-all')
    mkdirSync(to)
    for (const [path, mode] of [
      [folder, 0o755],
      [to, 0o777],
      [DATA_DIR, 0o000],
    ] as const)
      chmodSync(path, mode)
    try {
      const err = expect.stringMatching(/^EACCES: .*\/of-others.*Run it as the user that this belongs to, or let this user read and write there\.\n$/)
      const move = ['move', '--to', 'postgres://guichet_app@127.0.0.1:1/guichet']
      for (const args of [['backup', '--to', to], ['types', 'city/permit'], ['serve'], move])
        expect(asStranger(args, { DATA_DIR }), args[0]).toEqual({ code: 1, out: '', err })
      const { code, out } = asStranger(['doctor'], { DATA_DIR })
      expect([code, out]).toEqual([1, expect.stringMatching(/^WRONG {2}database .*EACCES.*run the doctor as the user that owns DATA_DIR$/m)])
    } finally {
      chmodSync(DATA_DIR, 0o700)
    }
    expect(await call(['types', 'city/permit'], { DATA_DIR })).toMatchObject({ err: expect.stringContaining('no published service') })
  },
  60_000,
)

it('ends with 70 where the database is not what was written, so that nothing starts it again', async () => {
  const DATA_DIR = await made('overwritten')
  writeFileSync(join(DATA_DIR, 'guichet.db'), Buffer.alloc(20_000, 7))
  const err = expect.stringMatching(/^The database in DATA_DIR: .*restore a backup to another place\.\n$/)
  expect(await call(['serve'], { DATA_DIR })).toEqual({ code: 70, out: '', err })
  expect(await call(['types', 'city/permit'], { DATA_DIR })).toEqual({ code: 1, out: '', err })
  const { code, out } = await call(['doctor'], { DATA_DIR })
  expect([code, out]).toEqual([1, expect.stringMatching(/^WRONG {2}database .*not a database.*restore a backup/m)])
})

it('leaves the database of a newer version alone, and says what to do', async () => {
  const DATA_DIR = await made('newer')
  const database = new DatabaseSync(join(DATA_DIR, 'guichet.db'))
  database.exec("INSERT INTO migrations VALUES ('9999-of-tomorrow.sql', 'x', '2026-01-05')")
  database.close()
  for (const args of [['serve'], ['types', 'city/permit']])
    expect(await call(args, { DATA_DIR })).toEqual({ code: 1, out: '', err: expect.stringMatching(/newer version.*9999-of-tomorrow.*Run that version/) })
})

it('names the settings to check where a database or a server is away, and no password', async () => {
  const closed = await new Promise<number>((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address() as { port: number }
      server.close(() => resolve(port))
    })
  })
  const DATABASE_URL = `postgres://guichet_app:hunter2@127.0.0.1:${closed}/guichet`
  const DATA_DIR = join(folder, 'away')
  // All wait a while for a database that is just starting.
  const moving = call(['move', '--to', DATABASE_URL], { DATA_DIR: await made('moved') })
  const answers = await Promise.all([['serve'], ['types', 'city/permit']].map((args) => call(args, { DATA_DIR, DATABASE_URL })))
  const err = 'The database cannot be reached: ECONNREFUSED. Check DATABASE_URL, and that the database runs.\n'
  for (const answer of answers) expect(answer).toEqual({ code: 1, out: '', err })
  expect(await moving).toEqual({ code: 1, out: '', err: err.replace('DATABASE_URL', '--to') })
  const asked = await call(['types', 'city/permit', '--from', `http://127.0.0.1:${closed}`])
  expect(asked).toEqual({ code: 1, out: '', err: expect.stringMatching(/cannot be reached: .*ECONNREFUSED.*\n$/) })
}, 60_000)
