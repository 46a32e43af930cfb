/**
 * How long the calculation before sending takes, in Chromium: as it is, and with its processor slowed six times (the developer
 * tools' "CPU 6x slowdown", a slow telephone). The slowing holds for the page's own thread; the browser derives keys in other
 * threads, so the time unslowed is given times six as well, as if all of it were slowed. And what the server pays.
 *
 *   npm run bench:proof -- [--effort 10] [--times 20] [--write]     --write puts the table into RESULTS.md
 */
import { spawnSync } from 'node:child_process'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { cpus, loadavg } from 'node:os'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { chromium } from 'playwright-core'
import { build, type Rolldown } from 'vite'
import { isProof, newChallenge } from '../packages/server/src/policy/proof-of-work/proofs.ts'
import { memoryRates } from '../packages/server/src/policy/rate/rates.ts'
import { prove } from '../packages/server/src/testing/prove.ts'
import { chromiumFlags, findChromium } from '../scripts/chromium.ts'
import { writeSection } from './section.ts'

const { values } = parseArgs({
  options: { effort: { type: 'string', default: '10' }, times: { type: 'string', default: '20' }, write: { type: 'boolean', default: false } },
})
/** Milliseconds to stay below on a telephone. */
const wanted = 2000
const load = loadavg()[0] ?? 0
const effort = Number(values.effort)
const times = Number(values.times)
const service = { agency: { id: 'city' }, version: { service: 'card' }, policy: { asks: { proofOfWork: effort } } } as never
const adapters = { keys: { pepper: new Uint8Array(32) }, rates: memoryRates() } as never
const challenges = await Promise.all(Array.from({ length: times }, async () => (await newChallenge(adapters, service, new Date()))?.challenge))

const [{ output }] = (await build({
  root: new URL('../packages/runtime', import.meta.url).pathname,
  configFile: false,
  logLevel: 'silent',
  build: { write: false, lib: { entry: 'src/proof.ts', formats: ['es'] } },
})) as Rolldown.RolldownOutput[] as [Rolldown.RolldownOutput]
const chunks = new Map<string, string>(output.flatMap((part) => (part.type === 'chunk' ? [[`/${part.fileName}`, part.code] as const] : [])))
const entry = `/${output.find((part) => part.type === 'chunk' && part.isEntry)?.fileName}`
const server = createServer((request, response) => {
  const code = chunks.get(request.url ?? '')
  response.writeHead(200, { 'content-type': code ? 'text/javascript' : 'text/html' }).end(code ?? '<!doctype html><title>Proof of work</title>')
})
await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
const browser = await chromium.launch({ executablePath: findChromium(false) as string, args: chromiumFlags })
const page = await browser.newPage()
await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`)
const client = await page.context().newCDPSession(page)

const middle = (list: number[]) => [...list].sort((a, b) => a - b)[Math.floor(list.length / 2)] as number
const run = async (rate: number) => {
  await client.send('Emulation.setCPUThrottlingRate', { rate })
  const taken: number[] = []
  for (const challenge of challenges)
    taken.push(
      await page.evaluate(
        async ([from, given]) => {
          const { solve } = await import(from as string)
          const began = performance.now()
          await solve(given)
          return performance.now() - began
        },
        [entry, challenge] as const,
      ),
    )
  return taken
}
await run(1)
const plain = await run(1)
const slowed = await run(6)
const proofs = await Promise.all(challenges.map(prove))
let began = process.cpuUsage()
for (const proof of proofs) if (!(await isProof(adapters, service, proof, new Date()))) throw new Error('a solution was refused')
const checked = process.cpuUsage(began)
began = process.cpuUsage()
for (let i = 0; i < times; i++) await newChallenge(adapters, service, new Date())
const made = process.cpuUsage(began)
const cost = ({ user, system }: NodeJS.CpuUsage) => ((user + system) / 1000 / times).toFixed(2)
const ms = (number: number) => number.toLocaleString('en', { maximumFractionDigits: 0 })
const row = (what: string, list: number[], factor = 1) => `| ${what} | ${ms(middle(list) * factor)} | ${ms(Math.max(...list) * factor)} |`
const reached = Math.max(...slowed, ...plain.map((each) => each * 6)) <= wanted
const table = `# Proof of work before sending

Made by \`npm run bench:proof\`: ${times} challenges of the effort ${effort}${effort === 10 ? ', which is the default' : ''}, solved in Chromium ${browser.version()} on ${new Date().toISOString().slice(0, 16).replace('T', ' ')}
(${cpus()[0]?.model}, ${cpus().length} cores, load before ${load.toFixed(1)}). To reach on a telephone, which is taken to be six times slower: at most ${ms(wanted)} ms
(${reached ? 'reached' : 'MISSED'}). It is done while the page is filled in; nobody waits for it but who sends within that time.

| ms | middle | most |
| --- | ---: | ---: |
${row('as it is', plain)}
${row('the page’s own thread slowed six times', slowed)}
${row('as if all threads were slowed six times', plain, 6)}

The server pays ${cost(made)} ms of processor to make a challenge, and ${cost(checked)} ms to check a solution.
`
console.log(table)
if (values.write) {
  const results = fileURLToPath(new URL('RESULTS.md', import.meta.url))
  writeSection(results, 'proof-of-work', table)
  spawnSync('biome', ['format', '--write', results], { stdio: ['ignore', 2, 2] })
}
await browser.close()
server.close()
