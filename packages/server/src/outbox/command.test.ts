import { afterEach, beforeEach, expect, it } from 'vitest'
import { deliveries } from '../commands/deliveries.ts'
import { readCall } from '../commands/read-call.ts'
import { openSqliteStore } from '../store/sqlite/sqlite-store.ts'
import type { AgencyStore, Store } from '../store/store.ts'
import { UsageError } from '../usage-error.ts'
import { deliveriesCommand } from './command.ts'

const at = '2026-01-05T08:00:00.000Z'
const now = new Date('2026-01-06T08:00:00.000Z')
let store: Store
const nowhere = { write: () => true }
let shown: [done: number, total: number, what: string][] = []
const run = async (...args: string[]) => {
  const { words, value, flag } = readCall(deliveries, args, {}, { out: nowhere, err: nowhere })
  shown = []
  const progress = (...step: (typeof shown)[number]) => void shown.push(step)
  return deliveriesCommand(store, { words, waiting: flag('waiting'), all: flag('all'), agency: value('agency'), progress }, now)
}
const idsOf = (lines: string[]) => lines.slice(1).map((line) => line.split('\t')[1])

beforeEach(async () => {
  store = openSqliteStore(':memory:', () => now)
  for (const name of ['city', 'town']) {
    const agency = store.agency(await store.ensureAgency(name, name, at))
    const by = { actor: 'system', at }
    await agency.saveService({ id: 'card', definition: {}, policy: {} }, null, by)
    const version = { service: 'card', definition: {} as never, policy: {}, submissionSchema: {}, digest: 'd' }
    const out = (id: string) => ({
      id,
      kind: 'webhook',
      destination: 'https://hooks.example.org',
      payload: new TextEncoder().encode('{"url":"https://hooks.example.org/token"}'),
    })
    await agency.publish(version, 1, by, () => [1, 2, 3].map((i) => out(`${name}${i}`)))
    await agency.claimDeliveries({ lease: 'l', now: at, until: now.toISOString(), limit: 2, perDestination: 2, skip: [] })
    for (const i of [1, 2]) await agency.buryDelivery(`${name}${i}`, 'l', 'status-410', by)
  }
})
afterEach(() => store.close())
const dead = async (agency: AgencyStore) => (await agency.deliveries('dead', 10)).map(({ id }) => id)

it('lists dead letters, or what waits, without saying where exactly it goes', async () => {
  const lines = await run('list')
  expect(lines[1]).toBe(`city\tcity1\twebhook\thttps://hooks.example.org\tcard\t-\t1\tstatus-410\t${at}\t-`)
  expect(idsOf(lines)).toEqual(['city1', 'city2', 'town1', 'town2'])
  expect(lines.join('')).not.toContain('token')
  expect(idsOf(await run('list', '--waiting'))).toEqual(['city3', 'town3'])
  expect(idsOf(await run('list', '--agency', 'town'))).toEqual(['town1', 'town2'])
})

it('replays one, or all, and writes down that an operator did', async () => {
  const [city, town] = (await store.agencies()).map(({ id }) => store.agency(id)) as [AgencyStore, AgencyStore]
  expect(await run('replay', 'city2')).toEqual(['city2'])
  expect([await dead(city), await dead(town)]).toEqual([['city1'], ['town1', 'town2']])
  expect(await run('replay', '--all', '--agency', 'town')).toEqual(['town1', 'town2'])
  expect(shown).toEqual([
    [1, 2, 'town'],
    [2, 2, 'town'],
  ])
  expect(await run('replay', '--all')).toEqual(['city1'])
  expect(idsOf(await run('list'))).toEqual([])
  expect((await town.auditEvents(0, 100)).at(-1)).toMatchObject({ action: 'delivery.replayed', actor: 'operator', time: now.toISOString() })
})

it('lists and replays all, however many, and each once where its receiver is gone for good', async () => {
  const city = store.agency((await store.agencies())[0]!.id)
  const by = { actor: 'system', at }
  const ids = Array.from({ length: 2001 }, (_, i) => `many${String(i).padStart(4, '0')}`)
  const version = { service: 'card', definition: {} as never, policy: {}, submissionSchema: {}, digest: 'e' }
  await city.publish(version, 1, by, () => ids.map((id) => ({ id, kind: 'webhook', destination: 'https://gone.example.org', payload: new Uint8Array(1) })))
  const bury = async () => {
    const left = await city.claimDeliveries({ lease: 'm', now: now.toISOString(), until: now.toISOString(), limit: 5000, perDestination: 5000, skip: [] })
    for (const { id } of left) await city.buryDelivery(id, 'm', 'status-410', by)
  }
  await bury()
  expect(idsOf(await run('list', '--agency', 'city'))).toEqual(expect.arrayContaining(ids))
  // A server that runs meanwhile gives each up again at once.
  let replays = 0
  const replay = city.replayDelivery
  city.replayDelivery = async (id, who) => {
    if (++replays > 5000) throw new Error('without end')
    const again = await replay(id, who)
    if (replays % 500 === 0) await bury()
    return again
  }
  const replayed = await run('replay', '--all', '--agency', 'city')
  expect(replayed).toEqual(expect.arrayContaining(ids))
  expect(new Set(replayed).size).toBe(replayed.length)
})

it.each([
  [],
  ['lists'],
  ['list', '--all'],
  ['replay'],
  ['replay', 'city3'],
  ['replay', 'nothing'],
  ['replay', 'city1', 'city2'],
  ['replay', 'city1', '--all'],
  ['list', '--agency', 'village'],
  ['list', '--agency'],
])('does not guess what %j means', async (...args) => {
  await expect(run(...(args as string[]))).rejects.toThrow(UsageError)
})
