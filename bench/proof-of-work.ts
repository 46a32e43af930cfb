/**
 * How long the calculation before sending takes, in Chromium: as it is, and with its processor slowed six times (the developer
 * tools' "CPU 6x slowdown", a slow telephone). The slowing holds for the page's own thread; the browser derives keys in other
 * threads, so the time unslowed is given times six as well, as if all of it were slowed. And what the server pays.
 *
 *   node bench/proof-of-work.ts [--effort 10] [--times 20]
 */
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { parseArgs } from 'node:util'
import { chromium } from 'playwright-core'
import { build, type Rolldown } from 'vite'
import { isProof, newChallenge } from '../packages/server/src/policy/proof-of-work/proofs.ts'
import { memoryRates } from '../packages/server/src/policy/rate/rates.ts'
import { prove } from '../packages/server/src/testing/prove.ts'
import { chromiumFlags, findChromium } from '../scripts/chromium.ts'

const { values } = parseArgs({ options: { effort: { type: 'string', default: '10' }, times: { type: 'string', default: '20' } } })
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
const line = (what: string, list: number[], factor = 1) =>
  console.log(`${what.padEnd(40)} middle ${Math.round(middle(list) * factor)} ms, most ${Math.round(Math.max(...list) * factor)} ms`)
console.log(`Effort ${effort}, ${times} challenges`)
line('in the browser', plain)
line('with its processor slowed 6 times', slowed)
line('as if all threads were slowed 6 times', plain, 6)

const proofs = await Promise.all(challenges.map(prove))
let began = process.cpuUsage()
for (const proof of proofs) if (!(await isProof(adapters, service, proof, new Date()))) throw new Error('a solution was refused')
const checked = process.cpuUsage(began)
began = process.cpuUsage()
for (let i = 0; i < times; i++) await newChallenge(adapters, service, new Date())
const made = process.cpuUsage(began)
const cost = ({ user, system }: NodeJS.CpuUsage) => ((user + system) / 1000 / times).toFixed(2)
console.log(`the server: ${cost(made)} ms of processor to make a challenge, ${cost(checked)} ms to check a solution`)
await browser.close()
server.close()
