/** axe on a page whose policy lets no script in: it runs in an isolated world. */
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { CDPSession, Page } from 'playwright-core'

const source = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

/** One a page: as long as the document stays, so does the world that axe was put into, which takes longer than most of its runs. */
const sessions = new WeakMap<Page, Promise<CDPSession>>()

/** What axe found on the page, one line a rule. `plain`: the page has no element of ours to be looked into. */
export async function axe(page: Page, { plain = false } = {}): Promise<string[]> {
  const session = sessions.get(page) ?? page.context().newCDPSession(page)
  sessions.set(page, session)
  const client = await session
  const { frameTree } = await client.send('Page.getFrameTree')
  const { executionContextId } = await client.send('Page.createIsolatedWorld', { frameId: frameTree.frame.id, worldName: 'axe' })
  const run = (expression: string) => client.send('Runtime.evaluate', { expression, contextId: executionContextId, awaitPromise: true, returnByValue: true })
  if ((await run('typeof axe')).result.value === 'undefined') await run(source)
  const { result, exceptionDetails } = await run(
    `axe.run(document).then(({ violations, passes }) => ({
      found: violations.map((v) => v.id + ': ' + v.nodes.map((n) => n.target.flat().join(' ')).join(', ')),
      inside: passes.filter((rule) => rule.nodes.some((node) => ${plain} || Array.isArray(node.target[0]))).length,
    }))`,
  )
  if (exceptionDetails) throw new Error(exceptionDetails.text)
  const { found, inside } = result.value as { found: string[]; inside: number }
  // Nothing found means something only if axe has been inside an element of ours.
  if (inside <= 3) throw new Error(`axe looked at ${inside} rules inside the element`)
  return found
}
