import { sameJson } from '@guichet/core'
import { lint } from '@guichet/core/lint'
import type { Choice } from '@guichet/core/merge/merge'
import { fieldTypes } from '@guichet/fields/field-types'
import { fieldSettings as settings } from '@guichet/fields/settings-schemas'
import { expect, test } from 'vitest'
import { type Definition, isRefused } from './edit.ts'
import { editPart } from './edit-part.ts'
import { mergeDrafts } from './merge-drafts.ts'
import { allFields, type Holder } from './part.ts'
import { permit } from './permit.test-helper.ts'
import { randomEdit, randomFrom } from './random-edits.ts'
import { renameField } from './rename-field.ts'

const findingsOf = (definition: Definition) => lint(definition, fieldTypes, settings)
const draft = (definition: Definition) => ({ definition, policy: null })
const merge = (base: Definition, ours: Definition, theirs: Definition, choices?: ReadonlyMap<string, Choice> | 'theirs', check = findingsOf) =>
  mergeDrafts(draft(base), draft(ours), draft(theirs), {
    settings,
    lint: check,
    language: 'en',
    ...(choices === 'theirs' ? { unchosen: 'theirs' } : choices ? { choices } : {}),
  })

/** Some edits in a row; those that change settings as well, which commands for the outline do not. */
function edited(definition: Definition, count: number, random: () => number): Definition {
  let made = 0
  let next = definition
  for (let tries = 0; made < count && tries < count * 20; tries++) {
    const fields = [...allFields(next)]
    const field = fields[Math.floor(random() * fields.length)]
    const [path, value] = [
      ['/label/en', `Label ${Math.floor(random() * 1e6)}`],
      ['/hint/en', `Hint ${Math.floor(random() * 1e6)}`],
      ['/optional', random() < 0.5 || undefined],
    ][Math.floor(random() * 3)] as [string, unknown]
    const edit = random() < 0.4 && field ? editPart({ pointer: field.pointer, path, value }) : randomEdit(next, settings, random, 25)
    const outcome = edit(next)
    if (isRefused(outcome) || outcome.definition === next) continue
    made++
    next = outcome.definition
  }
  return next
}

/** Every value under the name of the part it belongs to, told without the code that merges. */
function facts(definition: Definition): Map<string, unknown> {
  const found = new Map<string, unknown>()
  const count = new Map<string, number>()
  const tell = (key: string, value: unknown) => {
    if (typeof value === 'object' && value !== null && !Array.isArray(value) && !/\/(when|rule|amount|copies)$/.test(key))
      for (const [name, inner] of Object.entries(value)) tell(`${key}/${name}`, inner)
    else found.set(key, value)
  }
  const part = (name: string, own: object, holder: string) => {
    tell(name, own)
    found.set(`${name} in`, holder)
  }
  const walk = (fields: readonly Holder[], holder: string) => {
    for (const { fields: inner, ...own } of fields) {
      count.set(own.id, (count.get(own.id) ?? 0) + 1)
      part(`field ${own.id}`, own, holder)
      walk((inner ?? []) as Holder[], `field ${own.id}`)
    }
  }
  for (const { fields, ...own } of definition.pages) {
    part(`page ${own.id}`, own, '')
    walk(fields as Holder[], `page ${own.id}`)
  }
  for (const document of definition.documents ?? []) part(`document ${document.id}`, document, '')
  // A name that stands for two things says nothing of either.
  for (const [id, times] of count) if (times > 1) for (const key of found.keys()) if (key.startsWith(`field ${id}`)) found.delete(key)
  return found
}

