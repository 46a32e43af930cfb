import type { Field, ServiceDefinition } from '@guichet/schemas'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { purgeUploads } from '../files/upload.ts'
import { startOutbox } from '../outbox/worker.ts'
import { type HookReceiver, openHookReceiver } from '../testing/hook-receiver.ts'
import { type Mail, type MailReceiver, openMailReceiver, textOf } from '../testing/mail-receiver.ts'
import { answersOf, createWorld, definitionOf, foreign, plainPolicy, type World } from '../testing/world.ts'
import { secretsOf } from './secrets.ts'

const base = '/v1/services/city/library-card/verifications'
const purpose = { en: 'To write to you', el: 'Για να σας γράψουμε' }
const label = { en: 'How we reach you', el: 'Επικοινωνία' }
/** The library card, with questions that ask for codes. */
const asking = (more: object = { verify: true }): ServiceDefinition =>
  definitionOf(({ pages }) => {
    const fields = pages[0]?.fields as Field[]
    fields.unshift({ id: 'email', type: 'email', label, purpose, ...more } as never, { id: 'other', type: 'email', label, purpose, optional: true } as never)
    const group = fields.find(({ id }) => id === 'cards') as unknown as { fields: object[] }
    group.fields.push({ id: 'mobile', type: 'phone', country: 'GR', label, purpose, optional: true, verify: true })
  })

let world: World
let mail: MailReceiver
let gateway: HookReceiver
const start = async (overrides: Parameters<typeof createWorld>[1] = {}) => {
  mail = await openMailReceiver()
  gateway = await openHookReceiver()
  const env = {
    SMTP_URL: mail.url,
    MAIL_FROM: 'City <no-reply@city.example>',
    SMS_URL: gateway.url,
    SMS_AUTHORIZATION: 'Bearer of-the-gateway',
    SMS_BODY: '{"messages":[{"recipient":"{number}","body":"{text}"}],"fixed":1}',
    EGRESS_ALLOW: gateway.place,
  }
  world = await createWorld(env, overrides)
  await world.offer(asking())
}
beforeEach(() => start())
afterEach(async () => {
  await world.close()
  await mail.close()
  await gateway.close()
})

const post = (path: string, body: object, { client = '203.0.113.7', origin }: { client?: string; origin?: string } = {}) =>
  world.request(path, {
    method: 'POST',
    client,
    headers: { 'Content-Type': 'application/json', ...(origin ? { Origin: origin } : {}) },
    body: JSON.stringify(body),
  })
const ask = (value: string, { field = 'email', ...from }: { field?: string; client?: string; origin?: string } = {}) =>
  post(`${base}?lang=en`, { field, value }, from)
const check = (verification: unknown, code: string, value: string, field = 'email') => post(`${base}/check`, { verification, code, field, value })
const codeOf = (sent: Mail) => /\b(\d{6})\b/.exec(textOf(sent))?.[1] as string

/** Delivers what is in the outbox. */
async function delivered() {
  const worker = startOutbox(world.adapters)
  await worker.settle()
  await worker.stop()
}
async function sent(value = 'sam@example.org') {
  const { verification } = await (await ask(value)).json()
  await delivered()
  return { verification, code: codeOf(mail.mails.at(-1) as Mail) }
}
const otherThan = (code: string) => (code === '000000' ? '000001' : '000000')
const minutesLater = (minutes: number) => world.setTime(new Date(Date.parse('2026-01-05T08:00:00Z') + minutes * 60_000).toISOString())
const send = (answers: object, proofs?: object) => world.send({ ...answersOf(answers), ...(proofs ? { proofs } : {}) })

