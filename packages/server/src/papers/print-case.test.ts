import type { Policy, ServiceDefinition } from '@guichet/schemas'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { movingDefinition, type Officer, officerOf, receive } from '../testing/cases.ts'
import { agencyOf, personIn } from '../testing/people.ts'
import { offerSealed, recipientsFor, sealedBody } from '../testing/sealed.ts'
import { createWorld, newKey, pdf, plainPolicy, type World } from '../testing/world.ts'
import { type ReadElement, readPdf } from './pdf/read-pdf.test-helper.ts'
import { mostCharacters } from './print-case.ts'

let world: World
let officer: Officer
beforeEach(async () => {
  world = await createWorld()
})
afterEach(() => world.close())

/** Groups that repeat and that only arrange, a number, a date, something computed, a document and a fee. */
const everything = (): ServiceDefinition =>
  movingDefinition((definition) => {
    definition.languages = ['en', 'fa']
    definition.title = { en: 'Study grant', fa: 'کمک‌هزینهٔ تحصیلی' }
    definition.pages = [
      {
        id: 'about',
        title: { en: 'About you', fa: 'دربارهٔ شما' },
        fields: [
          { id: 'name', type: 'text', label: { en: 'Name', fa: 'نام' } },
          { id: 'arranged', type: 'group', label: { en: 'When' }, fields: [{ id: 'day', type: 'date', label: { en: 'First day', fa: 'نخستین روز' } }] },
          { id: 'student', type: 'yes-no', label: { en: 'Are you a student?', fa: 'دانشجو هستید؟' } },
          { id: 'school', type: 'text', label: { en: 'School', fa: 'دانشگاه' }, when: { var: 'student' }, optional: true },
        ],
      },
      {
        id: 'home',
        title: { en: 'Your household' },
        fields: [
          {
            id: 'people',
            type: 'group',
            label: { en: 'People' },
            repeat: { min: 0, max: 5, item: { en: 'Person' } },
            fields: [
              { id: 'who', type: 'text', label: { en: 'Who' } },
              { id: 'income', type: 'money', label: { en: 'Income' } },
            ],
          },
        ],
      },
    ] as never
    definition.computed = [{ id: 'greeting', type: 'text', label: { en: 'Greeting' }, value: { cat: ['To ', { var: 'name' }] } }] as never
    definition.documents = [{ id: 'proof', label: { en: 'Proof of study' } }] as never
    definition.fee = { lines: [{ id: 'stamp', label: { en: 'Stamp' }, amount: { money: 1250 } }] } as never
  })
const answers = {
  name: 'مریم احمدی',
  day: '2026-03-20',
  student: true,
  school: 'Trường Đại học',
  people: [
    { who: 'Sam', income: 120000 },
    { who: 'Kim', income: 5 },
  ],
}

async function sendIn(policy: Policy = plainPolicy): Promise<string> {
  await world.offer({ ...everything(), id: 'library-card' }, policy)
  officer = await officerOf(world)
  const uploaded = await world.request('/v1/services/city/library-card/attachments?target=proof&name=proof.pdf', {
    method: 'POST',
    headers: { 'Content-Type': 'application/pdf' },
    body: pdf,
  })
  const { id } = await uploaded.json()
  const sent = await world.send({ version: 1, language: 'fa', answers, documents: { proof: [id] } }, { key: newKey() })
  if (sent.status !== 201) throw new Error(await sent.text())
  return (await sent.json()).submission
}
const printed = async (submission: string, query = '', headers: Record<string, string> = {}) => {
  const response = await officer.get(`/v1/admin/cases/${submission}/case.pdf${query}`, headers)
  expect([response.status, response.headers.get('content-type')]).toEqual([200, 'application/pdf'])
  return readPdf(new Uint8Array(await response.arrayBuffer()))
}
/** A case of an agency that has nothing to do with the first; gives what asks for its PDF. */
async function anotherAgency() {
  const definition: ServiceDefinition = { ...everything(), id: 'library-card' }
  definition.documents = []
  await world.offer(definition, plainPolicy, 'town')
  const theirs = await personIn(world, await agencyOf(world, 'town'), 'bo@town.example', [{ role: 'owner' }])
  const sent = await world.send({ version: 1, language: 'fa', answers }, { key: newKey(), service: 'town/library-card' })
  if (sent.status !== 201) throw new Error(await sent.text())
  const { submission } = await sent.json()
  return () => theirs.call('GET', `cases/${submission}/case.pdf`)
}
const rows = (elements: readonly ReadElement[]) => {
  const found: [string, ...string[]][] = []
  for (const { tag, text } of elements) {
    if (/^(?:TH|H\d)$/.test(tag)) found.push([text])
    else found.at(-1)?.push(text)
  }
  return found
}
const audited = async (action: string) =>
  (await world.adapters.store.agency((await world.adapters.store.findAgency('city'))!).auditEvents(0, 1000)).filter((event) => event.action === action)

