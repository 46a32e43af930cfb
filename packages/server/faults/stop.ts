/**
 * T8, the embedded server: it is told to stop while requests are under way. Those are ended and answered, new connections
 * are refused, and nothing acknowledged is lost.
 */
import { connect, type Socket } from 'node:net'
import { type Acknowledged, newSending, post, readAcknowledged } from './citizen.ts'
import { compare } from './compare.ts'
import type { Outcome } from './outcome.ts'
import { newPlace, type ServerProcess, service } from './server-process.ts'
import { sleep } from './wait.ts'

const clients = 16

export async function stop(): Promise<Outcome> {
  const place = newPlace()
  try {
    const real = await stopUnderWay(await place.start(), 'SIGTERM')
    const { lost, duplicates, damage, chainBreak } = await compare(place.data, real.acknowledged)
    const control = await stopUnderWay(await place.start(), 'SIGKILL')
    return {
      good:
        real.answered === clients &&
        real.refused &&
        real.code === 0 &&
        lost + duplicates === 0 &&
        damage === null &&
        chainBreak === null &&
        control.answered === 0,
      line: `T8 told to stop: under way ${clients}, answered ${real.answered}, new connections ${real.refused ? 'refused' : 'TAKEN'}, exit code ${real.code}, acknowledged ${real.acknowledged.length}, lost ${lost}, duplicates ${duplicates}, integrity ${damage ?? 'ok'}; control (killed instead): answered ${control.answered}`,
    }
  } finally {
    await place.close()
  }
}

async function stopUnderWay(server: ServerProcess, signal: 'SIGTERM' | 'SIGKILL') {
  const { hostname, port } = new URL(server.url)
  const acknowledged: Acknowledged[] = [readAcknowledged(await post(server.url, newSending()))]
  const open = await Promise.all(Array.from({ length: clients }, () => begin(hostname, Number(port))))
  // The server has taken their connections once it answers somebody who connected later: before that the system may still hold them.
  const later = await (await begin(hostname, Number(port))).end()
  if (!later) throw new Error('there was no answer')
  acknowledged.push(readAcknowledged(later))
  const ended = signal === 'SIGKILL' ? server.kill() : server.stop()
  let refused = false
  for (let left = 500; left > 0 && !refused; left--) {
    refused = await isRefused(hostname, Number(port))
    await sleep(10)
  }
  const answers = await Promise.all(open.map((each) => each.end()))
  for (const answer of answers) if (answer) acknowledged.push(readAcknowledged(answer))
  return { answered: answers.filter((answer) => answer !== null).length, refused, code: await ended, acknowledged }
}

const isRefused = (host: string, port: number) =>
  new Promise<boolean>((resolve) => {
    const socket = connect(port, host)
    socket.once('connect', () => {
      socket.destroy()
      resolve(false)
    })
    socket.once('error', (error) => resolve((error as NodeJS.ErrnoException).code === 'ECONNREFUSED'))
  })

/** Sends the head and half of the body. `end` sends the rest, and gives the answer; null: there was none. */
async function begin(host: string, port: number) {
  const { key, body } = newSending()
  const socket: Socket = connect(port, host)
  let text = ''
  socket.setEncoding('utf8')
  socket.on('data', (piece) => (text += piece))
  socket.on('error', () => {})
  const closed = new Promise<void>((resolve) => socket.once('close', () => resolve()))
  const half = Math.floor(body.length / 2)
  const head = [
    `POST /v1/services/${service}/submissions HTTP/1.1`,
    `Host: ${host}:${port}`,
    'Content-Type: application/json',
    `Content-Length: ${body.length}`,
    `Idempotency-Key: ${key}`,
    `X-Forwarded-For: 2001:db8:${key.slice(0, 4)}:${key.slice(4, 8)}::1`,
    'Connection: close',
  ]
  await new Promise<void>((resolve) => socket.write(`${head.join('\r\n')}\r\n\r\n${body.slice(0, half)}`, () => resolve()))
  return {
    async end() {
      if (!socket.destroyed) socket.write(body.slice(half))
      await closed
      const [, status] = /^HTTP\/1\.1 (\d{3}) /.exec(text) ?? []
      return status === undefined ? null : { status: Number(status), type: '', text: contentOf(text) }
    },
  }
}

/** The body, also where it came in chunks. */
function contentOf(text: string): string {
  const at = text.indexOf('\r\n\r\n')
  const body = text.slice(at + 4)
  if (!/^transfer-encoding: chunked/im.test(text.slice(0, at))) return body
  let content = ''
  for (let rest = body; ; ) {
    const line = rest.indexOf('\r\n')
    const size = Number.parseInt(rest.slice(0, line), 16)
    if (!size) return content
    content += rest.slice(line + 2, line + 2 + size)
    rest = rest.slice(line + 2 + size + 2)
  }
}
