import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { run } from '../cli.ts'
import { answersOf, createWorld, definitionOf, foreign, own, plainPolicy, type World } from '../testing/world.ts'
import { countsOf, type Measure } from './count.ts'
import { rebuildStatistics } from './rebuild.ts'
import { keepStatistics } from './upkeep.ts'

interface Row {
  period: string
  grain: string
  service: string | null
  measure: string
  dimension: string
  value: string
  count: number | null
  mark: string | null
  growth: number | null
  least: boolean
}

describe('statistics', () => {
  let world: World
  beforeEach(async () => {
    world = await createWorld({ PUBLISH_STATISTICS: 'city', VISITS_PER_CASE: '1.5' })
    await world.offer()
  })
  afterEach(() => world.close())

  const read = async (query = ''): Promise<Row[]> => {
    const response = await world.request(`/v1/statistics/city${query}`)
    expect(response.status).toBe(200)
    return (await response.json()).figures as Row[]
  }
  const find = (rows: Row[], measure: string, dimension = '', value = '', more: Partial<Row> = {}) =>
    rows.find(
      (row) =>
        row.measure === measure &&
        row.dimension === dimension &&
        row.value === value &&
        row.service === (more.service === undefined ? 'library-card' : more.service) &&
        row.grain === (more.grain ?? 'month'),
    )
  const agencyOf = async () => world.adapters.store.agency((await world.adapters.store.findAgency('city'))!)

  it('count what was sent by channel and language, once however often it was sent', async () => {
    for (let i = 0; i < 6; i++) expect((await world.send(answersOf(), { origin: own })).status).toBe(201)
    for (let i = 0; i < 7; i++) expect((await world.send(answersOf(), { origin: foreign, client: `198.51.100.${i}` })).status).toBe(201)
    for (let i = 0; i < 5; i++) expect((await world.send({ ...answersOf(), assisted: true }, { client: `198.51.101.${i}` })).status).toBe(201)
    const again = { key: 'the-same-key-twice', client: '198.51.102.1' }
    for (let i = 0; i < 2; i++) expect((await world.send(answersOf(), again)).status).toBe(201)
    for (let i = 0; i < 5; i++) expect((await world.send(answersOf(), { client: `198.51.103.${i}` })).status).toBe(201)
    // The controls: what is refused is not counted, and a month that is not over is not published.
    expect((await world.send({ ...answersOf(), answers: {} })).status).toBe(422)
    expect(await read()).toEqual([])
    world.setTime('2026-02-01T12:00:00.000Z')
    expect(await read()).toEqual([])
    world.setTime('2026-02-02T12:00:00.000Z')
    const rows = await read()
    expect(find(rows, 'sent')).toMatchObject({ period: '2026-01', count: 24, mark: null, growth: null })
    expect(['web', 'embedded', 'program', 'assisted'].map((channel) => find(rows, 'sent', 'channel', channel)?.count)).toEqual([6, 7, 6, 5])
    expect(find(rows, 'sent', 'language', 'en')?.count).toBe(24)
    expect(find(rows, 'visits_avoided')?.count).toBe(Math.round((24 - 5) * 1.5))
    expect(find(rows, 'sent', '', '', { service: null })?.count).toBe(24)
  })

  it('count what was looked at without keeping anything about anybody, and write it later', async () => {
    const view = '/v1/services/city/library-card'
    for (let i = 0; i < 6; i++) {
      const response = await world.request(`${view}?lang=en`, { headers: { 'Sec-Fetch-Site': 'same-origin' }, client: `192.0.2.${i}` })
      expect(response.headers.get('set-cookie')).toBeNull()
    }
    for (let i = 0; i < 5; i++) {
      const response = await world.request(`${view}/started?lang=en`, { method: 'POST', headers: { Origin: foreign } })
      expect([response.status, response.headers.get('access-control-allow-origin')]).toEqual([204, foreign])
    }
    expect((await world.request(`${view}/started`, { method: 'POST', headers: { Origin: 'https://elsewhere.example' } })).status).toBe(403)
    const { reference } = await (await world.send(answersOf())).json()
    for (let i = 0; i < 5; i++) {
      const init = { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify({ reference }) }
      expect((await world.request('/v1/status', init)).status).toBe(200)
    }
    const agency = await agencyOf()
    expect((await agency.daily('2026-01-01', '2026-01-31')).map(({ measure }) => measure)).toEqual(['finished', 'sent'])
    await world.adapters.statistics.tally.flush()
    expect(await agency.daily('2026-01-01', '2026-01-31')).toEqual([
      { service: 'library-card', day: '2026-01-05', measure: 'finished', channel: '', language: '', count: 1 },
      { service: 'library-card', day: '2026-01-05', measure: 'looked_up', channel: '', language: '', count: 5 },
      { service: 'library-card', day: '2026-01-05', measure: 'opened', channel: 'web', language: 'en', count: 6 },
      { service: 'library-card', day: '2026-01-05', measure: 'sent', channel: 'program', language: 'en', count: 1 },
      { service: 'library-card', day: '2026-01-05', measure: 'started', channel: 'embedded', language: 'en', count: 5 },
    ])
    expect(world.disk()).not.toMatch(/192\.0\.2\./)
  })

  it('are not made up by one program that asks without end', async () => {
    for (let i = 0; i < 1100; i++) await world.request('/v1/services/city/library-card/started', { method: 'POST' })
    await world.adapters.statistics.tally.flush()
    expect((await (await agencyOf()).daily('2026-01-01', '2026-01-31'))[0]?.count).toBe(1000)
  })

  it('are the same when they are made again from the audit log', async () => {
    const days = ['2026-01-05T08:00:00.000Z', '2026-01-31T21:59:59.000Z', '2026-01-31T22:30:00.000Z', '2026-02-10T08:00:00.000Z', '2026-03-01T08:00:00.000Z']
    for (const [i, day] of days.entries()) {
      world.setTime(day)
      for (let n = 0; n <= i; n++)
        await world.send({ ...answersOf(), ...(n === 1 ? { assisted: true } : {}) }, { client: `198.51.${i}.${n}`, ...(n === 2 ? { origin: own } : {}) })
    }
    const agency = await agencyOf()
    await keepStatistics(world.adapters.store, new Date('2026-03-03T08:00:00.000Z'))
    const before = [await agency.daily('2026-01-01', '2026-12-31'), await agency.monthly('2026-03')]
    expect(before[0]?.length).toBeGreaterThan(6)
    // The control: numbers that went wrong are put right.
    await agency.count([{ service: 'library-card', day: '2026-01-05', measure: 'sent', channel: 'web', language: 'en', count: 1000 }])
    expect(await agency.daily('2026-01-01', '2026-12-31')).not.toEqual(before[0])
    await rebuildStatistics(agency)
    expect([await agency.daily('2026-01-01', '2026-12-31'), await agency.monthly('2026-03')]).toEqual(before)
  })

  it('are rebuilt from the command line, for one agency or all', async () => {
    await world.offer(definitionOf(), plainPolicy, 'town')
    for (let i = 0; i < 3; i++) await world.send(answersOf(), { client: `198.51.100.${i}` })
    const agency = await agencyOf()
    await agency.count([{ service: 'library-card', day: '2026-01-05', measure: 'sent', channel: 'program', language: 'en', count: 7 }])
    const { databaseUrl } = world.config
    const env = { DATA_DIR: world.folder, ...(databaseUrl ? { DATABASE_URL: databaseUrl } : {}) }
    const [out, err]: [string[], string[]] = [[], []]
    const streams = { out: { write: (text: string) => out.push(text) }, err: { write: (text: string) => err.push(text) } }
    expect(await run(['statistics', 'rebuild', '--agency', 'city'], env, streams)).toBe(0)
    expect([out.join(''), err.join('')]).toEqual([expect.stringMatching(/^city\t\d+\n$/), '100 % city\n'])
    expect((await agency.daily('2026-01-05', '2026-01-05')).find(({ measure }) => measure === 'sent')?.count).toBe(3)
    expect(await run(['statistics', 'rebuild', '--agency', 'nowhere'], env, streams)).toBe(1)
    expect(await run(['statistics', 'unmake'], env, streams)).toBe(1)
  })

  it('are there for nobody where the agency does not publish', async () => {
    await world.offer(definitionOf(), plainPolicy, 'town')
    for (const path of ['/v1/statistics/town', '/v1/statistics/town/figures.csv', '/statistics/town', '/v1/statistics/nowhere'])
      expect((await world.request(path)).status, path).toBe(404)
    expect(await (await world.request('/')).text()).toContain('href="/statistics/city?lang=en"')
    expect(await (await world.request('/')).text()).not.toContain('/statistics/town')
  })

  it('leave small numbers out of JSON, CSV and page alike', async () => {
    const agency = await agencyOf()
    const count = (day: string, language: string, n: number) => ({ service: 'library-card', day, measure: 'sent' as const, channel: 'web', language, count: n })
    await agency.count([count('2025-01-05', 'en', 400), count('2026-01-05', 'en', 731), count('2026-01-06', 'el', 47), count('2026-01-07', 'hu', 3)])
    world.setTime('2026-04-05T08:00:00.000Z')
    const rows = await read('?grain=month&from=2026-01&to=2026')
    expect(rows.every(({ grain, period }) => grain === 'month' && period >= '2026-01')).toBe(true)
    expect(find(rows, 'sent')).toMatchObject({ count: 781, growth: 0.9525 })
    expect(find(rows, 'sent', 'language', 'hu')).toMatchObject({ count: null, mark: 'small' })
    expect(find(rows, 'sent', 'language', 'el')).toMatchObject({ count: null, mark: 'hidden' })
    expect(find(rows, 'sent', 'language', 'en')?.count).toBe(731)

    const csv = await world.request('/v1/statistics/city/figures.csv')
    expect(csv.headers.get('content-type')).toContain('text/csv')
    expect(csv.headers.get('link')).toContain('figures.csv-metadata.json')
    const lines = (await csv.text()).split('\r\n')
    expect(lines[0]).toBe('period,grain,service,measure,dimension,value,count,note,growth')
    expect(lines).toContain('2026-01,month,library-card,sent,language,hu,,<5,')
    expect(lines).toContain('2026-01,month,library-card,sent,,,781,,0.9525')
    const described = await (await world.request('/v1/statistics/city/figures.csv-metadata.json')).json()
    expect((described as unknown as { tableSchema: { columns: { name: string }[] } }).tableSchema.columns.map(({ name }) => name).join(',')).toBe(lines[0])

    for (const language of ['en', 'el', 'vi', 'hu', 'fa']) {
      const page = await world.request(`/statistics/city?lang=${language}&period=2026-01`)
      const text = await page.text()
      expect(page.headers.get('content-security-policy')).toContain("style-src 'self'")
      expect(text).not.toMatch(/ style=|<script|statistics\.[a-z]/)
      expect(text).toContain(new Intl.NumberFormat(language).format(781))
      expect(text).not.toContain(`>${new Intl.NumberFormat(language).format(47)}<`)
      expect(text).toContain(new Intl.NumberFormat(language, { style: 'percent', maximumFractionDigits: 1, signDisplay: 'exceptZero' }).format(0.9525))
    }
  })

  it('count transactions, look-ups, sign-ins of citizens and of staff, people and exchanges apart, in JSON, CSV and page', async () => {
    const agency = await agencyOf()
    const count = (measure: Measure, n: number, channel = '', service = '') => ({ service, day: '2026-01-05', measure, channel, language: '', count: n })
    await agency.count([
      { ...count('sent', 21, 'web', 'library-card'), language: 'en' },
      count('looked_up', 32, '', 'library-card'),
      count('signed_in', 43, 'citizen'),
      count('signed_in', 54, 'staff'),
      count('exchanged', 65),
    ])
    for (let i = 0; i < 70; i++) world.adapters.statistics.tally.met(agency.id, 'staff', `officer ${i % 10}`, new Date('2026-01-05T08:00:00.000Z'))
    await world.adapters.statistics.tally.flush()
    world.setTime('2026-02-05T08:00:00.000Z')
    const counted = { sent: 21, looked_up: 32, citizens_signed_in: 43, signed_in: 54, people: 10, exchanged: 65 }
    const rows = await read('?grain=month')
    const totals = rows.filter(({ service, dimension, measure }) => service === null && dimension === '' && measure in counted)
    expect(totals.map(({ measure, count }) => [measure, count])).toEqual(Object.entries(counted))
    // No two of them are the same number told twice.
    expect(new Set(rows.map(({ period, service, measure, dimension, value }) => [period, service, measure, dimension, value].join())).size).toBe(rows.length)
    const lines = (await (await world.request('/v1/statistics/city/figures.csv?grain=month')).text()).split('\r\n')
    for (const [measure, n] of Object.entries(counted)) expect(lines).toContain(`2026-01,month,,${measure},,,${n},,`)
    const page = await (await world.request('/statistics/city?lang=en&period=2026-01')).text()
    const [brief = '', rest = ''] = page.split('id="apart"')
    const shown = (part: string) => [...part.matchAll(/<dt>([^<]*)<\/dt><dd><strong>([^<]*)<\/strong>/g)].map(([, name, n]) => `${name} ${n}`)
    expect(shown(brief)).toEqual(['Sent 21', 'Decided 0', 'Returned to the applicant 0', 'Visits avoided 32'])
    expect(shown(rest)).toEqual([
      'Look-ups of a case 32',
      'Sign-ins of citizens 43',
      'Sign-ins of staff 54',
      'Different members of staff who signed in 10',
      'Exchanges between systems 65',
    ])
  })

  it('cost the same however many submissions there are', async () => {
    const agency = await agencyOf()
    const rowsAfter = async (n: number) => {
      for (let i = 0; i < n; i++) expect((await world.send(answersOf(), { client: `10.0.${n}.${i}` })).status).toBe(201)
      return (await agency.monthly('2026-01')).length
    }
    expect(await rowsAfter(1)).toBe(await rowsAfter(60))
  })

  it('count people by a sketch, and forget its key with the month', async () => {
    const { tally } = world.adapters.statistics
    const id = (await world.adapters.store.findAgency('city'))!
    for (let i = 0; i < 60; i++) tally.met(id, 'staff', `person ${i % 30}`, new Date('2026-01-05T08:00:00.000Z'))
    await tally.flush()
    expect(world.disk()).not.toContain('person 1')
    await keepStatistics(world.adapters.store, new Date('2026-02-05T08:00:00.000Z'))
    let key: Uint8Array | null = new Uint8Array()
    await (await agencyOf()).sketchPeople('2026-01', 'staff', { key: new Uint8Array(), registers: new Uint8Array() }, (held, registers) => {
      key = held
      return registers
    })
    expect(key).toBeNull()
    world.setTime('2026-02-05T08:00:00.000Z')
    expect(find(await read(), 'people', '', '', { service: null })).toMatchObject({ count: 30, period: '2026-01' })
  })
})