describe('an address that is verified', () => {
  it('is sent a code, and whoever enters it gets a proof that the submission carries', async () => {
    const asked = await ask(' Sam@Example.ORG ')
    expect(asked.status).toBe(202)
    const { verification, ...rest } = await asked.json()
    expect(rest).toEqual({ expiresInSeconds: 600, resendInSeconds: 30 })
    await delivered()
    expect(mail.mails.map(({ to }) => to)).toEqual([['Sam@example.org']])
    expect(textOf(mail.mails[0] as Mail)).toContain('Get a library card')
    const { proof } = await (await check(verification, codeOf(mail.mails[0] as Mail), 'Sam@example.org')).json()
    expect((await send({ email: 'Sam@example.org' }, { '/email': proof })).status).toBe(201)
    // And what it is sent for is kept with the case, sealed or not as the rest.
    expect(world.disk()).toContain('"proved":["/email"]')
  })

  it('is refused without a proof, with one of another address, service or field, and with a made-up one', async () => {
    const { verification, code } = await sent()
    const { proof } = (await (await check(verification, code, 'sam@example.org')).json()) as unknown as { proof: string }
    const city = secretsOf(world.adapters.keys.pepper, 'city')
    const until = new Date('2027-01-01')
    const proved = { service: 'library-card', way: 'email', value: 'sam@example.org' } as const
    const wrong: (object | undefined)[] = [
      undefined,
      {},
      { '/other': proof },
      { '/email': `${proof.slice(0, -1)}${proof.endsWith('A') ? 'B' : 'A'}` },
      { '/email': '' },
      { '/email': city.prove({ ...proved, value: 'other@example.org' }, until) },
      { '/email': city.prove({ ...proved, service: 'other' }, until) },
      { '/email': city.prove({ ...proved, way: 'sms' }, until) },
      { '/email': city.prove(proved, new Date('2026-01-05T07:59:59Z')) },
      { '/email': secretsOf(world.adapters.keys.pepper, 'town').prove(proved, until) },
      { '/email': secretsOf(new Uint8Array(32), 'city').prove(proved, until) },
    ]
    for (const proofs of wrong) {
      const refused = await send({ email: 'sam@example.org' }, proofs)
      expect([refused.status, (await refused.json()).errors], JSON.stringify(proofs)).toEqual([
        422,
        [{ pointer: '/email', code: 'email.unverified', detail: 'Enter the code that we sent to this address' }],
      ])
    }
    // The answer changed after it was proved.
    expect((await send({ email: 'sam2@example.org' }, { '/email': proof })).status).toBe(422)
    // The controls: the right one, and a service that asks for none.
    expect((await send({ email: 'sam@example.org' }, { '/email': city.prove(proved, until) })).status).toBe(201)
    await world.offer(asking({}))
    expect((await world.send({ ...answersOf({ email: 'sam@example.org' }), version: 2 })).status).toBe(201)
  })

  it('in rows: each has a proof of its own, and one that is left empty needs none', async () => {
    const { verification, code } = await sent()
    const { proof } = await (await check(verification, code, 'sam@example.org')).json()
    const { verification: second } = await (await ask('69 1234 5678', { field: 'cards.mobile' })).json()
    await delivered()
    expect(gateway.told.map(({ headers }) => [headers.authorization, headers['content-type']])).toEqual([['Bearer of-the-gateway', 'application/json']])
    const told = JSON.parse(gateway.told[0]?.body as string)
    expect(told).toEqual({ messages: [{ recipient: '+306912345678', body: expect.stringMatching(/^\d{6} is your code for City Library/) }], fixed: 1 })
    const { proof: ofMobile } = await (await check(second, told.messages[0].body.slice(0, 6), '+306912345678', 'cards.mobile')).json()
    const cards = [{ holder: 'A' }, { holder: 'B', mobile: '+306912345678' }]
    const answers = { email: 'sam@example.org', cards }
    const refused = await send(answers, { '/email': proof, '/cards/0/mobile': ofMobile })
    expect((await refused.json()).errors).toMatchObject([{ pointer: '/cards/1/mobile', code: 'phone.unverified' }])
    expect((await send(answers, { '/email': proof, '/cards/1/mobile': ofMobile })).status).toBe(201)
  })

  it('is proved for as long as a saved application is kept', async () => {
    const { verification, code } = await sent()
    const { proof } = await (await check(verification, code, 'sam@example.org')).json()
    minutesLater(30 * 24 * 60)
    expect((await send({ email: 'sam@example.org' }, { '/email': proof })).status).toBe(201)
    minutesLater(32 * 24 * 60)
    expect((await send({ email: 'sam@example.org' }, { '/email': proof })).status).toBe(422)
  })
})

