import { execFileSync } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { run } from '../cli.ts'
import { readConfig, settingsList } from '../config.ts'
import { type Cluster, newDatabase, postgresIsThere, startCluster } from '../testing/postgres.ts'
import { createWorld } from '../testing/world.ts'

let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'guichet-init-'))
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const call = async (args: string[], env: Record<string, string> = {}) => {
  const [out, err] = [[] as string[], [] as string[]]
  const code = await run(args, env, { out: { write: (text) => out.push(text) }, err: { write: (text) => err.push(text) } })
  return { code, out: out.join(''), err: err.join('') }
}
/** As `node --env-file` reads it: the file is for that. */
const read = (file: string): Record<string, string> =>
  JSON.parse(execFileSync(process.execPath, [`--env-file=${file}`, '-p', 'JSON.stringify(process.env)'], { env: {}, encoding: 'utf8' }))
const tokenIn = (text: string) => /#setup=([\w-]{43})$/m.exec(text)?.[1] ?? ''
const setUp = async (env: Record<string, string>, token: string) => {
  const world = await createWorld(env)
  try {
    const answer = await world.request('/v1/admin/setup', {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', Origin: world.config.baseUrl, 'Sec-Fetch-Site': 'same-origin' },
      body: JSON.stringify({ token, email: 'a@example.org', name: 'A', password: 'a long enough password' }),
    })
    return answer.status
  } finally {
    await world.adapters.store.close()
  }
}

function suite(database: () => Promise<Record<string, string>>) {
  it('makes an installation whose link sets up the first user, once', async () => {
    const place = mkdtempSync(join(folder, 'place-'))
    const [data, file] = [join(place, 'data'), join(place, 'guichet.env')]
    const rows = await database()
    const made = await call(['init', '--data-dir', data, '--agency', 'city', '--agency-name', 'City of "X"', '--env', file], rows)
    expect([made.code, made.err]).toEqual([0, expect.stringContaining('the agency "city"')])
    expect(statSync(file).mode & 0o777).toBe(0o600)
    expect(statSync(data).mode & 0o777).toBe(0o700)
    expect(readdirSync(join(data, 'keys'))).toContain('pepper.key')
    // Every setting is explained; those that were given, or are wise, are set.
    const text = readFileSync(file, 'utf8')
    for (const { env, help } of settingsList()) expect(text).toMatch(new RegExp(`^# ${help.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}\\n(# .*\\n)?#?${env}=`, 'm'))
    const env = read(file)
    expect(readConfig(env)).toMatchObject({ dataDir: data, agency: 'city', agencyName: 'City of "X"', examplesDir: null, demoPort: null, setupLink: false })
    if (rows.DATABASE_URL) expect(readConfig(env)).toMatchObject({ databaseUrl: rows.DATABASE_URL })
    // The link is shown, and nowhere else.
    const token = tokenIn(made.out)
    expect(made.out.split(token)).toHaveLength(2)
    expect(made.err + text).not.toContain(token)
    for (const secret of Object.values(rows)) expect(made.out + made.err).not.toContain(secret)
    // A link that was lost is replaced; then the first is worth nothing.
    const again = await call(['init', '--link'], env)
    expect(again.code).toBe(0)
    expect(await setUp(env, token)).not.toBe(201)
    expect(await setUp(env, tokenIn(again.out))).toBe(201)
    expect(await call(['init', '--link'], env)).toMatchObject({ code: 1, out: '', err: expect.stringContaining('has a user already') })
    // What is there is left alone.
    const refused = await call(['init', '--data-dir', data, '--env', join(place, 'other.env')], rows)
    expect(refused).toMatchObject({ code: 1, out: '', err: expect.stringContaining('is not empty') })
    expect(existsSync(join(place, 'other.env'))).toBe(false)
    if (rows.DATABASE_URL)
      expect(await call(['init', '--data-dir', join(place, 'more'), '--env', join(place, 'other.env')], rows)).toMatchObject({
        code: 1,
        err: expect.stringContaining('has the agency city already'),
      })
  })
}

describe('guichet init on SQLite', () => {
  suite(async () => ({}))

  it('leaves a file of settings that is there alone, and makes nothing from wrong ones', async () => {
    const file = join(folder, 'there.env')
    writeFileSync(file, 'mine')
    expect(await call(['init', '--data-dir', join(folder, 'd1'), '--env', file])).toMatchObject({ code: 1, err: expect.stringContaining('is there already') })
    expect(readFileSync(file, 'utf8')).toBe('mine')
    expect(await call(['init', '--data-dir', join(folder, 'd1'), '--agency', 'Über'])).toMatchObject({ code: 2, err: expect.stringContaining('AGENCY must') })
    expect(await call(['init', '--data-dir', join(folder, 'd1'), '--env', join(folder, 'q.env'), '--agency-name', `"'`])).toMatchObject({ code: 1 })
    // The settings cannot be written: nothing is made whose link nobody was shown.
    expect(await call(['init', '--data-dir', join(folder, 'd1'), '--env', join(file, 'q.env')])).toMatchObject({ code: 1, out: '' })
    expect(existsSync(join(folder, 'd1'))).toBe(false)
    expect(await call(['init', '--link'], { DATA_DIR: join(folder, 'd2') })).toMatchObject({ code: 1, err: expect.stringContaining('There is no database') })
  })
})

describe.skipIf(!postgresIsThere())('guichet init on PostgreSQL', () => {
  let cluster: Cluster
  beforeAll(async () => {
    cluster = await startCluster()
  })
  afterAll(() => cluster?.stop())
  suite(async () => {
    const { url, ownerUrl } = await newDatabase(cluster)
    return { DATABASE_URL: url, DATABASE_OWNER_URL: ownerUrl }
  })
})
