/**
 * `npm run battery [-- NAME | T16 ...] [-- --full | --quick] [--seed N] [--write]`: attacks the server in the ways that
 * are known, and prints a line for each: how often it was tried, what was seen, what must be reached, and whether the
 * control was noticed. Ends with 1 if a figure or a control fails; with --quick, as in `npm test`, not for having been
 * slow. --write puts the figures into docs/security.md, of the lines that were run.
 */
import { randomInt } from 'node:crypto'
import { parseArgs } from 'node:util'
import { type Attack, attacks } from './attacks.ts'
import type { Extent, How, Tried } from './line.ts'
import { lines } from './lines.ts'
import { type Row, writeReport } from './report.ts'

function usage(mistake: string): never {
  process.stderr.write(
    `${mistake}\nusage: npm run battery [-- ${lines.map(({ name }) => name).join(' | ')} | T16 ...] [--full | --quick] [--seed N] [--write]\n`,
  )
  process.exit(2)
}

function readArgs() {
  try {
    return parseArgs({
      allowPositionals: true,
      options: { full: { type: 'boolean' }, quick: { type: 'boolean' }, seed: { type: 'string' }, write: { type: 'boolean' } },
    })
  } catch (error) {
    return usage((error as Error).message)
  }
}

const { values, positionals } = readArgs()
const extent: Extent = values.full ? 'full' : values.quick ? 'quick' : 'usual'
if (values.seed !== undefined && !/^\d{1,9}$/.test(values.seed)) usage('--seed must be a whole number.')
const seed = values.seed === undefined ? randomInt(2 ** 30) : Number(values.seed)
const how: How = { extent, seed, count: (counts) => counts[extent] }

const unknown = positionals.filter((word) => !(word in attacks) && !lines.some(({ name }) => name === word))
if (unknown.length > 0) usage(`There is no line ${unknown.join(', ')}.`)
const chosen = lines.filter(({ name, attack, shorter }) =>
  positionals.length > 0 ? positionals.includes(name) || positionals.includes(attack) : !(values.quick && shorter),
)

process.stdout.write(`Battery, ${extent}, seed ${seed}\n`)
const rows: Row[] = []
for (const line of chosen) {
  const began = performance.now()
  let tried: Tried
  try {
    if (line.possible && !line.possible(line.name)) continue
    tried = await line.run(how)
  } catch (error) {
    tried = { trials: 0, figure: (error as Error).stack ?? String(error), good: false, control: { what: 'not reached', noticed: false } }
  }
  const { trials, figure, good, slow = false, control } = tried
  const passed = good && control.noticed
  const mark = !passed ? 'FAIL' : slow ? 'SLOW' : 'ok  '
  const seconds = ((performance.now() - began) / 1000).toFixed(1)
  process.stdout.write(
    `${mark} ${line.attack} ${line.name}: ${line.what} | ${trials} tried | ${figure} | to reach: ${line.reach} | control: ${control.what}: ${control.noticed ? 'noticed' : 'NOT NOTICED'} | ${seconds} s\n`,
  )
  rows.push({ attack: line.attack, name: line.name, what: line.what, trials, figure, reach: line.reach, control: control.what, good: passed, slow })
  if (!passed || (slow && !values.quick)) process.exitCode = 1
}

if (positionals.length === 0) {
  const missing = (Object.keys(attacks) as Attack[]).filter((attack) => !lines.some((line) => line.attack === attack))
  for (const attack of missing) process.stdout.write(`MISS ${attack}: no line for ${attacks[attack]}\n`)
  if (missing.length > 0 && values.full) process.exitCode = 1
}
if (values.write) writeReport(rows, { extent, seed, alone: positionals.length > 0 })
// A line may leave a worker or a socket that is on its way out: the figures are there, nobody waits for it.
process.exit(process.exitCode ?? 0)
