/** The six services tried out: every condition, rule, document, fee and route comes out both ways, but for what cannot. */
import { compile, createSession, type FieldTypes, validate } from '@guichet/core'
import { findPaths } from '@guichet/core/paths'
import { fieldTypes } from '@guichet/fields/field-types'
import { describe, expect, test } from 'vitest'
import { readExamples } from './case.ts'

const types: FieldTypes = fieldTypes
const today = '2026-01-05'
/** All four courses together have 19 credits, so that nobody can choose more than 30. */
const impossible: Readonly<Record<string, readonly string[]>> = { 'hu-kurzus': ['/pages/1/fields/0/rules/0/rule no'] }

describe.each(readExamples().map((example) => [example.id, example] as const))('%s', (id, { definition }) => {
  const program = compile(definition, types)
  const { paths, missing, unanswered, decisions } = findPaths(program, { today })

  test('shows every outcome that there can be', () => {
    expect(decisions.length).toBeGreaterThan(5)
    expect(missing.map(({ decision, outcome }) => `${decision.pointer} ${outcome}`)).toEqual(impossible[id] ?? [])
    expect(unanswered).toEqual([])
  })

  test('with answers whose only faults are rules broken on purpose', () => {
    const faulty = paths.filter(({ answers }) => {
      const problems = validate(createSession(program, { today, answers })).filter(({ code }) => !code.startsWith('document.'))
      expect(problems.filter(({ code }) => code !== 'rule').map(({ pointer, code }) => `${pointer} ${code}`)).toEqual([])
      return problems.length > 0
    })
    expect(paths.length - faulty.length).toBeGreaterThan(1)
  })
})