describe('a code', () => {
  it('works once', async () => {
    const { verification, code } = await sent()
    expect((await check(verification, code, 'sam@example.org')).status).toBe(200)
    expect((await check(verification, code, 'sam@example.org')).status).toBe(422)
  })

  it('works once, however many come at a time', async () => {
    const { verification, code } = await sent()
    const answers = await Promise.all(Array.from({ length: 5 }, () => check(verification, code, 'sam@example.org')))
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1)
  })

  it('has five tries, also for who enters the right one after them', async () => {
    const { verification, code } = await sent()
    const types = []
    for (let i = 0; i < 5; i++) types.push((await (await check(verification, otherThan(code), 'sam@example.org')).json()).title)
    expect(types.slice(0, 2)).toEqual(['That is not the code. You have 4 more tries.', 'That is not the code. You have 3 more tries.'])
    expect(types[4]).toBe('This code does not work any more. Have a new one sent')
    expect((await check(verification, code, 'sam@example.org')).status).toBe(422)
    // The control: with a try left it would have worked.
    const other = await sent('other@example.org')
    for (let i = 0; i < 4; i++) await check(other.verification, otherThan(other.code), 'other@example.org')
    expect((await check(other.verification, other.code, 'other@example.org')).status).toBe(200)
  })

  it('lives for ten minutes', async () => {
    const { verification, code } = await sent()
    minutesLater(10)
    expect((await (await check(verification, code, 'sam@example.org')).json()).type).toMatch(/verification-over$/)
    minutesLater(9)
    expect((await check(verification, code, 'sam@example.org')).status).toBe(200)
  })

  it('is of the browser that asked, the address and the service', async () => {
    const { verification, code } = await sent()
    const other = await sent('other@example.org')
    expect((await check(other.verification, code, 'sam@example.org')).status).toBe(422)
    expect((await check(verification, code, 'other@example.org')).status).toBe(422)
    const unknown = await check('A'.repeat(43), code, 'sam@example.org')
    expect([unknown.status, (await unknown.json()).type]).toEqual([422, 'https://guichet.dev/problems/verification-over'])
    await world.offer(asking(), plainPolicy, 'town')
    const elsewhere = await post('/v1/services/town/library-card/verifications/check', { verification, code, field: 'email', value: 'sam@example.org' })
    expect(elsewhere.status).toBe(422)
    expect((await check(verification, code, 'sam@example.org')).status).toBe(200)
  })

  it('is not on disk, nor is the address, nor either in the log', async () => {
    const { verification, code } = await sent('sam.unknown@example.org')
    for (const place of [world.disk(), world.log.join('\n')])
      for (const secret of ['sam.unknown', String(verification), `"${code}"`]) expect(place).not.toContain(secret)
  })

  it('that waits too long for the mail server is not sent any more, and leaves nothing', async () => {
    await ask('sam@example.org')
    minutesLater(11)
    await delivered()
    expect(mail.mails).toEqual([])
    const agency = world.adapters.store.agency((await world.adapters.store.findAgency('city'))!)
    expect(await agency.deliveries('dead', 5)).toMatchObject([{ kind: 'verification', reason: 'expired' }])
    const left = async () => agency.purgeVerifications(await world.adapters.lived.before(agency))
    await purgeUploads(world.adapters, 48)
    expect(await left()).toBe(0)
    // The control: it would have been there.
    await ask('other@example.org')
    minutesLater(30)
    expect(await left()).toBe(1)
  })
})

