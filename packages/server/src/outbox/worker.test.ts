import { spawn } from 'node:child_process'
import { join } from 'node:path'
import type { Policy } from '@guichet/schemas'
import { webhookEvent } from '@guichet/schemas/validators'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { createApp } from '../app.ts'
import type { DeliveryKind } from '../deliveries/delivery.ts'
import { type Delivered, done, permanent } from '../deliveries/delivery.ts'
import { liveServices } from '../services/live.ts'
import { openStore } from '../store/open-store.ts'
import type { AgencyStore } from '../store/store.ts'
import { type HookReceiver, isGenuine, openHookReceiver } from '../testing/hook-receiver.ts'
import { headerOf, type MailReceiver, openMailReceiver, textOf } from '../testing/mail-receiver.ts'
import { answersOf, createWorld, definitionOf, type World } from '../testing/world.ts'
import { pauseAfter, pauseUntil, tries } from './back-off.ts'
import { type OutboxOptions, type OutboxWorker, startOutbox } from './worker.ts'

let hook: HookReceiver
let mail: MailReceiver
let world: World
let city: AgencyStore
const workers: OutboxWorker[] = []

const withMail = definitionOf(({ pages }) => {
  pages[0]?.fields.push({ id: 'mail', type: 'email', label: { en: 'E-mail' }, optional: true })
})
const often = { rate: { submissionsPerHour: 100_000 } }
const policyOf = (deliveries: object, more: object = {}): Policy => ({ rules: { ...more }, deliveries }) as Policy
const told = (url = hook.url, events?: string[]) => policyOf({ webhook: { endpoints: [{ url, ...(events ? { events } : {}) }] } })

/** Where the world keeps its rows, for another process. */
const databaseOf = ({ config: { databaseUrl, databaseOwnerUrl } }: World): Record<string, string> =>
  databaseUrl && databaseOwnerUrl ? { DATABASE_URL: databaseUrl, DATABASE_OWNER_URL: databaseOwnerUrl } : {}

/** Looks only when it is told to, unless a test says otherwise. */
const start = (options: OutboxOptions = {}, of: World = world) => {
  const worker = startOutbox(of.adapters, { lookEveryMs: 3600_000, random: () => 0.5, ...options })
  workers.push(worker)
  return worker
}
let client = 0
const send = async (more: object = {}) => {
  const response = await world.send(answersOf(more), { client: `203.0.113.${++client % 250}` })
  expect(response.status).toBe(201)
  return response.json()
}
const later = (ms: number) => world.setTime(new Date(world.adapters.clock.now().getTime() + ms).toISOString())
const actions = async () => (await city.auditEvents(0, 1000)).filter(({ action }) => action.startsWith('delivery.')).map(({ action }) => action)

vi.setConfig({ testTimeout: 30_000 })

beforeEach(async () => {
  hook = await openHookReceiver()
  mail = await openMailReceiver()
  world = await createWorld({
    EGRESS_ALLOW: hook.place,
    SMTP_URL: mail.url,
    MAIL_FROM: 'City of Example <no-reply@city.example>',
    BASE_URL: 'https://forms.city.example',
  })
  city = world.adapters.store.agency(await world.adapters.store.ensureAgency('city', 'City', '2026-01-05T08:00:00.000Z'))
  client = 0
})
afterEach(async () => {
  await Promise.all(workers.splice(0).map((worker) => worker.stop()))
  await Promise.all([hook.close(), mail.close(), world.close()])
})

