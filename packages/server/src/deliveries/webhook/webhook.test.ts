import { mkdtempSync, readdirSync, renameSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { readConfig } from '../../config.ts'
import { EgressError, type EgressFailure, type EgressResponse } from '../../egress/egress.ts'
import { openKeyFolder } from '../../keys/key-folder.ts'
import { isGenuine } from '../../testing/hook-receiver.ts'
import { webhook } from './webhook.ts'

const now = new Date('2026-01-05T08:00:00.000Z')
const payload = {
  url: 'https://hooks.example.org/',
  event: { type: 'submission.received', timestamp: now.toISOString(), data: { agency: 'city', service: 'card' } },
}
let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'guichet-webhook-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const publicKeys = (keys: ReturnType<typeof openKeyFolder>) =>
  keys.webhookSigner('city').publicKeys.map(({ x }) => `whpk_${Buffer.from(x, 'base64url').toString('base64')}`)

/** Delivers to somebody who answers so; gives the outcome and what was sent. */
async function deliverTo(answer: Partial<EgressResponse> | EgressFailure, keys = openKeyFolder(folder, now)) {
  const sent: { headers: Record<string, string | undefined>; body: string }[] = []
  const egress = {
    admits: () => true,
    async call({ headers = {}, body }: { headers?: Readonly<Record<string, string>>; body?: Uint8Array }) {
      sent.push({ headers, body: new TextDecoder().decode(body) })
      if (typeof answer === 'string') throw new EgressError(answer)
      return { status: 200, headers: {}, body: new Uint8Array(), truncated: false, ...answer }
    },
  }
  const outcome = await webhook({ config: readConfig({}), egress, keys }).deliver(payload, {
    id: 'd1',
    agency: 'city',
    egress,
    now,
    attempt: 1,
    signal: new AbortController().signal,
  })
  return { outcome, sent: sent[0]! }
}

describe('what the receiver answers', () => {
  it.each([
    [{ status: 200 }, { state: 'done' }],
    [{ status: 204, truncated: true }, { state: 'done' }],
    [{ status: 302 }, { state: 'retry', reason: 'status-302', after: null }],
    [{ status: 400 }, { state: 'retry', reason: 'status-400', after: null }],
    [{ status: 410 }, { state: 'permanent', reason: 'status-410' }],
    [
      { status: 503, headers: { 'retry-after': '120' } },
      { state: 'retry', reason: 'status-503', after: new Date('2026-01-05T08:02:00.000Z') },
    ],
    [
      { status: 429, headers: { 'retry-after': 'Mon, 05 Jan 2026 09:00:00 GMT' } },
      { state: 'retry', reason: 'status-429', after: new Date('2026-01-05T09:00:00.000Z') },
    ],
    [
      { status: 503, headers: { 'retry-after': 'soon' } },
      { state: 'retry', reason: 'status-503', after: null },
    ],
    [
      { status: 503, headers: { 'retry-after': ['1', '2'] } },
      { state: 'retry', reason: 'status-503', after: null },
    ],
    ['refused', { state: 'permanent', reason: 'refused' }],
    ['name', { state: 'retry', reason: 'name', after: null }],
    ['timeout', { state: 'retry', reason: 'timeout', after: null }],
    ['certificate', { state: 'retry', reason: 'certificate', after: null }],
  ] as const)('%j is %j', async (answer, outcome) => {
    expect((await deliverTo(answer as Partial<EgressResponse>)).outcome).toEqual(outcome)
  })
})

describe('its key', () => {
  it('changes without a gap: the old one signs along until it is taken away', async () => {
    const old = openKeyFolder(folder, now)
    const before = publicKeys(old)
    const path = join(folder, 'agencies/city/webhooks')
    // Somebody puts another key beside it, made by another server here.
    const other = mkdtempSync(join(tmpdir(), 'guichet-webhook-'))
    openKeyFolder(other, new Date('2026-02-01T00:00:00Z')).webhookSigner('city')
    const [name = ''] = readdirSync(join(other, 'agencies/city/webhooks'))
    renameSync(join(other, 'agencies/city/webhooks', name), join(path, name))
    rmSync(other, { recursive: true })

    const both = openKeyFolder(folder, now)
    const after = publicKeys(both)
    expect([after.length, after[1]]).toEqual([2, before[0]])
    const { sent } = await deliverTo({}, both)
    expect(sent.headers['webhook-signature']?.split(' ')).toHaveLength(2)
    expect([isGenuine(sent, before, now), isGenuine(sent, [after[0] as string], now)]).toEqual([true, true])
    expect(isGenuine((await deliverTo({}, old)).sent, [after[0] as string], now)).toBe(false)
  })

  it('is each agency’s own', async () => {
    const keys = openKeyFolder(folder, now)
    expect(keys.webhookSigner('town').publicKeys).not.toEqual(keys.webhookSigner('city').publicKeys)
    expect(keys.webhookSigner('city').publicKeys).not.toEqual(keys.publicKeys)
    expect(openKeyFolder(folder, now).webhookSigner('city').publicKeys).toEqual(keys.webhookSigner('city').publicKeys)
    expect(() => keys.webhookSigner('../receipts')).toThrow()
  })
})
