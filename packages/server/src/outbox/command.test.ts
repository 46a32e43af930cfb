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
const run = async (...args: string[]) => {
  const { words, value, flag } = readCall(deliveries, args, {}, { out: nowhere, err: nowhere })
  return deliveriesCommand(store, { words, waiting: flag('waiting'), all: flag('all'), agency: value('agency') }, now)
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
  expect(await run('replay', '--all')).toEqual(['city1'])
  expect(idsOf(await run('list'))).toEqual([])
  expect((await town.auditEvents(0, 100)).at(-1)).toMatchObject({ action: 'delivery.replayed', actor: 'operator', time: now.toISOString() })
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
