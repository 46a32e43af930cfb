/** A service whose cases move, and an officer who is signed in. For tests. */
import type { ServiceDefinition } from '@guichet/schemas'
import { answersOf, definitionOf, own, setupToken, type TestResponse, type World } from './world.ts'

/** Three stages and an end; two of them have terms, one is only for students. */
export const movingDefinition = (change: (definition: ServiceDefinition) => void = () => {}): ServiceDefinition =>
  definitionOf((definition) => {
    definition.locale = { ...definition.locale, holidays: ['2026-01-06'] }
    definition.routes = [{ to: 'intake' }]
    definition.stages = [
      {
        id: 'intake',
        label: { en: 'Intake', el: 'Παραλαβή' },
        unit: 'desk',
        term: { value: 2, unit: 'workingDays' },
        decisions: ['accept', 'refuse', 'send_back', 'ask_more'],
      },
      { id: 'school', label: { en: 'School', el: 'Σχολείο' }, units: [{ unit: 'desk', when: { var: 'student' } }] },
      {
        id: 'check',
        label: { en: 'Check', el: 'Έλεγχος' },
        unit: 'desk',
        term: { value: 5, unit: 'workingDays' },
        decisions: ['approve', 'part_approve', 'reject', 'send_back'],
      },
      { id: 'pay', label: { en: 'Payment', el: 'Πληρωμή' }, unit: 'desk' },
      { id: 'done', label: { en: 'Done', el: 'Ολοκληρώθηκε' } },
    ]
    change(definition)
  })

const ours = { 'Sec-Fetch-Site': 'same-origin', Origin: own, 'Content-Type': 'application/json' }

export interface Officer {
  user: string
  /** Signs in again, after the session has ended. */
  renew(): Promise<void>
  get(path: string, headers?: Record<string, string>): Promise<TestResponse>
  decide(submission: string, revision: number | null, body: object): Promise<TestResponse>
  send(method: string, path: string, body: object, headers?: Record<string, string>): Promise<TestResponse>
}

const account = { email: 'ada@city.example', password: 'correct horse battery' }

/** Signs the first user in. */
export async function officerOf(world: World): Promise<Officer> {
  const enter = async (path: string, body: object) => {
    const response = await world.request(path, { method: 'POST', headers: ours, body: JSON.stringify(body) })
    const { user } = (await response.json()) as unknown as { user: { id: string } }
    return { user, Cookie: (response.headers.get('set-cookie') ?? '').split(';')[0] as string }
  }
  const { user, Cookie } = await enter('/v1/admin/setup', { token: setupToken, name: 'Ada', ...account })
  const session = { Cookie }
  return {
    user: user.id,
    async renew() {
      session.Cookie = (await enter('/v1/admin/session', account)).Cookie
    },
    get: (path, headers = {}) => world.request(path, { headers: { ...ours, ...session, ...headers } }),
    send: (method, path, body, headers = {}) => world.request(path, { method, headers: { ...ours, ...session, ...headers }, body: JSON.stringify(body) }),
    decide: (submission, revision, body) =>
      world.request(`/v1/admin/cases/${submission}/decisions`, {
        method: 'POST',
        headers: { ...ours, ...session, ...(revision === null ? {} : { 'If-Match': `"${revision}"` }) },
        body: JSON.stringify(body),
      }),
  }
}

/** Sends in; gives number and tracking code. */
export async function receive(world: World, answers: object = {}, more: object = {}): Promise<{ submission: string; reference: string }> {
  const response = await world.send({ ...answersOf(answers), ...more })
  if (response.status !== 201) throw new Error(await response.text())
  return response.json()
}
