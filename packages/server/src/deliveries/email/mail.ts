/** One message to one address by the mail server that is set: headers that cannot be broken out of, and a connection that can be cut. */
import { Socket } from 'node:net'
import type { Config } from '../../config.ts'
import { isLoopback } from '../../egress/public-address.ts'
import { type Delivered, done, permanent, retry } from '../delivery.ts'

/** One mailbox, nothing that a mail server could read as two. */
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

export interface Mail {
  to: string
  subject: string
  text: string
  language: string
  /** By which it is the same message on every try. */
  id?: string
}

export type SendMail = (mail: Mail, signal: AbortSignal) => Promise<Delivered>

/** Null: no mail server is set. */
export function openMail({ smtpUrl, mailFrom }: Pick<Config, 'smtpUrl' | 'mailFrom'>): SendMail | null {
  if (smtpUrl === null || mailFrom === null) return null
  const server = new URL(smtpUrl)
  const host = mailFrom.slice(mailFrom.lastIndexOf('@') + 1).replace(/>$/, '')

  /** A connection for one message, on a socket that can be cut. */
  const transportOn = async (socket: Socket) => {
    // Loaded with the first message: a start does not wait for it.
    const { createTransport } = await import('nodemailer')
    const options = mailServer(server)
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

  return async ({ to, subject, text, language, id }, signal) => {
    if (!address.test(to)) return permanent('address')
    const socket = new Socket()
    const cut = () => socket.destroy(Object.assign(new Error(), { code: 'ETIMEDOUT' }))
    signal.addEventListener('abort', cut)
    if (signal.aborted) return retry('timeout')
    try {
      const transport = await transportOn(socket)
      await transport.sendMail({
        from: mailFrom,
        to: { name: '', address: to },
        subject,
        text,
        ...(id === undefined ? {} : { messageId: `<${id}@${host}>` }),
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
  }
}

/** Author's words in a header: on one line, without marks that turn the writing direction of what follows. */
export const oneLine = (text: string) =>
  text
    .replace(/[\p{Cc}\u2028\u2029]+/gu, ' ')
    .replace(/[\u202a-\u202e\u2066-\u2069]/g, '')
    .trim()
