/** Tells the citizen that the submission was received. Texts only; no answers, no ids, and no tracking code: mail is read by others. */
import { Socket } from 'node:net'
import { type Json, pickText } from '@guichet/core'
import { createTransport } from 'nodemailer'
import { isLoopback } from '../../egress/public-address.ts'
import { fallbackLanguage, languages, say } from '../../messages.ts'
import { type DeliveryKind, done, permanent, retry } from '../delivery.ts'

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
  const transportOf = (url: URL, socket: Socket) => {
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
      return function planEmail({ event, submission, statusUrl }) {
        const recipient = submission?.answers[to]
        if (!submission || event.type !== 'submission.received' || typeof recipient !== 'string') return []
        const { definition } = submission.program
        const { calendar, timeZone } = definition.locale
        const text = (value: Parameters<typeof pickText>[0]) => oneLine(pickText(value, [submission.language, ...definition.languages]).text)
        const language = languages.includes(submission.language) ? submission.language : fallbackLanguage
        const date = new Intl.DateTimeFormat(`${language}-u-ca-${calendar}`, { dateStyle: 'long', timeZone }).format(new Date(event.timestamp))
        const payload: EmailPayload = { to: recipient, language, title: text(definition.title), agency: text(definition.agency.name), date, statusUrl }
        return [{ destination: 'mail', payload: { ...payload } }]
      }
    },

    async deliver(payload: Json, { id, signal }) {
      if (!server || !mailFrom) return retry('no-mail-server')
      const { to, language, title, agency, date, statusUrl } = payload as unknown as EmailPayload
      if (!address.test(to)) return permanent('address')
      const params = { title, agency, date, url: statusUrl }
      const lines = ['greeting', 'received', 'follow', 'automatic'].map((part) => say(language, `delivery.email.${part}`, params))
      const socket = new Socket()
      const cut = () => socket.destroy(Object.assign(new Error(), { code: 'ETIMEDOUT' }))
      signal.addEventListener('abort', cut)
      if (signal.aborted) return retry('timeout')
      try {
        await transportOf(server, socket).sendMail({
          from: mailFrom,
          to: { name: '', address: to },
          subject: say(language, 'delivery.email.subject', params),
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

/** Author's words in a header: on one line, without marks that turn the writing direction of what follows. */
const oneLine = (text: string) =>
  text
    .replace(/[\p{Cc}\u2028\u2029]+/gu, ' ')
    .replace(/[\u202a-\u202e\u2066-\u2069]/g, '')
    .trim()
