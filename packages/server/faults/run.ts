/**
 * `npm run faults [-- NAME ...] [-- --full | --quick]`: breaks the server in the ways that are known to lose data, and prints a line for
 * each with what became of it and of its negative control. Ends with 1 if one of them fails; with
 * --quick, as in `npm test`, not for having been slow.
 */
import { parseArgs } from 'node:util'
import { type Counts, counts, faults } from './faults.ts'
import type { Outcome } from './outcome.ts'

const numbers = {
  kills: 'kills',
  acks: 'acks',
  cuts: 'cuts',
  'postgres-kills': 'postgresKills',
  restarts: 'restarts',
} satisfies Record<string, keyof Counts>

function usage(mistake: string): never {
  process.stderr.write(
    `${mistake}\nusage: npm run faults [-- ${faults.map(({ name }) => name).join(' | ')} ...] [--full | --quick] [${Object.keys(numbers)
      .map((name) => `--${name} N`)
      .join('] [')}]\n`,
  )
  process.exit(2)
}

function readArgs() {
  try {
    return parseArgs({
      allowPositionals: true,
      options: {
        full: { type: 'boolean' },
        quick: { type: 'boolean' },
        ...Object.fromEntries(Object.keys(numbers).map((name) => [name, { type: 'string' as const }])),
      },
    })
  } catch (error) {
    return usage((error as Error).message)
  }
}

const { values, positionals } = readArgs()
const wanted: Counts = { ...counts[values.full ? 'full' : values.quick ? 'quick' : 'usual'] }
for (const [name, count] of Object.entries(numbers)) {
  const given = (values as Record<string, string | undefined>)[name]
  if (given === undefined) continue
  if (!/^[1-9]\d{0,8}$/.test(given)) usage(`--${name} must be a whole number from 1.`)
  wanted[count] = Number(given)
}
const unknown = positionals.filter((name) => !faults.some((fault) => fault.name === name))
if (unknown.length > 0) usage(`There is no fault ${unknown.join(', ')}.`)

for (const { name, possible, shorter, run } of faults) {
  if (positionals.length > 0 ? !positionals.includes(name) : values.quick && shorter) continue
  if (possible && !possible(name)) continue
  const { good, slow, line } = await run(wanted, values.quick === true).catch(
    (error: unknown): Outcome => ({ good: false, line: `${name}: ${(error as Error).stack}` }),
  )
  process.stdout.write(`${!good ? 'FAIL' : slow ? 'SLOW' : 'ok  '} ${line}\n`)
  if (!good || (slow && !values.quick)) process.exitCode = 1
}