describe('a webhook', () => {
  it('goes out right after the commit: thin, signed, once', async () => {
    start()
    await world.offer(withMail, told(hook.url, ['submission.received']))
    const { submission } = await send({ mail: 'sam@citizen.example' })
    await expect.poll(() => hook.taken.size).toBe(1)
    const [got] = hook.told
    const event = JSON.parse(got?.body ?? '')
    expect(event).toEqual({
      type: 'submission.received',
      timestamp: '2026-01-05T08:00:00.000Z',
      data: { agency: 'city', service: 'library-card', version: 1, submission, status: 'approved' },
    })
    expect(webhookEvent(event)).toBe(true)
    const response = await world.request('/.well-known/guichet/agencies/city/webhook-keys.json')
    const keys = (await response.json()).keys.map((key) => (key as unknown as { whpk: string }).whpk)
    const now = world.adapters.clock.now()
    expect(isGenuine(got!, keys, now)).toBe(true)
    expect(got?.headers['idempotency-key']).toBe(got?.id)
    await expect.poll(() => city.deliveries('waiting', 10)).toEqual([])
    expect(await actions()).toEqual(['delivery.done'])
  })

  it('is refused by a careful receiver when anything about it is another', async () => {
    start()
    await world.offer(withMail, told())
    await send()
    await expect.poll(() => hook.taken.size).toBe(2)
    const got = hook.told.find(({ body }) => body.includes('submission.received'))!
    const other = hook.told.find((one) => one !== got)!
    const now = world.adapters.clock.now()
    const keysOf = (agency: string) =>
      world.adapters.keys.webhookSigner(agency).publicKeys.map(({ x }) => `whpk_${Buffer.from(x, 'base64url').toString('base64')}`)
    const keys = keysOf('city')
    const changed = (name: string, value: string | undefined) => ({ ...got, headers: { ...got.headers, [name]: value } })
    expect(isGenuine(got, keys, now)).toBe(true)
    expect(isGenuine(got, keysOf('town'), now)).toBe(false)
    expect(isGenuine({ ...got, body: got.body.replace('approved', 'rejected') }, keys, now)).toBe(false)
    expect(isGenuine({ ...got, body: other.body }, keys, now)).toBe(false)
    expect(isGenuine(changed('webhook-id', other.id), keys, now)).toBe(false)
    expect(isGenuine(changed('webhook-timestamp', String(Number(got.headers['webhook-timestamp']) + 1)), keys, now)).toBe(false)
    expect(isGenuine(changed('webhook-signature', undefined), keys, now)).toBe(false)
    expect(isGenuine(changed('webhook-signature', got.headers['webhook-signature']?.replace('v1a', 'v1')), keys, now)).toBe(false)
    expect(isGenuine(got, keys, new Date(now.getTime() + 301_000))).toBe(false)
    expect(isGenuine(got, keys, new Date(now.getTime() - 301_000))).toBe(false)
    const signature = Buffer.from((got.headers['webhook-signature'] ?? '').slice('v1a,'.length), 'base64')
    for (let bit = 0; bit < signature.length * 8; bit++) {
      const flipped = Buffer.from(signature)
      flipped[bit >> 3]! ^= 1 << (bit & 7)
      expect(isGenuine(changed('webhook-signature', `v1a,${flipped.toString('base64')}`), keys, now)).toBe(false)
    }
  })

  it('tells of a published version too, and only those who asked', async () => {
    const worker = start()
    await world.offer(withMail, policyOf({ webhook: { endpoints: [{ url: hook.url, events: ['service.published'] }, { url: `${hook.url}/all` }] } }))
    await send()
    await worker.settle()
    const got = hook.told.map(({ path, body }) => `${path} ${JSON.parse(body).type}`)
    expect(got.sort()).toEqual(['/hook service.published', '/hook/all service.published', '/hook/all submission.received'])
  })

  it('is not sent where nobody asked, and a service whose settings cannot be meant is not published', async () => {
    await world.offer(withMail, policyOf({}))
    await send()
    expect(await city.deliveries('waiting', 10)).toEqual([])
    for (const [deliveries, code] of [
      [{ webhook: { endpoints: [{ url: 'http://127.0.0.1:1/' }] } }, 'delivery-address'],
      [{ email: { to: 'name' } }, 'delivery-email-field'],
      [{ 'x-pigeon': {} }, 'delivery-unknown'],
      [{ webhook: {} }, 'shape'],
    ] as const)
      await expect(world.offer(withMail, policyOf(deliveries))).rejects.toMatchObject({
        extras: {
          members: {
            findings: expect.arrayContaining([
              expect.objectContaining({
                code: `policy.${code}`,
                pointer: `/policy/deliveries/${Object.keys(deliveries)[0]}`,
                detail: expect.stringMatching(/^[A-Z]/),
              }),
            ]),
          },
        },
      })
  })
})

