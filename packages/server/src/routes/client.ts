/** Who asks, as far as a server can know. */
import type { Config } from '../config.ts'
import type { AppContext } from './route.ts'

/** The address of the client. Of X-Forwarded-For only as many entries are believed as there are proxies of ours. */
export function clientAddress(c: AppContext, config: Config): string | null {
  const direct = c.env?.client ?? c.env?.incoming?.socket?.remoteAddress ?? null
  if (config.trustProxy === 0) return direct
  const chain = [...(c.req.header('x-forwarded-for') ?? '').split(',').map((entry) => entry.trim()), direct ?? ''].filter(Boolean)
  return chain.at(-1 - config.trustProxy) ?? chain[0] ?? null
}

/** Origins of this server's own pages. Without BASE_URL the loopback names of its port are the same server. */
export function ownOrigins(config: Config): ReadonlySet<string> {
  let known = ownOf.get(config)
  if (!known) ownOf.set(config, (known = originsOf(config)))
  return known
}

/** Every request asks. */
const ownOf = new WeakMap<Config, ReadonlySet<string>>()

function originsOf({ baseUrl, baseUrlGiven }: Config): ReadonlySet<string> {
  const own = new URL(baseUrl)
  const names = baseUrlGiven || !['127.0.0.1', 'localhost', '[::1]'].includes(own.hostname) ? [] : ['127.0.0.1', 'localhost']
  return new Set([own.origin, ...names.map((name) => new URL(`${own.protocol}//${name}:${own.port}`).origin)])
}

export interface Origin {
  origin: string | null
  sameOrigin: boolean
}

/** Browsers say where a request comes from; a page cannot change either header. */
export function originOf(c: AppContext, own: ReadonlySet<string>): Origin {
  const origin = c.req.header('origin') ?? null
  return { origin, sameOrigin: origin !== null && own.has(origin) }
}

/**
 * Whether a request to a first-party route comes from our own pages. Reading is refused to other sites; changing needs
 * proof, and a browser that sends neither header (or a program) has none.
 */
export function isFirstParty(c: AppContext, own: ReadonlySet<string>): boolean {
  const site = c.req.header('sec-fetch-site')
  const origin = c.req.header('origin')
  if (origin !== undefined && !own.has(origin)) return false
  if (site !== undefined) return site === 'same-origin' || (site === 'none' && c.req.method === 'GET')
  return origin !== undefined || c.req.method === 'GET'
}
