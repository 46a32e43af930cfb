/**
 * Where a peer's time goes: `node bench/runtime/profile.ts PEER FORM [RUNTIME FOLDER]` prints the functions in which the
 * main thread spends most while the form is built, or with `--toggle` while fields are shown and hidden; with `--inclusive`,
 * what these call counts as theirs. A runtime that
 * was built without minifying names them.
 */

import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { launch, openPage } from './browser.ts'
import { bundle, dist, install } from './build.ts'
import { toggleKey } from './form-spec.ts'
import { guichetAt, peers } from './peers.ts'
import { serve } from './serve.ts'

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { toggle: { type: 'boolean', default: false }, inclusive: { type: 'boolean', default: false }, times: { type: 'string', default: '5' } },
})
const [name = 'guichet', form = 'F200', folder] = positionals
const peer = folder ? guichetAt(resolve(folder)) : peers[name]
if (!peer) throw new Error(`unknown peer ${name}`)

install()
await bundle({ [name]: peer })
const server = await serve({ [name]: peer })
const browser = await launch()
const spent = new Map<string, number>()
const count = Number(values.times)
for (let run = 0; run < count; run++) {
  const page = await openPage(browser, server)
  await page.cdp.send('Profiler.enable')
  await page.cdp.send('Profiler.setSamplingInterval', { interval: 100 })
  const mount = () => page.call('mount', name, form, { css: existsSync(join(dist, name, 'style.css')), warm: [] })
  if (values.toggle) await mount()
  await page.cdp.send('Profiler.start')
  if (!values.toggle) await mount()
  else
    for (const value of ['o1', 'o2', 'o1', 'o2']) {
      const at = await page.call('locate', toggleKey, value)
      if (!at) throw new Error('the radio button is not there')
      await page.call('armToggle', value === 'o1', 10_000)
      await page.click(at)
      await page.call('armed')
    }
  const { profile } = await page.cdp.send('Profiler.stop')
  const nodes = new Map(profile.nodes.map((node) => [node.id, node]))
  const callers = new Map(profile.nodes.flatMap(({ id, children }) => (children ?? []).map((child) => [child, id])))
  profile.samples?.forEach((sample, i) => {
    const counted = new Set<string>()
    for (let id: number | undefined = sample; id !== undefined; id = values.inclusive ? callers.get(id) : undefined) {
      const frame = nodes.get(id)?.callFrame
      if (frame) counted.add(`${frame.functionName || '(anonymous)'} ${frame.url.split('/').pop() ?? ''}:${frame.lineNumber + 1}`)
    }
    for (const where of counted) spent.set(where, (spent.get(where) ?? 0) + (profile.timeDeltas?.[i] ?? 0) / 1000 / count)
  })
  await page.close()
}
await browser.close()
await server.close()
for (const [where, time] of [...spent].sort((a, b) => b[1] - a[1]).slice(0, 45)) console.log(`${time.toFixed(2).padStart(9)} ms  ${where}`)
