import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { startOutbox } from '../outbox/worker.ts'
import { movingDefinition, type Officer, officerOf, receive } from '../testing/cases.ts'
import { type MailReceiver, openMailReceiver } from '../testing/mail-receiver.ts'
import { createWorld, own, type World } from '../testing/world.ts'
import { lookForOfficerMail } from './officer-mail.ts'

let receiver: MailReceiver
let world: World
let officer: Officer
beforeEach(async () => {
  receiver = await openMailReceiver()
  world = await createWorld({ SMTP_URL: receiver.url, MAIL_FROM: 'City <no-reply@city.example>' })
  await world.offer(movingDefinition())
  officer = await officerOf(world)
})
afterEach(async () => {
  await world.close()
  await receiver.close()
})

const path = '/v1/admin/account/mails'
const agencyOf = async () => world.adapters.store.agency((await world.adapters.store.findAgency('city'))!)
const want = (wish: object, language = 'en') => officer.send('PUT', `${path}?lang=${language}`, { assigned: false, days: 0, digest: false, ...wish })
const look = () => lookForOfficerMail(world.adapters, world.config)
/** What has arrived since, as text. */
async function arrived(): Promise<string[]> {
  const worker = startOutbox(world.adapters, { lookEveryMs: 60_000 })
  await worker.settle()
  await worker.stop()
  return receiver.mails.splice(0).map(({ raw }) => {
    const [head = '', body = ''] = raw.split(/\r?\n\r?\n([\s\S]*)/)
    return /base64/i.test(head)
      ? Buffer.from(body, 'base64').toString()
      : Buffer.from(
          body.replace(/=\r?\n/g, '').replace(/=([0-9A-F]{2})/g, (_, hex) => String.fromCharCode(Number.parseInt(hex, 16))),
          'latin1',
        ).toString()
  })
}
const at = async (iso: string) => {
  world.setTime(iso)
  await officer.renew()
}
/** A colleague gives a case to the officer. */
const give = async (submission: string) => (await agencyOf()).assignCase(submission, null, officer.user, { actor: 'user:bo', at: '2026-01-05T08:00:00.000Z' })

