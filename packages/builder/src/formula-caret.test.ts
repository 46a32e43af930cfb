import { describe, expect, it } from 'vitest'
import type { ReadableName } from './editor/readable-names.ts'
import { callAt, completionsAt } from './formula-caret.ts'

const name = (of: string, label: string, more: Partial<ReadableName> = {}): ReadableName => ({ name: of, label, kind: 'text', choices: [], ...more })
const names = [
  name('rent', 'Monthly rent', { kind: 'money' }),
  name('tenure', 'Your home', {
    kind: 'choice',
    choices: [
      { value: 'own', label: 'I own it' },
      { value: 'rent', label: 'I rent it' },
    ],
  }),
  name('members', 'Household', {
    kind: 'rows',
    fields: [name('birth', 'Date of birth'), name('kind', 'Kind', { choices: [{ value: 'child', label: 'A child' }] })],
  }),
  name('in', 'Entrance'),
]
/** `|` is the caret. */
const at = (marked: string, asked = false) => completionsAt(marked.replace('|', ''), marked.indexOf('|'), names, false, asked)
const texts = (marked: string, asked = false) => at(marked, asked)?.options.map(({ text }) => text) ?? null

describe('at the caret', () => {
  it('names come by key and by any word of their label, functions by name', () => {
    expect(texts('re|')).toEqual(['rent'])
    expect(texts('hou|')).toEqual(['members'])
    expect(texts('[month|')).toEqual(['rent'])
    expect(texts('mo|')).toEqual(['rent', 'mod()', 'money()'])
    expect(texts('no|')).toEqual(['none()', 'not '])
    expect(texts('entr|')).toEqual(['[in]'])
    expect(at('1 + hou| > 2')).toMatchObject({ start: 4, end: 7 })
  })
  it('inside a call over rows, their fields come first', () => {
    expect(texts('count(members; b|')?.[0]).toBe('birth')
    expect(texts('b|')).toBeNull()
    expect(texts('count(b|')).toBeNull()
    expect(texts('some(members; kind = "ch|')).toEqual(['"child"'])
  })
  it('what is compared offers its choices', () => {
    expect(texts('tenure = |', true)?.slice(0, 2)).toEqual(['"own"', '"rent"'])
    expect(texts('tenure = "re|"')).toEqual(['"rent"'])
    expect(texts('tenure != i|')?.slice(0, 2)).toEqual(['"own"', '"rent"'])
    expect(texts('tenure in {"own"; "|')).toEqual(['"own"', '"rent"'])
    expect(texts('rent = "x|')).toBeNull()
  })
  it('after a value only what joins it to another', () => {
    expect(texts('rent a|')).toEqual(['and '])
    expect(texts('rent > 3 |', true)).toEqual(['and ', 'or ', 'in '])
  })
  it('nothing comes unasked, or where all is written', () => {
    expect(texts('|')).toBeNull()
    expect(texts('rent > |')).toBeNull()
    expect(texts('tenure|')).toBeNull()
    expect(texts('|', true)?.length).toBeGreaterThan(10)
    expect(texts('su|(members)')).toEqual(['sum', 'substr'])
  })
  it('the function around is known, with the argument', () => {
    const call = (marked: string) => callAt(marked.replace('|', ''), marked.indexOf('|'), false)
    expect(call('count(|')).toEqual({ name: 'count', argument: 0 })
    expect(call('count(members; age(birth) < 1|8)')).toEqual({ name: 'count', argument: 1 })
    expect(call('count(members; age(bi|rth) < 18)')).toEqual({ name: 'age', argument: 0 })
    expect(call('count(members; (a and |')).toEqual({ name: 'count', argument: 1 })
    expect(call('count(members)|')).toBeNull()
    expect(call('nothing_known(|')).toBeNull()
    expect(call('a and (b|')).toBeNull()
  })
})