describe('a receiver', () => {
  beforeEach(() => world.offer(withMail, told(hook.url, ['submission.received'])))

  it('that fails is asked again with the same id, later and later, and given up after all tries', async () => {
    const worker = start()
    await send()
    hook.answer = () => 500
    const pauses: number[] = []
    for (let i = 1; i <= tries; i++) {
      await worker.settle()
      expect(hook.told).toHaveLength(i)
      const [row] = await city.deliveries('waiting', 10)
      if (i < tries) {
        expect(row).toMatchObject({ attempts: i, reason: 'status-500' })
        const pause = Date.parse(row?.dueAt ?? '') - world.adapters.clock.now().getTime()
        pauses.push(pause)
        later(pause - 1)
        await worker.settle()
        expect(hook.told).toHaveLength(i)
        later(1)
      } else expect(row).toBeUndefined()
    }
    expect(pauses.slice(0, 4)).toEqual([5_000, 20_000, 80_000, 320_000])
    expect(Math.max(...pauses)).toBe(24 * 3600_000)
    expect(new Set(hook.told.map(({ id }) => id)).size).toBe(1)
    // Every try is signed at its own time.
    expect(new Set(hook.told.map(({ headers }) => headers['webhook-timestamp'])).size).toBe(tries)
    const [dead] = await city.deliveries('dead', 10)
    expect(dead).toMatchObject({ attempts: tries, reason: 'status-500', dueAt: null })
    expect(await actions()).toEqual(['delivery.failed'])

    hook.answer = () => 204
    expect(await city.replayDelivery(dead!.id, { actor: 'operator', at: world.adapters.clock.now().toISOString() })).toBe(true)
    await worker.settle()
    expect([...hook.taken]).toEqual([dead!.id])
    expect(await actions()).toEqual(['delivery.failed', 'delivery.replayed', 'delivery.done'])
  })

  it.each([
    [0, 3750],
    [0.999, 6248],
  ])('that failed is asked again when chance says (%d), so that what failed together does not come together', async (chance, pause) => {
    const worker = start({ random: () => chance })
    await send()
    hook.answer = () => 500
    await worker.settle()
    const [row] = await city.deliveries('waiting', 10)
    expect(Date.parse(row?.dueAt ?? '') - world.adapters.clock.now().getTime()).toBe(pause)
  })

  it('that is gone is not asked again', async () => {
    const worker = start()
    await send()
    hook.answer = () => 410
    await worker.settle()
    expect(await city.deliveries('dead', 10)).toMatchObject([{ attempts: 1, reason: 'status-410' }])
  })

  it('that points elsewhere is not followed', async () => {
    const elsewhere = await openHookReceiver()
    const worker = start()
    await send()
    hook.answer = (_, response) => {
      response.setHeader('Location', elsewhere.url)
      return 307
    }
    await worker.settle()
    expect(elsewhere.told).toEqual([])
    expect(await city.deliveries('waiting', 10)).toMatchObject([{ reason: 'status-307' }])
    await elsewhere.close()
  })

  it('that says when to come back is believed, within reason', async () => {
    const worker = start()
    hook.answer = (_, response) => {
      response.setHeader('Retry-After', '3600')
      return 429
    }
    await send()
    await worker.settle()
    expect(await city.deliveries('waiting', 10)).toMatchObject([{ dueAt: '2026-01-05T09:00:00.000Z', reason: 'status-429' }])
    hook.answer = (_, response) => {
      response.setHeader('Retry-After', 'Fri, 31 Dec 9999 23:59:59 GMT')
      return 503
    }
    later(3600_000)
    await worker.settle()
    expect(await city.deliveries('waiting', 10)).toMatchObject([{ dueAt: '2026-01-06T09:00:00.000Z' }])
  })

  it('that does not answer costs a try and no more', async () => {
    const worker = start({ tryMs: 100 })
    hook.answer = () => false
    await send()
    await worker.settle()
    expect(await city.deliveries('waiting', 10)).toMatchObject([{ attempts: 1, reason: 'timeout' }])
    expect((await city.deliveries('waiting', 10))[0]?.dueAt).not.toBe('2026-01-05T08:00:00.000Z')
  })

  it('that answers without end is cut off, and what it said first counts', async () => {
    const worker = start()
    hook.answer = (_, response) => {
      response.writeHead(200)
      const piece = Buffer.alloc(65_536)
      const more = () => {
        while (!response.destroyed && response.write(piece));
      }
      response.on('drain', more)
      more()
      return false
    }
    await send()
    await worker.settle()
    expect(await actions()).toEqual(['delivery.done'])
  })
})

