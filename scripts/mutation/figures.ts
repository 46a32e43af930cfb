/** The figures of an area, and whether they hold. */
import type { Branches } from './branches.ts'

export const reach = { score: 80, branches: 100 } as const

/** As the report of Stryker has it (schema of mutation-testing-elements). */
export interface Report {
  files: Record<string, { source: string; mutants: Mutant[] }>
}
export interface Mutant {
  mutatorName: string
  replacement?: string
  status: string
  static?: boolean
  location: { start: Position; end: Position }
}
/** From 1. */
interface Position {
  line: number
  column: number
}

export interface Figures {
  /** Without those that are no program, or are let be by a comment that says why. */
  mutants: number
  killed: number
  survived: number
  noCoverage: number
  timeouts: number
  /** Let be by a comment. */
  ignored: number
  /** Per cent, of all that could be caught; a test that never ends has noticed too. */
  score: number
  branches: number
}

const percent = (part: number, of: number) => (of === 0 ? 100 : (part / of) * 100)

export function figuresOf({ files }: Report, { all, taken }: Pick<Branches, 'all' | 'taken'>): Figures {
  const mutants = Object.values(files).flatMap((file) => file.mutants)
  const count = (status: string) => mutants.filter((mutant) => mutant.status === status).length
  const [killed, survived, noCoverage, timeouts] = [count('Killed'), count('Survived'), count('NoCoverage'), count('Timeout')]
  const counted = killed + survived + noCoverage + timeouts
  return {
    mutants: counted,
    killed,
    survived,
    noCoverage,
    timeouts,
    ignored: count('Ignored'),
    score: percent(killed + timeouts, counted),
    branches: percent(taken, all),
  }
}

/** An area of which nothing was mutated holds nothing. */
export const holds = ({ mutants, score, branches }: Figures) => mutants > 0 && score >= reach.score && branches >= reach.branches

/** Rounded down: what is not reached must not look so. */
export const shown = (value: number) => `${(Math.floor(value * 10) / 10).toFixed(1)} %`

const oneLine = (text: string) => {
  const line = text.replace(/\s+/g, ' ').trim()
  return line.length > 90 ? `${line.slice(0, 89)}…` : line
}

/** What no test noticed: `path:line:column Mutator: before => after`. */
export function unnoticed({ files }: Report): string[] {
  return Object.entries(files).flatMap(([path, { source, mutants }]) => {
    const lines = source.split('\n')
    const textAt = ({ start, end }: Mutant['location']) => {
      const part = lines.slice(start.line - 1, end.line)
      part.push((part.pop() ?? '').slice(0, end.column - 1))
      part[0] = (part[0] ?? '').slice(start.column - 1)
      return part.join('\n')
    }
    return mutants
      .filter(({ status }) => status === 'Survived' || status === 'NoCoverage')
      .sort((a, b) => a.location.start.line - b.location.start.line)
      .map(
        ({ status, mutatorName, replacement = '', location }) =>
          `${status === 'Survived' ? 'survived' : 'no test '} ${path}:${location.start.line}:${location.start.column} ${mutatorName}: ${oneLine(textAt(location))} => ${oneLine(replacement)}`,
      )
  })
}
