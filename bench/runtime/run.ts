/**
 * `npm run bench:runtime`: the same forms by Guichet, its peers and the floors, in turn in one Chromium. A run over all
 * peers is written to bench/RESULTS.md; a run over some is printed.
 *
 *   --forms F10,F50,F200,F1000   --peers guichet,html,...   --runs 5   --throttle 1,4   --skip checks,leaks
 *   --rival-runs 1               so many samples of the slow ones, instead of as many as of ours and the floors
 *   --runtime FOLDER             a built runtime of ours other than packages/runtime/dist
 *   --also NAME=FOLDER           another built runtime of ours, measured in turn with the rest (before and after)
 *   --note TEXT                  what else the machine was doing
 */
import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { cpus, loadavg, release, totalmem } from 'node:os'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { brotliCompressSync, constants } from 'node:zlib'
import { writeSection } from '../section.ts'
import { launch } from './browser.ts'
import { bundle, dist, here, install, versionOf } from './build.ts'
import { behaviour, leftBehind } from './checks.ts'
import { sizes } from './form-spec.ts'
import { measure, metrics, type Sample } from './measure.ts'
import { guichetAt, peers as known, type Peer, rivals } from './peers.ts'
import { type Results, tablesOf } from './report.ts'
import { serve } from './serve.ts'
import { spreadOf } from './spread.ts'

const { values: given } = parseArgs({
  options: {
    forms: { type: 'string', default: Object.keys(sizes).join(',') },
    peers: { type: 'string', default: Object.keys(known).join(',') },
    runs: { type: 'string', default: '5' },
    'rival-runs': { type: 'string' },
    throttle: { type: 'string', default: '1,4' },
    skip: { type: 'string', default: '' },
    runtime: { type: 'string' },
    also: { type: 'string', multiple: true, default: [] },
    note: { type: 'string', default: '' },
  },
})
const forms = given.forms.split(',').filter((form) => form in sizes)
const runs = Number(given.runs)
const rivalRuns = Number(given['rival-runs'] ?? given.runs)
const throttles = given.throttle.split(',').map(Number)
const skip = new Set(given.skip.split(','))

const peers: Record<string, Peer> = {}
for (const name of given.peers.split(',')) {
  const peer = known[name]
  if (!peer) throw new Error(`unknown peer ${name}; there are ${Object.keys(known).join(', ')}`)
  peers[name] = name === 'guichet' && given.runtime ? guichetAt(resolve(given.runtime)) : peer
}
for (const pair of given.also) {
  const [name = '', folder = ''] = pair.split('=')
  // The server takes the folder from ours.
  peers[name] = guichetAt(resolve(folder), name)
}
const names = Object.keys(peers)
for (const { runtime } of Object.values(peers)) {
  if (runtime && !existsSync(resolve(here, runtime, 'embed.js'))) throw new Error(`${runtime} has no built runtime: run "npm run build" first`)
}

const brotli = (body: Buffer) => brotliCompressSync(body, { params: { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_LGWIN]: 24 } }).length
const hasCss = (name: string) => existsSync(join(dist, name, 'style.css'))
const told = (line: string) => process.stderr.write(`${line}\n`)

install()
await bundle(peers)
const server = await serve(peers)
const browser = await launch()
const file = join(here, 'results.json')
const complete = names.length === Object.keys(known).length && names.every((name) => name in known)
const results: Results =
  complete && existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : { titles: {}, versions: {}, forms: {}, weights: {}, policies: {}, left: {} }
results.titles = Object.fromEntries(names.map((name) => [name, (peers[name] as Peer).title]))
results.versions = Object.fromEntries(names.flatMap((name) => (peers[name] as Peer).packages.map((one) => [one, versionOf(one)])))
const circumstances = () => ({
  when: new Date().toISOString().slice(0, 16).replace('T', ' '),
  machine: `${cpus()[0]?.model ?? 'unknown processor'}, ${cpus().length} cores, ${Math.round(totalmem() / 2 ** 30)} GB, Linux ${release()}`,
  chromium: browser.version(),
  node: process.version,
  load: Math.round((loadavg()[0] ?? 0) * 10) / 10,
  note: given.note,
})

for (const form of forms) {
  const before = circumstances()
  const samples: Sample[] = []
  /** What each peer fetches, learnt in a run that does not count. */
  const warm = new Map<string, string[]>()
  for (let run = -1; run < runs; run++) {
    for (const throttle of run < 0 ? [1] : throttles) {
      for (let i = 0; i < names.length; i++) {
        // Who goes first changes from run to run.
        const peer = names[(i + Math.max(run, 0)) % names.length] as string
        if (run >= rivalRuns && rivals.includes(peer)) continue
        const interact = run >= 0 && throttle === 1 && ['F200', 'F1000'].includes(form)
        const sample = await measure(browser, server, { form, peer, throttle, css: hasCss(peer), warm: warm.get(peer) ?? [], interact })
        told(
          `${form} x${throttle} ${run < 0 ? 'warm-up' : `run ${run + 1}`} ${peer}: ${sample.numbers.total?.toFixed(0) ?? '-'} ms ${sample.faults.join('; ')}`,
        )
        if (run < 0) warm.set(peer, sample.files)
        else samples.push(sample)
      }
    }
  }
  const cells: Results['forms'][string]['cells'] = {}
  for (const peer of names) {
    cells[peer] = {}
    for (const throttle of throttles) {
      const mine = samples.filter((sample) => sample.peer === peer && sample.throttle === throttle)
      const spreads = metrics.flatMap((metric) => {
        const spread = spreadOf(mine.map(({ numbers }) => numbers[metric] ?? Number.NaN))
        return spread ? [[metric, spread] as const] : []
      })
      cells[peer][`x${throttle}`] = { numbers: Object.fromEntries(spreads), faults: [...new Set(mine.flatMap(({ faults }) => faults))] }
    }
    const files = warm.get(peer) ?? []
    const definition = JSON.stringify(JSON.parse(server.read(`/dist/${peer}/${form}.json`).toString('utf8')).definition)
    const bodies = files.map((path) => server.read(path))
    results.weights[`${peer} ${form}`] = {
      raw: bodies.reduce((sum, body) => sum + body.length, 0),
      brotli: bodies.reduce((sum, body) => sum + brotli(body), 0),
      definition: brotli(Buffer.from(definition)),
    }
  }
  results.forms[form] = { ...before, loadAfter: circumstances().load, runs: rivalRuns === runs ? String(runs) : `${runs}; of rivals ${rivalRuns}`, cells }
}

if (!skip.has('checks'))
  for (const peer of names) {
    results.policies[peer] = {
      strict: await behaviour(browser, server, peer, hasCss(peer), 'strict'),
      trustedTypes: await behaviour(browser, server, peer, hasCss(peer), 'trusted-types'),
    }
    told(`policies ${peer}: ${JSON.stringify(results.policies[peer])}`)
  }
if (!skip.has('leaks'))
  for (const peer of names) {
    results.left[peer] = await leftBehind(browser, server, peer).catch((error: Error) => ({ fault: error.message.split('\n')[0] as string }))
    told(`left behind ${peer}: ${JSON.stringify(results.left[peer])}`)
  }
await browser.close()
await server.close()

const tables = tablesOf(results)
console.log(tables)
if (complete) {
  writeFileSync(file, `${JSON.stringify(results, null, 1)}\n`)
  const tablesFile = join(here, '../RESULTS.md')
  writeSection(tablesFile, 'runtime', tables)
  spawnSync('biome', ['format', '--write', file, tablesFile], { stdio: ['ignore', 2, 2] })
}
