import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type Egress, EgressError, type EgressResponse } from '../egress/egress.ts'
import { answersOf, createWorld, definitionOf, plainPolicy, type World } from '../testing/world.ts'
import { NoList, readList } from './read-list.ts'
import { longestStale } from './remote-lists.ts'

const address = 'https://streets.example/list.json?key=letmein'
const first = [
  { value: 's-1', label: { el: 'Οδός Αθηνάς', en: 'Athinas Street' } },
  { value: 's-2', label: 'Main Street' },
  ...Array.from({ length: 70 }, (_, i) => ({ value: `n-${i}`, label: `Number ${i} Way` })),
]
const definition = (more: object = {}) =>
  definitionOf((service) => {
    service.pages[0]?.fields.push({
      id: 'street',
      type: 'search-select',
      label: { en: 'Street' },
      optional: true,
      optionsAt: { address, minutes: 60 },
      ...more,
    } as never)
  })

let world: World
let answer: () => Partial<EgressResponse> | EgressError
let calls: string[]
const egress: Egress = {
  admits: (url) => url.startsWith('https:'),
  async call({ url }) {
    calls.push(url)
    const given = answer()
    if (given instanceof EgressError) throw given
    return { status: 200, headers: {}, truncated: false, body: new Uint8Array(), ...given }
  },
}
const bytesOf = (value: unknown) => Buffer.from(JSON.stringify(value))
const json = (value: unknown) => ({ body: bytesOf(value) })

beforeEach(async () => {
  calls = []
  now = Date.parse('2026-01-05T08:00:00Z')
  answer = () => json(first)
  world = await createWorld({}, { egress })
})
afterEach(() => world.close())

const at = '/v1/services/city/library-card'
const ask = async (query: Record<string, string>) => {
  const response = await world.request(`${at}/versions/1/options/street?${new URLSearchParams({ lang: 'en', ...query })}`)
  return {
    status: response.status,
    headers: response.headers,
    body: (await response.json()) as unknown as { options: { value: string }[]; count: number; type?: string },
  }
}
const found = async (q: string) => (await ask({ q })).body.options.map(({ value }) => value)
let now: number
const pass = (milliseconds: number) => {
  now += milliseconds
  world.setTime(new Date(now).toISOString())
}
const minute = 60_000

it.each<readonly [string, Uint8Array]>([
  ['no JSON', Buffer.from('<html>')],
  ['no UTF-8', Buffer.from([0xff, 0xfe])],
  ['nothing in it', bytesOf([])],
  ['no list', bytesOf({ rows: first })],
  ['too much in it', bytesOf(Array.from({ length: 20_001 }, (_, i) => ({ value: `v${i}`, label: 'x' })))],
  ['an option that is none', bytesOf([...first, null])],
  ['an option without words', bytesOf([...first, { value: 's-9', label: ' ' }])],
  ['words in no language', bytesOf([{ value: 's-9', label: { '<b>': 'x' } }])],
  ['a value that is none', bytesOf([{ value: 'a b', label: 'x' }])],
  ['a value twice', bytesOf([...first, first[0]])],
])('a list with %s is refused as a whole', (_, body) => {
  expect(() => readList(body)).toThrow(NoList)
  // The control: what it was made of is a list.
  expect(readList(bytesOf({ options: first }))).toHaveLength(first.length)
})

