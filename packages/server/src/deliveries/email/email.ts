/**
 * Tells the citizen that the submission was received, and what becomes of it. Texts only; no answers, no tracking code and no
 * reasons: mail is read by others.
 */
import { Socket } from 'node:net'
import { type Json, pickText } from '@guichet/core'
import type { ServiceDefinition } from '@guichet/schemas'
import { waitsForCitizen } from '../../cases/graph.ts'
import { isLoopback } from '../../egress/public-address.ts'
import { fallbackLanguage, languages, say } from '../../messages.ts'
import { type DeliveryKind, done, type Happening, permanent, retry } from '../delivery.ts'

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

/** One mailbox, nothing that a mail server could read as two. The field's type has checked the rest. */
const address = /^[^\s\p{C}<>(),:;"\\[\]@]{1,64}@[^\s\p{C}<>(),:;"\\[\]@]{1,255}$/u

interface MailServer {
  host: string
  port: number
  secure: boolean
  requireTLS: boolean
  auth?: { user: string; pass: string }
}

/** How the mail server is spoken to. */
export const mailServer = (url: URL): MailServer => ({
  host: url.hostname.replace(/^\[|\]$/g, ''),
  port: Number(url.port) || (url.protocol === 'smtps:' ? 465 : 587),
  secure: url.protocol === 'smtps:',
  // Without encryption to this very machine only.
  requireTLS: !isLoopback(url.hostname),
  ...(url.username ? { auth: { user: decodeURIComponent(url.username), pass: decodeURIComponent(url.password) } } : {}),
})

export const email: DeliveryKind<EmailSettings> = ({ config }) => {
  const { smtpUrl, mailFrom } = config
  const server = smtpUrl === null ? null : new URL(smtpUrl)
  /** A connection for one message, on a socket that can be cut. */
  const transportOf = async (url: URL, socket: Socket) => {
    // Loaded with the first message: a start does not wait for it.
    const { createTransport } = await import('nodemailer')
    const options = mailServer(url)
    const connect = (_: unknown, connected: (error: Error | null, socket?: { connection: Socket }) => void) => {
      socket.once('error', connected)
      socket.connect(options.port, options.host, () => {
        socket.off('error', connected)
        connected(null, { connection: socket })
      })
    }
    return createTransport({
      ...options,
      getSocket: connect,
      greetingTimeout: 10_000,
      socketTimeout: 15_000,
      disableFileAccess: true,
      disableUrlAccess: true,
    })
  }
  const host = mailFrom?.slice(mailFrom.lastIndexOf('@') + 1).replace(/>$/, '')

  return {
    fault: ({ to }, program) => (program.scope.get(to)?.field.type === 'email' ? null : 'delivery-email-field'),

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
      if (!server || !mailFrom) return retry('no-mail-server')
      const { to, language, title, agency, date, statusUrl, news } = payload as unknown as EmailPayload
      if (!address.test(to)) return permanent('address')
      const params = { title, agency, date, url: statusUrl, state: news?.state ?? '' }
      const said = (part: string) => say(language, `delivery.email.${part}`, params)
      const about = news ? [said('changed'), ...(news.text ? [news.text] : [])] : [said('received')]
      const lines = [said('greeting'), ...about, said('follow'), said('automatic')]
      const socket = new Socket()
      const cut = () => socket.destroy(Object.assign(new Error(), { code: 'ETIMEDOUT' }))
      signal.addEventListener('abort', cut)
      if (signal.aborted) return retry('timeout')
      try {
        const transport = await transportOf(server, socket)
        await transport.sendMail({
          from: mailFrom,
          to: { name: '', address: to },
          subject: said(news ? 'changed.subject' : 'subject'),
          text: [...lines, agency].join('\n\n'),
          messageId: `<${id}@${host}>`,
          headers: { 'Auto-Submitted': 'auto-generated', 'Content-Language': language },
        })
        return done
      } catch (error) {
        const { responseCode, command, code } = error as { responseCode?: number; command?: string; code?: string }
        // What the server holds against this recipient or this message stays; against us, an operator can put it right.
        if (responseCode !== undefined) {
          const reason = `smtp-${responseCode}`
          return responseCode >= 500 && (command === 'RCPT TO' || command === 'DATA') ? permanent(reason) : retry(reason)
        }
        return retry(code === 'ETLS' ? 'certificate' : code === 'ETIMEDOUT' ? 'timeout' : 'connection')
      } finally {
        signal.removeEventListener('abort', cut)
        socket.destroy()
      }
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

/** Author's words in a header: on one line, without marks that turn the writing direction of what follows. */
const oneLine = (text: string) =>
  text
    .replace(/[\p{Cc}\u2028\u2029]+/gu, ' ')
    .replace(/[\u202a-\u202e\u2066-\u2069]/g, '')
    .trim()
