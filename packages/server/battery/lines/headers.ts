/** T35: every answer of every route, good or refused, has the headers that tell browsers how little they may do with it. */
import { Hono } from 'hono'
import { routes } from '../../src/app.ts'
import { reach, signedIn } from '../../src/testing/every-route.ts'
import { createWorld, definitionOf, plainPolicy } from '../../src/testing/world.ts'
import type { Line } from '../line.ts'

type Ask = (path: string, init: RequestInit) => Response | Promise<Response>

/** What is missing in an answer. */
function missing(answer: { headers: Headers; status: number }, { path, personal }: { path: string; personal: boolean }): string[] {
  const { headers } = answer
  const policy = headers.get('content-security-policy') ?? ''
  const cache = headers.get('cache-control') ?? ''
  const type = headers.get('content-type') ?? ''
  const console = /^\/(builder|desk)(\/|$)/.test(path)
  return [
    ...(policy.includes("default-src 'none'") ? [] : ['Content-Security-Policy']),
    ...(policy.includes('frame-ancestors') ? [] : ['frame-ancestors']),
    ...(/unsafe-(inline|eval)|\*/.test(policy.replace(/frame-ancestors[^;]*/, '')) ? ['a policy without unsafe-inline, unsafe-eval and *'] : []),
    ...(headers.get('x-content-type-options') === 'nosniff' ? [] : ['nosniff']),
    ...(headers.get('referrer-policy') === 'no-referrer' ? [] : ['Referrer-Policy']),
    ...((personal || answer.status >= 400) && !cache.includes('no-store') ? ['no-store'] : []),
    ...(cache === '' ? ['Cache-Control'] : []),
    ...(console && type.includes('html') && headers.get('cross-origin-opener-policy') !== 'same-origin' ? ['Cross-Origin-Opener-Policy'] : []),
    ...(headers.has('server') || headers.has('x-powered-by') ? ['silence about what serves it'] : []),
  ]
}

export const headers: Line = {
  attack: 'T35',
  name: 'headers',
  what: 'every route, asked well, asked badly, by another site and by nobody signed in',
  reach: 'Content-Security-Policy with frame-ancestors, nosniff, no referrer on all; no-store on personal data and refusals; COOP on the consoles',
  async run() {
    const world = await createWorld()
    await world.offer(definitionOf(), plainPolicy)
    const cookie = await signedIn(world)
    const crawl = async (ask: Ask) => {
      const faults: string[] = []
      let asked = 0
      for (const route of routes) {
        // Ends the session that the others need.
        if (route.id === 'signOut') continue
        const { address, headers: own, body } = reach(route, cookie)
        const tries: RequestInit[] = [
          { headers: own, ...(body ? { body } : {}) },
          { headers: { ...own, Cookie: '' }, ...(body ? { body } : {}) },
          { headers: { ...own, Origin: 'https://evil.example', 'Sec-Fetch-Site': 'cross-site' }, ...(body ? { body } : {}) },
          { headers: { ...own, Accept: 'text/html', 'Content-Type': 'text/plain' }, ...(body ? { body: 'x' } : {}) },
        ]
        for (const init of tries) {
          asked++
          const answer = await ask(address, { method: route.method, ...init })
          await answer.body?.cancel()
          const personal = route.access === 'user' || route.access === 'first-party' || route.method !== 'GET'
          for (const one of missing(answer, { path: address, personal })) faults.push(`${route.id} ${answer.status}: ${one}`)
        }
      }
      return { asked, faults }
    }
    const { asked, faults } = await crawl((path, init) => world.request(path, init) as unknown as Promise<Response>)
    await world.close()
    const bare = new Hono()
    bare.all('*', (c) => c.text('hello'))
    const control = await crawl((path, init) => bare.request(path, init))
    return {
      trials: asked,
      figure: `${new Set(faults).size} missing${faults.length > 0 ? ` (${[...new Set(faults)].slice(0, 4).join('; ')})` : ''} on ${routes.length} routes`,
      good: faults.length === 0,
      control: { what: `an app without them misses ${control.faults.length}`, noticed: control.faults.length >= control.asked },
    }
  },
}
