/**
 * The listening side: what a client may take of time, connections and bytes before the app is asked. What the app refuses
 * itself stands in request-limits.ts; docs/limits.md has all of it in one table.
 */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import { getRequestListener } from '@hono/node-server'
import { problemType } from './problem.ts'
import { cutSlowReaders, type ReaderLimits, readerLimits } from './slow-readers.ts'

type Fetch = Parameters<typeof getRequestListener>[0]

/** In milliseconds. */
export interface Times {
  /** For the headers, from the first moment of the connection, or of the next request in it. */
  headers: number
  /** For the whole request. */
  request: number
  /** Between looks for those that are late. */
  look: number
  /** A connection without a request is kept for. */
  keepAlive: number
  readers: ReaderLimits
}

/**
 * Longer than proxies keep a connection that is idle (nginx 60 s, Traefik 90, Caddy 120): who closes it first must be the proxy. Else a
 * submission may be on its way in the moment in which it is closed here, and the citizen is told that the server is gone.
 */
const proxyKeepAlive = 130_000

/** @param request milliseconds for the whole of a request to come in */
export const usualTimes = (request: number, { behindProxy = false } = {}): Times => ({
  headers: Math.min(10_000, request),
  request,
  look: 5000,
  keepAlive: behindProxy ? proxyKeepAlive : 5000,
  readers: readerLimits,
})

const readAhead = 16_384
/** Requests of one connection that wait for the one before them. */
const mostWaiting = 8
/** Bytes of request line and headers together. */
export const largestHead = 16_384
/** More than this many at once wait in the system's queue or are sent away: each takes a file handle, and so does the database. */
const mostConnections = 10_000

/** Neither the request nor its reader's language is known where this is written: it has no title. */
const problem = (status: number, code: string) => JSON.stringify({ type: problemType(code), status })

/** A server for the app, which does not listen yet. */
export function createHttpServer(fetch: Fetch, times: Times): Server {
  const listener = getRequestListener(fetch, { errorHandler: unanswerable })
  const server = createServer({
    headersTimeout: times.headers,
    requestTimeout: times.request,
    connectionsCheckingInterval: times.look,
    keepAliveTimeout: times.keepAlive,
    maxHeaderSize: largestHead,
    // Read ahead of whoever takes the body, at each of the three buffers on its way. Twice as much as Node's own buys nothing here.
    highWaterMark: readAhead,
    // The listener misses it as well, and says so as everything else is said.
    requireHostHeader: false,
  })
  server.maxConnections = mostConnections
  // Node would leave out the ones that are too many without a word. Their bytes are limited, and request-limits.ts counts them.
  server.maxHeadersCount = 0
  const connections = oneAtATime(server, listener)
  // An expectation other than 100-continue, which RFC 9110 (10.1.1) lets a server not meet.
  server.on('checkExpectation', (_, response) => {
    const body = problem(417, 'expectation')
    response.writeHead(417, { 'Content-Type': 'application/problem+json', 'Content-Length': body.length, Connection: 'close' }).end(body)
  })
  server.on('clientError', (error: NodeJS.ErrnoException, socket: Socket) => {
    // Half an answer must not be followed by another one.
    if (socket.writable && !connections.get(socket)?.answer?.headersSent && error.code !== 'ECONNRESET') socket.write(rawAnswer(error.code))
    socket.destroy()
  })
  cutSlowReaders(server, times.readers)
  return server
}

/** What is known of a connection, for as long as it lives: nothing of a request that has its answer, which would live on with it. */
interface Connection {
  /** The answer under way. */
  answer: ServerResponse | null
  /** Requests that wait for it, in their order. */
  readonly waiting: (() => void)[]
}

/**
 * Requests that were sent without waiting for the answers are taken one after the other. Node would begin them all: some
 * kilobytes of requests for the largest answer there is would fill the memory with answers that nobody fetches. No browser
 * and no proxy does it any more (RFC 9112, 9.3.2), so who has many waiting is sent away. Gives what is known of each connection.
 */
function oneAtATime(server: Server, listener: (request: IncomingMessage, response: ServerResponse) => unknown): WeakMap<Socket, Connection> {
  const connections = new WeakMap<Socket, Connection>()
  server.on('connection', (socket: Socket) => connections.set(socket, { answer: null, waiting: [] }))
  server.on('request', (request: IncomingMessage, response: ServerResponse) => {
    const { socket } = request
    const connection = connections.get(socket) as Connection
    const take = () => {
      if (socket.destroyed) return
      connection.answer = response
      response.once('close', () => {
        connection.answer = null
        connection.waiting.shift()?.()
      })
      void listener(request, response)
    }
    if (!connection.answer) take()
    else if (connection.waiting.length < mostWaiting) connection.waiting.push(take)
    else socket.destroy()
  })
  return connections
}

/** Where no address of this server could be made of the request line and the host. */
const unanswerable = () => new Response(problem(400, 'request'), { status: 400, headers: { 'Content-Type': 'application/problem+json', Connection: 'close' } })

const reasons: Record<string, readonly [status: number, reason: string]> = {
  HPE_HEADER_OVERFLOW: [431, 'Request Header Fields Too Large'],
  HPE_CHUNK_EXTENSIONS_OVERFLOW: [413, 'Payload Too Large'],
  ERR_HTTP_REQUEST_TIMEOUT: [408, 'Request Timeout'],
}

/** The answer to bytes that are no request, or no whole one in time. */
function rawAnswer(code = ''): string {
  const [status, reason] = reasons[code] ?? [400, 'Bad Request']
  const body = problem(status, 'request')
  return `HTTP/1.1 ${status} ${reason}\r\nConnection: close\r\nContent-Type: application/problem+json\r\nContent-Length: ${body.length}\r\n\r\n${body}`
}
