import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { areas, guarded, leftOut, root, sourcesIn, sourcesOf, testsOf } from './areas.ts'
import { branchesOf } from './branches.ts'
import { figuresOf, holds, type Mutant, shown, unnoticed } from './figures.ts'
import { withFigures } from './report.ts'

describe('areas of mutation', () => {
  it.each(areas.map((area) => [area.name, area] as const))('%s names files and tests that exist', (_, area) => {
    for (const pattern of [...area.files]) expect(sourcesOf({ ...area, files: [pattern] }), pattern).not.toEqual([])
    for (const pattern of [...area.tests]) expect(testsOf({ ...area, tests: [pattern] }), pattern).not.toEqual([])
    for (const path of testsOf(area)) expect(path).toMatch(/^packages\/.*(?<!\.browser|\.postgres)\.test\.ts$/)
  })

  it('hold every file of the guarded folders exactly once', () => {
    const held = areas.flatMap((area) => sourcesOf(area).map((path) => [path, area.name] as const))
    for (const [path, area] of held) expect([area, held.filter(([other]) => other === path).length]).toEqual([area, 1])
    const named = new Set(held.map(([path]) => path))
    const files = guarded.flatMap(sourcesIn)
    expect(files.length).toBeGreaterThan(30)
    expect(files.filter((path) => !named.has(path) && !Object.hasOwn(leftOut, path))).toEqual([])
    for (const path of Object.keys(leftOut)) expect([path, existsSync(join(root, path)), named.has(path)]).toEqual([path, true, false])
  })
})

const mutant = (status: string, line = 1): Mutant => ({
  mutatorName: 'BooleanLiteral',
  replacement: 'false',
  status,
  location: { start: { line, column: 3 }, end: { line, column: 7 } },
})
const reportOf = (...mutants: Mutant[]) => ({ files: { 'a.ts': { source: 'a(true)\nb = true', mutants } } })
const whole = { all: 2, taken: 2 }

describe('figures of mutation', () => {
  it('count what was noticed of what could be', () => {
    const statuses = ['Killed', 'Killed', 'Timeout', 'Survived', 'NoCoverage', 'Ignored', 'RuntimeError']
    expect(figuresOf(reportOf(...statuses.map((status) => mutant(status))), { all: 4, taken: 3 })).toEqual({
      ...{ mutants: 5, killed: 2, survived: 1, noCoverage: 1, timeouts: 1, ignored: 1 },
      ...{ score: 60, branches: 75 },
    })
  })

  it('hold from the figures to reach on, and never without a mutant', () => {
    const four = [1, 2, 3, 4].map(() => mutant('Killed'))
    expect(holds(figuresOf(reportOf(...four, mutant('Survived')), whole))).toBe(true)
    expect(holds(figuresOf(reportOf(...four, mutant('Survived'), mutant('NoCoverage')), whole))).toBe(false)
    expect(holds(figuresOf(reportOf(...four), { all: 1000, taken: 999 }))).toBe(false)
    expect(holds(figuresOf(reportOf(), whole))).toBe(false)
    expect(shown(79.99)).toBe('79.9 %')
  })

  it('name what was not noticed, by its place', () => {
    expect(unnoticed(reportOf(mutant('Survived'), mutant('Killed'), mutant('NoCoverage', 2)))).toEqual([
      'survived a.ts:1:3 BooleanLiteral: true => false',
      'no test  a.ts:2:3 BooleanLiteral: = tr => false',
    ])
  })

  it('count branches, and name those that were not taken', () => {
    const branchMap = { 0: { type: 'if', loc: { start: { line: 3 } }, locations: [{ start: { line: 3 } }, { start: {} }] } }
    expect(branchesOf({ '/copy/a.ts': { branchMap, b: { 0: [2, 0] } } }, '/copy')).toEqual({ all: 2, taken: 1, missed: ['a.ts:3 if 1'] })
  })

  it('replace the lines of the areas that were run, and keep the others', () => {
    const figures = figuresOf(reportOf(mutant('Killed')), whole)
    const [first, second] = areas.map(({ name }) => name) as [string, string]
    const page = withFigures('# Security\n', new Map([first, second].map((name) => [name, figures])), '2026-01-05')
    const again = withFigures(page, new Map([[first, { ...figures, survived: 1, score: 50 }]]), '2026-01-06')
    const lines = again.split('\n').filter((line) => line.startsWith('| `'))
    expect(lines).toHaveLength(2)
    expect(lines[0]).toMatch(/^\| `.*50\.0 % \| 100\.0 % \| NOT REACHED \| 2026-01-06 \|$/)
    expect(lines[1]).toMatch(/100\.0 % \| 100\.0 % \| reached \| 2026-01-05 \|$/)
  })
})
