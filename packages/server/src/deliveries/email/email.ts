/**
 * Tells the citizen that the submission was received, and what becomes of it. Texts only; no answers, no tracking code and no
 * reasons: mail is read by others.
 */
import { type Json, pickText } from '@guichet/core'
import type { ServiceDefinition } from '@guichet/schemas'
import { waitsForCitizen } from '../../cases/graph.ts'
import { fallbackLanguage, languages, say } from '../../messages.ts'
import { type DeliveryKind, type Happening, retry } from '../delivery.ts'
import { oneLine, openMail } from './mail.ts'

export interface EmailSettings {
  to: string
}
interface EmailPayload {
  to: string
  language: string
  title: string
  agency: string
  date: string
  statusUrl: string
  /** What became of it; absent: it was received. `text`: as the author of the service would have it said. */
  news?: { state: string; text?: string }
}

export const email: DeliveryKind<EmailSettings> = ({ config }) => {
  const send = openMail(config)

  return {
    fault: ({ to }, program) => (program.scope.get(to)?.field.type === 'email' ? null : 'delivery-email-field'),

    needs: ({ to }) => [to],

    plan({ to }) {
      return function planEmail({ event, submission, change, statusUrl }) {
        const recipient = submission?.answers[to]
        if (!submission || typeof recipient !== 'string') return []
        const { definition } = submission.program
        if (event.type !== 'submission.received' && !(event.type === 'submission.changed' && change && concerns(change, definition))) return []
        const { calendar, timeZone } = definition.locale
        const text = (value: Parameters<typeof pickText>[0]) => oneLine(pickText(value, [submission.language, ...definition.languages]).text)
        const language = languages.includes(submission.language) ? submission.language : fallbackLanguage
        const date = new Intl.DateTimeFormat(`${language}-u-ca-${calendar}`, { dateStyle: 'long', timeZone }).format(new Date(event.timestamp))
        const payload: EmailPayload = { to: recipient, language, title: text(definition.title), agency: text(definition.agency.name), date, statusUrl }
        const news = event.type === 'submission.changed' && change ? { news: newsOf(change, definition, event.data.submission ?? '', language, text) } : {}
        return [{ destination: 'mail', payload: { ...payload, ...news } }]
      }
    },

    async deliver(payload: Json, { id, signal }) {
      if (!send) return retry('no-mail-server')
      const { to, language, title, agency, date, statusUrl, news } = payload as unknown as EmailPayload
      const params = { title, agency, date, url: statusUrl, state: news?.state ?? '' }
      const said = (part: string) => say(language, `delivery.email.${part}`, params)
      const about = news ? [said('changed'), ...(news.text ? [news.text] : [])] : [said('received')]
      const lines = [said('greeting'), ...about, said('follow'), said('automatic')]
      const subject = said(news ? 'changed.subject' : 'subject')
      return send({ to, subject, text: [...lines, agency].join('\n\n'), language, id }, signal)
    },
  }
}

type Change = NonNullable<Happening['change']>

/** People are told when it is over or waits for them; of each step between, where the service says so. */
const concerns = ({ closed, status }: Change, { notify }: ServiceDefinition) =>
  closed || waitsForCitizen(status) || (notify?.eachStage?.includes('email') ?? false)

function newsOf(
  { status, stage }: Change,
  { notify, agency }: ServiceDefinition,
  submission: string,
  language: string,
  text: (value: Record<string, string> | undefined) => string,
): NonNullable<EmailPayload['news']> {
  const state = say(language, `status.is.${status}`)
  if (!notify?.template || !stage) return { state }
  // The tracking code is known to nobody but the citizen; the end of the number tells two requests apart.
  const places: Record<string, string> = {
    code: submission.slice(-6),
    step: text(stage.label),
    unit: text(stage.unit ? agency.units?.[stage.unit] : undefined),
  }
  return { state, text: text(notify.template).replace(/\{(code|step|unit)\}/g, (_, name: string) => places[name] ?? '') }
}
