/**
 * The one way out: every request that this server makes of another goes through here. An agency may name an address, and
 * the address may lie, so: https on port 443, every address that the name stands for is looked at, the connection goes to
 * one of those looked at, no redirect is followed, and the answer is bounded in size and time.
 *
 * What an operator lists in EGRESS_ALLOW, by host and port, is exempt from scheme, port and address.
 */
import { lookup } from 'node:dns/promises'
import { type ClientRequest, request as httpRequest, type IncomingMessage } from 'node:http'
import { request as httpsRequest } from 'node:https'
import { isIP, type LookupFunction } from 'node:net'
import { isPublicAddress } from './public-address.ts'

export interface EgressRequest {
  url: string
  method?: 'GET' | 'POST' | 'PUT' | 'DELETE' | 'HEAD'
  headers?: Readonly<Record<string, string>>
  body?: Uint8Array
  /** The body, where it is in several pieces. */
  pieces?: readonly Uint8Array[]
  /** For everything, from the look-up of the name to the last byte. */
  timeoutMs?: number
  /** Bytes of the answer that are read; what is more is cut off. */
  maxBytes?: number
  signal?: AbortSignal
}

export interface EgressResponse {
  status: number
  headers: Readonly<Record<string, string | string[] | undefined>>
  body: Uint8Array
  /** Whether there was more than was read. */
  truncated: boolean
}

export interface Egress {
  /** Whether an address is of a form that is called at all. Where it leads is only known when it is. */
  admits(url: string): boolean
  /** @throws EgressError */
  call(request: EgressRequest): Promise<EgressResponse>
}

/** `refused`: we do not call there, today or tomorrow. The others may pass. */
export type EgressFailure = 'refused' | 'name' | 'connection' | 'certificate' | 'timeout' | 'stopped'

export class EgressError extends Error {
  readonly failure: EgressFailure
  constructor(failure: EgressFailure) {
    super(failure)
    this.failure = failure
  }
}

interface Address {
  address: string
  family: number
}
/** At least one. */
type Addresses = readonly [Address, ...Address[]]
export type Resolve = (host: string) => Promise<readonly Address[]>

const resolveBySystem: Resolve = (host) => lookup(host, { all: true, verbatim: true })

export const usualTimeout = 10_000
export const usualBytes = 1_048_576
const headerBytes = 16_384

/** A name as it stands in EGRESS_ALLOW: small letters, no dot at the end, IPv6 in brackets. */
const nameOf = (host: string) => host.toLowerCase().replace(/\.$/, '')

/** `host:port` of an address of the web; null if we would call it by no means. */
function destinationOf(url: string): { url: URL; place: string } | null {
  const parsed = URL.canParse(url) ? new URL(url) : null
  if (!parsed || !/^https?:$/.test(parsed.protocol) || parsed.username || parsed.password || parsed.hostname === '') return null
  return { url: parsed, place: `${nameOf(parsed.hostname)}:${parsed.port || (parsed.protocol === 'https:' ? 443 : 80)}` }
}

export function createEgress(allow: readonly string[], resolve: Resolve = resolveBySystem): Egress {
  const allowed = new Set(allow.map(nameOf))

  /** The addresses that the connection may go to. @throws EgressError */
  const addressesOf = async (host: string, exempt: boolean): Promise<Addresses> => {
    const family = isIP(host)
    let found: readonly Address[]
    try {
      found = family ? [{ address: host, family }] : await resolve(host)
    } catch {
      throw new EgressError('name')
    }
    const [first, ...more] = found
    if (!first) throw new EgressError('name')
    // One address inside is enough to refuse: whoever mixes them is trying it on.
    if (!exempt && !found.every(({ address }) => isPublicAddress(address))) throw new EgressError('refused')
    return [first, ...more]
  }

  /** Null: of no form that is called. */
  const formOf = (given: string): { url: URL; host: string; exempt: boolean } | null => {
    const destination = destinationOf(given)
    if (!destination) return null
    const { url, place } = destination
    const host = url.hostname.replace(/^\[|\]$/g, '')
    if (allowed.has(place)) return { url, host, exempt: true }
    const reachable = isIP(host) === 0 || isPublicAddress(host)
    return url.protocol === 'https:' && url.port === '' && reachable ? { url, host, exempt: false } : null
  }

  const call: Egress['call'] = async ({
    url: given,
    method = 'GET',
    headers = {},
    body,
    pieces = body && [body],
    timeoutMs = usualTimeout,
    maxBytes = usualBytes,
    signal,
  }) => {
    const form = formOf(given)
    if (!form) throw new EgressError('refused')
    const { url, host, exempt } = form

    const ended = Promise.withResolvers<never>()
    // Nobody may be waiting when it fires.
    ended.promise.catch(() => {})
    const timer = setTimeout(() => ended.reject(new EgressError('timeout')), timeoutMs)
    const stop = () => ended.reject(new EgressError('stopped'))
    signal?.addEventListener('abort', stop)
    if (signal?.aborted) stop()
    let open: ClientRequest | undefined
    try {
      const addresses = await Promise.race([addressesOf(host, exempt), ended.promise])
      const answer = Promise.withResolvers<IncomingMessage>()
      open = (url.protocol === 'https:' ? httpsRequest : httpRequest)(url, {
        method,
        headers: { 'User-Agent': 'guichet', ...headers, ...(pieces ? { 'Content-Length': String(pieces.reduce((sum, { length }) => sum + length, 0)) } : {}) },
        // A connection of its own, to the addresses that were looked at: the name is not looked up a second time.
        agent: false,
        lookup: only(addresses),
        maxHeaderSize: headerBytes,
      })
      open.once('response', answer.resolve)
      open.on('error', (error) => answer.reject(new EgressError(isCertificate(error) ? 'certificate' : 'connection')))
      for (const piece of pieces ?? []) open.write(piece)
      open.end()
      const response = await Promise.race([answer.promise, ended.promise])
      const content = await Promise.race([readUpTo(response, maxBytes), ended.promise])
      // What answers a request has a status.
      return { status: response.statusCode as number, headers: response.headers, ...content }
    } finally {
      clearTimeout(timer)
      signal?.removeEventListener('abort', stop)
      open?.destroy()
    }
  }

  return { admits: (url) => formOf(url) !== null, call }
}

/** In place of a look-up: the addresses that have been found already. */
const only =
  (addresses: Addresses): LookupFunction =>
  (_host, options, done) => {
    if (options.all) done(null, [...addresses])
    else done(null, addresses[0].address, addresses[0].family)
  }

async function readUpTo(response: IncomingMessage, maxBytes: number): Promise<{ body: Uint8Array; truncated: boolean }> {
  const pieces: Uint8Array[] = []
  let size = 0
  try {
    for await (const piece of response as AsyncIterable<Uint8Array>) {
      const rest = maxBytes - size
      pieces.push(piece.subarray(0, rest))
      size += Math.min(piece.length, rest)
      if (piece.length > rest) return { body: Buffer.concat(pieces), truncated: true }
    }
  } catch {
    throw new EgressError('connection')
  }
  return { body: Buffer.concat(pieces), truncated: false }
}

const isCertificate = (error: NodeJS.ErrnoException) => /CERT|TLS|SSL|SELF_SIGNED|UNABLE_TO_VERIFY/.test(String(error.code))
