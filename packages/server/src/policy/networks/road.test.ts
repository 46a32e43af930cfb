/** Officers' networks on a server: asked of every route about cases that there is, so that none is forgotten. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { routes } from '../../app.ts'
import { movingDefinition, receive } from '../../testing/cases.ts'
import { agencyOf, ours, type Person, personIn } from '../../testing/people.ts'
import { createWorld, newKey, pdf, plainPolicy, type World } from '../../testing/world.ts'

const [inside, outside] = ['10.20.3.4', '203.0.113.9']

let world: World
let ada: Person
let bo: Person
let submission: string
let file: string
beforeEach(async () => {
  world = await createWorld()
  const rules = { ...plainPolicy.rules, networks: { allow: ['10.20.0.0/16'] }, 'four-eyes': { export: true, erasure: true } }
  await world.offer(movingDefinition(), { rules } as never)
  const city = await agencyOf(world, 'city')
  ada = await personIn(world, city, 'ada@city.example', [{ role: 'owner' }])
  bo = await personIn(world, city, 'bo@city.example', [{ role: 'owner' }])
  const uploaded = await world.request('/v1/services/city/library-card/attachments?target=student_id&name=a.pdf', {
    method: 'POST',
    headers: { 'Content-Type': 'application/pdf' },
    body: pdf,
  })
  file = (await uploaded.json()).id
  submission = (await receive(world, { student: true, school: 'S' }, { documents: { student_id: [file] } })).submission
})
afterEach(() => world.close())

const ask = async (who: Person, client: string, method: string, path: string, body?: object, headers: Record<string, string> = {}) =>
  world.request(`/v1/admin/${path}`, {
    method,
    client,
    headers: { ...ours, ...(await who.enter()), ...headers },
    ...(body ? { body: JSON.stringify(body) } : {}),
  })
const problemOf = async (answer: { status: number; text(): Promise<string> }) => {
  const text = await answer.text()
  return answer.status < 400 ? answer.status : `${answer.status} ${JSON.parse(text).type.split('/').at(-1)}`
}
const reason = { reason: 'Asked for by letter.' }
/** What each of them takes. */
const bodies: Record<string, object> = {
  decideCase: { decision: 'accept' },
  assignCase: { to: null, from: null },
  noteCase: { text: 'Look here.' },
  ...{ askErasure: reason, setHold: reason, askRelease: reason },
}
const about = routes.filter(({ path }) => path.startsWith('/v1/admin/cases/{id}'))
const askAbout = async ({ id, method, path }: (typeof about)[number], client: string) => {
  const named = path.replace('/v1/admin/', '').replace('{id}', submission).replace('{attachment}', file)
  return problemOf(await ask(ada, client, method, named, bodies[id], { 'If-Match': '"1"' }))
}
const events = async () => (await ada.agency.auditEvents(0, 1000)).filter(({ action }) => action !== 'user.signed-in').length

describe('what is done about a case', () => {
  it('is done from the networks that the policy names, and leaves nothing where it is not', async () => {
    expect(about.length).toBeGreaterThanOrEqual(10)
    const before = await events()
    for (const route of about) expect([route.id, await askAbout(route, outside)]).toEqual([route.id, '403 network'])
    expect(await events()).toBe(before)
  })

  it('is done from there: the control', async () => {
    const answers: (number | string)[] = []
    for (const route of about) answers.push(await askAbout(route, inside))
    expect(answers.filter((answer) => String(answer).includes('network'))).toEqual([])
    expect(answers.filter((answer) => typeof answer === 'number').length).toBeGreaterThan(6)
  })
})

describe('what is done about several', () => {
  it('shows, finds, decides and takes out none of them from elsewhere', async () => {
    const seen = async (client: string) => {
      const { reference } = await receive(world)
      const listed = await (await ask(ada, client, 'GET', 'cases')).json()
      const together = await ask(
        ada,
        client,
        'POST',
        'cases/decisions',
        { cases: [{ submission, revision: 1 }], decision: 'accept' },
        { 'Idempotency-Key': newKey() },
      )
      const [{ refused = null } = {}] = (await together.json()).results as { refused?: { type: string } | null }[]
      return {
        list: (listed.cases as unknown[]).length > 0,
        service: await problemOf(await ask(ada, client, 'GET', 'cases?service=library-card')),
        find: await problemOf(await ask(ada, client, 'POST', 'cases/find', { text: reference })),
        together: refused === null ? 200 : refused.type.split('/').at(-1),
        csv: await problemOf(await ask(ada, client, 'GET', 'services/library-card/export.csv?purpose=handling')),
        asked: await problemOf(await ask(ada, client, 'POST', 'services/library-card/export-approval', { purpose: 'statistics' })),
      }
    }
    const refused = '403 network'
    expect(await seen(outside)).toEqual({ list: false, service: refused, find: refused, together: 'network', csv: refused, asked: refused })
    expect(await seen(inside)).toEqual({ list: true, service: 200, find: 200, together: 200, csv: '403 approval-missing', asked: 202 })
  })

  it('is agreed on from there alone, and what was asked for is seen there alone', async () => {
    const asked = await ask(ada, inside, 'POST', `cases/${submission}/erasure`, reason)
    expect(asked.status).toBe(202)
    const { id } = (await asked.json()).approval as { id: string }
    const listed = async (client: string) => ((await (await ask(bo, client, 'GET', 'approvals')).json()).approvals as { id: string }[]).map((one) => one.id)
    expect([await listed(outside), await listed(inside)]).toEqual([[], [id]])
    const decide = async (client: string) => problemOf(await ask(bo, client, 'POST', `approvals/${id}/decision`, { decision: 'approve' }))
    expect(await decide(outside)).toBe('403 network')
    expect(await ada.agency.submission(submission)).not.toBeNull()
    expect(await decide(inside)).toBe(200)
    expect(await ada.agency.submission(submission)).toBeNull()
    // Of what is gone nothing can be asked any more: it is listed as done.
    expect(await listed(outside)).toEqual([id])
  })
})
