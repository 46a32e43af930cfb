/** The last figures, kept in docs/security.md, and beside the promises there. */
import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { writeSection } from '../../../bench/section.ts'
import type { Attack } from './attacks.ts'
import type { Extent } from './line.ts'
import { promisesTable } from './promises.ts'

export interface Row {
  attack: Attack
  name: string
  what: string
  trials: number
  figure: string
  reach: string
  control: string
  /** Figure and control. */
  good: boolean
  slow: boolean
}

const docs = join(dirname(fileURLToPath(import.meta.url)), '../../../docs')
const page = join(docs, 'security.md')

const cell = (text: string) => text.replaceAll('|', '\\|').replaceAll('\n', ' ')

export function tableOf(rows: readonly Row[]): string {
  const lines = rows.map(({ attack, name, what, trials, figure, reach, control, good, slow }) =>
    [attack, `\`${name}\``, what, String(trials), figure, reach, control, good ? (slow ? 'slow' : 'reached') : 'FAILED'].map(cell).join(' | '),
  )
  return [
    '| | line | what is tried | trials | figure | to reach | control | |',
    '| --- | --- | --- | ---: | --- | --- | --- | --- |',
    ...lines.map((line) => `| ${line} |`),
  ].join('\n')
}

export function writeReport(rows: readonly Row[], { extent, seed }: { extent: Extent; seed: number }): void {
  const day = new Date().toISOString().slice(0, 10)
  writeSection(page, 'battery', `Run of ${day}, ${extent}, seed ${seed}.\n\n${tableOf(rows)}`)
  writePromises()
}

/** The figures beside the promises, as the tables have them now: of the battery here, of the faults in docs/faults.md. */
export const writePromises = () => writeSection(page, 'promises', promisesTable(readFileSync(page, 'utf8'), readFileSync(join(docs, 'faults.md'), 'utf8')))