describe('one that is dead', () => {
  it('holds up nobody else', async () => {
    const dead = await openHookReceiver()
    await world.close()
    world = await createWorld({ EGRESS_ALLOW: `${hook.place},${dead.place}` })
    city = world.adapters.store.agency(await world.adapters.store.ensureAgency('city', 'City', '2026-01-05T08:00:00.000Z'))
    await world.offer(withMail, policyOf({ webhook: { endpoints: [dead.url, hook.url].map((url) => ({ url, events: ['submission.received'] })) } }, often))
    let open = 0
    let most = 0
    dead.answer = (_, __, request) => {
      most = Math.max(most, ++open)
      request.socket.once('close', () => open--)
      return false
    }
    for (let i = 0; i < 40; i++) await send()
    // All of the living one's, before a single try at the dead one has ended.
    start({ tryMs: 15_000, patienceMs: 0 })
    await expect.poll(() => hook.taken.size, { timeout: 14_000 }).toBe(40)
    expect(dead.told).toHaveLength(4)
    // And it is not flooded when it wakes up.
    expect([dead.taken.size, most]).toEqual([0, 4])
    await dead.close()
  })

  it('is asked by one at a time until it answers', async () => {
    await world.offer(withMail, told(hook.url, ['submission.received']))
    for (let i = 0; i < 8; i++) await send()
    let open = 0
    const seen: number[] = []
    hook.answer = (_, response) => {
      seen.push(++open)
      setTimeout(() => {
        open--
        response.writeHead(500).end()
      }, 10)
      return false
    }
    const worker = start()
    await worker.settle()
    expect(seen).toHaveLength(8)
    later(pauseAfter(1, 0.5))
    seen.length = 0
    await worker.settle()
    expect(Math.max(...seen)).toBe(1)
    later(pauseAfter(2, 0.5))
    // The first is answered, and the next ones when there are as many as there may be.
    seen.length = 0
    const held: (() => void)[] = []
    hook.answer = (_, response) => {
      seen.push(held.length)
      if (seen.length === 1 || seen.length > 5) return 200
      held.push(() => response.end())
      if (held.length === 4) for (const end of held) end()
      return false
    }
    await worker.settle()
    expect(seen).toEqual([0, 0, 1, 2, 3, 4, 4, 4])
    expect(await city.deliveries('waiting', 10)).toEqual([])
  })
})

describe('replicas', () => {
  it('of two on one store deliver each thing once between them', async () => {
    await world.offer(withMail, { ...told(hook.url, ['submission.received']), rules: often } as Policy)
    for (let i = 0; i < 100; i++) await send()
    const second = openStore(world.config, () => world.adapters.clock.now())
    const both = [start(), start({}, { ...world, adapters: { ...world.adapters, store: second } })]
    await Promise.all(both.map((worker) => worker.settle()))
    expect(hook.told).toHaveLength(100)
    expect(hook.taken.size).toBe(100)
    expect((await actions()).length).toBe(100)
    await Promise.all(workers.splice(0).map((worker) => worker.stop()))
    await second.close()
  })

  it('take over what one was delivering when it was killed, once by its id', async () => {
    await world.offer(withMail, told(hook.url, ['submission.received']))
    world.setTime(new Date().toISOString())
    for (let i = 0; i < 3; i++) await send()
    // The first one is held in the middle of all it does.
    hook.answer = () => false
    const lease = 1500
    const env = { PATH: process.env.PATH ?? '', DATA_DIR: world.folder, EGRESS_ALLOW: hook.place, LOG_LEVEL: 'silent', ...databaseOf(world) }
    const victim = spawn(process.execPath, [join(import.meta.dirname, '../testing/outbox-process.ts'), String(lease)], { env })
    await expect.poll(() => hook.told.length, { timeout: 15_000 }).toBe(3)
    victim.kill('SIGKILL')
    await new Promise((end) => victim.once('close', end))
    const held = hook.told.map(({ id }) => id).sort()
    // It had been taken by the receiver, but nobody wrote that down.
    for (const id of held) hook.taken.add(id)
    hook.answer = () => 200
    const worker = start()
    world.setTime(new Date(Date.now() - 1000).toISOString())
    await worker.settle()
    expect(hook.told).toHaveLength(3)
    await new Promise((go) => setTimeout(go, lease))
    world.setTime(new Date().toISOString())
    await worker.settle()
    expect(
      hook.told
        .slice(3)
        .map(({ id }) => id)
        .sort(),
    ).toEqual(held)
    expect([...hook.taken].sort()).toEqual(held)
    expect(await city.deliveries('waiting', 10)).toEqual([])
  })

  it('stop in good order: what ends soon ends, the rest is anybody’s at once', async () => {
    await world.offer(
      withMail,
      policyOf({
        webhook: { endpoints: [{ url: `${hook.url}/quick` }, { url: `${hook.url}/never` }].map((one) => ({ ...one, events: ['submission.received'] })) },
      }),
    )
    await send()
    hook.answer = ({ path }, response) => {
      if (path === '/hook/quick') setTimeout(() => response.end(), 100)
      return false
    }
    const worker = start({ patienceMs: 300 })
    await expect.poll(() => hook.told.length).toBe(2)
    const began = performance.now()
    await worker.stop()
    expect(performance.now() - began).toBeLessThan(1500)
    expect(await actions()).toEqual(['delivery.done'])
    expect(await city.deliveries('waiting', 10)).toMatchObject([{ reason: 'stopped', dueAt: '2026-01-05T08:00:00.000Z' }])
    await send()
    await worker.settle()
    expect(hook.told).toHaveLength(2)
  })
})

