/**
 * What the main thread does until a form stands there, and when fields are shown and hidden, in processor time:
 * `node bench/runtime/parts.ts F200 guichet,html [NAME=BUILT RUNTIME ...] [--times 9]`, medians in milliseconds, in turn.
 */
import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { launch, openPage } from './browser.ts'
import { bundle, dist, install } from './build.ts'
import { toggleKey, typedKey } from './form-spec.ts'
import { guichetAt, peers as known, type Peer } from './peers.ts'
import { serve } from './serve.ts'
import { median } from './spread.ts'

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { times: { type: 'string', default: '9' }, throttle: { type: 'string', default: '1' } },
})
const [form = 'F200', names = 'guichet,html', ...folders] = positionals
const peers: Record<string, Peer> = {}
for (const name of names.split(',')) {
  const peer = known[name]
  if (!peer) throw new Error(`unknown peer ${name}`)
  peers[name] = peer
}
for (const pair of folders) {
  const [name = '', folder = ''] = pair.split('=')
  peers[name] = guichetAt(resolve(folder), name)
}
install()
await bundle(peers)
const server = await serve(peers)
const browser = await launch()
const counters = ['TaskDuration', 'ScriptDuration', 'V8CompileDuration', 'RecalcStyleDuration', 'LayoutDuration', 'RecalcStyleCount', 'LayoutCount'] as const
const kept = new Map<string, number[]>()
const keep = (what: string, number: number) => kept.set(what, [...(kept.get(what) ?? []), number])
const all = Object.keys(peers)
const warm = new Map<string, string[]>()
for (let run = -1; run < Number(values.times); run++)
  for (let i = 0; i < all.length; i++) {
    const name = all[(i + Math.max(run, 0)) % all.length] as string
    const page = await openPage(browser, server)
    const span = async (what: string, work: () => Promise<unknown>) => {
      const before = await page.metrics()
      await work()
      const after = await page.metrics()
      if (run < 0) return
      for (const counter of counters)
        keep(`${name} ${what} ${counter}`, ((after[counter] ?? 0) - (before[counter] ?? 0)) * (counter.endsWith('Count') ? 1 : 1000))
    }
    await page.collect()
    if (Number(values.throttle) > 1) await page.cdp.send('Emulation.setCPUThrottlingRate', { rate: Number(values.throttle) })
    const css = existsSync(join(dist, name, 'style.css'))
    await span('build', async () => keep(`${name} build total`, (await page.call('mount', name, form, { css, warm: warm.get(name) ?? [] })).total))
    if (run < 0)
      warm.set(
        name,
        [...page.fetched].filter((path) => /\.(js|css)$/.test(path) && !/^\/(page\/|dist\/boot)/.test(path)),
      )
    await page.call('check', 9000)
    await page.call('focus', typedKey)
    await page.press('w')
    await sleep(400)
    for (const value of ['o1', 'o2', 'o1', 'o2']) {
      const what = value === 'o1' ? 'show' : 'hide'
      const at = await page.call('locate', toggleKey, value)
      if (!at) throw new Error('the radio button is not there')
      await sleep(100)
      await span(what, async () => {
        await page.call('armToggle', value === 'o1', 10_000)
        await page.click(at)
        keep(`${name} ${what} total`, (await page.call('armed')).latency)
      })
    }
    await page.close()
  }
await browser.close()
await server.close()
for (const what of ['build', 'show', 'hide'])
  console.table(
    Object.fromEntries(
      all.map((name) => [
        `${what} ${name}`,
        Object.fromEntries(
          ['total', ...counters].map((counter) => [counter.replace('Duration', ''), Number(median(kept.get(`${name} ${what} ${counter}`) ?? []).toFixed(1))]),
        ),
      ]),
    ),
  )
