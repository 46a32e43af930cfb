import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { placesOf } from '../../intake/places.ts'
import { answersOf, createWorld, definitionOf, newKey, plainPolicy, type World } from '../../testing/world.ts'
import { PolicyError } from '../rule.ts'
import { settlePolicy } from '../settle.ts'
import { capacity } from './rule.ts'

let world: World
beforeEach(async () => {
  world = await createWorld()
})
afterEach(() => world.close())

const offer = (options: object) => world.offer(definitionOf(), { rules: { ...plainPolicy.rules, capacity: options } })
const send = (answers: object = {}, key = newKey()) => world.send(answersOf(answers), { key })
const stored = async () => (await world.adapters.store.agency((await world.adapters.store.findAgency('city'))!).submissions()).length

describe('capacity', () => {
  it('takes as many as there are places, and tells the others, whose key stays theirs', async () => {
    await offer({ total: 3 })
    const keys = Array.from({ length: 8 }, () => newKey())
    const answers = await Promise.all(keys.map((key) => send({}, key)))
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 201, 201, 409, 409, 409, 409, 409])
    expect(await stored()).toBe(3)
    const refused = answers.findIndex(({ status }) => status === 409)
    expect((await answers[refused]?.json())?.type).toBe('https://guichet.dev/problems/full')
    // The author finds two more places: whoever asks again with the same key gets one of them, and only one.
    await offer({ total: 5 })
    expect((await send({}, keys[refused])).status).toBe(201)
    expect((await send({}, keys[refused])).status).toBe(201)
    expect(await stored()).toBe(4)
  })

  it('answers again what it has taken, when all places are gone', async () => {
    await offer({ total: 1 })
    const key = newKey()
    const first = await (await send({}, key)).json()
    expect((await send()).status).toBe(409)
    expect(await (await send({}, key)).json()).toEqual(first)
  })

  it('takes no place for what is refused', async () => {
    await offer({ total: 1 })
    expect((await world.send({ version: 1, language: 'en', answers: {} })).status).toBe(422)
    expect((await send()).status).toBe(201)
  })

  it('counts by the day of the service, and what came before the rule', async () => {
    await world.offer()
    await send()
    await offer({ perDay: 2 })
    expect((await send()).status).toBe(201)
    const full = await send()
    expect([full.status, (await full.json()).type]).toEqual([409, 'https://guichet.dev/problems/full-today'])
    world.setTime('2026-01-05T21:59:59.000Z')
    expect((await send()).status).toBe(409)
    // Midnight in Athens.
    world.setTime('2026-01-05T22:00:00.000Z')
    expect((await send()).status).toBe(201)
  })

  it('counts by an answer, and says at that question which one is gone', async () => {
    await offer({ slot: 'name', perSlot: 1 })
    expect((await send({ name: 'Nine o’clock' })).status).toBe(201)
    const gone = await send({ name: 'Nine o’clock' })
    expect(gone.status).toBe(422)
    expect((await gone.json()).errors).toEqual([{ pointer: '/name', code: 'capacity.slot-full', detail: 'This one has just been taken. Choose another' }])
    expect((await send({ name: 'Ten o’clock' })).status).toBe(201)
  })

  it('takes any number where it has none: the control', async () => {
    await offer({})
    for (let i = 0; i < 5; i++) expect((await send()).status).toBe(201)
  })

  it('keeps no answer in the counter’s name, and takes no place of a slot that was not chosen', async () => {
    await offer({ slot: 'name', perSlot: 1 })
    const live = (await world.adapters.live.find('city', 'library-card'))!
    const places = (answers: object) => placesOf(live, answers as never, new Date('2026-01-05T08:00:00Z'))
    expect(places({ name: 'Ada Lovelace' })[0]?.counter).toMatch(/^slot name sha256-[\w-]{43}$/)
    expect(places({})).toEqual([])
    expect(places({ name: null })).toEqual([])
  })

  it('is not meant with half a slot', () => {
    for (const options of [{ slot: 'hour' }, { perSlot: 3 }]) expect(() => settlePolicy({ rules: { capacity: options } })).toThrow(PolicyError)
    expect(capacity.fields?.({ slot: 'hour', perSlot: 3 })).toEqual(['hour'])
    expect(capacity.fields?.({})).toEqual([])
  })
})