describe('mail', () => {
  const canary = 'zq7canary@citizen-of-nowhere.example'

  it('is in the language of the submission and says what it may', async () => {
    const persian = definitionOf((definition) => {
      definition.languages = ['fa', 'en']
      definition.title = { fa: 'کارت کتابخانه', en: 'Library card' }
      definition.locale = { ...definition.locale, calendar: 'persian', timeZone: 'Asia/Tehran' }
      definition.pages[0]?.fields.push({ id: 'mail', type: 'email', label: { en: 'E-mail' }, optional: true })
    })
    await world.offer(persian, policyOf({ email: { to: 'mail' } }))
    const worker = start()
    const { reference, submission } = await (await world.send({ ...answersOf({ name: 'Qanary Person', mail: canary }), language: 'fa' })).json()
    await worker.settle()
    const [got] = mail.mails
    expect(got).toMatchObject({ from: 'no-reply@city.example', to: [canary] })
    expect(headerOf(got!, 'from')).toBe('City of Example <no-reply@city.example>')
    expect(headerOf(got!, 'subject')).toBe('دریافت شد: کارت کتابخانه')
    expect([headerOf(got!, 'content-language'), headerOf(got!, 'auto-submitted')]).toEqual(['fa', 'auto-generated'])
    const text = textOf(got!)
    expect(text).toContain('کارت کتابخانه')
    expect(text).toContain('۱۵ دی ۱۴۰۴')
    expect(text).toContain('https://forms.city.example/status')
    for (const secret of [reference, reference.replaceAll('-', ''), submission, 'Qanary', canary])
      expect(`${headerOf(got!, 'subject')} ${text}`).not.toContain(secret)
  })

  it('goes to nobody who left no address, and to exactly one who did', async () => {
    await world.offer(withMail, policyOf({ email: { to: 'mail' } }))
    const worker = start()
    await send()
    await worker.settle()
    expect(mail.mails).toEqual([])
    expect(await city.deliveries('waiting', 10)).toEqual([])
    for (const typed of [
      'a@b.example, c@d.example',
      'a@b.example\r\nBcc: c@d.example',
      '"x" <a@b.example>',
      'a@b.example\u202e',
      'a@b.example%0abcc:c@d.example',
    ])
      await world.send(answersOf({ mail: typed }))
    await worker.settle()
    expect(mail.mails.every(({ to, raw }) => to.length === 1 && !/^bcc/im.test(raw))).toBe(true)
  })

  it('has a title of one line, whatever an author wrote', async () => {
    await world.offer(
      definitionOf((definition) => {
        definition.title = { en: 'A\r\nBcc: c@d.example\u202e card', el: 'A' }
        definition.pages[0]?.fields.push({ id: 'mail', type: 'email', label: { en: 'E-mail' }, optional: true })
      }),
      policyOf({ email: { to: 'mail' } }),
    )
    const worker = start()
    await send({ mail: canary })
    await worker.settle()
    expect(headerOf(mail.mails[0]!, 'subject')).toBe('We have received it: A Bcc: c@d.example card')
    expect(headerOf(mail.mails[0]!, 'bcc')).toBeNull()
  })

  it.each([
    [451, 'waiting', 'smtp-451'],
    [550, 'dead', 'smtp-550'],
  ] as const)('that is answered %i is %s', async (code, state, reason) => {
    await world.offer(withMail, policyOf({ email: { to: 'mail' } }))
    mail.recipient = () => code
    const worker = start()
    await send({ mail: canary })
    await worker.settle()
    expect(await city.deliveries(state, 10)).toMatchObject([{ kind: 'email', destination: 'mail', reason }])
    expect(JSON.stringify(await city.deliveries(state, 10))).not.toContain('canary')
  })

  it('waits where there is no mail server', async () => {
    const without = await createWorld()
    await without.offer(withMail, policyOf({ email: { to: 'mail' } }))
    expect((await without.send(answersOf({ mail: canary }))).status).toBe(201)
    const worker = startOutbox(without.adapters, { lookEveryMs: 3600_000 })
    await worker.settle()
    await worker.stop()
    const agency = without.adapters.store.agency((await without.adapters.store.findAgency('city'))!)
    expect(await agency.deliveries('waiting', 10)).toMatchObject([{ reason: 'no-mail-server' }])
    await without.close()
  })

  const traces = () => {
    const host = canary.split('@')[1] as string
    const encoded = [canary, host].flatMap((text) => {
      const bytes = Buffer.from(text)
      return [
        text,
        encodeURIComponent(text),
        bytes.toString('hex'),
        bytes.toString('utf16le'),
        ...[0, 1, 2].map((skip) =>
          bytes
            .subarray(skip, skip + 12)
            .toString('base64')
            .slice(0, 15),
        ),
      ]
    })
    return (where: string) => encoded.filter((text) => where.includes(text))
  }

  it('leaves its address in no log and in no byte on disk, however it goes', async () => {
    await world.offer(withMail, policyOf({ email: { to: 'mail' } }))
    const found = traces()
    const worker = start({ tryMs: 300 })
    mail.recipient = () => 451
    await send({ mail: canary })
    await worker.settle()
    expect(found(world.disk())).toEqual([])
    mail.recipient = () => 'hang'
    later(60_000)
    await worker.settle()
    mail.recipient = () => null
    mail.content = () => 554
    later(24 * 3600_000)
    await worker.settle()
    expect(await city.deliveries('dead', 10)).toMatchObject([{ reason: 'smtp-554' }])
    expect(found(world.disk())).toEqual([])
    expect(found(world.log.join('\n'))).toEqual([])
    expect(world.log.join('\n')).toContain('delivery given up')
    expect(JSON.stringify(await city.auditEvents(0, 1000))).not.toContain('canary')
  })

  it('would be found if it were there, which shows that the search is good', async () => {
    await world.offer(withMail, policyOf({ email: { to: 'mail' } }, { encryption: { mode: 'none' } }))
    await send({ mail: canary })
    expect(traces()(world.disk()).length).toBeGreaterThan(0)
  })

  it('is lost with the key of its submission', async () => {
    await world.offer(withMail, policyOf({ email: { to: 'mail' } }))
    await send({ mail: canary })
    const keys = {
      ...world.adapters.keys,
      kek: () => {
        throw new Error('destroyed')
      },
    }
    const worker = startOutbox({ ...world.adapters, keys }, { lookEveryMs: 3600_000 })
    await worker.settle()
    await worker.stop()
    expect(mail.mails).toEqual([])
    expect(await city.deliveries('dead', 10)).toMatchObject([{ reason: 'sealed' }])
  })
})

