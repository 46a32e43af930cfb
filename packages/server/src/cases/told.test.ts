import type { Policy, WebhookEvent } from '@guichet/schemas'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { startOutbox } from '../outbox/worker.ts'
import { movingDefinition, receive } from '../testing/cases.ts'
import { type HookReceiver, openHookReceiver } from '../testing/hook-receiver.ts'
import { headerOf, type MailReceiver, openMailReceiver, textOf } from '../testing/mail-receiver.ts'
import { reading } from '../testing/reading.ts'
import { createWorld, type World } from '../testing/world.ts'
import { decide } from './decide.ts'

let world: World
let hook: HookReceiver
let mail: MailReceiver
beforeEach(async () => {
  hook = await openHookReceiver()
  mail = await openMailReceiver()
  world = await createWorld({ EGRESS_ALLOW: hook.place, SMTP_URL: mail.url, MAIL_FROM: 'no-reply@city.example', BASE_URL: 'https://forms.city.example' })
})
afterEach(() => Promise.all([hook.close(), mail.close(), world.close()]))

const address = 'citizen@nowhere.example'
const definition = (notify?: object) =>
  movingDefinition((moving) => {
    moving.pages[0]?.fields.push({ id: 'mail', type: 'email', label: { en: 'E-mail' }, optional: true })
    if (notify) Object.assign(moving, { notify })
  })
const step = async (submission: string, revision: number, decision: string) =>
  decide(world.adapters, world.config, world.adapters.store.agency((await world.adapters.store.findAgency('city'))!), {
    submission,
    revision,
    decision,
    note: 'A reason for the citizen alone',
    actor: 'user:a',
    reading,
    now: world.adapters.clock.now(),
  })

describe('whoever is to be told of a decision', () => {
  it('is told once for each: programs of every step, the citizen of what concerns them', async () => {
    await world.offer(definition(), { deliveries: { webhook: { endpoints: [{ url: hook.url }] }, email: { to: 'mail' } } } as Policy)
    const { submission, reference } = await receive(world, { mail: address }, { language: 'el' })
    await step(submission, 1, 'accept')
    await step(submission, 2, 'send_back')
    await step(submission, 3, 'reject')
    const worker = startOutbox(world.adapters, { lookEveryMs: 3600_000 })
    await worker.settle()
    await worker.stop()
    const events = hook.told.map(({ body }) => JSON.parse(body) as WebhookEvent).filter(({ type }) => type === 'submission.changed')
    expect(events.map(({ data }) => [data.submission, data.status, data.stage]).sort()).toEqual(
      [
        [submission, 'in_review', 'check'],
        [submission, 'rejected', undefined],
        [submission, 'returned', 'check'],
      ].sort(),
    )
    const news = mail.mails.filter((one) => headerOf(one, 'subject')?.startsWith('Υπάρχουν νέα'))
    expect(
      news
        .map(textOf)
        .map((text) => /Επιστράφηκε σε εσάς|Απορρίφθηκε/.exec(text)?.[0])
        .sort(),
    ).toEqual(['Απορρίφθηκε', 'Επιστράφηκε σε εσάς'])
    for (const one of news) {
      expect(one.to).toEqual([address])
      expect(textOf(one)).toContain('https://forms.city.example/status')
      for (const secret of [submission, reference, 'A reason', 'Okafor']) expect(`${one.raw} ${textOf(one)}`).not.toContain(secret)
    }
  })

  it('hears of each step where the service says so, in its own words', async () => {
    await world.offer(definition({ eachStage: ['email'], template: { en: 'Request {code} is at {step} with {unit}' } }), {
      deliveries: { email: { to: 'mail' } },
    } as Policy)
    const { submission } = await receive(world, { mail: address })
    await step(submission, 1, 'accept')
    const worker = startOutbox(world.adapters, { lookEveryMs: 3600_000 })
    await worker.settle()
    await worker.stop()
    const [news] = mail.mails.filter((one) => headerOf(one, 'subject')?.startsWith('There is news'))
    expect(news && textOf(news)).toContain(`Request ${submission.slice(-6)} is at Check with Front desk`)
  })
})
