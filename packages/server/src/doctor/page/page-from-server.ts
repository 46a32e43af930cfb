/**
 * The page doctor inside the server, for authors who have no shell on it: the page is fetched through the one way out, which
 * reaches no address inside, and what the page embeds of this very server is looked up instead of asked for.
 */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { Adapters } from '../../adapters.ts'
import type { Config } from '../../config.ts'
import { type Egress, EgressError } from '../../egress/egress.ts'
import { mapOrigins } from '../../embedding/map-tiles.ts'
import { folderOfRelease } from '../../embedding/releases.ts'
import { evidenceOf } from '../../intake/admit.ts'
import type { WebFolders } from '../../web.ts'
import { type AskServer, checkPage, type Finding, type Wanted } from './check-page.ts'
import { type Fetch, mostBytes, NoPage, readPage } from './read-page.ts'

/** For everything: the page, where it sends on to, its style sheets, and servers that it names. */
const patience = 25_000
const mostMoves = 5

/** As `fetch` would, but through the egress: each address that a page sends on to is looked at like the first. */
export const fetchOverEgress =
  ({ call }: Pick<Egress, 'call'>, signal: AbortSignal): Fetch =>
  async (given, { headers } = {}) => {
    let url = String(given)
    for (let moves = 0; moves <= mostMoves; moves++) {
      const got = await call({ url, headers: headers as Record<string, string>, signal, maxBytes: mostBytes }).catch((error: unknown) => {
        if (!(error instanceof EgressError)) throw error
        throw error.failure === 'refused' ? new NoPage('page-refused', { address: url }) : new NoPage('page-away', { address: url, reason: error.failure })
      })
      const { location } = got.headers
      if ([301, 302, 303, 307, 308].includes(got.status) && typeof location === 'string') {
        url = URL.parse(location, url)?.href ?? ''
        continue
      }
      if (got.truncated) throw new NoPage('page-large', { size: mostBytes / 1e6 })
      const read = new Headers()
      for (const [name, value] of Object.entries(got.headers)) for (const one of [value ?? []].flat()) read.append(name, one)
      const empty = [204, 205, 304].includes(got.status)
      const response = new Response(empty ? null : new Uint8Array(got.body), { status: Math.max(200, got.status), headers: read })
      // Where the page is after all: a response that was made knows no address.
      return Object.defineProperty(response, 'url', { value: url })
    }
    throw new NoPage('page-moves')
  }

/** What this server would answer is known here; others are asked through the egress. */
function askServer(of: { adapters: Adapters; config: Config; web: WebFolders; now: Date }, signal: AbortSignal): AskServer {
  const { adapters, config, web, now } = of
  const isOurs = ({ origin }: URL) => origin === new URL(config.baseUrl).origin
  const statusOf = async (address: URL, origin: string) => {
    try {
      return (await adapters.egress.call({ url: address.href, headers: { origin, 'sec-fetch-site': 'cross-site' }, signal })).status
    } catch (error) {
      if (error instanceof EgressError) return 'unreachable'
      throw error
    }
  }
  return {
    async service(server, service, origin) {
      const [agency = '', name = ''] = service.split('/')
      if (!isOurs(server)) return statusOf(new URL(`v1/services/${encodeURIComponent(agency)}/${encodeURIComponent(name)}`, server), origin)
      const live = await adapters.live.find(agency, name)
      if (!live) return 404
      const sameOrigin = origin === new URL(config.baseUrl).origin
      const refused = await live.policy.admit(evidenceOf('view', { service: live, origin, sameOrigin, client: '', now }, null), ['origins'])
      return refused === null ? 200 : 403
    },
    async maps(server, service) {
      // What another server says of its services is not read: its own doctor knows better.
      const [agency = '', name = ''] = service.split('/')
      const live = isOurs(server) ? await adapters.live.find(agency, name) : null
      return mapOrigins(live?.whole.nodes.values() ?? [])
    },
    async module(address, origin) {
      if (!isOurs(address)) return statusOf(address, origin)
      const [, release = '', file = ''] = /^\/pinned\/([^/]+)\/(\w+\.js)$/.exec(address.pathname) ?? []
      const folder = folderOfRelease(web.runtime, config.dataDir, release)
      return folder !== null && file !== '' && existsSync(join(folder, file)) ? 200 : 404
    },
  }
}

/** What was found; where the page could not be read, only why. */
export async function checkPageFromServer(
  of: { adapters: Adapters; config: Config; web: WebFolders; now: Date },
  address: string,
  wanted: Wanted,
): Promise<Finding[]> {
  const signal = AbortSignal.timeout(patience)
  try {
    return await checkPage(await readPage(address, fetchOverEgress(of.adapters.egress, signal)), askServer(of, signal), wanted)
  } catch (error) {
    if (!(error instanceof NoPage)) throw error
    return [{ level: 'wrong', code: error.code, params: error.params }]
  }
}
