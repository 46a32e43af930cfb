/** Speaks HTTP as bytes on a socket, so that a test can send what no client library would. */
import { connect, type Socket } from 'node:net'

export interface RawAnswer {
  /** Of the last answer that is no 100 Continue; null: the connection ended without one. */
  status: number | null
  headers: Record<string, string>
  body: string
  /** The server ended the connection. */
  closed: boolean
  /** Bytes that the system took from us; what it still held when the connection ended is counted as well. */
  sent: number
}

type Part = string | Uint8Array

/**
 * Sends the parts one after the other and gives the answer. Goes on sending while it waits, and stops when the answer is
 * whole or the connection ends; who is `stubborn` goes on until the connection is cut. `halfClose`: ends our side once all is
 * sent.
 */
export async function sendRaw(port: number, parts: Iterable<Part>, { halfClose = false, stubborn = false } = {}): Promise<RawAnswer> {
  const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true })
  const received: Buffer[] = []
  let closed = false
  const whole = () => wholeAnswer(Buffer.concat(received).toString('latin1'))
  const cut = new Promise<void>((resolve) => socket.once('close', () => resolve()))
  const ended = new Promise<void>((resolve) => {
    socket.on('data', (piece) => {
      received.push(piece)
      if (whole()) resolve()
    })
    socket.on('end', () => {
      closed = true
      resolve()
    })
    socket.on('close', () => {
      closed = true
      resolve()
    })
    // The server may end the connection while we send: what it said before counts.
    socket.on('error', () => resolve())
  })
  let over = false
  void ended.then(() => (over = true))
  for (const part of parts) {
    if (stubborn ? socket.destroyed : over) break
    await Promise.race([write(socket, part), stubborn ? cut : ended])
  }
  if (halfClose && !over) socket.end()
  await ended
  const first = whole() ?? wholeAnswer(Buffer.concat(received).toString('latin1'), true)
  // An answer that says so is followed by the end of the connection.
  if (!closed && first?.headers.connection === 'close') await new Promise<void>((resolve) => socket.once('end', resolve).once('close', () => resolve()))
  closed ||= first?.headers.connection === 'close'
  const sent = socket.bytesWritten
  socket.destroy()
  return { status: first?.status ?? null, headers: first?.headers ?? {}, body: first?.body ?? '', closed, sent }
}

const write = (socket: Socket, part: Part) => new Promise<void>((resolve) => socket.write(part, () => resolve()))

/** Null: there is more to come. `ended`: nothing comes any more, and what is there counts. */
function wholeAnswer(text: string, ended = false): Pick<RawAnswer, 'status' | 'headers' | 'body'> | null {
  const rest = text.replace(/^(?:HTTP\/1\.1 1\d\d [^\r]*\r\n(?:[^\r]+\r\n)*\r\n)*/, '')
  const end = rest.indexOf('\r\n\r\n')
  if (end < 0) return null
  const [line = '', ...lines] = rest.slice(0, end).split('\r\n')
  const headers = Object.fromEntries(lines.map((header) => [header.slice(0, header.indexOf(':')).toLowerCase(), header.slice(header.indexOf(':') + 1).trim()]))
  const status = Number(/^HTTP\/1\.[01] (\d{3})/.exec(line)?.[1])
  const body = rest.slice(end + 4)
  const length = headers['content-length']
  const complete = status === 204 || status === 304 || (length !== undefined ? body.length >= Number(length) : body.endsWith('0\r\n\r\n'))
  // What follows is another answer.
  return complete || ended ? { status, headers, body: length === undefined ? body : body.slice(0, Number(length)) } : null
}
