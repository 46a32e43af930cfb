/** T30: files that carry a script, had one got in, opened by an officer's browser at the address where they are handed out. */
import { createServer } from 'node:http'
import { newAttachmentId } from '../../src/codes.ts'
import { createHttpServer, usualTimes } from '../../src/http-server.ts'
import { openBox } from '../../src/keys/seal-box.ts'
import { signedIn } from '../../src/testing/every-route.ts'
import { listening } from '../../src/testing/listening.ts'
import { answersOf, createWorld, definitionOf, plainPolicy } from '../../src/testing/world.ts'
import { browserIsThere, openBrowser } from '../browser.ts'
import type { Line } from '../line.ts'

export const scriptedFiles: Line = {
  attack: 'T30',
  name: 'scripted-files',
  what: 'pages, drawings and XML with scripts and outside entities, stored past all checks, opened in Chromium under the types that they would like',
  reach: 'no script runs, nothing calls out: each is saved and none is shown',
  possible: browserIsThere,
  async run() {
    let called = 0
    const canary = await listening(
      createServer((_, response) => {
        called++
        response.end()
      }),
    )
    const out = `http://127.0.0.1:${canary.port}`
    const script = `<script>new Image().src='${out}/a';globalThis.struck=1;alert(1)</script>`
    const contents: [type: string, content: string][] = [
      ['text/html', `<!doctype html>${script}<img src="${out}/b">`],
      ['application/xhtml+xml', `<html xmlns="http://www.w3.org/1999/xhtml"><head>${script}</head></html>`],
      ['image/svg+xml', `<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)">${script}<image href="${out}/c"/></svg>`],
      ['text/xml', `<?xml version="1.0"?><!DOCTYPE x [<!ENTITY e SYSTEM "${out}/d">]><x>&e;</x>`],
      ['text/xml', `<?xml version="1.0"?><?xml-stylesheet type="text/xsl" href="${out}/e"?><x/>`],
      ['text/plain', `<html>${script}`],
      ['application/pdf', `<html>${script}`],
      ['image/png', `<html>${script}`],
      ['application/octet-stream', `<html>${script}`],
      ['', `<html>${script}`],
      ['multipart/related', `<html>${script}`],
      ['text/css', `@import '${out}/f';`],
      ['application/javascript', `fetch('${out}/g')`],
    ]
    const world = await createWorld()
    await world.offer(definitionOf(), plainPolicy)
    const cookie = await signedIn(world)
    const ours = await listening(createHttpServer(world.app.fetch as never, usualTimes(30_000)))
    const agency = world.adapters.store.agency((await world.adapters.store.findAgency('city'))!)
    const { submission } = await (await world.send(answersOf())).json()
    const at = new Date('2026-01-05T08:00:00Z').toISOString()
    const addresses: string[] = []
    for (const [type, content] of contents) {
      const id = newAttachmentId()
      const bytes = new Uint8Array(Buffer.from(content))
      const { size, digest } = await world.adapters.files.put(agency.id, id, new Blob([bytes]).stream() as never, 100_000, openBox)
      const row = {
        id,
        service: 'library-card',
        target: 'student_id',
        name: new TextEncoder().encode('a.html'),
        type,
        size,
        digest,
        sealing: null,
        receivedAt: at,
        submission,
      }
      await agency.addAttachment(row, { actor: 'citizen', at })
      addresses.push(`/v1/admin/cases/${submission}/attachments/${id}`)
    }
    const browser = await openBrowser()
    let dialogs = 0
    let shown = 0
    let saved = 0
    try {
      const context = await browser.newContext({ extraHTTPHeaders: { Cookie: cookie } })
      const page = await context.newPage()
      page.on('dialog', (dialog) => {
        dialogs++
        void dialog.dismiss()
      })
      for (const address of addresses) {
        const download = page.waitForEvent('download', { timeout: 10_000 }).then(
          () => true,
          () => false,
        )
        // A navigation that becomes a download ends with an error.
        const answer = await page.goto(`http://127.0.0.1:${ours.port}${address}`).catch(() => null)
        if (answer !== null) shown++
        if (await download) saved++
      }
      const before = [called, dialogs]
      // The control: the same content as a page.
      await page.setContent(contents[0]![1], { waitUntil: 'load' })
      await page.waitForFunction('globalThis.struck === 1')
      return {
        trials: contents.length,
        figure: `${before[1]} scripts run, ${before[0]} calls out, ${shown} shown, ${saved} of ${contents.length} saved`,
        good: before[0] === 0 && before[1] === 0 && shown === 0 && saved === contents.length,
        control: { what: 'the same as a page runs and calls out', noticed: dialogs > 0 },
      }
    } finally {
      await browser.close()
      await ours.close()
      await canary.close()
      await world.close()
    }
  },
}
