import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { ServiceDefinition } from '@guichet/schemas'
import { deliveryKinds, readConfig, startServer } from '@guichet/server'
import { deliverySuite } from '@guichet/server/delivery-suite'
import { expect, test } from 'vitest'
import definition from './appointment/definition.json' with { type: 'json' }
import { sms } from './sms.ts'

const token = 'the-token-of-the-agency'

/** A provider on loopback: a number that it knows to be wrong is refused. */
async function openProvider() {
  const sent: { id: string; phone: string; text: string }[] = []
  let how: 'well' | 'busy' | 'silent' = 'well'
  const server = createServer(async (request, response) => {
    let body = ''
    for await (const piece of request) body += piece
    if (how === 'silent') return
    const { phone, text } = JSON.parse(body)
    const status = request.headers.authorization !== `Bearer ${token}` ? 401 : how === 'busy' ? 503 : phone.endsWith('000') ? 422 : 202
    if (status === 202) sent.push({ id: String(request.headers['idempotency-key']), phone, text })
    response.writeHead(status).end()
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const place = `127.0.0.1:${(server.address() as AddressInfo).port}`
  return {
    place,
    kind: sms({ url: `http://${place}/messages`, token }),
    sent,
    behave: (next: typeof how) => {
      how = next
    },
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

// The suite opens an outside for each of its tests; the kind asks for the newest.
let provider: Awaited<ReturnType<typeof openProvider>>
deliverySuite({
  name: 'x-sms',
  kind: (tools) => provider.kind(tools),
  definition: definition as unknown as ServiceDefinition,
  answers: { phone: '+306912345678' },
  event: 'submission.received',
  personal: ['6912345678'],
  wrongSettings: [{}, { to: 'nothing' }],
  async open() {
    provider = await openProvider()
    const { place, sent, behave, close } = provider
    return { env: { EGRESS_ALLOW: place }, settings: { to: 'phone' }, arrived: () => sent.map(({ id }) => id), behave, off: close }
  },
})

test('a server that is handed the delivery sends the message, and the number is kept from everybody else', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'guichet-sms-'))
  const outside = await openProvider()
  const env = { PORT: '0', DEMO_PORT: 'off', DATA_DIR: folder, EXAMPLES_DIR: import.meta.dirname, LOG_LEVEL: 'silent', EGRESS_ALLOW: outside.place }
  const server = await startServer(readConfig(env), { deliveryKinds: { ...deliveryKinds, 'x-sms': outside.kind } })
  try {
    const send = async (phone: string, key: string) =>
      (
        await fetch(`${server.url}/v1/services/demo/appointment/submissions`, {
          method: 'POST',
          headers: { 'Content-Type': 'application/json', 'Idempotency-Key': key },
          body: JSON.stringify({ version: 1, language: 'el', answers: { phone } }),
        })
      ).status
    expect(await send('691 234 5678', 'a-key-of-its-own-1')).toBe(201)
    // Sent again by a citizen who saw no answer: one submission, one message.
    expect(await send('691 234 5678', 'a-key-of-its-own-1')).toBe(201)
    expect(await send('691 234 5000', 'a-key-of-its-own-2')).toBe(201)
    await expect.poll(() => outside.sent.length).toBe(1)
    expect(outside.sent[0]).toMatchObject({
      phone: '+306912345678',
      text: expect.stringContaining(`Ζητήστε ραντεβού: το παραλάβαμε. Για να δείτε πού βρίσκεται, ανοίξτε τη σελίδα ${server.url}/status`),
    })
    const agency = server.adapters.store.agency((await server.adapters.store.findAgency('demo'))!)
    await expect.poll(() => agency.deliveries('dead', 10)).toMatchObject([{ kind: 'x-sms', destination: outside.place, reason: 'number-refused' }])
    await expect.poll(() => agency.deliveries('waiting', 10)).toEqual([])
  } finally {
    await server.close()
    await outside.close()
    rmSync(folder, { recursive: true, force: true })
  }
})

test('the written page shows these very files', () => {
  const page = readFileSync(join(import.meta.dirname, '../../docs/extend/delivery.md'), 'utf8')
  const blocks = [...page.matchAll(/^```\w+ file=(\S+)\n([\s\S]*?)^```$/gm)]
  expect(blocks.map(([, file]) => file)).toEqual(['sms.ts', 'sms.messages.json', 'appointment/policy.json'])
  for (const [, file = '', code] of blocks) expect(code, file).toBe(readFileSync(join(import.meta.dirname, file), 'utf8'))
})
