/**
 * T12: citizens go on while thousands of connections are held open by clients who send or fetch a byte a second, or say
 * nothing at all. The control, a server with Node's own times, keeps those connections.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { Agent, request } from 'node:http'
import { connect, type Socket } from 'node:net'
import { join } from 'node:path'
import libraryCard from '../src/testing/library-card.json' with { type: 'json' }
import { newKey, newSending } from './citizen.ts'
import type { Outcome } from './outcome.ts'
import { newPlace, type Place, type ServerOptions, type ServerProcess, service } from './server-process.ts'

/** Milliseconds that a client of each kind may keep a connection for, as docs/limits.md has it. */
const allowed = { headers: 10_000, body: 30_000, silent: 10_000, reader: 15_000 }
type Kind = keyof typeof allowed
type Crowd = Partial<Record<Kind, number>>
/** How much longer a connection may be there: looks are five seconds apart, and a look may find the whole machine busy. */
const late = 20_000
const mostRss = 50
const mostP99 = 500
const citizens = 8

const largeAnswer = `/v1/services/${service}/versions/1`
const answersEach = 9

const openings: Record<Kind, string> = {
  headers: 'GET / HTTP/1.1\r\nHost: localhost\r\nX-Slow: ',
  body: `POST /v1/services/${service}/submissions HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nIdempotency-Key: slow-${'x'.repeat(20)}\r\nContent-Length: 100000\r\n\r\n`,
  silent: '',
  // Together more than the system takes off the server's hands for a reader who takes nothing.
  reader: `GET ${largeAnswer} HTTP/1.1\r\nHost: localhost\r\n\r\n`.repeat(answersEach),
}

interface Held {
  kind: Kind
  socket: Socket
  since: number
  /** Our end of the connection; null: it is not there yet. */
  port: number | null
  /** When the server had let go of it; null: it has not. */
  until: number | null
}

const sleep = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms))
const rssOf = (pid: number) => Number(/VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1024

/** The other ends of the connections that the server's process has. Whoever reads slowly does not notice that it was cut. */
function connectionsOf(port: number): Set<number> {
  const ends = new Set<number>()
  for (const line of readFileSync('/proc/net/tcp', 'utf8').trim().split('\n').slice(1)) {
    const [, local = '', remote = '', , , , , , , inode] = line.trim().split(/\s+/)
    if (Number.parseInt(local.split(':')[1] ?? '', 16) === port && inode !== '0') ends.add(Number.parseInt(remote.split(':')[1] ?? '', 16))
  }
  return ends
}

function hold(port: number, kind: Kind): Held {
  const socket = connect(port, '127.0.0.1')
  const held: Held = { kind, socket, since: performance.now(), port: null, until: null }
  socket.on('error', () => {})
  socket.once('connect', () => {
    held.since = performance.now()
    held.port = socket.localPort ?? null
    socket.write(openings[kind])
  })
  if (kind === 'reader') socket.pause()
  else socket.resume()
  return held
}

/** What each kind does every second. */
function drip({ kind, socket }: Held) {
  if (socket.destroyed) return
  if (kind === 'reader') socket.read(1)
  else if (kind !== 'silent') socket.write('x')
}

/** Sends, waits for the answer, sends again; each time in milliseconds. */
async function citizen(url: string, goesOn: () => boolean, times: number[], failures: string[]): Promise<void> {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 })
  while (goesOn()) {
    const { key, body } = newSending()
    const from = performance.now()
    const status = await new Promise<number | string>((resolve) => {
      const sent = request(new URL(`/v1/services/${service}/submissions`, url), {
        method: 'POST',
        agent,
        headers: { 'Content-Type': 'application/json', 'Idempotency-Key': key, 'X-Forwarded-For': `2001:db8::${newKey().slice(0, 4)}` },
      })
      sent.on('response', (response) => response.resume().once('end', () => resolve(response.statusCode ?? 0)))
      // A kept connection may be ended at the very moment that it is used again: browsers send once more, with the same key.
      sent.on('error', (error) => resolve((error as NodeJS.ErrnoException).code ?? error.message))
      sent.end(body)
    })
    times.push(performance.now() - from)
    if (status !== 201) failures.push(String(status))
    await sleep(50)
  }
  agent.destroy()
}

const p99 = (times: number[]) => times.sort((a, b) => a - b)[Math.min(times.length - 1, Math.floor(times.length * 0.99))] ?? 0

