/** A mail server on loopback that keeps what it is sent, and behaves as a test wants. */
import { SMTPServer } from 'smtp-server'
import { listen } from '../demo.ts'

export interface Mail {
  from: string
  to: string[]
  /** Headers and body as they came. */
  raw: string
}

export interface MailReceiver {
  url: string
  mails: Mail[]
  /** What it answers to a recipient, or to the content; null: takes it; 'hang': nothing at all. */
  recipient: (address: string) => number | null | 'hang'
  content: () => number | null
  close(): Promise<void>
}

const fault = (code: number) => Object.assign(new Error('no'), { responseCode: code })

export async function openMailReceiver(): Promise<MailReceiver> {
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS', 'AUTH'],
    disableReverseLookup: true,
    closeTimeout: 100,
    logger: false,
    onRcptTo({ address }, _session, done) {
      const code = receiver.recipient(address)
      if (code === 'hang') return
      done(code === null ? null : fault(code))
    },
    async onData(stream, session, done) {
      const pieces: Uint8Array[] = []
      for await (const piece of stream) pieces.push(piece as Uint8Array)
      const code = receiver.content()
      if (code !== null) return done(fault(code))
      const { mailFrom, rcptTo } = session.envelope
      receiver.mails.push({ from: mailFrom ? mailFrom.address : '', to: rcptTo.map(({ address }) => address), raw: Buffer.concat(pieces).toString() })
      done()
    },
  })
  server.on('error', () => {})
  const port = await listen(server.server as never, 0, '127.0.0.1')
  const receiver: MailReceiver = {
    url: `smtp://127.0.0.1:${port}`,
    mails: [],
    recipient: () => null,
    content: () => null,
    close: () => new Promise((resolve) => server.close(() => resolve())),
  }
  return receiver
}

/** The text of a mail of one part, and a header, decoded. */
export const textOf = ({ raw }: Mail): string => {
  const [head = '', ...rest] = raw.split('\r\n\r\n')
  const body = rest.join('\r\n\r\n')
  if (/^content-transfer-encoding: base64/im.test(head)) return Buffer.from(body, 'base64').toString()
  if (!/^content-transfer-encoding: quoted-printable/im.test(head)) return body
  return unquote(body.replace(/=\r\n/g, ''))
}
const unquote = (text: string) =>
  Buffer.from(
    text.replace(/=([0-9A-F]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16))),
    'latin1',
  ).toString()

export const headerOf = ({ raw }: Mail, name: string): string | null => {
  const head = (raw.split('\r\n\r\n')[0] ?? '').replace(/\r\n[ \t]+/g, ' ')
  const value = new RegExp(`^${name}: (.*)$`, 'im').exec(head)?.[1]
  return value === undefined
    ? null
    : value
        .replace(/\?= +=\?/g, '?==?')
        .replace(/=\?utf-8\?([BQ])\?([^?]*)\?=/gi, (_, kind: string, text: string) =>
          kind.toUpperCase() === 'B' ? Buffer.from(text, 'base64').toString() : unquote(text.replace(/_/g, ' ')),
        )
}
