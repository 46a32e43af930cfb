/** Publishing from a day on, and with four eyes; warnings named; sign-in that is there. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openStore } from '../store/open-store.ts'
import type { ReleaseRecord } from '../store/releases.ts'
import { movingDefinition } from '../testing/cases.ts'
import { agencyOf, type Person, personIn } from '../testing/people.ts'
import { answersOf, createWorld, definitionOf, type TestResponse, type World } from '../testing/world.ts'
import { watchReleases } from './release-watch.ts'

let world: World
let ada: Person
let ben: Person
beforeEach(async () => {
  world = await createWorld()
  await world.offer()
  const city = await agencyOf(world, 'city')
  ada = await personIn(world, city, 'ada@city.example', [{ role: 'owner' }])
  ben = await personIn(world, city, 'ben@city.example', [{ role: 'owner' }])
})
afterEach(() => world.close())

const service = 'services/library-card'
const two = { rules: { 'four-eyes': { publish: true } } }
const retitled = (title: string) => definitionOf((definition) => void (definition.title.en = title))

async function save(title: string, policy: object = {}, who = ada): Promise<number> {
  // What is asked for later has a later number.
  world.setTime(new Date(world.adapters.clock.now().getTime() + 1000).toISOString())
  const { revision } = await (await who.call('GET', service)).json()
  const saved = await who.call('PUT', service, { definition: retitled(title), policy }, { 'If-Match': `"${revision}"` })
  expect(saved.status).toBe(200)
  return (await saved.json()).revision as number
}
const publish = (who: Person, revision: number, body: object = {}) => who.call('POST', `${service}/publish`, body, { 'If-Match': `"${revision}"` })
const releaseIn = async (answer: TestResponse) => (await answer.json()).release as ReleaseRecord
const releases = async (who = ada) => (await (await who.call('GET', `${service}/releases`)).json()).releases as unknown as ReleaseRecord[]
const decide = (who: Person, { id, digest }: ReleaseRecord, decision = 'approve') =>
  who.call('POST', `${service}/releases/${id}/decision`, { decision, digest })
const titleNow = async () => (await world.adapters.live.find('city', 'library-card'))?.version.definition.title.en
const code = async (answer: TestResponse) =>
  `${answer.status} ${String((await answer.json()).type)
    .split('/')
    .at(-1)}`
const actions = async () => (await ada.agency.auditEvents(0, 500)).map(({ action }) => action)

describe('publishing from a day on', () => {
  it('happens when its time comes, once, with what the draft said then', async () => {
    const revision = await save('From spring')
    const asked = await publish(ada, revision, { from: '2026-01-05T10:20:00+02:00' })
    expect(asked.status).toBe(202)
    expect(await releaseIn(asked)).toMatchObject({ state: 'waiting', dueAt: '2026-01-05T08:20:00.000Z', base: 1, version: null })
    expect(await code(await publish(ada, revision, { from: '2026-01-05T08:20:00Z' }))).toBe('409 release-open')
    // The author goes on; what waits stays what it was.
    await save('Not yet')
    const store = openStore(world.config, () => world.adapters.clock.now())
    const [one, another] = [watchReleases(world.adapters, world.config), watchReleases({ ...world.adapters, store }, world.config)]
    world.setTime('2026-01-05T08:19:59.999Z')
    expect(await one.look()).toBe(0)
    expect(await titleNow()).not.toBe('From spring')
    world.setTime('2026-01-05T08:20:00.000Z')
    // Replicas that look at the same moment make one version.
    const made = await Promise.all([one.look(), another.look(), one.look()])
    expect(made.reduce((sum, each) => sum + each, 0)).toBe(1)
    await store.close()
    expect(await titleNow()).toBe('From spring')
    expect((await ada.agency.versions('library-card')).map(({ version }) => version)).toEqual([2, 1])
    expect((await releases())[0]).toMatchObject({ state: 'done', version: 2 })
    expect((await actions()).filter((action) => /^service\.(sch|pub|unsch)/.test(action))).toEqual([
      'service.published',
      'service.scheduled',
      'service.published',
    ])
  })

  it('can be called back, and is left undone when something newer was published', async () => {
    const first = await releaseIn(await publish(ada, await save('First'), { from: '2026-01-05T08:20:00Z' }))
    expect((await ben.call('DELETE', `${service}/releases/${first.id}`)).status).toBe(204)
    expect(await code(await ben.call('DELETE', `${service}/releases/${first.id}`))).toBe('409 approval-closed')
    await releaseIn(await publish(ada, await save('Second'), { from: '2026-01-05T08:20:00Z' }))
    expect((await publish(ada, await save('Urgent'))).status).toBe(201)
    world.setTime('2026-01-05T08:21:00.000Z')
    expect(await watchReleases(world.adapters, world.config).look()).toBe(0)
    expect(await titleNow()).toBe('Urgent')
    expect((await releases()).map(({ state }) => state)).toEqual(['outdated', 'withdrawn'])
  })

  it('is looked through again, and says why it did not happen', async () => {
    await releaseIn(await publish(ada, await save('Later'), { from: '2026-01-05T08:20:00Z' }))
    world.setTime('2026-01-05T08:21:00.000Z')
    const stricter = { ...world.adapters, lint: async () => [{ code: 'rule.refusesAll', severity: 'error' as const, pointer: '', params: {} }] }
    expect(await watchReleases(stricter, world.config).look()).toBe(0)
    expect((await releases())[0]).toMatchObject({ state: 'failed', reasons: ['rule.refusesAll'], version: null })
    expect(await titleNow()).not.toBe('Later')
    // A warning that nobody named then is as much in the way.
    await publish(ada, await save('Later still'), { from: '2026-01-05T08:30:00Z' })
    world.setTime('2026-01-05T08:31:00.000Z')
    const warned = { ...world.adapters, lint: async () => [{ code: 'fee.negative', severity: 'warning' as const, pointer: '', params: {} }] }
    expect(await watchReleases(warned, world.config).look()).toBe(0)
    expect((await releases())[0]).toMatchObject({ state: 'failed', reasons: ['fee.negative'] })
  })

  it('is at once where the day is past, and refused where it is a slip', async () => {
    expect((await publish(ada, await save('Now'), { from: '2025-01-01T00:00:00Z' })).status).toBe(201)
    expect((await publish(ada, await save('Far'), { from: '3026-01-01T00:00:00Z' })).status).toBe(422)
    expect((await publish(ada, await save('Never'), { from: 'soon' })).status).toBe(422)
  })
})

describe('publishing with four eyes', () => {
  it('takes somebody else, who agrees to exactly this draft', async () => {
    const asked = await releaseIn(await publish(ada, await save('Ours', two)))
    expect(asked).toMatchObject({ state: 'asked', decidedBy: null })
    expect(await code(await decide(ada, asked))).toBe('403 approval-own')
    expect(await titleNow()).not.toBe('Ours')
    expect(await code(await decide(ben, { ...asked, digest: 'sha256-other' }))).toBe('409 draft-changed')
    const content = (await (await ben.call('GET', `${service}/releases/${asked.id}`)).json()) as unknown as ReleaseRecord
    expect(content.definition).toMatchObject({ title: { en: 'Ours' } })
    const agreed = await decide(ben, asked)
    expect(agreed.status).toBe(200)
    expect(await agreed.json()).toMatchObject({ state: 'done', version: 2, decidedBy: `user:${ben.id}` })
    expect(await titleNow()).toBe('Ours')
    const last = (await ada.agency.auditEvents(0, 500)).findLast(({ action }) => action === 'service.published')
    expect(last?.details).toMatchObject({ requestedBy: `user:${ada.id}`, approvedBy: `user:${ben.id}`, release: asked.id })
    expect(await code(await decide(ben, asked))).toBe('409 approval-closed')
  })

  it('is lost when the draft changes, and can then be asked for again', async () => {
    const asked = await releaseIn(await publish(ada, await save('Agreed?', two)))
    const revision = await save('Something else', two)
    expect((await releases(ben))[0]?.state).toBe('outdated')
    expect(await code(await decide(ben, asked))).toBe('409 draft-changed')
    expect(await titleNow()).not.toBe('Agreed?')
    const again = await releaseIn(await publish(ada, revision))
    expect(again.id).not.toBe(asked.id)
    expect((await decide(ben, again, 'refuse')).status).toBe(200)
    expect((await releases())[0]).toMatchObject({ state: 'refused' })
    expect(await titleNow()).not.toBe('Something else')
  })

  it('is asked for by the policy that holds, not only by the one that is to come', async () => {
    await world.offer(definitionOf(), two)
    // Taking the rule away takes two as well.
    const asked = await releaseIn(await publish(ada, await save('Alone', {})))
    expect(asked.state).toBe('asked')
    await decide(ben, asked)
    expect((await publish(ada, await save('Alone now', {}))).status).toBe(201)
    // So does allowing one person to export or to erase, where that took two.
    await world.offer(definitionOf(), { rules: { 'four-eyes': { export: true, erasure: true } } })
    expect((await publish(ada, await save('Same', { rules: { 'four-eyes': { export: true, erasure: true } } }))).status).toBe(201)
    expect((await publish(ada, await save('Looser', { rules: { 'four-eyes': { export: false, erasure: true } } }))).status).toBe(202)
  })

  it('waits for its day after somebody has agreed', async () => {
    const asked = await releaseIn(await publish(ada, await save('Both', two), { from: '2026-01-05T08:20:00Z' }))
    world.setTime('2026-01-05T08:05:00.000Z')
    expect(await (await decide(ben, asked)).json()).toMatchObject({ state: 'waiting' })
    await save('The next', two)
    world.setTime('2026-01-05T08:20:00.000Z')
    expect(await watchReleases(world.adapters, world.config).look()).toBe(1)
    expect(await titleNow()).toBe('Both')
  })

  it('is agreed to only by somebody who has just proved who they are', async () => {
    const asked = await releaseIn(await publish(ada, await save('Stale', two)))
    await ben.call('GET', service)
    world.setTime('2026-01-05T08:11:00.000Z')
    expect(await code(await decide(ben, asked))).toBe('403 prove-again')
    expect(await titleNow()).not.toBe('Stale')
  })
})

describe('warnings', () => {
  const warned = definitionOf((definition) => {
    definition.pages[0]!.fields.push({ id: 'mail', type: 'email', label: { en: 'E-mail', el: 'Email' } } as never)
  })

  it('can be read before publishing, errors too, and reading makes no version', async () => {
    const read = async (definition: object, policy: object = {}) => {
      const { revision } = await (await ada.call('GET', service)).json()
      const saved = await ada.call('PUT', service, { definition, policy }, { 'If-Match': `"${revision}"` })
      const answer = await ada.call('GET', `${service}/findings`)
      expect(answer.status).toBe(200)
      const { revision: looked, findings } = (await answer.json()) as unknown as { revision: number; findings: { code: string; severity: string }[] }
      expect(looked).toBe((await saved.json()).revision)
      return findings
    }
    const before = await ada.agency.versions('library-card')
    const found = await read(warned)
    expect(found.map(({ code }) => code)).toContain('personalData.unset')
    expect(found.filter(({ severity }) => severity === 'error')).toEqual([])
    // The very ones that publishing asks for.
    const { revision } = await (await ada.call('GET', service)).json()
    expect((await (await publish(ada, Number(revision))).json()).findings).toEqual(found)
    // What only the server knows: nobody to sign in with.
    const signIn = await read(warned, { rules: { 'sign-in': { demand: 'required' } } })
    expect(signIn).toContainEqual(expect.objectContaining({ code: 'policy.sign-in-none', severity: 'error' }))
    expect(await ada.agency.versions('library-card')).toEqual(before)
    expect((await ada.call('GET', 'services/nowhere/findings')).status).toBe(404)
  })

  it('come with how much is under way with the versions before', async () => {
    const begun = async () => ((await (await ada.call('GET', `${service}/findings`)).json()) as unknown as { begun: object }).begun
    expect(await begun()).toEqual({ drafts: [], openCases: [], most: 10_000 })
    const saved = await world.request('/v1/services/city/library-card/drafts/AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA', {
      method: 'PUT',
      headers: { 'Content-Type': 'application/json', 'If-None-Match': '*' },
      body: JSON.stringify({ version: 1, content: 'AAAA', attachments: [] }),
    })
    await world.offer(movingDefinition())
    expect([saved.status, (await world.send({ ...answersOf(), version: 2 })).status]).toEqual([200, 201])
    expect(await begun()).toEqual({ drafts: [{ version: 1, count: 1 }], openCases: [{ version: 2, count: 1 }], most: 10_000 })
  })

  it('are named by whoever publishes, and kept with the version', async () => {
    const { revision } = await (await ada.call('GET', service)).json()
    await ada.call('PUT', service, { definition: warned, policy: {} }, { 'If-Match': `"${revision}"` })
    const next = Number(revision) + 1
    const refused = await publish(ada, next)
    expect(refused.status).toBe(422)
    const { type, findings } = await refused.json()
    expect(type).toContain('unacknowledged')
    const codes = [...new Set(findings.map((finding) => finding.code))]
    expect(codes).toContain('personalData.unset')
    expect((await publish(ada, next, { acknowledged: codes.slice(1) })).status).toBe(422)
    expect((await publish(ada, next, { acknowledged: [...codes, 'and.more'] })).status).toBe(201)
    // What was not there is not kept as if it had been.
    expect((await ada.agency.versions('library-card'))[0]?.acknowledged?.toSorted()).toEqual(codes.toSorted())
    const { acknowledged } = await (await ada.call('GET', `${service}/versions/2`)).json()
    expect((acknowledged as string[]).toSorted()).toEqual(codes.toSorted())
  })
})

describe('sign-in', () => {
  it('is not asked for where there is nobody to sign in with', async () => {
    const policy = (rule: object) => ({ rules: { 'sign-in': rule } })
    const codes = async (answer: TestResponse) => (await answer.json()).findings.filter(({ severity }) => severity === 'error').map((finding) => finding.code)
    expect(await codes(await publish(ada, await save('A', policy({ demand: 'required' }))))).toEqual(['policy.sign-in-none'])
    expect(await codes(await publish(ada, await save('B', policy({ demand: 'optional', providers: ['national'] }))))).toEqual(['policy.sign-in-none'])
    const withOne = { ...world.adapters, signIns: { providers: () => [{ id: 'national' }] as never } }
    const { checkDraft } = await import('./check-draft.ts')
    const check = (rule: object) => checkDraft(withOne, ada.agency, 'library-card', { definition: definitionOf(), policy: policy(rule) as never }, 'en')
    await expect(check({ demand: 'required', providers: ['other'] })).rejects.toMatchObject({
      extras: { members: { findings: [{ code: 'policy.sign-in-unknown', params: { provider: 'other' } }] } },
    })
    await expect(check({ demand: 'required', providers: ['national'] })).resolves.toMatchObject({})
    expect((await publish(ada, await save('C', policy({ demand: 'none', providers: ['gone'] })))).status).toBe(201)
  })
})
