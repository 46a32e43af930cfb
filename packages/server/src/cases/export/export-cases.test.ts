import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { KeyGone } from '../../keys/seal-box.ts'
import { movingDefinition, type Officer, officerOf, receive } from '../../testing/cases.ts'
import { reading } from '../../testing/reading.ts'
import { createWorld, plainPolicy, type World } from '../../testing/world.ts'

let world: World
let officer: Officer
beforeEach(async () => {
  world = await createWorld()
  await world.offer(movingDefinition(), { rules: { rate: { submissionsPerHour: 10_000 } } })
  officer = await officerOf(world)
})
afterEach(() => world.close())

const city = async () => world.adapters.store.agency((await world.adapters.store.findAgency('city'))!)
const leaves = async () => (await (await city()).auditEvents(0, 5000)).filter(({ action }) => action === 'submission.exported')
const get = (format: string, query = '?purpose=Yearly%20report', service = 'library-card') =>
  officer.get(`/v1/admin/services/${service}/export.${format}${query}`)

describe('an export', () => {
  it('has a column for each field of each version, in a stable order, and a leaf in the audit log', async () => {
    await receive(world, { name: '=1+1', cards: [{ holder: 'Kim' }] })
    await world.offer(
      movingDefinition((definition) => {
        const fields = definition.pages[0]?.fields ?? []
        fields.splice(1, 1, { id: 'town', type: 'text', label: { en: 'Town' }, purpose: { en: 'Why' } } as never)
        fields.splice(2, 1)
        definition.stages?.splice(1, 1)
        definition.documents = []
      }),
      plainPolicy,
    )
    // Of two of one moment either may come first.
    world.setTime('2026-01-05T08:00:01.000Z')
    const { submission } = await receive(world, { student: undefined, town: 'Ελ "Ά", x' }, { version: 2 })
    await officer.decide(submission, 1, { decision: 'refuse', note: 'No.' })
    const response = await get('csv')
    expect([response.status, response.headers.get('content-type'), response.headers.get('content-disposition')]).toEqual([
      200,
      'text/csv; charset=utf-8; header=present',
      'attachment; filename="library-card.csv"',
    ])
    const lines = (await response.text()).split('\r\n')
    expect(lines[0]).toBe(
      [
        ...[
          'submission',
          'version',
          'language',
          'receivedAt',
          'status',
          'stage',
          'dueAt',
          'closedAt',
          'decision',
          'decidedAt',
          'amendments',
          'amendedAt',
          'late',
          'readable',
          'fee',
        ],
        ...['name', 'student', 'school', 'cards', 'town'].map((name) => `answers.${name}`),
        'computed.cards_total',
      ]
        .map((name) => `"${name}"`)
        .join(','),
    )
    expect(lines).toHaveLength(4)
    expect(lines[1]).toMatch(
      /,1,"en","2026-01-05T08:00:00.000Z","received","intake","2026-01-08T21:59:59.999Z",,,,0,,false,true,500,"'=1\+1",false,,"\[\{""holder"":""Kim""\}\]",,2$/,
    )
    expect(lines[2]).toMatch(
      /^"\w{26}",2,"en",.*,"refused",,,"2026-01-05T08:00:01.000Z","refuse","2026-01-05T08:00:01.000Z",0,,false,true,250,"Sam Okafor",,,.*,"Ελ ""Ά"", x",1$/,
    )
    expect(await leaves()).toMatchObject([
      { actor: `user:${officer.user}`, object: 'service:library-card', details: { count: 2, format: 'csv', purpose: expect.stringMatching(/^sha256-/) } },
    ])
    const marked = await get('csv', '?purpose=x&bom=1')
    expect([...new Uint8Array(await marked.arrayBuffer())].slice(0, 4)).toEqual([0xef, 0xbb, 0xbf, 0x22])
  })

  it('is JSON a line, too', async () => {
    const { submission } = await receive(world, { name: '=1+1' })
    const response = await get('jsonl')
    expect(response.headers.get('content-type')).toBe('application/jsonl; charset=utf-8')
    const lines = (await response.text()).trim().split('\n')
    expect(lines.map((line) => JSON.parse(line))).toMatchObject([
      { submission, status: 'received', answers: { name: '=1+1' }, computed: { cards_total: 1 }, fee: { total: 250 } },
    ])
  })

  it('says when it was decided as it stands, and how often the citizen has added to it', async () => {
    const { submission, reference } = await receive(world)
    const at = async (iso: string) => {
      world.setTime(iso)
      await officer.renew()
    }
    const line = async () => JSON.parse((await (await get('jsonl')).text()).trim())
    expect(await line()).toMatchObject({ decision: null, decidedAt: null, amendments: 0, amendedAt: null })
    await at('2026-01-05T09:00:00.000Z')
    await officer.decide(submission, 1, { decision: 'ask_more', note: 'Your whole name?', ask: { fields: ['name'], documents: [] } })
    const answered = await world.request(`/v1/services/city/library-card/cases/${submission}/submissions`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', 'Idempotency-Key': `addition-${submission}` },
      body: JSON.stringify({ reference, number: 2, answers: { name: 'Sam Okafor-Lee' } }),
    })
    expect(answered.status).toBe(201)
    // To ask, and to answer, decides nothing.
    expect(await line()).toMatchObject({ decidedAt: null, amendments: 1, amendedAt: '2026-01-05T09:00:00.000Z', answers: { name: 'Sam Okafor-Lee' } })
    await officer.decide(submission, 3, { decision: 'accept' })
    await at('2026-01-06T09:00:00.000Z')
    await officer.decide(submission, 4, { decision: 'approve' })
    await at('2026-01-07T09:00:00.000Z')
    // Passed on after it was approved: that is when it was decided.
    await officer.decide(submission, 5, { decision: 'accept' })
    expect(await line()).toMatchObject({ decision: 'approve', decidedAt: '2026-01-06T09:00:00.000Z', closedAt: '2026-01-07T09:00:00.000Z', amendments: 1 })
  })

  it('is refused without a purpose, for a service that is not there, and to strangers', async () => {
    for (const query of ['', '?purpose=', '?purpose=%20', `?purpose=${'x'.repeat(201)}`, '?purpose=a%0Ab']) {
      const response = await get('csv', query)
      expect([response.status, (await response.json()).errors[0]?.pointer]).toEqual([400, '/purpose'])
    }
    expect((await get('csv', '?purpose=x', 'nothing')).status).toBe(404)
    expect((await world.request('/v1/admin/services/library-card/export.csv?purpose=x')).status).toBe(401)
    expect(await leaves()).toEqual([])
  })

  it('fetches no more than its reader takes, and stops when the reader goes', async () => {
    for (let i = 0; i < 90; i++) await receive(world)
    const agency = await city()
    let fetched = 0
    const store = { ...world.adapters.store, agency: () => ({ ...agency, submissionsBetween: counting }) }
    async function counting(...args: Parameters<typeof agency.submissionsBetween>) {
      const rows = await agency.submissionsBetween(...args)
      fetched += rows.length
      return rows
    }
    const { exportCases } = await import('./export-cases.ts')
    const request = { service: 'library-card', format: 'jsonl', purpose: 'x', byteOrderMark: false } as const
    const by = { actor: 'user:u', at: '2026-01-05T08:00:00.000Z' }
    const stream = await exportCases(world.adapters, store.agency() as typeof agency, request, by, reading)
    const reader = stream.getReader()
    await reader.read()
    await new Promise((resolve) => setImmediate(resolve))
    // One portion read and one in hand.
    expect(fetched).toBeLessThan(90)
    await reader.cancel()
    expect(fetched).toBeLessThan(90)
    // The leaf was there before the first row, and says how many there were to be had.
    expect((await leaves()).at(-1)?.details).toMatchObject({ count: 90 })
    // The control: who reads on gets all of them, each once.
    const whole = await (await get('jsonl')).text()
    const ids = whole
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line).submission)
    expect([ids.length, new Set(ids).size]).toEqual([90, 90])
  })

  it('says which cases were erased, and stops at one that was tampered with', async () => {
    await receive(world)
    const { kek } = world.adapters.keys
    world.adapters.keys.kek = () => {
      throw new KeyGone('2026-01')
    }
    expect(JSON.parse(await (await get('jsonl')).text())).toMatchObject({ status: 'received', answers: null })
    const [{ id } = { id: '' }] = await (await city()).submissions()
    expect((await officer.get(`/v1/admin/cases/${id}`)).status).toBe(410)
    world.adapters.keys.kek = (agency, bucket) => ({ ...kek(agency, bucket), wrapping: () => new Uint8Array(32) })
    await expect((await get('jsonl')).text()).rejects.toThrow()
  })
})
