/**
 * `npm run faults [-- NAME ...] [-- --kills N]`: breaks the server in the ways that are known to lose data, and prints a line for each
 * with what became of it and of its negative control. Ends with 1 if one of them fails.
 */
import { parseArgs } from 'node:util'
import { diskFull } from './disk-full.ts'
import { doubleSubmit } from './double-submit.ts'
import { eio } from './eio.ts'
import { kill } from './kill.ts'
import { officersRacing } from './officers-racing.ts'
import type { Outcome } from './outcome.ts'
import { powerCut, straceIsThere } from './power-cut.ts'

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { kills: { type: 'string', default: '10' } },
})
const kills = Number(values.kills)
/** Null: it cannot run here, which was said. */
const faults: Record<string, () => Promise<Outcome | null>> = {
  kill: () => kill(kills),
  'power-cut': async () => (straceIsThere() ? powerCut(100) : null),
  'disk-full': diskFull,
  'disk-fails': async () => (straceIsThere() ? eio() : null),
  'double-submit': doubleSubmit,
  'officers-racing': () => officersRacing(),
}

const unknown = positionals.filter((name) => !Object.hasOwn(faults, name))
if (unknown.length > 0 || !Number.isInteger(kills) || kills < 1) {
  process.stderr.write(`usage: npm run faults [-- ${Object.keys(faults).join(' | ')} ...] [--kills N]\n`)
  process.exit(2)
}
for (const [name, fault] of Object.entries(faults)) {
  if (positionals.length > 0 && !positionals.includes(name)) continue
  const outcome = await fault().catch((error: unknown): Outcome => ({ good: false, line: `${name}: ${(error as Error).stack}` }))
  if (!outcome) continue
  const { good, line } = outcome
  process.stdout.write(`${good ? 'ok  ' : 'FAIL'} ${line}\n`)
  if (!good) process.exitCode = 1
}
