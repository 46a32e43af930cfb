import type { ServiceDefinition } from '@guichet/schemas'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import en from '../generated/messages/en.json' with { type: 'json' }
import fa from '../generated/messages/fa.json' with { type: 'json' }
import { diff, diffPolicy, diffText, sameJson } from './diff.ts'

const before: ServiceDefinition = {
  format: 1,
  id: 'permit',
  languages: ['en', 'fa'],
  title: { en: 'Permit', fa: 'مجوز' },
  agency: { name: { en: 'City' } },
  locale: { timeZone: 'Europe/Dublin', calendar: 'gregory', currency: 'EUR', decimals: 2 },
  pages: [
    {
      id: 'you',
      title: { en: 'You' },
      fields: [
        { id: 'name', type: 'text', label: { en: 'Name' }, maxLength: 80 },
        { id: 'income', type: 'money', label: { en: 'Income' }, optional: true },
        {
          id: 'tenure',
          type: 'radio',
          label: { en: 'Your home' },
          options: [
            { value: 'own', label: { en: 'Own' } },
            { value: 'rent', label: { en: 'Rent' } },
          ],
        },
      ],
    },
    { id: 'home', title: { en: 'Home' }, fields: [{ id: 'rent', type: 'money', label: { en: 'Rent' } }] },
  ],
  documents: [{ id: 'lease', label: { en: 'Lease' } }],
  fee: { lines: [{ id: 'base', label: { en: 'Base' }, amount: { money: 1000 } }] },
  tables: { rate: { a: { k: 1, name: 'A' }, b: { k: 2, name: 'B' } } },
  stages: [{ id: 'check', label: { en: 'Check' }, term: { value: 5, unit: 'workingDays' } }],
}
/** A copy, changed by hand. */
const changed = (change: (copy: typeof before & Record<string, never>) => void): ServiceDefinition => {
  const copy = structuredClone(before)
  change(copy as never)
  return copy
}
const sentences = (after: ServiceDefinition, from = before) => diff(from, after, 'en').map((change) => diffText(change, en, 'en'))
// biome-ignore lint/suspicious/noExplicitAny: tests reach into settings of every type
type Loose = any

describe('in words', () => {
  const cases: [string, (copy: Loose) => void, string[]][] = [
    ['nothing', () => {}, []],
    ['required', (copy) => delete copy.pages[0].fields[1].optional, ['“Income” became required']],
    ['optional', (copy) => (copy.pages[1].fields[0].optional = true), ['“Rent” became optional']],
    ['a fee', (copy) => (copy.fee.lines[0].amount = { money: 1250 }), ['Fee: Base €10.00 → €12.50']],
    ['a text', (copy) => (copy.pages[0].fields[0].label.en = 'Full name'), ['Full name – Text – English: “Name” → “Full name”']],
    ['a translation', (copy) => (copy.pages[0].title.fa = 'شما'), ['Pages – You – Title – Persian: text added: “شما”']],
    ['a limit', (copy) => (copy.pages[0].fields[0].maxLength = 100), ['Name – maxLength: 80 → 100']],
    ['a limit gone', (copy) => delete copy.pages[0].fields[0].maxLength, ['Name – maxLength: no longer set (was 80)']],
    ['a field gone', (copy) => copy.pages[0].fields.splice(1, 1), ['“Income” removed from “You”']],
    ['a field more', (copy) => copy.pages[1].fields.push({ id: 'size', type: 'number', label: { en: 'Size' } }), ['“Size” added to “Home”']],
    ['a field on another page', (copy) => copy.pages[1].fields.push(...copy.pages[0].fields.splice(0, 1)), ['“Name” moved to “Home”']],
    ['a field further down', (copy) => copy.pages[0].fields.push(...copy.pages[0].fields.splice(0, 1)), ['“Name” moved to place 3 in “You”']],
    ['another kind', (copy) => (copy.pages[1].fields[0].type = 'number'), ['“Rent” is another kind of question: money → number']],
    ['a page with its fields', (copy) => copy.pages.splice(1, 1), ['Pages: “Home” removed']],
    ['pages', (copy) => copy.pages.reverse(), ['Pages: “Home” moved to place 1']],
    ['a condition', (copy) => (copy.pages[1].when = { '==': [{ var: 'tenure' }, 'rent'] }), ['“Home” now applies only if Your home = “Rent”']],
    [
      'a document under a condition',
      (copy) => (copy.documents[0].when = { '>': [{ var: 'rent' }, { money: 30000 }] }),
      ['“Lease” now applies only if Rent > €300.00'],
    ],
    ['an option', (copy) => copy.pages[0].fields[2].options.push({ value: 'free', label: { en: 'Free' } }), ['Your home – Options: “Free” added']],
    ['a rule', (copy) => (copy.pages[1].fields[0].rules = [{ rule: true, message: { en: 'Too much' } }]), ['Rent – Rules: “Too much” added']],
    ['a cell', (copy) => (copy.tables.rate.b.k = 3), ['Tables – rate – b – k: 2 → 3']],
    ['a row', (copy) => (copy.tables.rate.c = { k: 1 }), ['Tables – rate: row “c” added']],
    ['the order of rows', (copy) => (copy.tables.rate = { b: copy.tables.rate.b, a: copy.tables.rate.a }), ['Tables – rate: rows are in another order']],
    ['a term', (copy) => (copy.stages[0].term.value = 10), ['Stages – Check – term – value: 5 → 10']],
    ['languages', (copy) => copy.languages.push('el'), ['Languages: en, fa → en, fa, el']],
  ]
  test.each(cases)('%s', (_, change, wanted) => {
    expect(sentences(changed(change))).toEqual(wanted)
  })

  test('a condition changed and taken away', () => {
    const conditional = changed((copy: Loose) => (copy.pages[1].when = { '==': [{ var: 'tenure' }, 'rent'] }))
    expect(sentences(before, conditional)).toEqual(['“Home” now always applies; before, only if Your home = “Rent”'])
    expect(
      sentences(
        changed((copy: Loose) => (copy.pages[1].when = { has: { var: 'name' } })),
        conditional,
      ),
    ).toEqual(['Condition of “Home”: Your home = “Rent” → has(Name)'])
  })

  test('many cells are counted', () => {
    const table = (k: number) => Object.fromEntries(Array.from({ length: 20 }, (_, i) => [`r${i}`, { k }]))
    const [from, to] = [1, 2].map((k) => changed((copy: Loose) => (copy.tables.rate = table(k)))) as [ServiceDefinition, ServiceDefinition]
    expect(sentences(to, from)).toEqual(['Tables – rate: 20 changes'])
  })

  test('in the reader’s language, with the reader’s names of settings', () => {
    const [change] = diff(
      before,
      changed((copy: Loose) => (copy.pages[0].fields[0].maxLength = 100)),
      'fa',
    )
    expect(change && diffText(change, fa, 'fa', (setting) => (setting === 'maxLength' ? 'حداکثر طول' : null))).toBe('Name – حداکثر طول: ۸۰ ← ۱۰۰')
  })

  test('a policy', () => {
    const told = diffPolicy({ rules: { retention: { days: 30 } } }, { rules: { retention: { days: 90 } } }, before).map((change) => diffText(change, en, 'en'))
    expect(told).toEqual(['Rules – retention – days: 30 → 90'])
  })
})