/** The service with questions so long that its definition is worth not fetching. Nobody who sends in is asked them. */
function largeDefinition() {
  const definition = structuredClone(libraryCard) as { pages: { fields: object[] }[] }
  const text = 'x'.repeat(19_000)
  definition.pages[0]?.fields.push(
    ...Array.from({ length: 100 }, (_, i) => ({ id: `q${i}`, type: 'text', label: { en: text, el: 'x' }, maxLength: 80, when: { var: 'student' } })),
  )
  return definition
}

/** What the crowd does to a server and to the citizens that it has meanwhile. */
async function attack({ url, pid }: ServerProcess, crowd: Crowd, seconds: number) {
  const port = Number(new URL(url).port)
  const [times, failures]: [number[], string[]] = [[], []]
  let going = true
  const rssBefore = rssOf(pid)
  const held = Object.entries(crowd).flatMap(([kind, count]) => Array.from({ length: count }, () => hold(port, kind as Kind)))
  const dripping = setInterval(() => held.forEach(drip), 1000)
  const healthy = Promise.all(Array.from({ length: citizens }, () => citizen(url, () => going, times, failures)))
  const from = performance.now()
  let rss = rssBefore
  do {
    await sleep(500)
    rss = Math.max(rss, rssOf(pid))
    const there = connectionsOf(port)
    for (const one of held) if (one.port !== null && !there.has(one.port)) one.until ??= performance.now()
  } while (held.some(({ until }) => until === null) && performance.now() - from < seconds * 1000)
  going = false
  await healthy
  clearInterval(dripping)
  const latest = Math.max(0, ...held.map(({ kind, since, until }) => (until ?? performance.now()) - since - allowed[kind]))
  for (const { socket } of held) socket.destroy()
  return { held: held.length, kept: held.filter(({ until }) => until === null), latest, p99: p99(times), sent: times.length, failures, rss: rss - rssBefore }
}

/** Citizens alone: what the machine gives without a crowd, and memory that is warm. */
async function alone(url: string): Promise<number> {
  const times: number[] = []
  await Promise.all(Array.from({ length: citizens }, () => citizen(url, () => times.length < 1500, times, [])))
  return p99(times)
}

async function start(place: Place, options: ServerOptions): Promise<ServerProcess> {
  writeFileSync(join(place.folder, 'examples/library-card/definition.json'), JSON.stringify(largeDefinition()))
  // All clients of this fault are of one address.
  return place.start({ ...options, env: { CONNECTIONS_PER_ADDRESS: '0', ...options.env } })
}

/** @param count connections that send slowly or not at all */
export async function slowClients(count = 2000): Promise<Outcome> {
  const [place, other] = [newPlace(), newPlace()]
  try {
    const server = await start(place, {})
    const usual = await alone(server.url)
    const senders = await attack(server, { headers: count * 0.35, body: count * 0.35, silent: count * 0.3 }, 75)
    const readers = await attack(server, { reader: 20 }, 60)
    await server.stop()
    const patient = await start(other, { odd: { patient: true } })
    const control = await attack(patient, { headers: 15, body: 15, silent: 15, reader: 15 }, 45)
    await patient.stop()
    const latest = Math.max(senders.latest, readers.latest)
    const slowest = Math.max(senders.p99, readers.p99)
    const failed = senders.failures.length + readers.failures.length
    const kept = senders.kept.length + readers.kept.length
    const keepers = (Object.keys(allowed) as Kind[]).filter((kind) => control.kept.some((one) => one.kind === kind))
    return {
      good: kept === 0 && latest <= late && failed === 0 && keepers.length === Object.keys(allowed).length,
      slow: slowest > mostP99 || senders.rss > mostRss,
      line: `T12 slow clients: ${senders.held} that send and ${readers.held} that read a byte a second or nothing, the last gone ${(latest / 1000).toFixed(1)} s after its time (at most ${late / 1000}), ${kept} kept, citizens sent ${senders.sent + readers.sent} with p99 ${Math.round(senders.p99)} and ${Math.round(readers.p99)} ms (alone ${Math.round(usual)}, at most ${mostP99}), failed ${failed}, memory +${Math.round(senders.rss)} MB (at most ${mostRss}), for readers of two megabytes each +${Math.round(readers.rss)} MB; control (Node's own times): ${control.kept.length} of ${control.held} kept after 45 s`,
    }
  } finally {
    await place.close()
    await other.close()
  }
}
