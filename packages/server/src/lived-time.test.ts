import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { purgeUploads } from './files/upload.ts'
import { createLivedTime, type LivedTime } from './lived-time.ts'
import { runClock } from './lived-time-command.ts'
import { createLog } from './log.ts'
import type { AgencyStore } from './store/store.ts'
import { clockAlone } from './testing/clock-alone.ts'
import { answersOf, createWorld, pdf, type World } from './testing/world.ts'

const hour = 3600_000
const day = 24 * hour
const year = 365 * day
const start = Date.parse('2026-01-05T08:00:00.000Z')

let world: World
let city: AgencyStore
let lived: LivedTime
/** The counter that nobody can set. */
let counted: number
let jumped: number
const warned: string[] = []
/** Time goes by, on the clock and on the counter. */
const pass = (ms: number) => {
  counted += ms
  world.setTime(new Date(start + counted + jumped).toISOString())
}
const jump = (ms: number) => {
  jumped += ms
  pass(0)
}
/** Another process, which knows no more than the database does. */
const restart = () => {
  lived = createLivedTime({ clock: world.adapters.clock, log: createLog('warn', { write: (line) => warned.push(line) }) }, () => counted)
}
const behind = async () => world.adapters.clock.now().getTime() - Date.parse(await lived.before(city))

beforeEach(async () => {
  world = await createWorld()
  await world.offer()
  city = world.adapters.store.agency((await world.adapters.store.findAgency('city'))!)
  ;[counted, jumped] = [0, 0]
  warned.length = 0
  restart()
  await lived.before(city)
})
afterEach(() => world.close())

describe('lived time', () => {
  it('is the clock as long as that goes as time does', async () => {
    for (const ms of [0, 1, hour, hour, 40 * day]) {
      pass(ms)
      expect(await behind()).toBe(0)
    }
    restart()
    expect(await behind()).toBe(0)
    expect([lived.apart(), warned]).toEqual([0, []])
  })

  it.each([hour, day, 10 * year])('follows no jump ahead of %d ms, in one process or over a restart', async (ms) => {
    pass(hour)
    await lived.before(city)
    jump(ms)
    expect(await behind()).toBe(ms)
    restart()
    expect(await behind()).toBe(ms)
    jump(-ms)
    expect(await behind()).toBe(0)
  })

  it.each([-hour, -day, -10 * year])('is never later than a clock that was set back by %d ms, nor ahead once it is right again', async (ms) => {
    pass(hour)
    jump(ms)
    expect(await behind()).toBe(0)
    restart()
    expect(await behind()).toBe(0)
    jump(-ms)
    expect(await behind()).toBeGreaterThanOrEqual(0)
    expect(await behind()).toBeLessThanOrEqual(day)
  })

  it('catches up after a pause of the server, at a bounded pace', async () => {
    jump(10 * day)
    restart()
    expect(await behind()).toBe(10 * day)
    pass(2 * day)
    expect(await behind()).toBe(10 * day - 3 * 2 * day)
    pass(day)
    pass(2 * day)
    expect(await behind()).toBe(0)
    expect(lived.apart()).toBe(0)
  })

  it('stays behind a jump that no pause explains, and goes on as time does, until somebody says that the clock is right', async () => {
    jump(10 * year)
    expect(await behind()).toBe(10 * year)
    pass(100 * day)
    expect(await behind()).toBe(10 * year)
    expect(lived.apart()).toBe(10 * year)
    expect(warned).toHaveLength(1)
    world.adapters.lived = lived
    expect(await (await world.request('/readyz')).json()).toMatchObject({ status: 'ok', clockApartSeconds: (10 * year) / 1000 })
    const said: string[] = []
    const look = (believe: boolean) => runClock(world.adapters.store, world.adapters.clock, believe, (line) => said.push(line))
    await look(false)
    expect(said.at(-1)).toMatch(/^city\t.*\t\+3650 days, .*waits/)
    expect(await behind()).toBe(10 * year)
    await look(true)
    expect(await behind()).toBe(0)
    expect(lived.apart()).toBe(0)
    await look(false)
    expect(said.at(-1)).toMatch(/^city\t.*\tas the clock$/)
  })

  it('can be set back after a wrong clock was believed', async () => {
    jump(10 * year)
    await runClock(world.adapters.store, world.adapters.clock, true, () => {})
    expect(await behind()).toBe(0)
    jump(-10 * year)
    await lived.before(city)
    pass(hour)
    await runClock(world.adapters.store, world.adapters.clock, true, () => {})
    expect(await behind()).toBe(0)
    jump(9 * year)
    expect(await behind()).toBe(9 * year)
  })

  it('does not run faster for the number of replicas', async () => {
    const other = createLivedTime({ clock: world.adapters.clock, log: world.adapters.log }, () => counted)
    await other.before(city)
    jump(10 * year)
    for (let i = 0; i < 10; i++) {
      pass(hour)
      await lived.before(city)
      await other.before(city)
    }
    expect(await behind()).toBe(10 * year)
  })
})

describe('a purge', () => {
  const draft = '/v1/services/city/library-card/drafts/AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA'
  /** An upload, a draft and a key's answer, as old as may be. */
  const fill = async () => {
    const upload = await world.request('/v1/services/city/library-card/attachments?target=student_id&name=card.pdf', {
      method: 'POST',
      headers: { 'Content-Type': 'application/pdf' },
      body: pdf,
    })
    const saved = await world.request(draft, {
      method: 'PUT',
      headers: { 'Content-Type': 'application/json', 'If-None-Match': '*' },
      body: JSON.stringify({ version: 1, content: Buffer.from('closed').toString('base64url'), attachments: [] }),
    })
    const sent = await world.send(answersOf(), { key: 'a-key-that-is-kept' })
    expect([upload.status, saved.status, sent.status]).toEqual([201, 200, 201])
    return { id: (await upload.json()).id, answer: await sent.text() }
  }
  const left = async ({ id, answer }: Awaited<ReturnType<typeof fill>>) => ({
    upload: (await city.attachments([id])).length === 1,
    draft: (await world.request(draft)).status === 200,
    key: (await (await world.send(answersOf(), { key: 'a-key-that-is-kept' })).text()) === answer,
  })
  const purge = (by: LivedTime) => purgeUploads({ ...world.adapters, lived: by }, 48)

  it.each([-10 * year, -day, -hour, hour, day, 10 * year])('takes nothing early when the clock jumps by %d ms', async (ms) => {
    const kept = await fill()
    pass(hour)
    await purge(lived)
    jump(ms)
    await purge(lived)
    restart()
    await purge(lived)
    jump(-ms)
    await purge(lived)
    expect(await left(kept)).toEqual({ upload: true, draft: true, key: true })
  })

  it('by the clock alone would take it all: the control', async () => {
    const kept = await fill()
    jump(10 * year)
    await purge(clockAlone(world.adapters.clock))
    jump(-10 * year)
    expect(await left(kept)).toEqual({ upload: false, draft: false, key: false })
  })

  it('takes what is old when time has really passed', async () => {
    const kept = await fill()
    pass(49 * hour)
    await purge(lived)
    expect(await left(kept)).toEqual({ upload: false, draft: true, key: true })
    pass(40 * day)
    await purge(lived)
    expect((await world.request(draft)).status).toBe(404)
  })
})
