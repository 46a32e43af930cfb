import { createServer, type RequestListener, type Server } from 'node:http'
import { connect } from 'node:net'
import { getRequestListener } from '@hono/node-server'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { routes } from './app.ts'
import { createHttpServer, largestHead, type Times, usualTimes } from './http-server.ts'
import { type Reach, reach, signedIn } from './testing/every-route.ts'
import { type Listening, listening as listen } from './testing/listening.ts'
import { agencyOf, type Person, personIn } from './testing/people.ts'
import { sendRaw } from './testing/raw-http.ts'
import { type RawRequest, rawRequests } from './testing/raw-requests.ts'
import { createWorld, definitionOf, plainPolicy, type World } from './testing/world.ts'

let world: World
let cookie: string
let owner: Person
let operator: Person

const started: Listening[] = []
async function listening(server: Server): Promise<Listening> {
  const one = await listen(server)
  started.push(one)
  return one
}
const ours = (times: Times = usualTimes(10_000)) => listening(createHttpServer(world.app.fetch as never, times))
/** As the libraries come: what is refused is read to its end, and nobody is ever too slow. */
const theirs = () => listening(createServer(getRequestListener(() => new Response(null, { status: 413 })) as RequestListener))
const gone = (listener: Listening) => listener.gone()

beforeAll(async () => {
  world = await createWorld()
  await world.offer(definitionOf(), { rules: { ...plainPolicy.rules, rate: { submissionsPerHour: 1_000_000, uploadsPerHour: 1_000_000 } } })
  cookie = await signedIn(world)
  owner = await personIn(world, await agencyOf(world, 'city'), 'another@city.example', [{ role: 'owner' }])
  operator = await personIn(world, await world.adapters.store.house('2026-01-05T08:00:00.000Z'), 'operator@house.example', [{ role: 'operator' }])
})
afterEach(async () => {
  for (const each of started.splice(0)) await each.close()
})
afterAll(() => world.close())

let newcomers = 0
/** Somebody who may. What is done to an account may still go on when whoever asked has left: each of those is somebody else. */
async function whoMay({ path }: { path: string }): Promise<Person> {
  if (path.startsWith('/v1/admin/agencies')) return operator
  if (!/^\/v1\/admin\/(account|session)/.test(path)) return owner
  return personIn(world, await agencyOf(world, 'city'), `newcomer-${++newcomers}@city.example`, [{ role: 'owner' }])
}

const takers = routes.filter((route) => route.body)
/** What one read of a socket gives. */
const beyond = 65_536

describe('bytes that are no honest request', () => {
  it.each(takers.map((route) => [`${route.method} ${route.path}`, route] as const))(
    'to %s are refused, read no further than must be, and hurt nobody',
    async (_, route) => {
      const listener = await ours()
      for (let i = 0; i < rawRequests(route.method, reach(route, cookie)).length; i++) {
        // A session of its own: what is honest among them may end the one that it came with.
        const { Cookie } = await (await whoMay(route)).enter()
        const request = rawRequests(route.method, reach(route, Cookie))[i] as RawRequest
        listener.read()
        const answer = await sendRaw(listener.port, request.parts(), request)
        const what = `${request.name}: ${answer.status} ${answer.body.slice(0, 200)}`
        expect(request.statuses, what).toContain(answer.status)
        if ((answer.status ?? 0) >= 400 && !answer.headers['content-type']?.startsWith('text/html')) {
          expect(answer.headers['content-type'], what).toMatch(/^application\/problem\+json/)
          expect(JSON.parse(answer.body), what).toMatchObject({ type: expect.stringContaining('/problems/'), status: answer.status })
        }
        if (request.ends) expect(answer.closed, what).toBe(true)
        await gone(listener)
        // The read that goes beyond the limit is the last one. A file is read a piece ahead of whoever writes it down.
        const ahead = route.body && 'limit' in route.body ? beyond : 2 * beyond
        expect(listener.read(), what).toBeLessThanOrEqual(reach(route, cookie).limit + ahead + largestHead)
        const after = await sendRaw(listener.port, ['GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n'])
        expect(after.status, what).toBe(200)
      }
      expect(world.log.splice(0).filter((line) => JSON.parse(line).level >= 50)).toEqual([])
    },
  )

  it('are answered as well where a good request of the same connection has had its answer', async () => {
    const listener = await ours()
    const said = await new Promise<string>((resolve) => {
      const socket = connect(listener.port, '127.0.0.1')
      let received = ''
      let sent = false
      socket.write('GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n')
      socket.on('data', (piece) => {
        received += piece
        if (sent || !received.includes('\r\n\r\n')) return
        sent = true
        socket.write('no request\r\n\r\n')
      })
      socket.on('close', () => resolve(received))
    })
    expect(said).toMatch(/^HTTP\/1\.1 200 [\s\S]*HTTP\/1\.1 400 [\s\S]*problem\+json/)
  })

  it('would be read to their end without us', async () => {
    const listener = await theirs()
    const route = takers.find(({ id }) => id === 'submit')!
    const flood = rawRequests(route.method, reach(route, cookie)).find(({ name }) => name === 'longer than allowed, in chunks')!
    expect((await sendRaw(listener.port, flood.parts(), flood)).status).toBe(413)
    await gone(listener)
    expect(listener.read()).toBeGreaterThan(reach(route, cookie).limit + 4 * beyond)
  })
})

