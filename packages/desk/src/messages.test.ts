import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { queues } from './place.ts'

const folder = import.meta.dirname
const messages: Record<string, Record<string, unknown>> = Object.assign(
  {},
  ...readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.messages.json'))
    .map((file) => JSON.parse(readFileSync(join(folder, file), 'utf8'))),
)
const sources = readdirSync(folder, { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts'))
  .map((file) => readFileSync(join(folder, file), 'utf8'))
  .join('\n')

test('every state, decision, queue and silence has a name', () => {
  const server = (path: string) => readFileSync(join(folder, '../../server/src', path), 'utf8')
  const listed = (text: string, start: string) =>
    [...(text.slice(text.indexOf(start)).match(/\[([^\]]*)\]/)?.[1] ?? '').matchAll(/'(\w+)'/g)].map(([, name]) => name)
  const statuses = [...listed(server('cases/status.ts'), 'openStatuses'), ...listed(server('cases/status.ts'), 'endStatuses')]
  const decisions = listed(server('cases/graph.ts'), 'const decisions')
  expect([statuses.length, decisions.length]).toEqual([9, 7])
  const wanted = [
    ...statuses.map((name) => `status.${name}`),
    ...[...decisions, 'agree', 'close', 'lapse', 'release'].map((name) => `decision.${name}`),
    ...queues.map((name) => `queue.${name}`),
  ]
  expect(wanted.filter((key) => !Object.hasOwn(messages, key))).toEqual([])
})

test('whatever the audit log tells of has a name, and nothing else', () => {
  const { properties } = JSON.parse(readFileSync(join(folder, '../../../schemas/audit-event.schema.json'), 'utf8')) as {
    properties: { action: { enum: string[] } }
  }
  const named = Object.keys(messages).flatMap((key) => /^audit\.action\.(.+)$/.exec(key)?.[1] ?? [])
  expect(properties.action.enum.length).toBeGreaterThan(40)
  expect(named.sort()).toEqual(properties.action.enum.toSorted())
})

test('no string is left that nothing says', () => {
  const composed = ['status.', 'decision.', 'queue.', 'due.', 'audit.', 'export.', 'keeping.', 'approvals.', 'keys.shares.', 'ask.otherwise.']
  expect(Object.keys(messages).filter((key) => !sources.includes(`'${key}'`) && !composed.some((prefix) => key.startsWith(prefix)))).toEqual([])
})

test('places for values are the same in every language', () => {
  const placesOf = (message: unknown) => [...new Set([...JSON.stringify(message).matchAll(/\{(\w+)\}/g)].map(([, name]) => name))].sort()
  for (const [key, byLanguage] of Object.entries(messages)) {
    const wanted = placesOf(byLanguage.en)
    for (const message of Object.values(byLanguage)) expect(placesOf(message), key).toEqual(wanted)
  }
})