describe('mails to officers', () => {
  it('come to nobody who did not ask for them', async () => {
    await give((await receive(world)).submission)
    await at('2026-01-08T08:00:00.000Z')
    expect(await (await officer.get(path)).json()).toEqual({ assigned: false, days: 0, digest: false, offered: true, address: 'ada@city.example' })
    expect([await look(), await arrived()]).toEqual([0, []])
  })

  it('tell once of what colleagues gave, in one mail, with nothing of any case', async () => {
    expect((await want({ assigned: true }, 'el')).status).toBe(200)
    const sent = [await receive(world, { name: 'Okafor-xyzzy' }), await receive(world)]
    for (const { submission } of sent) await give(submission)
    // What somebody takes they know.
    const third = (await receive(world)).submission
    await officer.send('PUT', `/v1/admin/cases/${third}/assignee`, { to: officer.user, from: null })
    expect(await Promise.all([look(), look()])).toSatisfy((sums: number[]) => sums[0]! + sums[1]! === 1)
    const [mail, ...more] = await arrived()
    expect(more).toEqual([])
    expect(mail).toContain('Σας ανατέθηκαν 2 υποθέσεις.')
    expect(mail).toContain(`${own}/desk/`)
    for (const secret of [...sent.map(({ submission }) => submission), ...sent.map(({ reference }) => reference), 'xyzzy', 'Ada', 'library', third])
      expect(mail).not.toContain(secret)
    expect([await look(), await arrived()]).toEqual([0, []])
  })

  it('tell each morning of terms that run out and of what there is to do, where there is something', async () => {
    const { submission } = await receive(world)
    await receive(world)
    await want({ days: 3, digest: true })
    await give(submission)
    // It is asked for today: daily ones begin tomorrow, and not at night.
    expect(await look()).toBe(0)
    await at('2026-01-06T04:00:00.000Z')
    expect(await look()).toBe(0)
    await at('2026-01-06T05:30:00.000Z')
    expect([await look(), await look()]).toEqual([1, 0])
    const [mail] = await arrived()
    expect(mail).toContain('The term of 1 case of yours runs out within 3 days.')
    expect(mail).toContain('Open: 2. Yours: 1. With nobody: 1. Overdue: 0.')
    // Nothing to do: nothing is sent, and the day is over all the same.
    for (const { id } of await (await agencyOf()).cases({}, null, 10)) await officer.decide(id, 1, { decision: 'refuse', note: 'No.' })
    await at('2026-01-07T08:00:00.000Z')
    await look()
    expect(await arrived()).toEqual([])
  })

  it('end by the link in each of them, without signing in; another link ends nothing', async () => {
    await want({ assigned: true })
    await give((await receive(world)).submission)
    await look()
    const [mail = ''] = await arrived()
    const token = /#\/stop\/([\w.-]+)/.exec(mail)?.[1] as string
    const stop = (said: string) =>
      world.request(`${path}/stop`, { method: 'POST', headers: { Origin: own, 'Content-Type': 'application/json' }, body: JSON.stringify({ token: said }) })
    for (const wrong of [`${token.slice(0, -1)}_`, token.replace('city', 'town'), 'x', `city.${officer.user}.`]) expect((await stop(wrong)).status).toBe(204)
    expect(await (await officer.get(path)).json()).toMatchObject({ assigned: true })
    // What is on its way when it is ended does not arrive.
    await give((await receive(world)).submission)
    expect(await look()).toBe(1)
    expect((await stop(token)).status).toBe(204)
    expect(await (await officer.get(path)).json()).toMatchObject({ assigned: false, days: 0, digest: false })
    expect(await arrived()).toEqual([])
    await want({ digest: true })
    expect(await (await want({})).json()).toMatchObject({ digest: false })
    expect(await (await agencyOf()).subscribers()).toEqual([])
  })

  it('stop for all when the agency does without them, and for whoever works here no more', async () => {
    await want({ assigned: true })
    await give((await receive(world)).submission)
    const agency = await agencyOf()
    const by = { actor: 'system', at: '2026-01-05T08:00:00.000Z' }
    const { settings, revision } = (await agency.profile())!
    const switched = await agency.saveSettings({ ...settings, officerMail: false }, revision, by)
    expect([await look(), (await want({ digest: true })).status, await (await officer.get(path)).json()]).toMatchObject([
      0,
      409,
      { offered: false, assigned: true },
    ])
    await agency.saveSettings({ ...settings, officerMail: true }, switched, by)
    const suspended = { ...agency, user: async () => ({ ...(await agency.user(officer.user))!, state: 'suspended' as const }) }
    expect(await lookForOfficerMail({ ...world.adapters, store: { ...world.adapters.store, agency: () => suspended } }, world.config)).toBe(0)
    expect(await look()).toBe(1)
  })

  it('go out although those of an agency before it cannot be looked at', async () => {
    await want({ assigned: true })
    await give((await receive(world)).submission)
    const { store } = world.adapters
    const broken = (id: string) => ({ ...store.agency(id as never), subscribers: () => Promise.reject(new Error('not now')) })
    const agencies = async () => [{ id: 'before' as never }, ...(await store.agencies())]
    const agency = (id: string) => (id === 'before' ? broken('city') : store.agency(id as never))
    expect(await lookForOfficerMail({ ...world.adapters, store: { ...store, agencies, agency } as never }, world.config)).toBe(1)
    expect(world.log.join('')).toContain('mails to officers were not looked at')
  })

  it('are not offered without a mail server', async () => {
    const none = { ...world.config, smtpUrl: null }
    await want({ assigned: true })
    await give((await receive(world)).submission)
    expect(await lookForOfficerMail(world.adapters, none)).toBe(0)
    expect(await look()).toBe(1)
  })
})
