import { afterEach, beforeEach, expect, it } from 'vitest'
import { officerOf } from '../testing/cases.ts'
import { createWorld, definitionOf, plainPolicy, type World } from '../testing/world.ts'

let world: World
beforeEach(async () => {
  world = await createWorld()
})
afterEach(() => world.close())

const telling = (months = 24) =>
  definitionOf((definition) => {
    const [name] = definition.pages[0]!.fields
    Object.assign(name!, { personalData: 'ordinary', purpose: { en: 'To print it on the card', el: 'Για την κάρτα' } })
    definition.dataProtection = {
      purpose: { en: 'To lend books', el: 'Δανεισμός βιβλίων' },
      legalBasis: { en: 'Library Act', el: 'Νόμος περί βιβλιοθηκών' },
      people: { en: 'Readers', el: 'Αναγνώστες' },
      recipients: [{ name: { en: 'Card printer', el: 'Τυπογραφείο' }, country: 'CH', safeguards: { en: 'Adequacy decision', el: 'Απόφαση επάρκειας' } }],
      keptMonths: months,
    }
  })

it('a citizen reads who, what for, which data and how long, in five languages', async () => {
  await world.offer(telling(), plainPolicy)
  const page = await (await world.request('/privacy/city/library-card?lang=en')).text()
  for (const said of [
    'To lend books',
    'Library Act',
    'To print it on the card',
    'Card printer',
    'CH',
    '24 months after the case is closed',
    'Stored without encryption',
  ])
    expect(page).toContain(said)
  expect(page).not.toContain('Changed since')
  for (const lang of ['el', 'vi', 'hu', 'fa']) expect(await (await world.request(`/privacy/city/library-card?lang=${lang}`)).text()).not.toMatch(/>privacy\./)
  expect((await world.request('/privacy/city/nothing')).status).toBe(404)
})

it('and what changed since the version before', async () => {
  await world.offer(telling(), plainPolicy)
  await world.offer(telling(36), plainPolicy)
  const page = await (await world.request('/privacy/city/library-card?lang=en')).text()
  expect(page).toContain('Changed since the version before')
  expect(page).toContain('How long it is kept')
})

it('the agency has its register with every point of Art. 30(1), as page, table and JSON, and nobody else has', async () => {
  await world.offer(telling(), plainPolicy)
  const officer = await officerOf(world)
  const { activities } = (await (await officer.get('/v1/admin/register.json?lang=en')).json()) as unknown as { activities: object[] }
  expect(activities).toMatchObject([
    {
      service: 'library-card',
      version: 1,
      controller: { name: expect.any(String) },
      purposes: ['To lend books', 'To print it on the card'],
      legalBases: ['Library Act'],
      people: 'Readers',
      data: expect.arrayContaining([{ kind: 'Ordinary', items: expect.any(Array) }]),
      recipients: ['Card printer'],
      transfers: [{ to: 'Card printer', country: 'CH', safeguards: 'Adequacy decision' }],
      erased: { months: 24 },
      security: [expect.any(String), expect.any(String), expect.any(String)],
    },
  ])
  const table = await (await officer.get('/v1/admin/register.csv?lang=en')).text()
  expect(table.split('\r\n')).toHaveLength(3)
  expect(table).toContain('Card printer (CH): Adequacy decision')
  expect(await (await officer.get('/register?lang=en')).text()).toContain('Library Act')
  for (const path of ['/register', '/v1/admin/register.json', '/v1/admin/register.csv']) expect((await world.request(path)).status).toBe(401)
})

it('says what nobody has said yet', async () => {
  await world.offer(telling(), plainPolicy)
  await world.offer(
    definitionOf((definition) => {
      definition.id = 'plain'
      Object.assign(definition.pages[0]!.fields[0]!, { personalData: 'special' })
    }),
    plainPolicy,
  )
  const officer = await officerOf(world)
  const page = await (await officer.get('/register?lang=en')).text()
  expect(page).toContain('Not said yet')
  expect(await (await world.request('/privacy/city/plain?lang=en')).text()).toContain('has not said for how long')
})
