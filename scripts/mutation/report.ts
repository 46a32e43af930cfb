/** The last figures of each area, in docs/security.md: those of areas that were not run stay as they are. */
import { readFileSync, writeFileSync } from 'node:fs'
import { withSection } from '../../bench/section.ts'
import { areas } from './areas.ts'
import { type Figures, holds, reach, shown } from './figures.ts'

const head = [
  '| area | what it is | mutants | killed | survived | no test | timed out | let be | score | branches | | run of |',
  '| --- | --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | --- | --- |',
]

/** @param day as 2026-01-05 */
export function withFigures(page: string, measured: ReadonlyMap<string, Figures>, day: string): string {
  const rows = areas.flatMap(({ name, what }) => {
    const figures = measured.get(name)
    if (!figures) return page.match(new RegExp(`^\\| \`${name}\` .*\\| \\d{4}-\\d\\d-\\d\\d +\\|$`, 'm')) ?? []
    const { mutants, killed, survived, noCoverage, timeouts, ignored, score, branches } = figures
    const numbers = [mutants, killed, survived, noCoverage, timeouts, ignored].map(String)
    return [`| ${[`\`${name}\``, what, ...numbers, shown(score), shown(branches), holds(figures) ? 'reached' : 'NOT REACHED', day].join(' | ')} |`]
  })
  const note = `To reach: a score of ${reach.score} %, and ${reach.branches} % of the branches.`
  return withSection(page, 'mutation', `${note}\n\n${[...head, ...rows].join('\n')}`)
}

export function writeFigures(path: string, measured: ReadonlyMap<string, Figures>): void {
  writeFileSync(path, withFigures(readFileSync(path, 'utf8'), measured, new Date().toISOString().slice(0, 10)))
}
