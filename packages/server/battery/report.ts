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

const lineOf = ({ attack, name, what, trials, figure, reach, control, good, slow }: Row) =>
  `| ${[attack, `\`${name}\``, what, String(trials), figure, reach, control, good ? (slow ? 'slow' : 'reached') : 'FAILED'].map(cell).join(' | ')} |`

export const tableOf = (rows: readonly Row[]): string =>
  ['| | line | what is tried | trials | figure | to reach | control | |', '| --- | --- | --- | ---: | --- | --- | --- | --- |', ...rows.map(lineOf)].join('\n')

/** A section with the lines that were run by themselves in place of what it had of them, or beside those of the same attack. */
export function withLines(section: string, rows: readonly Row[], run: string): string {
  const lines = section.trim().split('\n')
  const nameIn = (line: string) => /^\| *\w+ *\| *`([^`]+)`/.exec(line)?.[1]
  for (const row of rows) {
    const there = lines.findIndex((line) => nameIn(line) === row.name)
    const beside = lines.findLastIndex((line) => line.startsWith(`| ${row.attack} `))
    if (there >= 0) lines[there] = lineOf(row)
    else lines.splice(beside >= 0 ? beside + 1 : lines.length, 0, lineOf(row))
  }
  const names = rows.map(({ name }) => `\`${name}\``).join(', ')
  const said = lines.slice(1).findIndex((line) => line.startsWith('|'))
  const earlier = lines.slice(1, said + 1).filter((line) => line !== '' && !rows.some(({ name }) => line.startsWith(`\`${name}\`: `)))
  return [lines[0], ...[...earlier, `${names}: ${run}`].flatMap((line) => ['', line]), '', ...lines.slice(said + 1)].join('\n')
}

/** @param alone whether only lines named were run: the figures of the others stay */
export function writeReport(rows: readonly Row[], { extent, seed, alone }: { extent: Extent; seed: number; alone: boolean }): void {
  const run = `run of ${new Date().toISOString().slice(0, 10)}, ${extent}, seed ${seed}.`
  const before = alone ? /<!-- battery: begin -->([\s\S]*)<!-- battery: end -->/.exec(readFileSync(page, 'utf8'))?.[1] : undefined
  writeSection(page, 'battery', before === undefined ? `R${run.slice(1)}\n\n${tableOf(rows)}` : withLines(before, rows, run))
  writePromises()
}

/** The figures beside the promises, as the tables have them now: of the battery here, of the faults in docs/faults.md. */
export const writePromises = () => writeSection(page, 'promises', promisesTable(readFileSync(page, 'utf8'), readFileSync(join(docs, 'faults.md'), 'utf8')))
