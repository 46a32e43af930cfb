import type { Adapters } from '../adapters.ts'
import { Refused } from '../problem.ts'
import { keysDocument } from '../receipts/receipt-file.ts'
import { entityTag } from '../services/view-service.ts'
import { serveText } from '../static.ts'
import { openApi } from './openapi.ts'
import type { Route } from './route.ts'
import * as schemas from './schemas.ts'

const json = 'application/json; charset=utf-8'

export const systemRoutes = (all: () => readonly Route[]): readonly Route[] => [
  {
    method: 'GET',
    path: '/.well-known/guichet/keys.json',
    id: 'keys',
    tag: 'system',
    summary: 'Public keys of receipts and checkpoints, newest first (JWK Set); `statements`: each new key, signed by the one before it.',
    access: 'public',
    answers: { 200: { description: 'The keys.', schema: schemas.keySet } },
    handle({ c, adapters }) {
      const text = JSON.stringify(keysDocument(adapters.keys))
      return serveText(c, text, json, entityTag(text))
    },
  },
  {
    method: 'GET',
    path: '/.well-known/guichet/agencies/{agency}/webhook-keys.json',
    id: 'webhookKeys',
    tag: 'system',
    summary: 'Public keys of an agency’s webhooks, newest first (JWK Set; `whpk` as Standard Webhooks write it).',
    access: 'public',
    answers: { 200: { description: 'The keys.', schema: schemas.keySet }, 404: { description: 'There is no such agency.' } },
    async handle({ c, adapters }) {
      const agency = await adapters.store.findAgency(c.req.param('agency') ?? '')
      if (!agency) throw new Refused(404, 'not-found')
      const keys = adapters.keys.webhookSigner(agency).publicKeys.map((key) => ({ ...key, whpk: `whpk_${Buffer.from(key.x, 'base64url').toString('base64')}` }))
      const text = JSON.stringify({ keys })
      return serveText(c, text, json, entityTag(text))
    },
  },
  {
    method: 'GET',
    path: '/openapi.json',
    id: 'openApi',
    tag: 'system',
    summary: 'This document.',
    access: 'public',
    answers: { 200: { description: 'OpenAPI 3.1.', schema: { type: 'object' } } },
    handle({ c, config }) {
      const text = JSON.stringify(openApi(all(), config.baseUrl))
      return serveText(c, text, json, entityTag(text))
    },
  },
  {
    method: 'GET',
    path: '/healthz',
    id: 'health',
    tag: 'system',
    summary: 'Whether the process is alive.',
    access: 'anyone',
    answers: { 200: { description: 'It is.', schema: schemas.health } },
    handle: ({ c }) => c.json({ status: 'ok' }),
  },
  {
    method: 'GET',
    path: '/readyz',
    id: 'readiness',
    tag: 'system',
    summary: 'Whether a submission could be written now.',
    access: 'anyone',
    answers: { 200: { description: 'It could.', schema: schemas.readiness }, 503: { description: 'It could not.' } },
    async handle({ c, adapters }) {
      const parts = await readParts(adapters)
      if (Object.values(parts).some((part) => part !== 'ok')) throw new Refused(503, 'not-ready', { members: { parts } })
      const apart = Math.round(adapters.lived.apart() / 1000)
      return c.json({ status: 'ok', parts, ...(apart === 0 ? {} : { clockApartSeconds: apart }) })
    },
  },
]

/** Each part that a submission needs, by itself: whoever is woken at night should know which it is. */
async function readParts({ store, files, disk, stopping }: Adapters): Promise<Record<'store' | 'files' | 'disk' | 'server', 'ok' | 'failed' | 'stopping'>> {
  const look = async (check: () => Promise<void>) => {
    try {
      await check()
      return 'ok' as const
    } catch {
      return 'failed' as const
    }
  }
  const [ofStore, ofFiles] = await Promise.all([look(() => store.check()), look(() => files.check())])
  return { store: ofStore, files: ofFiles, disk: disk.failed ? 'failed' : 'ok', server: stopping ? 'stopping' : 'ok' }
}
