/**
 * `npm run bench:builder`: the editor with a form of 500 fields next to the Form.io builder and the form-js editor, in turn in
 * one Chromium. Prints the tables; `--write` puts them into bench/RESULTS.md.
 *
 *   --rounds 3   --throttle 1,4   --builders guichet,pages,formio,form-js   --minutes 11   --note TEXT   --no-commands
 */
import { spawnSync } from 'node:child_process'
import { cpus, loadavg, release, totalmem } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { type Browser, chromium } from 'playwright-core'
import { chromiumFlags, findChromium } from '../../scripts/chromium.ts'
import { author } from '../../tests/builder-steps.ts'
import { startTestServer } from '../../tests/harness.ts'
import { installedVersion, installPeers } from '../peers-installed.ts'
import { makeForm } from '../runtime/form-spec.ts'
import { writeSection } from '../section.ts'
import { inPages, onOnePage } from './forms.ts'
import { type Builder, measure, type Sample } from './measure.ts'
import { here, type RivalName, rivals, scriptOf, serveRivals } from './pages.ts'
import { tablesOf } from './report.ts'

const { values: given } = parseArgs({
  allowNegative: true,
  options: {
    rounds: { type: 'string', default: '3' },
    throttle: { type: 'string', default: '1,4' },
    builders: { type: 'string', default: 'guichet,pages,formio,form-js' },
    minutes: { type: 'string', default: '11' },
    note: { type: 'string', default: '' },
    commands: { type: 'boolean', default: true },
    write: { type: 'boolean', default: false },
  },
})
const throttles = given.throttle.split(',').map(Number)
const form = makeForm(500)

/** Chromium shares memory among its processes in /dev/shm, of which containers have little: it dies of that without a word. */
const launch = () => chromium.launch({ executablePath: findChromium(false) ?? '', args: [...chromiumFlags, '--disable-dev-shm-usage'] })
const screen = { viewport: { width: 1400, height: 900 }, locale: 'en-GB' }
/** How often a Chromium that went away is replaced before nothing is told at all. */
const patience = 3

installPeers(here)
const began = performance.now()
const minutesSince = (moment: number) => (performance.now() - moment) / 60_000
let [browser, { server, stop }, pages] = await Promise.all([launch(), startTestServer(), serveRivals(form)])
const load = [loadavg()[0] ?? 0]
const samples: Sample[] = []
let rounds = 0
let lost = 0
try {
  const probe = await scriptOf('peers/probe.ts')
  const ada = await author(browser, server)
  for (const definition of [onOnePage(form), inPages(form)]) await ada.put(definition)
  const storageState = await ada.page.context().storageState()
  await ada.close()
  const script = await scriptOf('peers/guichet.ts')
  const known: (Omit<Builder, 'context'> & { isSlow?: boolean })[] = [
    { name: 'guichet', title: 'Guichet, one page of 500', script, url: `${server.url}/builder/#/services/whole`, last: 'f500' },
    { name: 'pages', title: 'Guichet, 20 pages of 25', script, url: `${server.url}/builder/#/services/pages`, last: 'f25' },
    ...Object.entries(rivals).map(([name, { title }]) => ({
      name,
      title,
      script: '',
      url: `${pages.origin}/${name}/`,
      last: 'f500',
      isSlow: name === 'formio',
    })),
  ]
  const contextsIn = async (one: Browser) =>
    new Map(await Promise.all(known.map(async ({ name, script }) => [name, await one.newContext({ ...screen, ...(script ? { storageState } : {}) })] as const)))
  let contexts = await contextsIn(browser)
  const measured = async (builder: (typeof known)[number], throttle: number): Promise<Sample> => {
    const sample = await measure({ ...builder, context: contexts.get(builder.name) as Builder['context'] }, probe, form, throttle)
    if (browser.isConnected()) return sample
    if (++lost > patience) throw new Error('Chromium went away again and again: nothing is told of half a run')
    process.stderr.write(`Chromium has gone during ${builder.title}; its measurement is made again in another\n`)
    browser = await launch()
    contexts = await contextsIn(browser)
    // Fills the caches of the new one.
    await measured(builder, 1)
    return measured(builder, throttle)
  }
  const wanted = known.filter(({ name }) => given.builders.split(',').includes(name))
  let longest = 0
  // The first round fills caches and does not count. The one that takes minutes is measured in one round alone.
  for (let round = -1; round < Number(given.rounds); round++) {
    if (round > 0 && minutesSince(began) + longest > Number(given.minutes)) break
    const start = performance.now()
    for (const throttle of round < 0 ? [1] : throttles) {
      for (const builder of wanted) {
        if (builder.isSlow && round !== 0) continue
        const sample = await measured(builder, throttle)
        process.stderr.write(
          `x${throttle} ${round < 0 ? 'warm-up' : `round ${round + 1}`} ${builder.title}: ${JSON.stringify(sample.numbers)} ${sample.fault ?? ''}\n`,
        )
        if (round >= 0) samples.push(sample)
      }
    }
    if (round >= 0) rounds++
    if (round !== 0) longest = Math.max(longest, minutesSince(start) * (round < 0 ? 2 * throttles.length : 1))
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
  lost,
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
