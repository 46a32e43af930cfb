/**
 * T26: whether a session outlives the right that it had, on the replica where that ended and on another: of those who work at
 * an agency, and of citizens who have signed in with a provider.
 */
import { createApp } from '../../src/app.ts'
import { digestOf } from '../../src/digest.ts'
import { type ForgingIdp, forgingIdp } from '../../src/testing/idp/forging-idp.ts'
import { sendSignedIn, service, signInAs } from '../../src/testing/idp/signing-in.ts'
import { providerFile, signInPolicy } from '../../src/testing/idp/world.ts'
import { agencyOf, ours, type Person, personIn } from '../../src/testing/people.ts'
import { answersOf, createWorld, definitionOf, foreign, type World } from '../../src/testing/world.ts'
import type { Line } from '../line.ts'

const start = '2026-01-05T08:00:00.000Z'
const by = { actor: 'system', at: start }

/** How a right ends. Each gives the status that is due from then on. */
const ends: Readonly<Record<string, (person: Person, cookie: string, world: World) => Promise<number>>> = {
  suspended: async ({ agency, id }) => {
    await agency.changeUser(id, { state: 'suspended' }, by)
    return 401
  },
  'no longer in that role': async ({ agency, id }) => {
    await agency.changeUser(id, { memberships: [{ role: 'auditor' }] }, by)
    // Sessions end with a change of rights: a stolen one does not take part in it.
    return 401
  },
  'signed out': async ({ agency }, cookie) => {
    await agency.closeSession(digestOf(cookie.split('.')[1] as string), by)
    return 401
  },
  idle: async (_person, _cookie, world) => {
    world.setTime('2026-01-05T09:30:00.000Z')
    return 401
  },
  'of a deleted agency': async ({ agency }) => {
    await agency.remove(by)
    return 401
  },
}

/** How a citizen's sign-in is called back. */
const calledBack: Readonly<Record<string, (session: string, world: World, idp: ForgingIdp) => Promise<unknown>>> = {
  'the citizen signed out': async (session, world) =>
    world.request(`/v1/services/${service}/sign-in/end`, { method: 'POST', headers: { Origin: foreign, Authorization: `Bearer ${session}` } }),
  'the provider said so': async (_session, world, idp) =>
    world.request('/sign-in/city/national/logout', {
      method: 'POST',
      headers: { 'Content-Type': 'application/x-www-form-urlencoded' },
      body: new URLSearchParams({ logout_token: await idp.logoutToken() }).toString(),
    }),
  'the agency ended that person’s': async (_session, world) => endByAgency(world, { provider: 'national', subject: 'person-1' }),
  'the agency ended all': async (_session, world) => endByAgency(world, {}),
}

async function endByAgency(world: World, whose: object) {
  const city = await agencyOf(world, 'city')
  const owner = await personIn(world, city, `owner-${Math.random()}@city.example`, [{ role: 'owner' }])
  return owner.call('POST', 'sign-ins/end', whose)
}

/** Sessions that were answered, each asked on two replicas. `keeps`: a server that looks at the token alone. */
async function citizens(rounds: number, keeps = false): Promise<{ trials: number; wrong: string[] }> {
  const idp = await forgingIdp()
  const file = providerFile(idp.issuer)
  const world = await createWorld({ SIGN_IN_PROVIDERS: file.path, EGRESS_ALLOW: idp.place }, { clock: { now: () => new Date() } })
  const wrong: string[] = []
  let trials = 0
  try {
    await world.offer(definitionOf(), signInPolicy())
    const live = await world.adapters.live.find('city', 'library-card')
    const always = { service: 'library-card', createdAt: '', seenAt: new Date().toISOString(), expiresAt: '9999' }
    if (keeps && live) Object.assign(live.agency, { citizenSession: async () => always })
    const replica = {
      ...world,
      request: (path: string, init?: RequestInit) => createApp(world.adapters, world.config).request(path, init, { client: '203.0.113.9' } as never),
    }
    for (let round = 0; round < rounds; round++)
      for (const [name, end] of Object.entries(calledBack)) {
        const { session } = await signInAs(world, idp.visit, { client: `198.51.100.${round % 250}` })
        const before = (await sendSignedIn(world, answersOf(), session)).status
        if (before !== 201) wrong.push(`${name}: ${before} before`)
        await end(session, world, idp)
        for (const server of [world, replica as World]) {
          trials++
          const { status } = await sendSignedIn(server, answersOf(), session)
          if (status !== 401) wrong.push(`${name}: ${status}`)
        }
      }
  } finally {
    await world.close()
    await idp.close()
    file.remove()
  }
  return { trials, wrong }
}

