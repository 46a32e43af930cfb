/** T33: scripts in every text that an author may write, in a real browser, with the policy of contents switched off and on. */
import type { ServiceDefinition } from '@guichet/schemas'
import type { Browser } from 'playwright-core'
import { createHttpServer, usualTimes } from '../../src/http-server.ts'
import { listening } from '../../src/testing/listening.ts'
import { createWorld, definitionOf, plainPolicy } from '../../src/testing/world.ts'
import { browserIsThere, openBrowser } from '../browser.ts'
import { canary, payloads, payloadsFrom, shapes } from '../hostile-texts.ts'
import type { Line } from '../line.ts'

/** A service all of whose texts are payloads. */
function hostile(at: number): ServiceDefinition {
  const next = payloadsFrom(at)
  const both = () => {
    const payload = next()
    return { en: payload, el: payload }
  }
  return definitionOf((definition) => {
    const loose = definition as unknown as Record<string, unknown> & { pages: { title: object; intro?: object; fields: object[] }[]; agency: { name: object } }
    Object.assign(loose, { id: 'hostile', title: both(), summary: both() })
    loose.agency = { ...loose.agency, name: both() }
    const page = loose.pages[0]!
    page.title = both()
    page.intro = both()
    page.fields.push(
      { id: 'x1', type: 'text', label: both(), hint: both(), optional: true },
      { id: 'x2', type: 'radio', label: both(), hint: both(), optional: true, options: ['a', 'b'].map((value) => ({ value, label: both(), hint: both() })) },
      { id: 'x3', type: 'content', body: both() },
      { id: 'x4', type: 'select', label: both(), optional: true, options: ['a', 'b'].map((value) => ({ value, label: both() })) },
      { id: 'x5', type: 'checkboxes', label: both(), optional: true, options: ['a', 'b'].map((value) => ({ value, label: both() })) },
    )
  })
}

interface Seen {
  dialogs: number
  struck: number
  outside: Set<string>
  violations: number
  shown: number
}

async function visit(browser: Browser, origin: string, paths: readonly string[], bypassCSP: boolean, seen: Seen): Promise<void> {
  const context = await browser.newContext({ bypassCSP })
  const page = await context.newPage()
  page.on('dialog', (dialog) => {
    seen.dialogs++
    void dialog.dismiss()
  })
  page.on('request', (request) => {
    const url = new URL(request.url())
    if (url.origin !== origin && !['data:', 'blob:', 'about:'].includes(url.protocol)) seen.outside.add(url.host)
  })
  page.on('console', (message) => {
    if (/Content Security Policy/i.test(message.text())) seen.violations++
  })
  await page.route(`**/*${canary}/**`, (route) => route.abort())
  for (const path of paths) {
    await page.goto(origin + path, { waitUntil: 'load' })
    // What is framed or is the service itself is there once it has a heading.
    if (path !== '/') await page.locator('guichet-service h1, guichet-service h2, guichet-service fieldset').first().waitFor({ timeout: 20_000 })
    seen.shown += Number(
      await page.evaluate(
        "(document.body.innerText.match(/struck|canary/g) ?? []).length + [...document.querySelectorAll('guichet-service')].reduce((n, e) => n + ((e.shadowRoot?.textContent ?? '').match(/struck|canary/g) ?? []).length, 0)",
      ),
    )
    if (await page.evaluate('globalThis.struck === 1')) seen.struck++
  }
  await context.close()
}

export const storedScripts: Line = {
  attack: 'T33',
  name: 'stored-scripts',
  what: 'scripts, markup and templates in titles, labels, hints, choices, contents and names of agencies, in Chromium',
  reach: 'none runs and none calls out with the policy of contents off; no violation in normal use with it on',
  possible: browserIsThere,
  async run({ count }) {
    const world = await createWorld()
    const ours = await listening(createHttpServer(world.app.fetch as never, usualTimes(30_000)))
    const origin = `http://127.0.0.1:${ours.port}`
    const browser = await openBrowser()
    const seen: Seen = { dialogs: 0, struck: 0, outside: new Set(), violations: 0, shown: 0 }
    const normal: Seen = { dialogs: 0, struck: 0, outside: new Set(), violations: 0, shown: 0 }
    const each = 22
    const rounds = count({ quick: 1, usual: Math.ceil(payloads.length / each), full: Math.ceil(payloads.length / each) })
    try {
      await world.offer(definitionOf(), plainPolicy)
      await visit(browser, origin, ['/', '/s/city/library-card', '/frame/city/library-card'], false, normal)
      for (let round = 0; round < rounds; round++) {
        await world.offer(hostile(round * each), plainPolicy)
        for (const off of [true, false]) await visit(browser, origin, ['/', '/s/city/hostile', '/frame/city/hostile'], off, seen)
      }
      // The control: the same text put into a page as markup.
      const page = await (await browser.newContext()).newPage()
      let struck = 0
      page.on('dialog', (dialog) => {
        struck++
        void dialog.dismiss()
      })
      await page.setContent(`<p>${shapes[0]}${shapes[1]}</p>`, { waitUntil: 'load' })
      await page.waitForFunction('globalThis.struck === 1')
      return {
        trials: rounds * each * 6,
        figure: `${seen.dialogs} dialogs, ${seen.struck} scripts run, ${seen.outside.size} calls out${seen.outside.size > 0 ? ` (${[...seen.outside].join()})` : ''}, ${seen.shown} payloads shown as text, ${normal.violations} violations in normal use`,
        good: seen.dialogs === 0 && seen.struck === 0 && seen.outside.size === 0 && seen.shown > rounds && normal.violations === 0,
        control: { what: 'the same put into a page as markup runs', noticed: struck > 0 },
      }
    } finally {
      await browser.close()
      await ours.close()
      await world.close()
    }
  },
}
