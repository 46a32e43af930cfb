import { createPublicKey, verify } from 'node:crypto'
import { readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { run } from '../cli.ts'
import { publishedFirst } from '../keys/signing-keys.ts'
import { receive } from '../testing/cases.ts'
import { createWorld, definitionOf, type World } from '../testing/world.ts'

let world: World
beforeEach(async () => {
  world = await createWorld()
  await world.offer(definitionOf(), { rules: { rate: { submissionsPerHour: 1000 } } })
})
afterEach(() => world.close())

const call = async (...args: string[]) => {
  const [out, err] = [[] as string[], [] as string[]]
  const env = { DATA_DIR: world.folder, EXAMPLES_DIR: 'off' }
  const code = await run(['keys', ...args], env, { out: { write: (text) => out.push(text) }, err: { write: (text) => err.push(text) } })
  return { code, out: out.join(''), err: err.join('') }
}
const actions = async () => (await world.adapters.store.agency('city' as never).auditEvents(0, 500)).map(({ action, actor }) => `${action} ${actor}`)

it('lists the months and what wraps them', async () => {
  await receive(world)
  const { code, out } = await call('list')
  expect([code, out]).toEqual([0, expect.stringMatching(/^city\t2026-01\t1\t[0-9a-f]{16}\n/)])
  world.adapters.keys.destroy('city' as never, '2026-01')
  expect((await call('list')).out).toMatch(/^city\t2026-01\tdestroyed\t/)
})

it('changes the root while the server has its months open, and says so in the audit log', async () => {
  const { reference } = await receive(world)
  const follow = async () =>
    (await world.request('/v1/status', { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify({ reference }) })).status
  const [before] = readdirSync(join(world.folder, 'keys/roots'))
  expect((await call('rotate', '--root', '--keep')).code).toBe(0)
  expect(readdirSync(join(world.folder, 'keys/roots'))).toHaveLength(2)
  expect(await follow()).toBe(200)
  const { out, err } = await call('rotate', '--root')
  expect(out).toMatch(/^root\t[0-9a-f]{16}\n$/)
  expect(err).toMatch(/^\d+ % city 2026-\d\d\nThe keys of \d+ months are wrapped by the new root\. Destroyed: /)
  const left = readdirSync(join(world.folder, 'keys/roots'))
  expect([left.length, left.includes(before as string)]).toEqual([1, false])
  expect(await follow()).toBe(200)
  await receive(world)
  expect((await actions()).filter((line) => line === 'keys.rotated operator')).toHaveLength(2)
  // Without its root nothing opens, and nothing is said to be erased.
  rmSync(join(world.folder, 'keys/roots'), { recursive: true })
  world.adapters.keys.destroy = () => {}
  expect((await call('list')).code).toBe(1)
})

it('publishes a new key for receipts at once, and signs with it when everybody has had time to', async () => {
  const { keys } = world.adapters
  const old = keys.signer.kid
  const { code, out } = await call('rotate', '--receipts', '--webhooks')
  expect(code).toBe(0)
  const kid = /^receipts\t(\S+)$/m.exec(out)?.[1]
  expect(out).toMatch(/^webhooks of city\t\S+$/m)
  const now = Date.now()
  keys.refresh(new Date(now))
  expect([keys.publicKeys.map((key) => key.kid), keys.signer.kid]).toEqual([[kid, old], old])
  keys.refresh(new Date(now + publishedFirst + 2000))
  expect(keys.signer.kid).toBe(kid)
  const signature = keys.signer.sign('x')
  const [key] = keys.publicKeys
  expect(verify(null, Buffer.from('x'), createPublicKey({ key: key as never, format: 'jwk' }), Buffer.from(signature, 'base64url'))).toBe(true)
  expect(keys.webhookSigner('city').publicKeys).toHaveLength(2)
  expect(keys.webhookSigner('city').sign('x')).toHaveLength(2)
  expect((await actions()).filter((line) => line === 'signing-key.rotated operator')).toHaveLength(2)
})

it('says what it wants', async () => {
  for (const args of [[], ['rotate'], ['burn', '--root']]) expect((await call(...args)).code).toBe(2)
})
