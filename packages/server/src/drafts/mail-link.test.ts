/** The code of a draft by mail, with a mail server on loopback: what is in it, who may ask, and what is kept. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { startOutbox } from '../outbox/worker.ts'
import { type MailReceiver, openMailReceiver, textOf } from '../testing/mail-receiver.ts'
import { createWorld, foreign, type World } from '../testing/world.ts'
import { canMailDrafts, idOfCode } from './mail-link.ts'

const code = '0123456789ABCDEFGHJKMNPQRS'
const service = 'city/library-card'
const id = idOfCode(code, 'city', 'library-card')
const page = `${foreign}/apply?x=1#more`
const to = 'sam@example.org'

let world: World
let mail: MailReceiver
const start = async (env: Record<string, string>) => {
  world = await createWorld(env)
  await world.offer()
}
beforeEach(async () => {
  mail = await openMailReceiver()
  await start({ SMTP_URL: mail.url, MAIL_FROM: 'City <no-reply@city.example>' })
})
afterEach(async () => {
  await world.close()
  await mail.close()
})

const save = async (of = id) =>
  (
    await world.request(`/v1/services/${service}/drafts/${of}`, {
      method: 'PUT',
      headers: { 'Content-Type': 'application/json', 'If-None-Match': '*' },
      body: JSON.stringify({ version: 1, content: 'AAAA', attachments: [] }),
    })
  ).json()
interface Asked {
  code?: string
  to?: string
  back?: string
  origin?: string
  lang?: string
  client?: string
  of?: string
}
const ask = ({ code: given = code, to: whom = to, back = page, origin = foreign, lang = 'en', client = '203.0.113.7', of = id }: Asked = {}) =>
  world.request(`/v1/services/${service}/drafts/${of}/mail?lang=${lang}`, {
    method: 'POST',
    client,
    headers: { 'Content-Type': 'application/json', Origin: origin },
    body: JSON.stringify({ code: given, to: whom, return: back }),
  })
async function delivered() {
  const worker = startOutbox(world.adapters)
  await worker.settle()
  await worker.stop()
}
/** How many messages the server still has. */
async function left() {
  const agency = world.adapters.store.agency((await world.adapters.store.findAgency('city'))!)
  return agency.purgeVerifications('9999-01-01T00:00:00.000Z' as never)
}

describe('a link to a draft', () => {
  it('goes out in the language of the page, opens the draft there, and leaves nothing behind', async () => {
    expect(await save()).toMatchObject({ revision: 1, mail: true })
    expect((await ask({ lang: 'el' })).status).toBe(202)
    // Until it is sent both are there, but not to be read.
    for (const secret of [to, code]) expect(world.disk()).not.toContain(secret)
    await delivered()
    expect(mail.mails).toHaveLength(1)
    const [sent] = mail.mails
    expect(sent?.to).toEqual([to])
    const text = textOf(sent!)
    expect(text).toContain(`${foreign}/apply?x=1#guichet-draft=library-card.${code}`)
    expect(text).toMatch(/Ανοίξτε αυτόν τον σύνδεσμο/)
    expect(text).toContain('4 Φεβρουαρίου 2026')
    expect(await left()).toBe(0)
    for (const secret of [to, code]) expect(world.log.join('\n')).not.toContain(secret)
  })

  it('is asked for by who has the code of a draft that is there', async () => {
    expect((await ask()).status).toBe(404)
    await save()
    expect((await ask({ code: code.replace('S', 'T') })).status).toBe(404)
    // Another draft's code, for this one's address.
    const other = idOfCode('Z'.repeat(26), 'city', 'library-card')
    await save(other)
    expect((await ask({ of: other })).status).toBe(404)
    for (const wrong of [{ code: 'hello' }, { to: 'nobody' }, { to: 'a@b.c, d@e.f' }, { to: 'a@b\r\nBcc: c@d.e' }])
      expect((await ask(wrong)).status, JSON.stringify(wrong)).toBe(400)
    expect((await ask()).status).toBe(202)
  })

  it('leads to a page that may show the service, and nowhere else', async () => {
    await save()
    for (const back of ['https://evil.example/', 'javascript:alert(1)', `${foreign}@evil.example/`, '/apply'])
      expect((await ask({ back })).status, back).toBe(422)
    expect((await ask({ origin: 'https://evil.example', back: 'https://evil.example/' })).status).toBe(403)
  })

  it('is sent so often by one client, and so often to one address', async () => {
    await save()
    expect((await ask()).status).toBe(202)
    expect((await ask()).status).toBe(429)
    // Ten from everywhere: whoever asks for the eleventh is told the same, and nothing is sent.
    for (let i = 0; i < 12; i++) expect((await ask({ client: `198.51.100.${i}` })).status).toBe(202)
    await delivered()
    expect(mail.mails).toHaveLength(10)
  })

  it('is offered nowhere that no mail can be sent', async () => {
    await world.close()
    await start({})
    expect(await save()).not.toHaveProperty('mail')
    expect((await ask()).status).toBe(404)
  })

  it('is kept while the mail server is away, and deleted when that will never take it', async () => {
    await save()
    mail.recipient = () => 451
    await ask()
    await delivered()
    mail.recipient = () => 550
    world.setTime('2026-01-05T08:10:00Z')
    await delivered()
    expect(mail.mails).toEqual([])
    expect(await left()).toBe(0)
  })
})

it('is offered of no service whose server must not read', () => {
  const verifying = { ways: new Set(['email']) } as never
  expect(canMailDrafts({ verifying }, { sealed: null })).toBe(true)
  expect(canMailDrafts({ verifying }, { sealed: { clear: [], policy: '' } })).toBe(false)
})

it('works the id out as the browser does', async () => {
  const bytes = (text: string) => new TextEncoder().encode(text)
  const root = await crypto.subtle.importKey('raw', bytes(code), 'HKDF', false, ['deriveBits'])
  const derived = await crypto.subtle.deriveBits({ name: 'HKDF', hash: 'SHA-256', salt: bytes(`guichet draft|${service}`), info: bytes('id') }, root, 256)
  expect(id).toBe(Buffer.from(derived).toString('base64url'))
})
