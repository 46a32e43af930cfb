/** What no route takes, whoever asks: refused before a route is looked for. */
import type { IncomingMessage } from 'node:http'
import type { MiddlewareHandler } from 'hono'
import { Refused } from './problem.ts'
import type { Bindings } from './routes/route.ts'

/** Characters of the address, with its query. */
export const longestAddress = 4096
/** Parts of the query. */
export const mostParameters = 32
export const mostHeaders = 100
/** Bytes of an unread body that are taken in after the answer, so that the connection can be used again. */
const restThatIsTaken = 65_536

export function requestLimits(): MiddlewareHandler<{ Bindings: Bindings }> {
  return async function limitRequests(c, next) {
    const incoming = c.env?.incoming
    try {
      check(c.req.url, incoming?.rawHeaders.length ?? 2 * [...c.req.raw.headers].length, (name) => c.req.header(name))
      await next()
    } finally {
      // Nobody reads on for the sake of a connection whose client goes on sending what was refused.
      if (incoming && !incoming.complete && !endsSoon(incoming)) c.header('Connection', 'close')
    }
  }
}

/** @throws Refused */
function check(url: string, headerParts: number, header: (name: string) => string | undefined) {
  const query = url.indexOf('?')
  const parameters = query < 0 ? 0 : countParts(url, query)
  const path = url.indexOf('/', 8)
  if (url.length - path > longestAddress || parameters > mostParameters) throw new Refused(414, 'address')
  if (headerParts / 2 > mostHeaders) throw new Refused(431, 'headers')
  // What is packed could be a thousand times as long when it is unpacked.
  if ((header('content-encoding') ?? 'identity').trim().toLowerCase() !== 'identity')
    throw new Refused(415, 'encoding', { headers: { 'Accept-Encoding': 'identity' } })
  // Node undoes chunks and hands everything below them over as it came.
  if ((header('transfer-encoding') ?? 'chunked').trim().toLowerCase() !== 'chunked') throw new Refused(501, 'encoding')
}

function countParts(url: string, query: number): number {
  let parts = 1
  for (let at = url.indexOf('&', query); at >= 0 && parts <= mostParameters; at = url.indexOf('&', at + 1)) parts++
  return parts
}

function endsSoon({ headers }: IncomingMessage): boolean {
  if (headers['transfer-encoding'] !== undefined) return false
  return Number(headers['content-length'] ?? 0) <= restThatIsTaken
}
