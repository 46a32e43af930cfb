/**
 * The load, in a process of its own: keep-alive connections that send, wait for the whole answer, and check it. Written on
 * bare sockets because on two cores a client that is slow takes its share from the server that is measured.
 */
import { randomBytes } from 'node:crypto'
import { connect, type Socket } from 'node:net'
import type { LoadOptions, LoadResult } from './load.ts'
import { quantiles } from './quantiles.ts'

process.once('message', async (options: LoadOptions) => {
  const result = await run(options)
  process.send?.(result, () => process.exit(0))
})
process.once('disconnect', () => process.exit(1))

interface Connection {
  socket: Socket
  /** When its request was due and when it was written; null: it is free. */
  asked: { due: number; sent: number } | null
  received: Buffer
}

/** How long answers are waited for after the last request. */
const patience = 20_000

function run({ port, method, paths, headers, bodies, expect, connections, seconds, warmSeconds, rate }: LoadOptions): Promise<LoadResult> {
  const payloads = bodies.map((body) => Buffer.from(body))
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`)
  const head = ` HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\n${lines.join('')}Content-Length: `
  // Every other part is the name of what is new in each request.
  const parts = head.split(/\{(key|address)\}/)
  const fresh: Record<string, () => string> = { key: freshKey, address: freshAddress }

  const other: Record<string, number> = {}
  const latency: number[] = []
  const sinceSent: number[] = []
  let [answered, acknowledged, bytes, errors] = [0, 0, 0, 0]
  let wrong: string | null = null
  let sent = 0
  const began = performance.now()
  const from = began + warmSeconds * 1000
  const until = from + seconds * 1000
  const all: Connection[] = []
  const free: Connection[] = []
  const late: number[] = []
  const waiting: number[] = []

  return new Promise((resolve) => {
    let ended = false
    const finish = () => {
      if (ended) return
      ended = true
      for (const { socket } of all) socket.destroy()
      resolve({
        perSecond: answered / seconds,
        answered,
        acknowledged,
        other,
        errors,
        wrong,
        answerBytes: acknowledged ? Math.round(bytes / acknowledged) : 0,
        latency: quantiles(latency),
        sinceSent: quantiles(sinceSent),
        lateness: quantiles(late),
        unsent: waiting.length,
      })
    }
    const quiet = () => performance.now() >= until && waiting.length === 0 && all.every(({ asked }) => asked === null)

    const send = (connection: Connection, due: number) => {
      const payload = payloads[sent % payloads.length] as Buffer
      let text = `${method} ${paths[sent % paths.length]}`
      sent++
      for (let i = 0; i < parts.length; i++) text += i % 2 === 0 ? parts[i] : (fresh[parts[i] as string] as () => string)()
      text += `${payload.length}\r\n\r\n`
      const now = performance.now()
      connection.asked = { due, sent: now }
      connection.socket.cork()
      connection.socket.write(text, 'latin1')
      connection.socket.write(payload)
      connection.socket.uncork()
    }
    /** In a closed loop at once; else when a request is due. */
    const next = (connection: Connection) => {
      const now = performance.now()
      if (rate === null) {
        if (now < until) return send(connection, now)
      } else {
        // What was due in time is sent, however late.
        const due = waiting.shift()
        if (due !== undefined) return send(connection, due)
        free.push(connection)
      }
      if (quiet()) finish()
    }
    const take = (connection: Connection, answer: Answer) => {
      const { due, sent: at } = connection.asked as { due: number; sent: number }
      connection.asked = null
      const now = performance.now()
      if (answer.status === expect) {
        acknowledged++
        bytes += answer.body.length
        // By when it was due and not by when it ended: else the slowest would fall out of the count.
        if (due >= from && due < until) {
          latency.push(now - due)
          sinceSent.push(now - at)
        }
        if (now >= from && now < until) answered++
      } else {
        other[answer.status] = (other[answer.status] ?? 0) + 1
        wrong ??= `${answer.status} ${answer.body.toString('utf8').slice(0, 500)}`
      }
      next(connection)
    }
    const open = () => {
      const socket = connect({ port, host: '127.0.0.1', noDelay: true })
      const connection: Connection = { socket, asked: null, received: Buffer.alloc(0) }
      all.push(connection)
      socket.once('connect', () => next(connection))
      socket.on('data', (piece) => {
        connection.received = connection.received.length === 0 ? piece : Buffer.concat([connection.received, piece])
        const answer = readAnswer(connection.received)
        if (!answer) return
        connection.received = connection.received.subarray(answer.size)
        if (connection.asked) take(connection, answer)
      })
      socket.on('error', () => {})
      socket.once('close', () => {
        all.splice(all.indexOf(connection), 1)
        if (free.includes(connection)) free.splice(free.indexOf(connection), 1)
        // A keep-alive connection may be closed while nothing is asked; an answer that never came is an error.
        if (connection.asked) errors++
        if (ended) return
        if (performance.now() < until) setTimeout(open, 5)
        else if (quiet()) finish()
      })
    }
    for (let i = 0; i < connections; i++) open()
    setTimeout(() => (quiet() ? finish() : setTimeout(finish, patience)), until - began + 10)

    if (rate !== null) {
      let planned = 0
      const pace = () => {
        const now = performance.now()
        if (now >= until) return
        for (; began + (planned * 1000) / rate <= now; planned++) {
          const due = began + (planned * 1000) / rate
          if (due >= from) late.push(now - due)
          const connection = free.shift()
          if (connection) send(connection, due)
          else waiting.push(due)
        }
        setTimeout(pace, 1)
      }
      setTimeout(pace, 50)
    }
  })
}

const freshKey = () => randomBytes(16).toString('hex')
/** One of 16 million clients. */
const freshAddress = () => {
  const [a, b, c] = randomBytes(3)
  return `10.${a}.${b}.${c}`
}

interface Answer {
  status: number
  body: Buffer
  /** Bytes of all of it. */
  size: number
}

/** The first answer in `bytes`, or null while it is not all there. */
function readAnswer(bytes: Buffer): Answer | null {
  const end = bytes.indexOf('\r\n\r\n')
  if (end < 0) return null
  const head = bytes.toString('latin1', 0, end)
  const status = Number(head.slice(9, 12))
  const start = end + 4
  const length = /\r\ncontent-length: *(\d+)/i.exec(head)
  if (length) {
    const size = start + Number(length[1])
    return bytes.length < size ? null : { status, body: bytes.subarray(start, size), size }
  }
  if (!/\r\ntransfer-encoding: *chunked/i.test(head)) return { status, body: Buffer.alloc(0), size: start }
  const pieces: Buffer[] = []
  for (let at = start; ; ) {
    const line = bytes.indexOf('\r\n', at)
    if (line < 0) return null
    const size = Number.parseInt(bytes.toString('latin1', at, line), 16)
    const next = line + 2 + size + 2
    if (bytes.length < next) return null
    if (size === 0) return { status, body: Buffer.concat(pieces), size: next }
    pieces.push(bytes.subarray(line + 2, line + 2 + size))
    at = next
  }
}