describe('a list that is kept at an address', () => {
  it('is fetched by the server once, searched and paged like any other, and never comes with the service', async () => {
    await world.offer(definition())
    const view = (await (await world.request(at)).json()) as unknown as { asks: object }
    expect(view.asks).toMatchObject({ lists: true })
    expect(calls).toEqual([])
    expect(await found('αθηνας')).toEqual(['s-1'])
    expect(await found('main')).toEqual(['s-2'])
    const page = await ask({ q: 'number', from: '50' })
    expect([page.body.options.length, page.body.count]).toEqual([20, 70])
    expect(page.headers.get('cache-control')).toBe('no-store')
    expect((await ask({ value: 's-1' })).body.options).toEqual([{ value: 's-1', label: { en: 'Athinas Street' } }])
    expect(calls).toEqual([address])
  })

  it('is asked for by all at once with one request', async () => {
    await world.offer(definition())
    await Promise.all(Array.from({ length: 20 }, () => found('main')))
    expect(calls).toHaveLength(1)
  })

  it('is fetched again when it is old, and given as it was while the address fails, for a week', async () => {
    await world.offer(definition())
    expect(await found('main')).toEqual(['s-2'])
    pass(59 * minute)
    await found('main')
    expect(calls).toHaveLength(1)
    answer = () => new EgressError('connection')
    pass(2 * minute)
    expect(await found('main')).toEqual(['s-2'])
    await expect.poll(() => calls.length).toBe(2)
    // Who asks often does not have another server asked often.
    await Promise.all(Array.from({ length: 10 }, () => found('main')))
    expect(calls).toHaveLength(2)
    answer = () => json([{ value: 's-3', label: 'Main Road' }])
    pass(minute)
    await found('main')
    await expect.poll(() => found('main')).toEqual(['s-3'])
    answer = () => new EgressError('timeout')
    pass(longestStale + 61 * minute)
    expect(await ask({ q: 'main' })).toMatchObject({ status: 503, body: { type: 'https://guichet.dev/problems/list-away' } })
  })

  it.each([
    ['nobody there', () => new EgressError('name')],
    ['an error', () => ({ ...json(first), status: 500 })],
    ['more than is read', () => ({ ...json(first), truncated: true })],
  ])('is not there where there is %s, and nothing is taken unchecked', async (_, wrong) => {
    answer = wrong
    await world.offer(definition())
    expect((await ask({ q: '' })).status).toBe(503)
    const refused = await world.send(answersOf({ street: { value: 's-1', label: {} } }))
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([503, '30'])
    // Who answered nothing there needs no list.
    expect((await world.send(answersOf())).status).toBe(201)
    answer = () => json({ options: first })
    pass(minute)
    expect((await world.send(answersOf({ street: { value: 's-1', label: {} } }))).status).toBe(201)
  })

  it('is what is sent in is held against, and its own words are what is kept', async () => {
    await world.offer(definition())
    expect((await world.send(answersOf({ street: { value: 's-1', label: { en: 'Palace of mine' } } }))).status).toBe(201)
    expect(world.disk()).toContain('Athinas Street')
    expect(world.disk()).not.toContain('Palace of mine')
    const refused = await world.send(answersOf({ street: { value: 's-9', label: { en: 'Nowhere' } } }))
    expect(refused.status).toBe(422)
    expect((await refused.json()).errors).toMatchObject([{ pointer: '/street', code: 'search-select.invalid' }])
    // What came up since it was fetched is looked for once more.
    answer = () => json([...first, { value: 's-9', label: 'New Street' }])
    pass(minute)
    expect((await world.send(answersOf({ street: { value: 's-9', label: {} } }))).status).toBe(201)
  })

  it('is called only where the policy lets the service call', async () => {
    const publish = async (allow: string[]) => {
      try {
        await world.offer(definition(), { rules: { ...plainPolicy.rules, outgoing: { allow } } })
        return 'published'
      } catch (error) {
        return String((error as Error).message)
      }
    }
    expect(await publish(['elsewhere.example'])).not.toBe('published')
    expect(await publish(['streets.example'])).toBe('published')
    expect(await found('main')).toEqual(['s-2'])
  })

  it('is named in no log by more than its host', async () => {
    answer = () => new EgressError('connection')
    await world.offer(definition())
    await ask({ q: '' })
    expect(world.log.join('')).toContain('a list of options did not come')
    expect(world.log.join('')).not.toContain('letmein')
  })
})