/** Definitions of any content, also of a wrong one: drafts are such. */
const id = fc.constantFrom('a', 'b', 'c', 'd')
const text = fc.dictionary(fc.constantFrom('en', 'fa'), fc.string({ maxLength: 5 }), { minKeys: 1 })
const field = fc.letrec((tie) => ({
  field: fc.record(
    {
      id,
      type: fc.constantFrom('text', 'radio', 'group'),
      label: text,
      optional: fc.boolean(),
      when: fc.constantFrom(true, { var: 'a' }, { has: { var: 'b' } }),
      maxLength: fc.nat(3),
      options: fc.array(fc.record({ value: id, label: text }), { maxLength: 3 }),
      repeat: fc.constantFrom({ min: 1 }, {}),
      fields: fc.array(tie('field'), { maxLength: 3 }),
      'x-own': fc.constantFrom(null, 1, [], {}, [{}], { a: [] }, 'x'),
    },
    { requiredKeys: ['id', 'type'] },
  ),
})).field
const definition = fc.record(
  {
    format: fc.constant(1),
    id: fc.constant('service'),
    languages: fc.constantFrom(['en'], ['en', 'fa']),
    title: text,
    locale: fc.constant(before.locale),
    pages: fc.array(fc.record({ id, title: text, fields: fc.array(field, { maxLength: 3 }) }), { minLength: 1, maxLength: 3 }),
    documents: fc.array(fc.record({ id, label: text, when: fc.boolean() }, { requiredKeys: ['id', 'label'] }), { maxLength: 3 }),
    tables: fc.dictionary(id, fc.dictionary(id, fc.dictionary(id, fc.oneof(fc.nat(2), fc.boolean())))),
    fee: fc.record({ lines: fc.array(fc.record({ id, label: text, amount: fc.constantFrom(0, { money: 100 }, { var: 'a' }) }), { maxLength: 2 }) }),
  },
  { requiredKeys: ['format', 'id', 'languages', 'title', 'locale', 'pages'] },
) as unknown as fc.Arbitrary<ServiceDefinition>

test('says something of whatever differs, and nothing of what is the same', () => {
  fc.assert(
    fc.property(definition, definition, (a, b) => {
      const changes = diff(a, b)
      if (sameJson(a as never, b as never)) expect(changes.filter(({ code }) => code !== 'table.order')).toEqual([])
      else expect(changes).not.toEqual([])
      for (const change of changes) {
        const sentence = diffText(change, en, 'en')
        expect(sentence, change.code).not.toBe('')
        expect(sentence).not.toMatch(/\{(where|name|before|after|holder|position|count)\}/)
      }
    }),
    { numRuns: 200 },
  )
  fc.assert(
    fc.property(definition, (a) => {
      expect(diff(a, structuredClone(a))).toEqual([])
    }),
  )
})
