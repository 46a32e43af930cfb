/** docs/expressions.md is true: its examples give what it says, it names every operation, and its counts are right. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { evaluate, operations, type Scope } from './expression.ts'
import cases from './json-logic-cases.json' with { type: 'json' }
import differences from './json-logic-differences.json' with { type: 'json' }

const page = readFileSync(join(import.meta.dirname, '../../../docs/expressions.md'), 'utf8')
const block = (name: string) => JSON.parse(new RegExp(`\`\`\`json ${name}\\n([\\s\\S]*?)\`\`\``).exec(page)?.[1] ?? 'null')
const answers = block('answers')
const scope: Scope = { read: (name) => (Object.hasOwn(answers, name) ? answers[name] : undefined) }

/** Rows whose last two cells are an expression and its value. */
const examples = [...page.matchAll(/\| `([{[].*[}\]])` *\| `([^`]+)` *\|$/gm)].map(([, rule, value]) => [rule as string, value as string] as const)

test.each(examples)('%s is %s', (rule, value) => {
  expect(evaluate(JSON.parse(rule), scope, { today: '2026-01-05', tables: block('tables') })).toEqual(JSON.parse(value))
})

test('there is an example of every operation', () => {
  const shown = examples.flatMap(([rule]) => [...rule.matchAll(/\{"([^"]+)":/g)].map(([, name]) => name as string))
  expect(Object.keys(operations).filter((name) => !shown.includes(name))).toEqual([])
})

test('the differences from JSON Logic are counted right, and every reason is explained', () => {
  const all = Object.values(cases).flat().length
  const differing = Object.values(differences).flat(1).length
  expect(page).toContain(`The ${all} public JSON Logic cases`)
  expect(page.replace(/\s+/g, ' ')).toContain(`${all - differing} give the same; the other ${differing} differ`)
  const explained = [...page.matchAll(/^\| `(\w+)` +\| (\d+) +\|/gm)].map(([, reason, count]) => [reason, Number(count)])
  expect(Object.fromEntries(explained)).toEqual(Object.fromEntries(Object.entries(differences).map(([reason, list]) => [reason, list.length])))
})