describe('who is slow', () => {
  const quick: Times = { headers: 300, request: 600, look: 50, keepAlive: 300, readers: { every: 50, grace: 1500, most: 2 ** 30 } }
  const route = takers.find(({ id }) => id === 'submit')!
  const headOf = ({ address, headers }: Reach, length: number) =>
    `POST ${address} HTTP/1.1\r\nHost: localhost\r\n${Object.entries(headers)
      .map(([name, value]) => `${name}: ${value}\r\n`)
      .join('')}Content-Length: ${length}\r\n\r\n`

  /** Opens a connection, and sends what is given a byte at a time for as long as it is there. */
  function drip({ port }: Listening, first: string, then: string): Promise<string> {
    return new Promise((resolve) => {
      const socket = connect(port, '127.0.0.1')
      let received = ''
      let at = 0
      socket.write(first)
      const timer = setInterval(() => socket.write(then[at++ % then.length] ?? ''), 40)
      socket.on('data', (piece) => (received += piece))
      socket.on('error', () => {})
      socket.on('close', () => {
        clearInterval(timer)
        resolve(received)
      })
    })
  }

  it('with headers, with a body or with saying anything at all is told so, and gone', async () => {
    const listener = await ours(quick)
    const answers = await Promise.all([
      ...Array.from({ length: 20 }, () => drip(listener, 'GET / HTTP/1.1\r\nX-Slow: ', 'a')),
      ...Array.from({ length: 20 }, () => drip(listener, headOf(reach(route, cookie), 100_000), 'x')),
      ...Array.from({ length: 20 }, () => drip(listener, '', '')),
    ])
    for (const answer of answers) expect(answer).toMatch(/^HTTP\/1\.1 408 [\s\S]*problem\+json/)
    await gone(listener)
  })

  it('to fetch an answer loses it, and a quick one with as much does not', async () => {
    const large = Buffer.alloc(12 * 2 ** 20, 'x')
    const fetched = { body: () => large, stream: () => ReadableStream.from(Array.from({ length: 192 }, () => large.subarray(0, 65_536))) }
    const listener = await listening(
      createHttpServer(async (request) => new Response(new URL(request.url).pathname === '/stream' ? (fetched.stream() as never) : fetched.body()), quick),
    )
    for (const path of ['/body', '/stream']) {
      const lost = new Promise<number>((resolve) => {
        const socket = connect(listener.port, '127.0.0.1')
        let taken = 0
        socket.write(`GET ${path} HTTP/1.1\r\nHost: localhost\r\n\r\n`)
        socket.once('data', (piece) => {
          taken = piece.length
          socket.pause()
        })
        socket.on('error', () => {})
        // A paused socket does not see that it was cut: it is asked once the server has let go of it.
        void gone(listener).then(() => {
          socket.destroy()
          resolve(taken)
        })
      })
      expect(await lost).toBeLessThan(large.length)
      const quickly = await fetch(`http://127.0.0.1:${listener.port}${path}`)
      expect((await quickly.arrayBuffer()).byteLength).toBe(large.length)
    }
  })

  it('stays where the libraries are left as they come', async () => {
    const listener = await theirs()
    const socket = connect(listener.port, '127.0.0.1')
    socket.on('error', () => {})
    socket.write('GET / HTTP/1.1\r\nX-Slow: ')
    await expect.poll(() => listener.open.size).toBe(1)
    // Twice as long as ours has for all of it.
    await new Promise((resolve) => setTimeout(resolve, 2 * quick.request))
    expect(listener.open.size).toBe(1)
    socket.destroy()
  })
})

describe('requests sent without waiting for the answers', () => {
  /** Begins requests and ends none until it is told to. */
  async function counting() {
    let begun = 0
    let most = 0
    const held: (() => void)[] = []
    const listener = await listening(
      createHttpServer(async (request) => {
        begun++
        most = Math.max(most, held.length + 1)
        await new Promise<void>((resolve) => held.push(resolve))
        return new Response(new URL(request.url).pathname)
      }, usualTimes(10_000)),
    )
    return { listener, held, begun: () => begun, most: () => most }
  }
  const get = (path: string) => `GET ${path} HTTP/1.1\r\nHost: localhost\r\n\r\n`

  it('are taken one after the other, in order', async () => {
    const { listener, held, begun, most } = await counting()
    const socket = connect(listener.port, '127.0.0.1')
    let received = ''
    socket.on('data', (piece) => (received += piece))
    socket.write(get('/1') + get('/2') + get('/3'))
    for (const one of [1, 2, 3]) {
      await expect.poll(begun).toBe(one)
      held.pop()?.()
    }
    await expect.poll(() => received).toMatch(/\/1[\s\S]*\/2[\s\S]*\/3/)
    expect(most()).toBe(1)
    socket.destroy()
  })

  it('are too many where many wait: the connection ends', async () => {
    const { listener, begun } = await counting()
    const socket = connect(listener.port, '127.0.0.1')
    socket.on('error', () => {})
    socket.resume()
    socket.write(get('/').repeat(30))
    await new Promise((resolve) => socket.once('close', resolve))
    expect(begun()).toBe(1)
  })
})