it('says what was sent in, by page and group, with what followed from it and what happened', async () => {
  const submission = await sendIn()
  await officer.decide(submission, 1, { decision: 'accept', note: 'All is there.' })
  const { elements, language, bookmarks } = await printed(submission)
  expect(language).toBe('en')
  expect(bookmarks[0]).toBe(`Study grant · ${submission.slice(-8)}`)
  const said = rows(elements)
  expect(said).toEqual(
    expect.arrayContaining([
      ['Agency', 'Agency city'],
      ['Number of the case', submission],
      ['Received', expect.stringMatching(/^January 5, 2026 at 10:00:00\sAM GMT\+2$/)],
      ['Filled in in', 'Persian'],
      ['About you'],
      ['Name', 'مریم احمدی'],
      ['First day', expect.stringContaining('2026')],
      ['School', 'Trường Đại học'],
      ['Your household'],
      ['People', '2 entries'],
      ['Person 1'],
      ['Who', 'Sam'],
      ['Income', '€1,200.00'],
      ['Person 2'],
      ['Who', 'Kim'],
      ['Proof of study', 'proof.pdf', expect.stringMatching(/bytes · application\/pdf$/), expect.stringMatching(/^sha-?256/i)],
      ['Greeting', 'To مریم احمدی'],
      ['Stamp', '€12.50'],
      ['Total', '€12.50'],
      ['What happened'],
      [expect.stringContaining('January 5, 2026'), 'Received'],
      [expect.stringContaining('January 5, 2026'), 'Accept and pass on · Being handled', 'School', 'Ada', 'All is there.'],
    ]),
  )
  expect(elements.find(({ text }) => text === 'مریم احمدی')?.language).toBe('fa')
  const persian = await printed(submission, '?lang=fa')
  expect([persian.language, persian.bookmarks[1]]).toEqual(['fa', 'دربارهٔ شما'])
  expect(rows(persian.elements)).toContainEqual(['نام', 'مریم احمدی'])
})

it('is a read of the case: on the audit log, with what it was for, and refused like one', async () => {
  const submission = await sendIn({ ...plainPolicy, rules: { ...plainPolicy.rules, purpose: { ask: ['open'] } } } as never)
  const asked = await officer.get(`/v1/admin/cases/${submission}/case.pdf`)
  expect([asked.status, (await asked.json()).purposes]).toEqual([403, expect.anything()])
  expect(await audited('submission.read')).toEqual([])
  await printed(submission, '?purpose=complaint')
  expect(await audited('submission.read')).toMatchObject([
    { actor: `user:${officer.user}`, object: `submission:${submission}`, details: { format: 'pdf', purpose: expect.any(String) } },
  ])
  expect((await officer.get('/v1/admin/cases/no-such-case/case.pdf')).status).toBe(404)
})

it('names what the policy hides from whoever asks, and does not show it', async () => {
  const submission = await sendIn({
    ...plainPolicy,
    rules: { ...plainPolicy.rules, fields: { owner: { hidden: ['name', 'people.income', 'documents.proof'] } } },
  } as never)
  const { elements } = await printed(submission)
  const said = rows(elements)
  expect(said).toEqual(
    expect.arrayContaining([
      ['Name', 'Not shown to you'],
      ['School', 'Trường Đại học'],
      ['Who', 'Sam'],
      ['Income', 'Not shown to you'],
      ['Proof of study', 'Not shown to you'],
    ]),
  )
  for (const hidden of ['مریم', '1,200', 'proof.pdf', 'Greeting']) expect(JSON.stringify(elements)).not.toContain(hidden)
})

it('names what is sealed and does not hold it', async () => {
  const { definition } = await offerSealed(world)
  officer = await officerOf(world)
  const sealed = await sealedBody(await recipientsFor(world), definition, ['student', 'cards'], {
    answers: { name: 'Sam Okafor', student: false, cards: 1 } as never,
  })
  const { submission } = await (await world.send(sealed)).json()
  const { elements } = await printed(submission)
  expect(rows(elements).filter(([, said]) => said === 'Sealed').length).toBeGreaterThan(0)
  expect(JSON.stringify(elements)).toContain('Part of this case is sealed.')
  expect(JSON.stringify(elements)).not.toContain('Okafor')
})

it('says so when there is more than a file to be printed holds', async () => {
  const definition = everything()
  const ids = Array.from({ length: 110 }, (_, i) => `text${i}`)
  definition.pages[1]!.fields = ids.map((id) => ({ id, type: 'textarea', label: { en: id }, maxLength: 20_000 })) as never
  definition.documents = []
  await world.offer({ ...definition, id: 'library-card' }, { ...plainPolicy, rules: { ...plainPolicy.rules, size: { maxBytes: 4_194_304 } } } as never)
  officer = await officerOf(world)
  const { people: _, ...few } = answers
  const many = Object.fromEntries(ids.map((id) => [id, 'ab '.repeat(mostCharacters / 300).trim()]))
  const { submission } = await receive(world, {}, { answers: { ...few, ...many } })
  const answer = await officer.get(`/v1/admin/cases/${submission}/case.pdf`)
  expect([answer.status, (await answer.json()).type]).toEqual([422, expect.stringContaining('paper-too-large')])
})

it('is made for so many at a time: whoever is too many has read nothing, and is told when to try again', async () => {
  const submission = await sendIn()
  const elsewhere = await anotherAgency()
  const asked = () => officer.get(`/v1/admin/cases/${submission}/case.pdf?lang=fa`)
  const answers = await Promise.all([...Array.from({ length: 8 }, asked), elsewhere()])
  expect(answers.map(({ status }) => status)).toEqual([...Array(6).fill(200), 503, 503, 200])
  const refused = answers[6] as (typeof answers)[number]
  expect([refused.headers.get('retry-after'), refused.headers.get('content-type'), await refused.json()]).toEqual([
    '10',
    'application/problem+json; charset=utf-8',
    { type: 'https://guichet.dev/problems/paper-busy', status: 503, title: expect.stringContaining('ده ثانیهٔ دیگر'), requestId: expect.any(String) },
  ])
  expect((await audited('submission.read')).length).toBe(6)
  // Whatever became of those before, there is room again.
  expect((await officer.get('/v1/admin/cases/no-such-case/case.pdf')).status).toBe(404)
  expect((await Promise.all(Array.from({ length: 6 }, asked))).map(({ status }) => status)).toEqual(Array(6).fill(200))
}, 60_000)
