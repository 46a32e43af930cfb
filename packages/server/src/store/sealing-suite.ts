/** What every store must hold of the keys of sealed services. */
import { expect, it } from 'vitest'
import { type AgencyStore, Conflict, type Deed, type SealingKey, type SealingWrap } from './store.ts'

const by: Deed = { actor: 'user:u1', at: '2026-01-05T08:00:00.000Z' }
const keyOf = (kind: SealingKey['kind'], owner: string, number: number, more: Partial<SealingKey> = {}): SealingKey => ({
  kind,
  owner,
  number,
  publicKey: `${kind} ${owner} ${number}`,
  locked: null,
  createdAt: by.at,
  createdBy: by.actor,
  ...more,
})
const wrapOf = (epoch: number, forKey: string, service = 'card'): SealingWrap => ({ service, epoch, forKey, enc: `enc ${epoch}`, key: `key ${epoch}` })

export function sealingSuite(agencies: () => { city: AgencyStore; town: AgencyStore }) {
  it('keeps keys by kind and owner, newest first, each number once', async () => {
    const { city, town } = agencies()
    const locked = { format: 1, salt: 'ά' }
    for (const key of [keyOf('officer', 'u1', 1, { locked }), keyOf('officer', 'u2', 1), keyOf('officer', 'u1', 2), keyOf('recovery', '', 1)])
      await city.addSealingKey(key, [], by)
    expect((await city.sealingKeys('officer', 'u1')).map(({ number }) => number)).toEqual([2, 1])
    expect((await city.sealingKeys('officer', 'u1'))[1]).toEqual(keyOf('officer', 'u1', 1, { locked }))
    expect(await city.sealingKeys('officer')).toHaveLength(3)
    expect(await city.sealingKeys('recovery', '')).toHaveLength(1)
    expect(await city.sealingKeys('service', 'card')).toEqual([])
    expect(await town.sealingKeys('officer')).toEqual([])
    await expect(city.addSealingKey(keyOf('officer', 'u1', 2, { publicKey: 'x' }), [], by)).rejects.toBeInstanceOf(Conflict)
    expect(await city.relockSealingKey('u1', 1, { format: 1, salt: 'b' }, by)).toBe(true)
    expect((await city.sealingKeys('officer', 'u1'))[1]?.locked).toEqual({ format: 1, salt: 'b' })
    expect(await city.relockSealingKey('u3', 1, {}, by)).toBe(false)
    expect(await town.relockSealingKey('u1', 1, {}, by)).toBe(false)
  })

  it('lets whoever is not wrapped a new key use the old ones no more', async () => {
    const { city, town } = agencies()
    await city.addSealingKey(keyOf('service', 'card', 1), [wrapOf(1, 'a'), wrapOf(1, 'b')], by)
    await city.addSealingKey(keyOf('service', 'other', 1), [wrapOf(1, 'b', 'other')], by)
    await town.addSealingKey(keyOf('service', 'card', 1), [wrapOf(1, 'b')], by)
    await city.addSealingWrap(wrapOf(1, 'c'), by)
    await expect(city.addSealingWrap(wrapOf(1, 'c'), by)).rejects.toBeInstanceOf(Conflict)
    await city.addSealingKey(keyOf('service', 'card', 2), [wrapOf(2, 'a'), wrapOf(2, 'c')], by)
    expect((await city.sealingWraps('card')).map(({ epoch, forKey }) => `${epoch} ${forKey}`)).toEqual(['2 c', '2 a', '1 c', '1 a'])
    expect((await city.sealingWraps('card')).at(-1)).toEqual(wrapOf(1, 'a'))
    // Nobody else's are touched.
    expect(await city.sealingWraps('other')).toHaveLength(1)
    expect(await town.sealingWraps('card')).toHaveLength(1)
    // A number that is taken changes nothing.
    await expect(city.addSealingKey(keyOf('service', 'card', 2), [wrapOf(2, 'd')], by)).rejects.toBeInstanceOf(Conflict)
    expect(await city.sealingWraps('card')).toHaveLength(4)
    const logged = (await city.auditEvents(0, 100)).filter(({ action }) => action.startsWith('sealing.'))
    expect(logged.map(({ action, object, details }) => [action, object, details?.number ?? details?.epoch])).toEqual([
      ['sealing.key', 'service:card', 1],
      ['sealing.key', 'service:other', 1],
      ['sealing.shared', 'service:card', 1],
      ['sealing.key', 'service:card', 2],
    ])
  })
}
