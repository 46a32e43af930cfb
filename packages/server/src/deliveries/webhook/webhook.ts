/** Standard Webhooks 1.0 (https://www.standardwebhooks.com): thin events, signed with Ed25519 (`v1a`). */
import type { WebhookEvent } from '@guichet/schemas'
import { EgressError } from '../../egress/egress.ts'
import { type DeliveryKind, done, permanent, retry } from '../delivery.ts'

export interface WebhookSettings {
  endpoints: readonly { url: string; events?: readonly WebhookEvent['type'][] }[]
}
interface WebhookPayload {
  url: string
  event: WebhookEvent
}

/** Each submission makes as many requests. */
const mostEndpoints = 20

export const webhook: DeliveryKind<WebhookSettings> = ({ egress, keys }) => ({
  fault({ endpoints }) {
    if (endpoints.length > mostEndpoints) return 'delivery-settings'
    return endpoints.every(({ url }) => egress.admits(url)) ? null : 'delivery-address'
  },

  plan({ endpoints }) {
    return function planWebhooks({ event }) {
      return endpoints
        .filter(({ events }) => events === undefined || events.includes(event.type))
        .map(({ url }) => ({ destination: new URL(url).origin, payload: { url, event: { ...event, data: { ...event.data } } } }))
    }
  },

  async deliver(payload, { id, agency, now, egress, signal }) {
    const { url, event } = payload as unknown as WebhookPayload
    const body = JSON.stringify(event)
    const timestamp = String(Math.floor(now.getTime() / 1000))
    const signatures = keys.webhookSigner(agency).sign(`${id}.${timestamp}.${body}`)
    try {
      const { status, headers } = await egress.call({
        url,
        method: 'POST',
        headers: {
          'Content-Type': 'application/json',
          'Idempotency-Key': id,
          'webhook-id': id,
          'webhook-timestamp': timestamp,
          'webhook-signature': signatures.map((signature) => `v1a,${signature}`).join(' '),
        },
        body: new TextEncoder().encode(body),
        signal,
      })
      if (status >= 200 && status < 300) return done
      // Gone: the receiver says that it wants no more of these.
      if (status === 410) return permanent('status-410')
      return retry(`status-${status}`, retryAfter(headers['retry-after'], now))
    } catch (error) {
      if (!(error instanceof EgressError)) throw error
      return error.failure === 'refused' ? permanent('refused') : retry(error.failure)
    }
  },
})

/** Seconds, or a date. */
function retryAfter(header: string | string[] | undefined, now: Date): Date | null {
  if (typeof header !== 'string') return null
  if (/^\d{1,7}$/.test(header)) return new Date(now.getTime() + Number(header) * 1000)
  const date = new Date(header)
  return Number.isNaN(date.getTime()) ? null : date
}