describe('a kind of delivery that misbehaves', () => {
  const kindOf =
    (deliver: () => Promise<Delivered>, plan = () => [{ destination: 'there', payload: {} }]): DeliveryKind =>
    () => ({ fault: () => null, plan: () => plan, deliver })
  const withKind = async (kind: DeliveryKind, work: (of: World, agency: AgencyStore) => Promise<void>) => {
    const other = await createWorld({}, { deliveryKinds: { 'x-odd': kind } })
    await other.offer(withMail, policyOf({ 'x-odd': {} }))
    const agency = other.adapters.store.agency((await other.adapters.store.findAgency('city'))!)
    const worker = startOutbox(other.adapters, { lookEveryMs: 3600_000, tryMs: 100 })
    expect((await other.send(answersOf())).status).toBe(201)
    await worker.settle()
    await work(other, agency)
    await worker.stop()
    await other.close()
  }

  it('cannot stop a submission', () =>
    withKind(
      kindOf(
        async () => done,
        () => {
          throw new Error('secret of Sam')
        },
      ),
      async (of, agency) => {
        expect(await agency.submissions()).toHaveLength(1)
        expect(of.log.join('')).toContain('could not be planned')
        expect(of.log.join('')).not.toContain('secret of Sam')
      },
    ))

  it('that is gone since the service was published is missed, and the service goes on', async () => {
    const other = await createWorld({}, { deliveryKinds: { 'x-odd': kindOf(async () => done) } })
    await other.offer(withMail, policyOf({ 'x-odd': {} }))
    const live = liveServices(other.adapters.store, other.adapters.types, {}, other.adapters.rates)
    const agency = other.adapters.store.agency((await other.adapters.store.findAgency('city'))!)
    const before = (await agency.deliveries('waiting', 10)).length
    const app = createApp({ ...other.adapters, deliveries: {}, live }, other.config)
    const request = {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', 'Idempotency-Key': 'k'.repeat(20) },
      body: JSON.stringify(answersOf()),
    }
    const response = await app.request('/v1/services/city/library-card/submissions', request, { client: '203.0.113.7' })
    expect(response.status).toBe(201)
    expect(await agency.deliveries('waiting', 10)).toHaveLength(before)
    expect(other.log.join('')).toContain('could not be planned')
    // What it had left is kept for when it is back.
    const worker = startOutbox({ ...other.adapters, deliveries: {} }, { lookEveryMs: 3600_000 })
    await worker.settle()
    await worker.stop()
    expect(await agency.deliveries('waiting', 10)).toMatchObject([{ reason: 'kind-unknown' }])
    await other.close()
  })

  it('is tried again when it throws or never ends', async () => {
    await withKind(
      kindOf(() => Promise.reject(new Error('secret of Sam'))),
      async (of, agency) => {
        expect((await agency.deliveries('waiting', 10)).map(({ reason }) => reason)).toEqual(['failed', 'failed'])
        expect(of.log.join('')).not.toContain('secret of Sam')
      },
    )
    await withKind(
      kindOf(() => new Promise(() => {})),
      async (_, agency) => {
        expect((await agency.deliveries('waiting', 10)).map(({ reason }) => reason)).toEqual(['timeout', 'timeout'])
      },
    )
  })

  it('writes no sentence into rows and logs', () =>
    withKind(
      kindOf(async () => permanent('Sam Okafor is not at home')),
      async (of, agency) => {
        expect((await agency.deliveries('dead', 10)).map(({ reason }) => reason)).toEqual(['failed', 'failed'])
        expect(of.log.join('')).not.toContain('Okafor')
      },
    ))
})

describe('pauses', () => {
  it('grow to a day and differ by chance', () => {
    expect([0, 0.5, 0.999].map((random) => pauseAfter(1, random))).toEqual([3750, 5000, 6248])
    for (let attempt = 1; attempt < tries; attempt++) expect(pauseAfter(attempt, 0.5)).toBeLessThanOrEqual(24 * 3600_000)
    expect(pauseAfter(tries, 1)).toBe(24 * 3600_000)
  })
  it('that are asked for lie between now and a day', () => {
    const now = new Date('2026-01-05T08:00:00Z')
    expect(pauseUntil(new Date('2020-01-01T00:00:00Z'), now)).toBe(0)
    expect(pauseUntil(new Date('2026-01-05T08:01:00Z'), now)).toBe(60_000)
    expect(pauseUntil(new Date('2030-01-01T00:00:00Z'), now)).toBe(24 * 3600_000)
  })
})
