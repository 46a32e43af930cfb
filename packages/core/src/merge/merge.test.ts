import type { ServiceDefinition } from '@guichet/schemas'
import { describe, expect, test } from 'vitest'
import { type Choice, mergeDefinitions, mergePolicies } from './merge.ts'

const base: ServiceDefinition = {
  format: 1,
  id: 'permit',
  languages: ['en', 'fa'],
  title: { en: 'Permit', fa: 'مجوز' },
  agency: { name: { en: 'City' }, units: { desk: { en: 'Desk' } } },
  locale: { timeZone: 'Europe/Dublin', calendar: 'gregory', currency: 'EUR', decimals: 2 },
  pages: [
    {
      id: 'you',
      title: { en: 'You' },
      fields: [
        { id: 'name', type: 'text', label: { en: 'Name', fa: 'نام' }, maxLength: 80 },
        { id: 'income', type: 'money', label: { en: 'Income' }, rules: [{ rule: true, message: { en: 'One' } }] },
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
    {
      id: 'home',
      title: { en: 'Home' },
      fields: [
        { id: 'people', type: 'group', label: { en: 'People' }, repeat: { min: 1 }, fields: [{ id: 'first', type: 'text', label: { en: 'First' } }] },
        { id: 'box', type: 'group', label: { en: 'Box' }, fields: [{ id: 'note', type: 'text', label: { en: 'Note' } }] },
      ],
    },
  ],
  documents: [{ id: 'lease', label: { en: 'Lease' }, when: { '==': [{ var: 'tenure' }, 'rent'] } }],
  fee: { lines: [{ id: 'base', label: { en: 'Base' }, amount: { money: 1000 } }] },
  routes: [{ when: { has: [{ var: 'income' }] }, to: 'check' }, { to: 'desk' }],
  stages: [{ id: 'check', label: { en: 'Check' }, term: { value: 5, unit: 'workingDays' } }],
  tables: { rate: { a: { k: 1 }, b: { k: 2 }, c: { k: 3 } } },
} as unknown as ServiceDefinition

// biome-ignore lint/suspicious/noExplicitAny: tests reach into settings of every type
type Loose = any
type Change = (copy: Loose) => void
const changed = (change: Change): ServiceDefinition => {
  const copy = structuredClone(base)
  change(copy)
  return copy
}
const merge = (mine: Change, yours: Change, choices: Record<string, Choice> = {}) =>
  mergeDefinitions(base, changed(mine), changed(yours), { choices: new Map(Object.entries(choices)) })
/** Both ways round: the same, but for the names. */
const together = (mine: Change, yours: Change): Loose => {
  const [one, other] = [merge(mine, yours), merge(yours, mine)]
  expect(one.conflicts).toEqual([])
  expect(other).toEqual(one)
  expect(JSON.stringify(other)).toBe(JSON.stringify(one))
  return one.merged
}
const disputed = (mine: Change, yours: Change) => {
  const { conflicts } = merge(mine, yours)
  const turned = merge(yours, mine).conflicts
  const plain = (list: typeof conflicts) => list.map(({ key, kind }) => `${kind} ${key}`).sort()
  expect(plain(turned)).toEqual(plain(conflicts))
  for (const conflict of conflicts) {
    const mirror = turned.find(({ key }) => key === conflict.key)
    expect([mirror?.base, mirror?.ours, mirror?.theirs]).toEqual([conflict.base, conflict.theirs, conflict.ours])
  }
  return conflicts
}

test('nothing done, one side alone, and twice the same are no conflict', () => {
  const mine = changed((copy) => {
    copy.pages.reverse()
    copy.pages[1].fields[0].label = { fa: 'نام', en: 'Full name' }
    copy.tables.rate = { c: { k: 3 }, a: { k: 1 } }
    delete copy.fee
  })
  for (const [o, t, is] of [
    [base, mine, mine],
    [mine, base, mine],
    [mine, mine, mine],
    [base, base, base],
  ] as const) {
    const { merged, conflicts } = mergeDefinitions(base, o, t)
    expect(JSON.stringify(merged)).toBe(JSON.stringify(is))
    expect(conflicts).toEqual([])
  }
})

describe('what does not collide', () => {
  test('texts by language, settings one by one', () => {
    const merged = together(
      (copy) => {
        copy.pages[0].fields[0].label.en = 'Full name'
        copy.pages[1].fields[0].repeat.max = 5
      },
      (copy) => {
        copy.pages[0].fields[0].label.fa = 'نام کامل'
        copy.pages[0].fields[0].maxLength = 90
        copy.pages[1].fields[0].repeat.min = 2
      },
    )
    expect(merged.pages[0].fields[0]).toEqual({ id: 'name', type: 'text', label: { en: 'Full name', fa: 'نام کامل' }, maxLength: 90 })
    expect(merged.pages[1].fields[0].repeat).toEqual({ min: 2, max: 5 })
  })
  test('a question is moved by one, reworded by the other, also into rows', () => {
    const merged = together(
      (copy) => copy.pages[1].fields[0].fields.push(copy.pages[0].fields.splice(0, 1)[0]),
      (copy) => (copy.pages[0].fields[0].label.en = 'Full name'),
    )
    expect(merged.pages[0].fields.map(({ id }: Loose) => id)).toEqual(['income', 'tenure'])
    expect(merged.pages[1].fields[0].fields[1].label.en).toBe('Full name')
  })
  test('both add, at the same place and at others', () => {
    const merged = together(
      (copy) => {
        copy.pages[0].fields.splice(1, 0, { id: 'birth', type: 'date' })
        copy.documents.push({ id: 'photo', label: { en: 'Photo' } })
        copy.pages[0].fields[0].rules = [{ rule: true, message: { en: 'Two' } }]
        copy.pages[0].fields[3].options.push({ value: 'free', label: { en: 'Free' } })
      },
      (copy) => {
        copy.pages[0].fields.splice(1, 0, { id: 'email', type: 'email' })
        copy.pages[0].fields.push({ id: 'last', type: 'text' })
        copy.documents.unshift({ id: 'card', label: { en: 'Card' } })
        copy.pages[0].fields[2].rules.push({ rule: false, message: { en: 'Three' } })
        copy.pages[0].fields[3].options.unshift({ value: 'none', label: { en: 'None' } })
      },
    )
    expect(merged.pages[0].fields.map(({ id }: Loose) => id)).toEqual(['name', 'birth', 'email', 'income', 'tenure', 'last'])
    expect(merged.documents.map(({ id }: Loose) => id)).toEqual(['card', 'lease', 'photo'])
    expect(merged.pages[0].fields[3].rules.map(({ message }: Loose) => message.en)).toEqual(['One', 'Three'])
    expect(merged.pages[0].fields[4].options.map(({ value }: Loose) => value)).toEqual(['none', 'own', 'rent', 'free'])
  })
  test('one adds what the other adds too: once', () => {
    const add: Change = (copy) => copy.routes.unshift({ when: true, to: 'auto_reject' })
    expect(together(add, add).routes).toHaveLength(3)
  })
  test('nameless items are known by what stands around them', () => {
    const merged = together(
      (copy) => (copy.routes[0].to = 'desk'),
      (copy) => (copy.routes[0].when = { has: [{ var: 'name' }] }),
    )
    expect(merged.routes).toEqual([{ when: { has: [{ var: 'name' }] }, to: 'desk' }, { to: 'desk' }])
  })
  test('one puts in order, the other adds and removes', () => {
    const merged = together(
      (copy) => copy.pages[0].fields.reverse(),
      (copy) => {
        copy.pages[0].fields.splice(1, 1)
        copy.pages[0].fields.push({ id: 'last', type: 'text' })
      },
    )
    expect(merged.pages[0].fields.map(({ id }: Loose) => id)).toEqual(['tenure', 'last', 'name'])
  })
  test('rows of tables keep the order somebody gave them', () => {
    const merged = together(
      (copy) => (copy.tables.rate = { c: { k: 3 }, b: { k: 2 }, a: { k: 1 } }),
      (copy) => (copy.tables.rate.b.k = 5),
    )
    expect(JSON.stringify(merged.tables.rate)).toBe('{"c":{"k":3},"b":{"k":5},"a":{"k":1}}')
  })
})

describe('what collides', () => {
  const cases: [string, Change, Change, string[]][] = [
    ['one text', (copy) => (copy.title.en = 'A'), (copy) => (copy.title.en = 'B'), ['changed /title/en']],
    ['one condition', (copy) => (copy.documents[0].when = true), (copy) => (copy.documents[0].when = false), ['changed /documents/lease/when']],
    ['one amount', (copy) => (copy.fee.lines[0].amount.money = 1), (copy) => (copy.fee.lines[0].amount.money = 2), ['changed /fee/lines/base/amount']],
    ['removed and changed', (copy) => copy.pages[0].fields.splice(0, 1), (copy) => (copy.pages[0].fields[0].maxLength = 1), ['removed #field name']],
    [
      'removed and moved',
      (copy) => copy.pages[0].fields.splice(0, 1),
      (copy) => copy.pages[1].fields.push(copy.pages[0].fields.shift()),
      ['removed #field name'],
    ],
    ['a document', (copy) => copy.documents.pop(), (copy) => (copy.documents[0].label.fa = 'x'), ['removed /documents/lease']],
    ['the fee', (copy) => delete copy.fee, (copy) => (copy.fee.lines[0].amount.money = 2), ['removed /fee']],
    [
      'moved to two places',
      (copy) => copy.pages[1].fields.push(copy.pages[0].fields.shift()),
      (copy) => copy.pages[1].fields[1].fields.push(copy.pages[0].fields.shift()),
      ['moved #field name#holder'],
    ],
    ['a page gone, and new in it', (copy) => copy.pages.pop(), (copy) => copy.pages[1].fields.push({ id: 'new', type: 'text' }), ['holder #page home#holds']],
    [
      'one in the other, and the other way round',
      (copy) => copy.pages[1].fields[0].fields.push(copy.pages[1].fields.pop()),
      (copy) => copy.pages[1].fields[1].fields.push(copy.pages[1].fields.shift()),
      ['moved #field box#holder', 'moved #field people#holder'],
    ],
    ['two orders', (copy) => copy.pages[0].fields.reverse(), (copy) => copy.pages[0].fields.push(copy.pages[0].fields.shift()), ['order #page you#order']],
    [
      'two of one name',
      (copy) => copy.pages[0].fields.push({ id: 'new', type: 'text' }),
      (copy) => copy.pages[0].fields.push({ id: 'new', type: 'date' }),
      ['added #field new/type'],
    ],
  ]
  for (const [name, mine, yours, keys] of cases)
    test(name, () => {
      const conflicts = disputed(mine, yours)
      expect(conflicts.map(({ kind, key }) => `${kind} ${key}`).sort()).toEqual(keys)
      const choose = (choice: Choice) => Object.fromEntries(conflicts.map(({ key }) => [key, choice]))
      // What is settled one way is what is settled the other way from the other side.
      expect(merge(mine, yours, choose('theirs')).merged).toEqual(merge(yours, mine, choose('ours')).merged)
      // Nothing else was touched: each choice is what that side made.
      if (!keys[0]?.startsWith('added')) {
        expect(merge(mine, yours, choose('ours')).merged).toEqual(changed(mine))
        expect(merge(mine, yours, choose('theirs')).merged).toEqual(changed(yours))
      }
    })

  test('a value of its own stands instead of both; the place is told', () => {
    const [mine, yours]: Change[] = [(copy) => (copy.pages[0].fields[0].label.en = 'A'), (copy) => (copy.pages[0].fields[0].label.en = 'B')]
    const [conflict] = merge(mine as Change, yours as Change).conflicts
    expect(conflict).toMatchObject({ pointer: '/pages/0/fields/0/label/en', base: 'Name', ours: 'A', theirs: 'B' })
    const { merged } = merge(mine as Change, yours as Change, { [String(conflict?.key)]: { value: 'A and B' } })
    expect(merged.pages[0].fields[0]?.label).toEqual({ en: 'A and B', fa: 'نام' })
  })

  test('a page that is kept comes back with all that was in it', () => {
    const { merged, conflicts } = merge(
      (copy) => copy.pages.pop(),
      (copy) => (copy.pages[1].title.en = 'House'),
    )
    expect(merged.pages).toHaveLength(1)
    const kept = merge(
      (copy) => copy.pages.pop(),
      (copy) => (copy.pages[1].title.en = 'House'),
      { [String(conflicts[0]?.key)]: 'theirs' },
    )
    expect(kept.merged.pages[1]).toEqual({ ...base.pages[1], title: { en: 'House' } })
  })

  test('names that every object has are names like others', () => {
    const mine = JSON.parse(JSON.stringify(base).replace('"rate"', '"__proto__"')) as ServiceDefinition
    const { merged } = mergeDefinitions(mine, mine, { ...mine, title: { en: 'Other' } })
    expect(Object.keys(merged.tables ?? {})).toEqual(['__proto__'])
    expect(({} as Loose).a).toBeUndefined()
  })
})

test('policies are merged the same way, also where one side has none', () => {
  const policy = { rules: { origins: { allow: ['https://a.example'] }, retention: { months: 12 } } }
  const more = { rules: { origins: { allow: ['https://a.example', 'https://b.example'] }, retention: { months: 12 } } }
  const longer = { rules: { origins: { allow: ['https://a.example'] }, retention: { months: 24 } } }
  expect(mergePolicies<object | null>(policy, more, longer)).toEqual({
    merged: { rules: { origins: { allow: ['https://a.example', 'https://b.example'] }, retention: { months: 24 } } },
    conflicts: [],
  })
  expect(mergePolicies<object | null>(policy, longer, { rules: { retention: { months: 6 } } }).conflicts).toMatchObject([
    { key: '/policy/rules/retention/months', pointer: '/policy/rules/retention/months', ours: 24, theirs: 6 },
  ])
  expect(mergePolicies<object | null>(null, null, policy).merged).toEqual(policy)
  expect(mergePolicies<object | null>(policy, null, longer).conflicts).toMatchObject([{ kind: 'removed', pointer: '/policy' }])
})
