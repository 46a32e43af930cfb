/** Random services and random people filling them in, for property tests. */
import type { Answers, Expression, Json, ServiceDefinition } from '@guichet/schemas'
import fc from 'fast-check'

type Gen = fc.GeneratorValue
type PlainField = Record<string, unknown> & { id: string; type: string; fields?: PlainField[]; repeat?: { min?: number; max?: number } }

const text = (value: string) => ({ en: value, el: `${value} (el)` })
const options = ['a', 'b', 'c'].map((value) => ({ value, label: text(value) }))

/** Field type to random settings. */
const leaves: Record<string, (g: Gen) => Record<string, unknown>> = {
  text: (g) => ({ maxLength: g(fc.integer, { min: 1, max: 12 }) }),
  textarea: () => ({ maxLength: 50 }),
  email: () => ({}),
  number: (g) => ({ min: g(fc.integer, { min: -3, max: 1 }), max: 20, ...(g(fc.boolean) ? { integer: true } : {}) }),
  money: () => ({ min: 0, max: 100_000 }),
  date: () => ({ max: 'today' }),
  radio: () => ({ options }),
  select: () => ({ options }),
  checkbox: () => ({}),
  checkboxes: () => ({ options }),
}

/** What people type, good and bad, for every type. */
const typed: Json[] = [
  null,
  '',
  'a',
  'b',
  'c',
  'x@example.org',
  'not an address',
  'a longer text than allowed',
  '7',
  '۱۲',
  '-2',
  '3.5',
  '12.50',
  0,
  5,
  99,
  1234,
  true,
  false,
  '2025-03-20',
  '1/2/2020',
  '31/2/2020',
  '2030-01-01',
  ['a'],
  ['a', 'c'],
  ['zzz'],
  [],
  { deep: 1 },
  '__proto__',
  1e308,
]
const goodFor: Record<string, Json[]> = {
  text: ['ab', 'x'],
  textarea: ['some words'],
  email: ['a@example.org'],
  number: ['7', '۱۲', 2],
  money: ['12.50', '3', 700],
  date: ['2025-03-20', '1/2/2020'],
  radio: ['a', 'b', 'c'],
  select: ['a', 'c'],
  checkbox: [true, false],
  checkboxes: [['a'], ['b', 'c']],
}

const pick = <T>(g: Gen, items: readonly T[]): T => items[g(fc.integer, { min: 0, max: items.length - 1 })] as T
const chance = (g: Gen, percent: number) => g(fc.integer, { min: 1, max: 100 }) <= percent

/** A condition over fields that stand earlier, so that there is never a circle. */
function condition(g: Gen, known: readonly PlainField[], depth = 0): Expression {
  if (known.length === 0) return true
  if (depth < 2 && chance(g, 30)) {
    const parts = [condition(g, known, depth + 1), condition(g, known, depth + 1)]
    return pick<Expression>(g, [{ and: parts }, { or: parts }, { '!': parts[0] as Expression }])
  }
  const field = pick(g, known)
  const read = { var: field.id }
  if (field.type === 'group') {
    const inner = (field.fields ?? []).filter((child) => child.type !== 'group')
    return { '>': [{ count: inner.length > 0 ? [read, condition(g, inner, 2)] : [read] }, g(fc.integer, { min: 0, max: 1 })] }
  }
  if (field.type === 'money') return { [pick(g, ['<', '>='])]: [read, { money: g(fc.integer, { min: 0, max: 1500 }) }] }
  if (field.type === 'number') return { [pick(g, ['<', '>='])]: [read, g(fc.integer, { min: 0, max: 12 })] }
  if (field.type === 'checkbox') return pick<Expression>(g, [read, { '!': [read] }])
  if (field.type === 'radio' || field.type === 'select') return { [pick(g, ['==', '!='])]: [read, pick(g, ['a', 'b'])] }
  if (field.type === 'checkboxes') return { in: ['a', read] }
  if (field.type === 'date') return { '>=': [{ age: [read] }, 2] }
  return { has: [read] }
}

export function randomDefinition(g: Gen): ServiceDefinition {
  let serial = 0
  const make = (known: readonly PlainField[], depth: number): PlainField => {
    const id = `f${serial++}`
    const when = known.length > 0 && chance(g, 40) ? { when: condition(g, known) } : {}
    const optional = chance(g, 30) ? { optional: true } : {}
    if (depth < 2 && chance(g, 22)) {
      const fields: PlainField[] = []
      const count = g(fc.integer, { min: 1, max: 3 })
      for (let i = 0; i < count; i++) fields.push(make([...known, ...fields.filter((field) => field.type !== 'group')], depth + 1))
      const repeat = chance(g, 75) ? { repeat: { min: g(fc.integer, { min: 0, max: 1 }), max: 3, add: text('Add') } } : {}
      return { id, type: 'group', label: text(id), ...when, fields, ...repeat }
    }
    const type = pick(g, Object.keys(leaves))
    const rules = type === 'number' && chance(g, 40) ? { rules: [{ rule: { '>': [{ var: id }, 0] }, message: text('Positive') }] } : {}
    const unique = depth > 0 && type === 'text' && chance(g, 50) ? { unique: true } : {}
    return { id, type, label: text(id), ...when, ...optional, ...rules, ...unique, ...leaves[type]?.(g) }
  }

  const known: PlainField[] = []
  const pages = Array.from({ length: g(fc.integer, { min: 1, max: 3 }) }, (_, i) => {
    const when = known.length > 0 && chance(g, 30) ? { when: condition(g, known) } : {}
    const fields = Array.from({ length: g(fc.integer, { min: 1, max: 5 }) }, () => {
      const field = make(known, 0)
      if (field.type !== 'group' || field.repeat) known.push(field)
      return field
    })
    return { id: `page${i}`, title: text(`Page ${i}`), ...when, fields }
  })
  return {
    format: 1,
    id: 'random',
    languages: ['en', 'el'],
    title: text('Random'),
    agency: { name: text('Agency') },
    locale: { timeZone: 'UTC', calendar: 'gregory', currency: 'EUR', decimals: 2 },
    pages,
    computed: [{ id: 'score', type: 'number', value: { if: [condition(g, known), 1, 2] } }],
    documents: [
      { id: 'proof', label: text('Proof'), when: condition(g, known), optional: true },
      { id: 'plan', label: text('Plan'), when: condition(g, known), copies: { '+': [1, { var: 'score' }] }, optional: true },
    ],
    fee: { lines: [{ id: 'base', label: text('Base'), amount: { if: [condition(g, known), { money: 100 }, { money: 250 }] } }] },
    routes: [{ when: condition(g, known), to: 'auto_approve' }, { to: 'auto_reject' }],
  } as unknown as ServiceDefinition
}

/** One person's inputs: mostly good ones, so that some services come out complete. */
export function randomAnswers(g: Gen, definition: ServiceDefinition, good = 80): Answers {
  const fill = (fields: readonly PlainField[]): Answers => {
    const answers: Answers = {}
    for (const field of fields) {
      if (field.fields) {
        if (field.repeat) answers[field.id] = Array.from({ length: g(fc.integer, { min: 0, max: 3 }) }, () => fill(field.fields ?? []))
        else Object.assign(answers, fill(field.fields))
      } else answers[field.id] = chance(g, good) ? pick(g, goodFor[field.type] as Json[]) : pick(g, typed)
    }
    return answers
  }
  return fill(definition.pages.flatMap((page) => page.fields as unknown as PlainField[]))
}

export type { Gen, PlainField }
export { chance, pick, typed }
