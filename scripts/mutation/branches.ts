/** Branch coverage: which ways through its files the tests of an area have gone. */
import { readFileSync } from 'node:fs'
import { join, relative } from 'node:path'

export interface Branches {
  all: number
  taken: number
  /** `path:line` of those that no test takes. */
  missed: string[]
}

interface FileCoverage {
  branchMap: Record<string, { type: string; loc: Place; locations: Place[] }>
  b: Record<string, number[]>
}
interface Place {
  start: { line?: number }
}

/** Of the report that istanbul writes as `coverage-final.json`. */
export function branchesOf(report: Readonly<Record<string, FileCoverage>>, base: string): Branches {
  const counts = { all: 0, taken: 0, missed: [] as string[] }
  for (const [path, { branchMap, b }] of Object.entries(report))
    for (const [id, { type, loc, locations }] of Object.entries(branchMap))
      for (const [i, times] of (b[id] ?? []).entries()) {
        counts.all++
        if (times > 0) counts.taken++
        // The place of an `else` that is not written is unknown: that of the whole stands for it.
        else counts.missed.push(`${relative(base, path)}:${locations[i]?.start.line ?? loc.start.line} ${type} ${i}`)
      }
  return counts
}

export const readBranches = (folder: string, base: string): Branches => branchesOf(JSON.parse(readFileSync(join(folder, 'coverage-final.json'), 'utf8')), base)
