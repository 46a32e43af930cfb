/**
 * Short messages by an HTTP gateway: a POST of JSON in the shape that the operator's provider wants. The shape is a template whose
 * texts may hold `{number}`, `{text}`, `{language}` and `{id}`; places are filled in after it was parsed, so that no text can break out.
 */
import type { Json } from '@guichet/schemas'
import type { Config } from '../../config.ts'
import { done, permanent, retry } from '../../deliveries/delivery.ts'
import { type Egress, EgressError } from '../../egress/egress.ts'
import type { Messenger, ShortMessage } from '../messenger.ts'

/** Null: no gateway is set. */
export function openGateway({ smsUrl, smsAuthorization, smsBody }: Pick<Config, 'smsUrl' | 'smsAuthorization' | 'smsBody'>, egress: Egress): Messenger | null {
  if (smsUrl === null) return null
  const template = JSON.parse(smsBody) as Json
  return {
    async send(message, signal) {
      try {
        const { status } = await egress.call({
          url: smsUrl,
          method: 'POST',
          headers: {
            'Content-Type': 'application/json',
            'Idempotency-Key': message.id,
            ...(smsAuthorization === null ? {} : { Authorization: smsAuthorization }),
          },
          body: new TextEncoder().encode(JSON.stringify(filled(template, message))),
          signal,
        })
        if (status >= 200 && status < 300) return done
        // Of what it refuses for good this message is one; of whom it refuses an operator can put it right.
        return status === 400 || status === 404 || status === 422 ? permanent(`status-${status}`) : retry(`status-${status}`)
      } catch (error) {
        if (!(error instanceof EgressError)) throw error
        return error.failure === 'refused' ? permanent('refused') : retry(error.failure)
      }
    },
  }
}

function filled(template: Json, message: ShortMessage): Json {
  if (typeof template === 'string') return template.replace(/\{(number|text|language|id)\}/g, (_, name: keyof ShortMessage) => message[name])
  if (Array.isArray(template)) return template.map((part) => filled(part, message))
  if (typeof template !== 'object' || template === null) return template
  return Object.fromEntries(Object.entries(template).map(([key, part]) => [key, filled(part, message)]))
}
