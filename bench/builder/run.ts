/**
 * `npm run bench:builder`: the editor with a form of 500 fields next to the Form.io builder and the form-js editor, in turn in
 * one Chromium. Prints the tables; `--write` puts them into bench/RESULTS.md.
 *
 *   --rounds 3   --throttle 1,4   --builders guichet,pages,formio,form-js   --note TEXT   --no-commands
 */
import { spawnSync } from 'node:child_process'
import { cpus, loadavg, release, totalmem } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import type { Browser } from 'playwright-core'
import { author } from '../../tests/builder-steps.ts'
import { launch, startTestServer } from '../../tests/harness.ts'
import { installedVersion, installPeers } from '../peers-installed.ts'
import { definitionOf } from '../runtime/definitions/guichet.ts'
import { makeForm } from '../runtime/form-spec.ts'
import { writeSection } from '../section.ts'
import { type Builder, measure, type Sample } from './measure.ts'
import { here, type RivalName, rivals, scriptOf, serveRivals } from './pages.ts'
import { tablesOf } from './report.ts'

const { values: given } = parseArgs({
  allowNegative: true,
  options: {
    rounds: { type: 'string', default: '3' },
    throttle: { type: 'string', default: '1,4' },
    builders: { type: 'string', default: 'guichet,pages,formio,form-js' },
    note: { type: 'string', default: '' },
    commands: { type: 'boolean', default: true },
    write: { type: 'boolean', default: false },
  },
})
const rounds = Number(given.rounds)
const throttles = given.throttle.split(',').map(Number)
const form = makeForm(500)

/** Our editor with the form on one page, as the rivals have it, or on pages of 25, as people would be asked it. */
async function ours(browser: Browser, url: string, server: Awaited<ReturnType<typeof startTestServer>>['server']): Promise<Builder[]> {
  const whole = definitionOf(form)
  const [page] = whole.pages
  const pages = Array.from({ length: form.fields.length / 25 }, (_, i) => ({ ...page, id: `page_${i + 1}`, fields: page.fields.slice(i * 25, (i + 1) * 25) }))
  const ada = await author(browser, server)
  await ada.put({ ...whole, id: 'whole' })
  await ada.put({ ...whole, id: 'pages', pages: pages as unknown as typeof whole.pages })
  const context = ada.page.context()
  await ada.page.close()
  const script = await scriptOf('peers/guichet.ts')
  return [
    { name: 'guichet', title: 'Guichet, one page of 500', context, script, url: `${url}/builder/#/services/whole`, last: 'f500' },
    { name: 'pages', title: 'Guichet, 20 pages of 25', context, script, url: `${url}/builder/#/services/pages`, last: 'f25' },
  ]
}

installPeers(here)
const [browser, { server, stop }, pages] = await Promise.all([launch(), startTestServer(), serveRivals(form)])
const load = [loadavg()[0] ?? 0]
const samples: Sample[] = []
try {
  const probe = await scriptOf('peers/probe.ts')
  const builders = await ours(browser, server.url, server)
  for (const [name, { title }] of Object.entries(rivals)) {
    const context = await browser.newContext({ viewport: { width: 1400, height: 900 } })
    builders.push({ name, title, context, script: '', url: `${pages.origin}/${name}/`, last: 'f500' })
  }
  const wanted = builders.filter(({ name }) => given.builders.split(',').includes(name))
  // The first round fills caches and does not count.
  for (let round = -1; round < rounds; round++) {
    for (const throttle of round < 0 ? [1] : throttles) {
      for (const builder of wanted) {
        if (!browser.isConnected()) throw new Error('Chromium has gone: nothing is told of half a run')
        const sample = await measure(builder, probe, form, throttle)
        process.stderr.write(
          `x${throttle} ${round < 0 ? 'warm-up' : `round ${round + 1}`} ${builder.title}: ${JSON.stringify(sample.numbers)} ${sample.fault ?? ''}\n`,
        )
        if (round >= 0) samples.push(sample)
      }
    }
  }
} finally {
  await browser.close()
  await stop()
  await pages.close()
}
load.push(loadavg()[0] ?? 0)

const commands = given.commands ? spawnSync(process.execPath, ['--expose-gc', join(here, 'commands.ts')], { encoding: 'utf8' }) : null
const tables = tablesOf(samples, {
  when: new Date().toISOString().slice(0, 16).replace('T', ' '),
  machine: `${cpus()[0]?.model ?? 'unknown processor'}, ${cpus().length} cores, ${Math.round(totalmem() / 2 ** 30)} GB, Linux ${release()}`,
  chromium: browser.version(),
  versions: Object.keys(rivals).map((name) => {
    const { package: one } = rivals[name as RivalName]
    return `${one} ${installedVersion(here, one)}`
  }),
  load: load.map((one) => one.toFixed(1)),
  rounds,
  note: given.note,
  commands: commands?.stdout ?? null,
})
console.log(tables)
if (commands && commands.status !== 0) {
  console.error(commands.stderr)
  process.exitCode = 1
}
if (given.write) {
  const file = join(here, '../RESULTS.md')
  writeSection(file, 'builder', tables)
  spawnSync('biome', ['format', '--write', file], { stdio: ['ignore', 2, 2] })
}
