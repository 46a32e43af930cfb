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
  /** The beginning of an answer that is not all there. */
  received: Buffer
  /** Its request, written over by the next one: that is not before the answer has come. */
  request: Buffer
}

/** How long answers are waited for after the last request. */
const patience = 20_000

function run({ port, method, paths, headers, bodies, expect, connections, seconds, warmSeconds, rate }: LoadOptions): Promise<LoadResult> {
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`)
  const templates = new Map<string, Template>()
  const templateOf = (n: number): Template => {
    const [path, body] = [paths[n % paths.length] as string, bodies[n % bodies.length] as string]
    const id = `${n % paths.length} ${n % bodies.length}`
    const known = templates.get(id)
    if (known) return known
    const length = Buffer.byteLength(body)
    const made = template(`${method} ${path} HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\n${lines.join('')}Content-Length: ${length}\r\n\r\n`, body)
    templates.set(id, made)
    return made
  }

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
      const { bytes, blanks } = templateOf(sent++)
      if (connection.request.length < bytes.length) connection.request = Buffer.alloc(bytes.length)
      bytes.copy(connection.request)
      for (const [at, fresh] of blanks) connection.request.write(fresh(), at, 'latin1')
      connection.asked = { due, sent: performance.now() }
      connection.socket.write(connection.request.subarray(0, bytes.length))
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
      const read = (piece: Buffer) => {
        const bytes = connection.received.length === 0 ? piece : Buffer.concat([connection.received, piece])
        const answer = readAnswer(bytes)
        // What is read next is put where this piece is.
        connection.received = answer && bytes.length === answer.size ? nothing : Buffer.from(bytes.subarray(answer?.size ?? 0))
        if (answer && connection.asked) take(connection, answer)
        return true
      }
      const socket = connect({
        port,
        host: '127.0.0.1',
        noDelay: true,
        onread: { buffer: Buffer.alloc(65_536), callback: (size, piece) => read(Buffer.from(piece.buffer, piece.byteOffset, size)) },
      })
      const connection: Connection = { socket, asked: null, received: nothing, request: nothing }
      all.push(connection)
      socket.once('connect', () => next(connection))
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

const nothing = Buffer.alloc(0)

/** A request with blanks, each filled in with something new every time it is sent. */
interface Template {
  bytes: Buffer
  blanks: readonly [at: number, fresh: () => string][]
}

const thisRun = randomBytes(8).toString('hex')
let keys = 0
const fresh: Record<string, () => string> = {
  key: () => thisRun + (keys++).toString(16).padStart(16, '0'),
  /** One of 3.8 million clients. */
  address: () => `10.${threeDigits()}.${threeDigits()}.${threeDigits()}`,
}
const threeDigits = () => 100 + Math.floor(Math.random() * 156)

function template(head: string, body: string): Template {
  const blanks: [number, () => string][] = []
  let text = ''
  // Every other part is the name of what is new in each request.
  for (const [i, part] of head.split(/\{(key|address)\}/).entries()) {
    const make = i % 2 === 1 ? fresh[part] : undefined
    if (make) blanks.push([text.length, make])
    text += make ? make() : part
  }
  return { bytes: Buffer.concat([Buffer.from(text, 'latin1'), Buffer.from(body)]), blanks }
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
