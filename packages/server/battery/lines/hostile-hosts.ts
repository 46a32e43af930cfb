/** T34: pages that embed a service and are broken, hostile or strict: it works there, or says that it cannot. */
import { createServer } from 'node:http'
import { createHttpServer, usualTimes } from '../../src/http-server.ts'
import { listening } from '../../src/testing/listening.ts'
import { createWorld, definitionOf } from '../../src/testing/world.ts'
import { browserIsThere, openBrowser } from '../browser.ts'
import type { Line } from '../line.ts'

/** What a page does before the service is there. */
const pages: Record<string, { head?: string; policy?: (server: string) => string; body?: string }> = {
  'an ordinary page': {},
  'a strict policy with Trusted Types': {
    policy: (server) =>
      `default-src 'none'; script-src ${server}; connect-src ${server}; style-src ${server}; font-src ${server}; img-src ${server} data:; require-trusted-types-for 'script'; trusted-types lit-html`,
  },
  'names of the document taken by elements': {
    body: '<form name="body"><input name="attributes"><input name="nodeName"></form><img name="cookie"><a id="location"></a><a id="customElements"></a><form id="fetch"></form>',
  },
  'prototypes with more on them': { head: 'Object.prototype.polluted = 1; Object.prototype.when = { var: "x" }; Array.prototype.extra = function () {};' },
  'fetch replaced by one that fails': { head: 'globalThis.fetch = () => Promise.reject(new TypeError("no"));' },
  'fetch replaced by one that lies': { head: 'globalThis.fetch = async () => new Response("<html>", { status: 200 });' },
  'JSON replaced': { head: 'JSON.parse = () => ({});' },
  'styles that hide and overlay': {
    head: '',
    body: '<style>* { all: unset !important; display: none !important } guichet-service { display: block !important }</style>',
  },
  'storage that throws': {
    head: 'Object.defineProperty(globalThis, "localStorage", { get() { throw new Error("no") } }); Object.defineProperty(globalThis, "sessionStorage", { get() { throw new Error("no") } });',
  },
}

export const hostileHosts: Line = {
  attack: 'T34',
  name: 'hostile-hosts',
  what: 'host pages with clobbered names, changed prototypes, replaced functions, hostile styles and the strictest policy, in Chromium',
  reach: 'the service asks its questions or says that it cannot; it is never blank and never believes what is not its own',
  possible: browserIsThere,
  async run() {
    let policy = ''
    let html = ''
    const host = await listening(
      createServer((_, response) =>
        response.writeHead(200, { 'Content-Type': 'text/html', ...(policy ? { 'Content-Security-Policy': policy } : {}) }).end(html),
      ),
    )
    const hostOrigin = `http://127.0.0.1:${host.port}`
    const world = await createWorld()
    await world.offer(definitionOf(), { rules: { origins: { allow: [hostOrigin] }, encryption: { mode: 'none' } } })
    const ours = await listening(createHttpServer(world.app.fetch as never, usualTimes(30_000)))
    const server = `http://127.0.0.1:${ours.port}`
    const browser = await openBrowser()
    const outcomes: string[] = []
    let blank = ''
    let strange = 0
    const look = async (name: string, embedded: boolean) => {
      const page = await (await browser.newContext()).newPage()
      await page.goto(hostOrigin)
      // By a locator: the strictest policy lets no function be made of a text, in a test neither.
      const seen = await page
        .locator('guichet-service :is(input, textarea, select, button)')
        .first()
        .waitFor({ state: 'attached', timeout: embedded ? 15_000 : 1500 })
        .then(
          () => 'asks',
          async () => (String(await page.evaluate("document.querySelector('guichet-service')?.shadowRoot?.textContent ?? ''")).trim() ? 'says' : 'blank'),
        )
      outcomes.push(`${name}: ${seen}`)
      if (await page.evaluate("typeof document.cookie === 'string' && document.cookie !== ''")) strange++
      await page.context().close()
      return seen
    }
    try {
      for (const [name, { head = '', policy: policyOf, body = '' }] of Object.entries(pages)) {
        policy = policyOf?.(server) ?? ''
        html = `<!doctype html><html lang="en"><head>${head ? `<script>${head}</script>` : ''}</head><body>${body}<script type="module" src="${server}/embed.js" data-service="city/library-card"></script></body></html>`
        if ((await look(name, true)) === 'blank') blank += ` (${name})`
      }
      // The control: where nothing is embedded the look finds nothing.
      policy = ''
      html = '<!doctype html><guichet-service></guichet-service>'
      const nothing = await look('nothing embedded', false)
      outcomes.pop()
      return {
        trials: Object.keys(pages).length,
        figure: `${outcomes.filter((one) => one.endsWith('asks')).length} ask or offer to try again, ${outcomes.filter((one) => one.endsWith('says')).length} say that they cannot, blank: ${blank || 'none'}, cookies set: ${strange}`,
        good: blank === '' && strange === 0 && (outcomes[0]?.endsWith('asks') ?? false) && (outcomes[1]?.endsWith('asks') ?? false),
        control: { what: 'a page without the script stays blank', noticed: nothing === 'blank' },
      }
    } finally {
      await browser.close()
      await host.close()
      await ours.close()
      await world.close()
    }
  },
}
