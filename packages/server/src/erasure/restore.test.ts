import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { run } from '../cli.ts'
import { movingDefinition, officerOf, receive } from '../testing/cases.ts'
import { createWorld, type World } from '../testing/world.ts'

let world: World
let folder: string
beforeEach(async () => {
  world = await createWorld()
  folder = mkdtempSync(join(tmpdir(), 'guichet-erased-'))
})
afterEach(async () => {
  await world.close()
  rmSync(folder, { recursive: true, force: true })
})

const call = async (args: string[], dataDir: string) => {
  const [out, err] = [[] as string[], [] as string[]]
  const env = { DATA_DIR: dataDir, EXAMPLES_DIR: 'off', PATH: process.env.PATH }
  const code = await run(args, env, { out: { write: (text) => out.push(text) }, err: { write: (text) => err.push(text) } })
  return { code, out: out.join(''), err: err.join('') }
}

it('an older backup with the newest keys is whole but for what was erased since', async () => {
  await world.offer(movingDefinition(), { rules: { rate: { submissionsPerHour: 1000 }, 'four-eyes': { export: false, erasure: false } } })
  const officer = await officerOf(world)
  const [gone, kept] = [await receive(world), await receive(world)]
  expect((await call(['backup', '--to', join(folder, 'data')], world.folder)).code).toBe(0)
  expect((await officer.send('POST', `/v1/admin/cases/${gone.submission}/erasure`, { reason: 'Asked for' })).status).toBe(202)
  expect((await call(['backup', '--to', join(folder, 'later'), '--keys', join(folder, 'keys')], world.folder)).code).toBe(0)
  const { readdirSync } = await import('node:fs')
  const one = (name: string) => join(folder, name, readdirSync(join(folder, name))[0] as string)
  const place = join(folder, 'restored')
  const restored = await call(['restore', one('data'), '--keys', one('keys')], place)
  expect([restored.code, restored.err]).toEqual([0, expect.stringContaining('Start the server')])
  expect((await call(['doctor'], place)).out).toMatch(/^ok {5}keys {2,}open what they should/m)

  const again = await createWorld({ DATA_DIR: place })
  const follow = async ({ reference }: { reference: string }) =>
    (await again.request('/v1/status', { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify({ reference }) })).status
  expect([await follow(gone), await follow(kept)]).toEqual([410, 200])
  await again.close()
})