describe('an event', () => {
  const at = '2026-01-05T23:30:00.000Z'
  it('counts by what it says', () => {
    const details = { service: 's', day: '2026-01-06' }
    const names = (action: string, more: object = {}) =>
      countsOf({ action: action as never, time: at, details: { ...details, ...more } }).map(({ measure, day, channel }) =>
        `${measure} ${day} ${channel}`.trim(),
      )
    expect(names('submission.received', { channel: 'web', language: 'en' })).toEqual(['sent 2026-01-06 web'])
    expect(names('submission.received', { channel: 'web', language: 'en', toDesk: true, finished: true })).toEqual([
      'sent 2026-01-06 web',
      'handed_in 2026-01-06',
      'finished 2026-01-06',
    ])
    expect(names('submission.received', { channel: 'assisted', language: 'en', toDesk: true })).toEqual(['sent 2026-01-06 assisted'])
    expect(names('submission.changed', { finished: true, inTerm: true })).toEqual(['finished 2026-01-06', 'in_term 2026-01-06'])
    expect(names('submission.changed', { finished: true, inTerm: false })).toEqual(['finished 2026-01-06', 'late 2026-01-06'])
    expect(names('submission.changed', { returned: true })).toEqual(['returned 2026-01-06'])
    expect(names('submission.changed')).toEqual([])
    expect(names('user.signed-in')).toEqual(['signed_in 2026-01-05 staff'])
    expect(names('citizen.signed-in')).toEqual(['signed_in 2026-01-05 citizen'])
    expect(names('delivery.done')).toEqual(['exchanged 2026-01-05'])
    expect(names('service.saved', { finished: true })).toEqual([])
  })
})