export const endedSessions: Line = {
  attack: 'T26',
  name: 'ended-sessions',
  what: 'people who are suspended, given another role, signed out, idle, or whose agency is deleted; citizens whose sign-in they, its provider or the agency ended; on two replicas',
  reach: 'refused with the next request, on both',
  async run({ count }) {
    const rounds = count({ quick: 2, usual: 10, full: 50 })
    let [trials, late] = [0, 0]
    const wrong: string[] = []
    for (let round = 0; round < rounds; round++) {
      for (const [name, end] of Object.entries(ends)) {
        const world = await createWorld()
        await world.offer()
        const replica = createApp(world.adapters, world.config)
        const city = await agencyOf(world, 'city')
        await personIn(world, city, 'other@city.example', [{ role: 'owner' }])
        const person = await personIn(world, city, 'sam@city.example', [{ role: 'editor' }])
        const { Cookie } = await person.enter()
        const ask = () =>
          Promise.all([
            world.request('/v1/admin/services', { headers: { ...ours, Cookie } }),
            replica.request('/v1/admin/services', { headers: { ...ours, Cookie } }, { client: '203.0.113.9' } as never),
          ])
        const before = await ask()
        if (before.some(({ status }) => status !== 200)) wrong.push(`${name}: refused before, ${before.map(({ status }) => status)}`)
        const due = await end(person, Cookie, world)
        for (const { status } of await ask()) {
          trials++
          if (status === due) continue
          late++
          wrong.push(`${name}: ${status}`)
        }
        await world.close()
      }
    }
    const back = await citizens(count({ quick: 1, usual: 13, full: 50 }))
    trials += back.trials
    late += back.wrong.length
    wrong.push(...back.wrong)
    return {
      trials,
      figure: `${late} answered after the right had ended (of citizens’ ${back.wrong.length} of ${back.trials})${wrong[0] ? ` (${wrong[0]})` : ''}`,
      good: wrong.length === 0,
      control: {
        what: 'a store that remembers who was signed in, and tokens that count by themselves',
        noticed: (await remembered()) && (await citizens(1, true)).wrong.length > 0,
      },
    }
  },
}

/** Whether a session that is kept in memory would be seen to outlive its right. */
async function remembered(): Promise<boolean> {
  const world = await createWorld()
  await world.offer()
  const city = await agencyOf(world, 'city')
  await personIn(world, city, 'other@city.example', [{ role: 'owner' }])
  const person = await personIn(world, city, 'sam@city.example', [{ role: 'editor' }])
  const { Cookie } = await person.enter()
  const known = new Map<string, ReturnType<typeof city.session>>()
  const forgetful = { ...world.adapters.store.agency(city.id) }
  const kept = { ...forgetful, session: (token: string, now: string) => known.get(token) ?? known.set(token, forgetful.session(token, now)).get(token) }
  const store = { ...world.adapters.store, agency: () => kept as never }
  const app = createApp({ ...world.adapters, store }, world.config)
  const ask = () => app.request('/v1/admin/services', { headers: { ...ours, Cookie } }, { client: '203.0.113.9' } as never)
  const first = await ask()
  await city.changeUser(person.id, { state: 'suspended' }, by)
  const second = await ask()
  await world.close()
  return first.status === 200 && second.status === 200
}
