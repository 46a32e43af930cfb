import { formatMessage, pickText } from '@guichet/core'
import { type DeliveryKind, done, permanent, retry } from '@guichet/server'
import messages from './sms.messages.json' with { type: 'json' }

export interface SmsSettings {
  /** Id of a field of type phone. */
  to: string
}

/** What the operator settles once, for all services. */
export interface SmsProvider {
  url: string
  token: string
}

export const sms =
  ({ url, token }: SmsProvider): DeliveryKind<SmsSettings> =>
  ({ egress }) => ({
    fault: ({ to }, program) => (program.scope.get(to)?.field.type === 'phone' ? null : 'delivery-settings'),

    plan: ({ to }) =>
      function planSms({ event, statusUrl, submission }) {
        const phone = submission?.answers[to]
        if (!submission || event.type !== 'submission.received' || typeof phone !== 'string') return []
        const { title, languages } = submission.program.definition
        const said = pickText(messages, [submission.language, 'en'])
        const params = { title: pickText(title, [submission.language, ...languages]).text, url: statusUrl }
        return [{ destination: new URL(url).host, payload: { phone, text: formatMessage(said.text, params, said.language) } }]
      },

    async deliver(payload, { id, signal }) {
      const { status } = await egress.call({
        url,
        method: 'POST',
        headers: { 'Content-Type': 'application/json', Authorization: `Bearer ${token}`, 'Idempotency-Key': id },
        body: new TextEncoder().encode(JSON.stringify(payload)),
        signal,
      })
      if (status >= 200 && status < 300) return done
      return status === 422 ? permanent('number-refused') : retry(`status-${status}`)
    },
  })
