/** T36: addresses that should make the server send somebody elsewhere, as bytes on a socket so that no client tidies them. */
import { createServer } from 'node:http'
import { createHttpServer, usualTimes } from '../../src/http-server.ts'
import { listening } from '../../src/testing/listening.ts'
import { sendRaw } from '../../src/testing/raw-http.ts'
import { createWorld, definitionOf, plainPolicy } from '../../src/testing/world.ts'
import type { Line } from '../line.ts'

const evil = 'evil.example'
const targets = [
  `//${evil}`,
  `///${evil}`,
  `////${evil}`,
  `/\\${evil}`,
  `/\\/${evil}`,
  `\\\\${evil}`,
  `/%09/${evil}`,
  `/%0a/${evil}`,
  `/%2f${evil}`,
  `/%2f%2f${evil}`,
  `/%5c${evil}`,
  `/%5c%5c${evil}`,
  `http:${evil}`,
  `https:${evil}`,
  `https:/${evil}`,
  `https://${evil}`,
  `https:///${evil}`,
  `https:\\\\${evil}`,
  `HTTPS://${evil}`,
  `%68ttps://${evil}`,
  `javascript:alert(1)`,
  `JaVaScRiPt:alert(1)`,
  `java%0ascript:alert(1)`,
  `data:text/html,x`,
  `vbscript:x`,
  `@${evil}`,
  `/@${evil}`,
  `https://127.0.0.1@${evil}`,
  `https://127.0.0.1:8080@${evil}/`,
  `https://127.0.0.1%40${evil}`,
  `https://${evil}#@127.0.0.1`,
  `https://${evil}?@127.0.0.1`,
  `https://${evil}%E3%80%82com`,
  `https://evil%E3%80%82example`,
  `https://127.0.0.1.${evil}`,
  `https://127.0.0.1:8080.${evil}`,
  `//${evil}/%2e%2e`,
  `//${evil}/..;/`,
  `/.${evil}`,
  `/..//${evil}`,
  `/.//${evil}`,
  `/;//${evil}`,
]
const words = ['return', 'return_to', 'next', 'url', 'redirect', 'redirect_uri', 'continue', 'lang', 'target', 'dest']
/** Places that answer with a redirect, or take an address. */
const places = ['/builder', '/desk', '/', '/status', '/sign-in/city/national', '/v1/admin/session', '/frame/city/library-card']

const leadsAway = (location: string, origin: string): boolean => !URL.canParse(location, origin) || new URL(location, origin).origin !== origin

export const redirects: Line = {
  attack: 'T36',
  name: 'redirects',
  what: 'paths, hosts and parameters with //, \\, @, tabs, full-width dots and other schemes',
  reach: 'no redirect to elsewhere',
  async run() {
    const world = await createWorld()
    await world.offer(definitionOf(), plainPolicy)
    const ours = await listening(createHttpServer(world.app.fetch as never, usualTimes(10_000)))
    const origin = `http://127.0.0.1:${ours.port}`
    const asks = [
      ...targets,
      ...targets.flatMap((target) => places.map((place) => target + place)),
      ...targets.flatMap((target) => places.map((place) => place + target)),
      ...targets.flatMap((target) => words.flatMap((word) => places.slice(0, 2).map((place) => `${place}?${word}=${encodeURIComponent(target)}`))),
    ]
    let away = 0
    let first = ''
    let redirected = 0
    const ask = async (port: number, path: string, host = `127.0.0.1:${ours.port}`) => {
      const { status, headers } = await sendRaw(port, [`GET ${path} HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`])
      return (status ?? 0) >= 300 && (status ?? 0) < 400 ? (headers.location ?? '') : null
    }
    for (const path of asks) {
      const location = await ask(ours.port, path)
      if (location === null || location === undefined) continue
      redirected++
      if (location !== '' && leadsAway(location, origin)) {
        away++
        first ||= ` (${path} -> ${location})`
      }
    }
    // Whoever names another host gets an address without one.
    for (const host of [evil, `${evil}:80`, `127.0.0.1.${evil}`]) {
      const location = await ask(ours.port, '/builder', host)
      redirected++
      if (location === null || leadsAway(location, origin)) away++
    }
    await ours.close()
    await world.close()
    const careless = await listening(
      createServer((request, response) => {
        response.writeHead(308, { Location: `${(request.url ?? '').replace(/\/+$/, '')}/`, Connection: 'close' }).end()
      }),
    )
    const control = await ask(careless.port, `//${evil}/builder`)
    await careless.close()
    return {
      trials: asks.length + 3,
      figure: `${away} led elsewhere${first}, of ${redirected} redirects`,
      good: away === 0 && redirected > 0,
      control: { what: 'a server that adds a slash to whatever path it is asked for leads elsewhere', noticed: control !== null && leadsAway(control, origin) },
    }
  },
}