describe('codes are sent', () => {
  it('to fields that ask for them, from pages that may embed the service', async () => {
    for (const field of ['other', 'name', 'nothing', 'cards', '__proto__']) expect((await ask('sam@example.org', { field })).status).toBe(404)
    expect((await ask('sam@example.org', { origin: 'https://elsewhere.example' })).status).toBe(403)
    expect((await ask('sam@example.org', { origin: foreign })).status).toBe(202)
    const wrong = await ask('sam@')
    expect([wrong.status, (await wrong.json()).errors]).toMatchObject([422, [{ pointer: '/value', code: 'email.invalid' }]])
  })

  it('again after half a minute, and five times an hour: who asks is told', async () => {
    expect((await ask('sam@example.org')).status).toBe(202)
    const early = await ask('sam@example.org')
    expect([early.status, early.headers.get('retry-after')]).toEqual([429, '30'])
    for (let i = 1; i < 5; i++) {
      minutesLater(i)
      expect((await ask('sam@example.org')).status).toBe(202)
    }
    minutesLater(5)
    expect((await ask('sam@example.org')).status).toBe(429)
    // Another address, and another person, are not held up.
    expect((await ask('other@example.org')).status).toBe(202)
    expect((await ask('sam@example.org', { client: '203.0.113.9' })).status).toBe(202)
  })

  it('to one address ten times an hour, whoever asks; that it was asked for by others nobody is told', async () => {
    const told = []
    for (let i = 0; i < 13; i++) {
      const answer = await ask('sam@example.org', { client: `203.0.113.${i}` })
      told.push(`${answer.status} ${Object.keys(await answer.json())}`)
    }
    expect(new Set(told)).toEqual(new Set(['202 verification,expiresInSeconds,resendInSeconds']))
    await delivered()
    expect(mail.mails).toHaveLength(10)
  })

  it('without those limits as often as somebody likes: the control', async () => {
    await world.close()
    const never = { take: async () => 0 }
    await start({
      verifying: {
        ways: new Set(['email', 'sms']),
        rates: { asked: never, tried: never, again: never, address: never, everybody: never, budget: async () => 0 },
      },
    })
    for (let i = 0; i < 13; i++) expect((await ask('sam@example.org')).status).toBe(202)
    await delivered()
    expect(mail.mails).toHaveLength(13)
  })
})

describe('a service that asks for codes', () => {
  it('says so to the page', async () => {
    const view = await (await world.request('/v1/services/city/library-card?lang=en')).json()
    expect(view.asks).toEqual({ codes: true })
  })

  it('is not published where they cannot be sent, or not be seen', async () => {
    const refusal = async (env: Record<string, string>, policy = plainPolicy) => {
      const bare = await createWorld(env)
      try {
        await bare.offer(asking(), policy)
        return []
      } catch (error) {
        const { findings } = (error as { extras: { members: { findings: { code: string; params: object }[] } } }).extras.members
        return findings.flatMap(({ code, params }) => (code.startsWith('policy.verify') ? [`${code} ${Object.values(params)}`] : []))
      } finally {
        await bare.close()
      }
    }
    const smtp = { SMTP_URL: mail.url, MAIL_FROM: 'no-reply@city.example' }
    expect(await refusal({})).toEqual(['policy.verify-no-mail email', 'policy.verify-no-sms cards.mobile'])
    expect(await refusal(smtp)).toEqual(['policy.verify-no-sms cards.mobile'])
    const all = { ...smtp, SMS_URL: 'https://sms.example.org/send' }
    expect(await refusal(all)).toEqual([])
    const sealed = { preset: 'sealed', rules: { origins: { allow: [foreign] }, encryption: { mode: 'sealed', clear: ['cards'] } } } as never
    expect(await refusal(all, sealed)).toEqual(expect.arrayContaining(['policy.verify-sealed email']))
  })
})
