/** T37: pages of other sites, in a real browser that is signed in, that try to change something or to read an answer. */
import { createServer } from 'node:http'
import { createHttpServer, usualTimes } from '../../src/http-server.ts'
import { signedIn } from '../../src/testing/every-route.ts'
import { listening } from '../../src/testing/listening.ts'
import { answersOf, createWorld, definitionOf, plainPolicy } from '../../src/testing/world.ts'
import { browserIsThere, openBrowser } from '../browser.ts'
import type { Line } from '../line.ts'

export const forgedRequests: Line = {
  attack: 'T37',
  name: 'forged-requests',
  what: 'fetch, beacon, forms and preflights of another site, a sub-domain and a null origin, with the cookie of who is signed in',
  reach: 'nothing is changed and nothing can be read; answers name an origin only if it is on the list, and never with credentials',
  possible: browserIsThere,
  async run({ count }) {
    const evil = await listening(createServer((_, response) => response.writeHead(200, { 'Content-Type': 'text/html' }).end('<!doctype html><title>x</title>')))
    const world = await createWorld()
    const allowed = 'https://www.city.example'
    await world.offer(definitionOf(), plainPolicy)
    const cookie = await signedIn(world)
    const ours = await listening(createHttpServer(world.app.fetch as never, usualTimes(30_000)))
    const origin = `http://127.0.0.1:${ours.port}`
    const agency = world.adapters.store.agency((await world.adapters.store.findAgency('city'))!)
    const state = async () =>
      JSON.stringify([
        (await agency.submissions()).length,
        (await agency.services()).map(({ id, revision, publishedVersion }) => [id, revision, publishedVersion]),
      ])
    const before = await state()
    const browser = await openBrowser()
    let trials = 0
    let readable = 0
    let named = 0
    try {
      const context = await browser.newContext()
      const [name = '', value = ''] = cookie.split('=')
      // As weak as a cookie can be: whatever protects is not the browser's kindness.
      await context.addCookies([{ name: name.replace(/^__Host-/, ''), value, url: origin, sameSite: 'Lax' }])
      const page = await context.newPage()
      const send = JSON.stringify(answersOf())
      const routes: [string, string, string][] = [
        ['POST', '/v1/services/city/library-card/submissions', send],
        ['POST', '/v1/services/city/library-card/attachments?target=student_id&name=a.pdf', '%PDF-1.4'],
        ['POST', '/v1/admin/services', JSON.stringify({ definition: { id: 'forged' } })],
        ['PUT', '/v1/admin/services/library-card', JSON.stringify({ definition: { id: 'library-card' } })],
        ['POST', '/v1/admin/services/library-card/publish', '{}'],
        ['DELETE', '/v1/admin/session', ''],
        ['POST', '/v1/admin/session', JSON.stringify({ email: 'ada@city.example', password: 'correct horse battery' })],
        ['GET', '/v1/admin/services', ''],
        ['GET', '/v1/admin/cases', ''],
        ['GET', '/v1/services/city/library-card', ''],
      ]
      const kinds = ['application/json', 'text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=x', ''].slice(
        0,
        count({ quick: 2, usual: 5, full: 5 }),
      )
      for (const host of [`http://b.localhost:${evil.port}`, `http://127.0.0.1.b.localhost:${evil.port}`, `http://localhost:${evil.port}`, 'null']) {
        if (host === 'null') {
          await page.goto(`http://b.localhost:${evil.port}/`)
          await page.setContent('<iframe sandbox="allow-scripts allow-forms" srcdoc="<p>x</p>"></iframe>')
        } else await page.goto(`${host}/`)
        const frame = host === 'null' ? (page.frames()[1] ?? page) : page
        for (const [method, path, body] of routes)
          for (const type of kinds) {
            trials += 2
            const attempt = async (mode: string, credentials: string): Promise<boolean> =>
              (await frame.evaluate(
                `fetch(${JSON.stringify(origin + path)}, { method: ${JSON.stringify(mode === 'no-cors' && method !== 'GET' ? 'POST' : method)}, mode: '${mode}', credentials: '${credentials}', headers: ${JSON.stringify(type ? { 'Content-Type': type, ...(mode === 'cors' ? { 'Idempotency-Key': `forged-${trials}-key-of-theirs` } : {}) } : {})}${body ? `, body: ${JSON.stringify(body)}` : ''} }).then((r) => r.type !== 'opaque' && r.ok, () => false)`,
              )) as boolean
            if (await attempt('cors', 'include')) readable++
            if (await attempt('no-cors', 'include')) readable++
          }
        for (const [, path, body] of routes.slice(0, 3)) {
          trials++
          await frame.evaluate(`navigator.sendBeacon(${JSON.stringify(origin + path)}, new Blob([${JSON.stringify(body)}], { type: 'text/plain' }))`)
        }
      }
      // A form takes its page along.
      for (const [, path] of routes.slice(0, 5)) {
        trials++
        await page.goto(`http://b.localhost:${evil.port}/`)
        await page.setContent(
          `<form method="post" enctype="text/plain" action="${origin}${path}"><input name='{"definition":{"id":"forged","x":"' value='"}}'></form>`,
        )
        await Promise.all([page.waitForURL(`${origin}/**`), page.evaluate('document.forms[0].submit()')])
      }
    } finally {
      await browser.close()
    }
    // What each answer says of origins, asked by hand.
    for (const from of [
      allowed,
      'https://www.city.example.evil.example',
      'https://evil.example',
      'https://city.example',
      'http://www.city.example',
      'https://WWW.city.example',
      'null',
      'https://www.city.example:444',
    ])
      for (const method of ['GET', 'OPTIONS']) {
        trials++
        const answer = await world.request('/v1/services/city/library-card', { method, headers: { Origin: from, 'Access-Control-Request-Method': 'GET' } })
        const says = answer.headers.get('access-control-allow-origin')
        if (
          (from === allowed ? says !== allowed : says !== null) ||
          answer.headers.has('access-control-allow-credentials') ||
          !(answer.headers.get('vary') ?? '').includes('Origin')
        )
          named++
      }
    const after = await state()
    // The control: the same request from the server's own page is taken.
    const own = await world.request('/v1/admin/services', {
      method: 'POST',
      headers: { Origin: 'http://127.0.0.1:8080', Cookie: cookie, 'Content-Type': 'application/json' },
      body: JSON.stringify({ definition: { id: 'honest' } }),
    })
    await ours.close()
    await evil.close()
    await world.close()
    return {
      trials,
      figure: `${before === after ? 'nothing' : 'SOMETHING'} changed, ${readable} answers readable, ${named} wrong about origins`,
      good: before === after && readable === 0 && named === 0,
      control: { what: 'the same from our own page is taken', noticed: own.status === 201 },
    }
  },
}