test('10,000 random edits, merged two by two: nothing is lost unseen, nothing is worse, the sides are alike', { timeout: 120_000 }, () => {
  const random = randomFrom(28)
  let base = permit()
  let [edits, clean, disputed, checked] = [0, 0, 0, 0]
  const unlinted = () => []
  while (edits < 10_000) {
    if (edits % 1000 === 0) base = permit()
    const counts = [1 + Math.floor(random() * random() * 24), 1 + Math.floor(random() * random() * 24), 2]
    const [ours, theirs] = [edited(base, counts[0] as number, random), edited(base, counts[1] as number, random)]
    edits += counts.reduce((sum, one) => sum + one, 0)

    expect(JSON.stringify(merge(base, base, theirs, undefined, unlinted).draft.definition)).toBe(JSON.stringify(theirs))
    expect(JSON.stringify(merge(base, ours, base, undefined, unlinted).draft.definition)).toBe(JSON.stringify(ours))
    expect(merge(base, ours, ours, undefined, unlinted)).toEqual({ draft: draft(ours), conflicts: [], findings: [] })

    // Lint costs more than the merge: it looks at every tenth.
    const check = edits % 10 === 0 ? findingsOf : unlinted
    const merged = merge(base, ours, theirs, undefined, check)
    // From the other side, with the same decisions, it is the same.
    const turned = merge(base, theirs, ours, 'theirs', check)
    const names = ({ conflicts }: typeof merged) => conflicts.map(({ kind, key }) => `${kind} ${key}`).sort()
    expect(names(turned)).toEqual(names(merged))
    expect(JSON.stringify(turned.draft)).toBe(JSON.stringify(merged.draft))
    if (merged.conflicts.length > 0) disputed++
    else {
      clean++
      if (check === findingsOf) {
        checked++
        const worse = new Set([...findingsOf(ours), ...findingsOf(theirs), ...merged.findings].map(({ code }) => code))
        for (const { code } of findingsOf(merged.draft.definition)) expect(worse.has(code), code).toBe(true)
      }
    }

    // Whatever either side changed is in the merge, or in a conflict about that very part.
    const [was, is] = [facts(base), facts(merged.draft.definition)]
    const told = merged.conflicts.map(({ key }) => key)
    for (const side of [ours, theirs]) {
      const now = facts(side)
      for (const key of new Set([...was.keys(), ...now.keys()])) {
        if (sameJson(was.get(key) as never, now.get(key) as never)) continue
        if (sameJson(is.get(key) as never, now.get(key) as never)) continue
        // What names a question that the other side renamed has followed it.
        const nameless = (value: unknown) => JSON.stringify(value ?? null).replace(/"var":"\w+"/g, '')
        if (key.endsWith('/when') && nameless(is.get(key)) === nameless(now.get(key))) continue
        // A question whose group was renamed did not move.
        if (key.endsWith(' in') && was.has(key) && now.has(key) && !was.has(`${now.get(key)}/id`) && !now.has(`${was.get(key)}/id`)) continue
        const [, id = ''] = /^(?:field|page|document) ([^/ ]+)/.exec(key) ?? []
        const about = told.some((one) => one.includes(id) || one.includes('#holder') || one.startsWith('#id ') || one.includes('#holds'))
        const isElsewhere = [was, now, is].some((list) => ![...list.keys()].some((one) => one.split(/[/ ]/)[1] === key.split(/[/ ]/)[1]))
        expect(about || isElsewhere, `${key}: ${JSON.stringify([was.get(key), now.get(key), is.get(key)])} ${told.join(', ')}`).toBe(true)
      }
    }
    base = edited(merged.draft.definition, counts[2] as number, random)
    if ([...allFields(base)].length > 40) base = permit()
  }
  expect(clean).toBeGreaterThan(100)
  expect(disputed).toBeGreaterThan(100)
  expect(checked).toBeGreaterThan(5)
})

const change = (definition: Definition, edit: ReturnType<typeof editPart>): Definition => {
  const outcome = edit(definition)
  if (isRefused(outcome)) throw new Error(outcome.refused)
  return outcome.definition
}
const two = (): Definition => {
  const base = permit()
  const [page] = base.pages
  page.fields.push({ id: 'visa', type: 'text', label: { en: 'Visa', fa: 'روادید' } })
  return base
}

test('a question that got another id is the same question, and what the other side newly says of it follows', () => {
  const base = two()
  const pointer = '/pages/0/fields/0'
  const rename = (id: string) => change(base, renameField({ pointer, id, settings }))
  const ours = rename('other_name')
  const theirs = change(
    change(base, editPart({ pointer, path: '/label/fa', value: 'نام' })),
    editPart({ pointer: '/pages/0/fields/1', path: '/when', value: { has: [{ var: 'name' }] } }),
  )
  const { draft: merged, conflicts, findings } = merge(base, ours, theirs)
  expect([conflicts, findings]).toEqual([[], []])
  expect(merged.definition.pages[0].fields).toMatchObject([
    { id: 'other_name', label: { en: 'Name', fa: 'نام' } },
    { id: 'visa', when: { has: [{ var: 'other_name' }] } },
  ])

  const third = rename('third_name')
  const disputed = merge(base, ours, third)
  expect(disputed.conflicts).toMatchObject([{ kind: 'renamed', base: 'name', ours: 'other_name', theirs: 'third_name' }])
  expect(merge(base, ours, third, new Map([[disputed.conflicts[0]?.key ?? '', 'theirs']])).draft.definition).toEqual(third)
  expect(disputed.draft.definition).toEqual(ours)
})

test('what is wrong only together is told', () => {
  const base = two()
  const ours = structuredClone(base)
  ours.pages[0].fields.splice(0, 1)
  const theirs = change(base, editPart({ pointer: '/pages/0/fields/1', path: '/when', value: { has: [{ var: 'name' }] } }))
  const { conflicts, findings } = merge(base, ours, theirs)
  expect(conflicts).toEqual([])
  expect(findings).toMatchObject([{ code: 'expression.unknownField', pointer: '/pages/0/fields/0/when/has/0/var' }])
  // Nothing is told that was there before.
  expect(merge(base, ours, base).findings).toEqual([])
})
