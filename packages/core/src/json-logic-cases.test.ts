/**
 * The public JSON Logic cases, recorded as [rule, data, expected]. Each gives what JSON Logic gives, or is listed in
 * json-logic-differences.json under the reason that docs/expressions.md explains.
 */
import type { Expression, Json } from '@guichet/schemas'
import { describe, expect, test } from 'vitest'
import { evaluate, type Scope } from './expression.ts'
import cases from './json-logic-cases.json' with { type: 'json' }
import differences from './json-logic-differences.json' with { type: 'json' }

type Case = [rule: Expression, data: Json, expected: Json]

/** JSON Logic reads its data by name, also out of a list; the empty name is the data itself. */
const scopeOf = (data: Json): Scope => ({
  read: (name) =>
    name === '' ? data : typeof data === 'object' && data !== null && Object.hasOwn(data, name) ? (data as Record<string, Json>)[name] : undefined,
})

const keyOf = (rule: Expression, data: Json) => JSON.stringify([rule, data])
const listed = new Map<string, string>()
for (const [reason, rules] of Object.entries(differences as unknown as Record<string, [Expression, Json][]>)) {
  for (const [rule, data] of rules) listed.set(keyOf(rule, data), reason)
}

const all = Object.entries(cases as unknown as Record<string, Case[]>).flatMap(([group, list]) => list.map((entry) => ({ group, entry })))

describe('the public JSON Logic cases', () => {
  const same = all.filter(({ entry: [rule, data] }) => !listed.has(keyOf(rule, data))).length
  console.info(`JSON Logic: ${same} of ${all.length} public cases agree, ${all.length - same} differ for a listed reason`)

  for (const { group, entry } of all) {
    const [rule, data, expected] = entry
    const reason = listed.get(keyOf(rule, data))
    test(`${group}: ${JSON.stringify(rule)} on ${JSON.stringify(data)}${reason ? ` differs (${reason})` : ''}`, () => {
      const value = evaluate(rule, scopeOf(data), { today: '2026-01-05' })
      if (reason) expect(value).not.toEqual(expected)
      else expect(value).toEqual(expected)
    })
  }

  test('every listed difference is one of the cases', () => {
    const known = new Set(all.map(({ entry: [rule, data] }) => keyOf(rule, data)))
    expect([...listed.keys()].filter((key) => !known.has(key))).toEqual([])
  })
})
