import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Policy } from '@guichet/schemas'
import { policy as fits } from '@guichet/schemas/validators'
import { expect, it } from 'vitest'
import { openHookReceiver } from '../testing/hook-receiver.ts'
import { headerOf, openMailReceiver } from '../testing/mail-receiver.ts'
import { definitionOf } from '../testing/world.ts'
import { deliveryKinds } from './deliveries.ts'
import { type DeliverySubject, deliverySuite } from './delivery-suite.ts'

const definition = definitionOf(({ pages }) => {
  pages[0]?.fields.push({ id: 'mail', type: 'email', label: { en: 'E-mail' } })
})
const answers = { name: 'Sam Okafor', student: false, cards: [], mail: 'sam@citizen.example' }

const subjects: Record<keyof typeof deliveryKinds, Omit<DeliverySubject, 'name' | 'kind' | 'definition' | 'answers' | 'event'>> = {
  webhook: {
    personal: ['/hook', 'token'],
    wrongSettings: [
      { endpoints: [{ url: 'http://hooks.example.org/' }] },
      { endpoints: [{ url: 'https://127.0.0.1/' }] },
      { endpoints: [{ url: 'https://hooks.example.org/' }, { url: 'https://user:secret@hooks.example.org/' }] },
      { endpoints: Array.from({ length: 21 }, (_, i) => ({ url: `https://hooks.example.org/${i}` })) },
    ],
    async open() {
      const receiver = await openHookReceiver()
      return {
        env: { EGRESS_ALLOW: receiver.place },
        settings: { endpoints: [{ url: `${receiver.url}?token=1` }] },
        arrived: () => receiver.told.filter(({ id }) => receiver.taken.has(id)).map(({ headers }) => headers['idempotency-key'] ?? ''),
        behave(how) {
          receiver.answer = () => (how === 'well' ? 200 : how === 'busy' ? 503 : false)
        },
        off: receiver.close,
      }
    },
  },
  email: {
    personal: ['sam', 'citizen'],
    wrongSettings: [{ to: 'nothing' }, { to: 'name' }, { to: 'cards' }, { to: 'holder' }, { to: 'cards.holder' }, { to: 'cards_total' }, { to: '__proto__' }],
    async open() {
      const receiver = await openMailReceiver()
      return {
        env: { SMTP_URL: receiver.url, MAIL_FROM: 'City <no-reply@city.example>' },
        settings: { to: 'mail' },
        arrived: () => receiver.mails.map((mail) => /^<(.*)@city\.example>$/.exec(headerOf(mail, 'message-id') ?? '')?.[1] ?? ''),
        behave(how) {
          receiver.recipient = () => (how === 'well' ? null : how === 'busy' ? 451 : 'hang')
        },
        off: receiver.close,
      }
    },
  },
}

for (const [name, subject] of Object.entries(subjects))
  deliverySuite({ name, kind: deliveryKinds[name as keyof typeof deliveryKinds], definition, answers, event: 'submission.received', ...subject })

it('every folder is a kind in the list, whose settings are in the schema of policies', async () => {
  const folders = readdirSync(import.meta.dirname, { withFileTypes: true }).filter((entry) => entry.isDirectory())
  expect(folders.map(({ name }) => name).sort()).toEqual(Object.keys(deliveryKinds).sort())
  for (const { name } of folders) {
    const path = join(import.meta.dirname, name, 'schema.json')
    expect(existsSync(path)).toBe(true)
    const { default: schema } = (await import(path, { with: { type: 'json' } })) as { default: { examples: object[] } }
    for (const example of schema.examples) {
      expect(fits({ deliveries: { [name]: example } } as Policy)).toBe(true)
      expect(fits({ deliveries: { [name]: { ...example, more: 1 } } })).toBe(false)
    }
  }
  expect(fits({ deliveries: { pigeon: {} } })).toBe(false)
  expect(fits({ deliveries: { 'x-pigeon': { colour: 'grey' } } })).toBe(true)
})
