/** What is left out of answers and outcomes, by who sees what. Over all ways out of a server: revealed.test.ts. */
import { compile } from '@guichet/core'
import { fieldTypes } from '@guichet/fields/field-types'
import { sealedTarget } from '@guichet/sealing/envelope'
import { describe, expect, it } from 'vitest'
import { definitionOf } from '../testing/world.ts'
import { hiddenPaths, revealedAnswers, revealedOutcome, seesComputed, seesTarget } from './revealed.ts'

const text = (id: string) => ({ id, type: 'text', label: { en: id }, maxLength: 80 })
const group = (id: string, fields: object[], repeat?: object) => ({ id, type: 'group', label: { en: id }, fields, ...(repeat ? { repeat } : {}) })
const made = (fee?: object) =>
  definitionOf((definition) => {
    Object.assign(definition, {
      computed: [
        { id: 'echo', type: 'text', value: { var: 'name' } },
        { id: 'echoed', type: 'text', value: { cat: [{ var: 'echo' }, '!'] } },
        { id: 'whole', type: 'text', value: { var: 'people' } },
        { id: 'one', type: 'text', value: { var: 'other' } },
        { id: 'constant', type: 'text', value: 'always' },
        { id: 'round', type: 'text', value: { var: 'about' } },
        { id: 'about', type: 'text', value: { var: 'round' } },
      ],
      documents: [{ id: 'paper', label: { en: 'Paper' } }],
      routes: [],
      fee,
    })
    definition.pages = [
      {
        id: 'page',
        title: { en: 'Page' },
        fields: [
          text('name'),
          text('other'),
          group('arranged', [text('inside')]),
          group('people', [text('first'), group('pets', [text('kind')], { min: 0, max: 3 })], { min: 0, max: 3 }),
          { id: 'scan', type: 'file', label: { en: 'Scan' } },
          { id: 'words', type: 'content', text: { en: 'Nothing to answer' }, label: { en: 'Words' } },
        ],
      },
    ] as never
  })
const programOf = (fee?: object) => compile(made(fee), fieldTypes as never)
const program = programOf()
const all = () => true
const but =
  (...hidden: string[]) =>
  (path: string) =>
    !hidden.includes(path)
const only =
  (...seen: string[]) =>
  (path: string) =>
    seen.includes(path)

const answers = {
  name: 'Ana',
  other: 'x',
  inside: 'in',
  people: [
    { first: 'Ben', pets: [{ kind: 'cat' }, { kind: 'dog' }] },
    { first: 'Cem', pets: [] },
  ],
}

describe('answers', () => {
  it('are all there for whoever sees all, but for what the version does not know', () => {
    expect(revealedAnswers(program, { ...answers, stranger: 'x', people: [{ first: 'Ben', stranger: 'y' }] }, all)).toEqual({
      ...answers,
      people: [{ first: 'Ben' }],
    })
    // A group that arranges holds no value: what comes under its name is nobody's answer.
    expect(revealedAnswers(program, { arranged: 'x', inside: 'in' }, all)).toEqual({ inside: 'in' })
  })

  it.each<[string, (path: string) => boolean, object]>([
    ['nothing', () => false, {}],
    ['one field', only('name'), { name: 'Ana' }],
    ['one inside an arranging group', only('inside'), { inside: 'in' }],
    ['a column of rows', only('people.first'), { people: [{ first: 'Ben' }, { first: 'Cem' }] }],
    ['a column of rows of rows', only('people.pets.kind'), { people: [{ pets: [{ kind: 'cat' }, { kind: 'dog' }] }, { pets: [] }] }],
    ['rows alone, of which nothing is theirs', only('people'), { people: [{}, {}] }],
    ['all but a column', but('people.first', 'name', 'other', 'inside'), { people: [{ pets: [{ kind: 'cat' }, { kind: 'dog' }] }, { pets: [] }] }],
  ])('are left out but for %s', (_, sees, expected) => expect(revealedAnswers(program, answers, sees)).toEqual(expected))

  it('that are no rows have no field that could be seen', () => {
    for (const people of ['secret', null, { first: 'Ben' }, 7]) expect(revealedAnswers(program, { people } as never, all)).toEqual({})
    expect(revealedAnswers(program, { people: ['secret', null, ['secret'], { first: 'Ben' }] } as never, all)).toEqual({
      people: [{}, {}, {}, { first: 'Ben' }],
    })
  })
})

describe('computed values', () => {
  it.each<[string, (path: string) => boolean, string[]]>([
    ['everything is', all, ['echo', 'echoed', 'whole', 'one', 'constant']],
    ['what they are computed from is not, at any remove', but('name'), ['whole', 'one', 'constant']],
    ['one between is not', but('echo'), ['whole', 'one', 'constant']],
    ['a list is without one of its columns', but('people.pets.kind'), ['echo', 'echoed', 'one', 'constant']],
    ['a list itself is not', but('people'), ['echo', 'echoed', 'one', 'constant']],
    ['they themselves are not', only('name', 'other'), []],
    ['nothing is', () => false, []],
  ])('are seen where %s', (_, sees, expected) => {
    const ids = ['echo', 'echoed', 'whole', 'one', 'constant', 'round', 'about', 'unknown', 'name']
    expect(ids.filter((id) => seesComputed(program, id, sees))).toEqual(expected)
  })

  it('that read what is no field of the version are nobody’s', () => {
    const odd = { ...program, scope: new Map([['ghost', { path: 'ghost' }]]), computed: new Map([['reads', { var: 'ghost' }]]) }
    expect(seesComputed(odd as never, 'reads', all)).toBe(false)
  })
})

describe('an outcome', () => {
  const fee = { lines: [{ id: 'per', amount: { var: 'name' }, when: { var: 'other' } }] }
  const outcome = {
    documents: [
      { id: 'paper', copies: 1 },
      { id: 'gone', copies: 2 },
    ],
    computed: { echo: 'Ana', one: 'x', constant: 'always', round: 'r' },
    fee: { lines: [{ id: 'per', amount: 7, refundable: false }], total: 7 },
    route: 'desk',
    atDesk: ['paper', 'gone'],
    proved: ['/name', '/people/0/first', '/people/11/pets/2/kind'],
  }
  const shown = (sees: (path: string) => boolean, of = programOf(fee)) => revealedOutcome(of, outcome, sees)

  it('is whole for whoever sees all, but for what the version does not know', () => {
    expect(shown(all)).toEqual({
      ...outcome,
      documents: [{ id: 'paper', copies: 1 }],
      atDesk: ['paper'],
      computed: { echo: 'Ana', one: 'x', constant: 'always' },
    })
  })

  it('has no document that is not theirs, and none of its places', () => {
    expect(shown(but('documents.paper'))).toMatchObject({ documents: [], atDesk: [], route: 'desk' })
  })

  it('has no fee that follows from an answer that is not theirs, or whose condition does', () => {
    for (const path of ['name', 'other']) expect(shown(but(path)).fee).toEqual({ lines: [], total: 0 })
    expect(shown(but('inside')).fee).toEqual(outcome.fee)
    // Of a fee that nothing is asked for, nothing can be learnt.
    expect(shown(but('name'), programOf()).fee).toEqual(outcome.fee)
    expect(shown(but('name'), programOf({ lines: [{ id: 'per', amount: 3 }] })).fee).toEqual(outcome.fee)
  })

  it('says of the fields that are theirs alone that they were proved, in whichever row', () => {
    expect(shown(but('people.first')).proved).toEqual(['/name', '/people/11/pets/2/kind'])
    expect(shown(only('people.pets.kind')).proved).toEqual(['/people/11/pets/2/kind'])
    const { proved, ...unproved } = outcome
    expect(revealedOutcome(program, unproved, all)).not.toHaveProperty('proved')
  })
})

describe('a file', () => {
  it('of a document or a field is theirs where that is', () => {
    expect([seesTarget(program, 'paper', all), seesTarget(program, 'paper', but('documents.paper'))]).toEqual([true, false])
    expect(seesTarget(program, 'paper', only('documents.paper'))).toBe(true)
    expect([seesTarget(program, 'scan', all), seesTarget(program, 'scan', but('scan'))]).toEqual([true, false])
    expect(seesTarget(program, 'unknown', all)).toBe(false)
  })

  it('that is sealed is theirs from whom nothing is hidden', () => {
    const plain = compile(definitionOf(), fieldTypes as never)
    expect(seesTarget(plain, sealedTarget, all)).toBe(true)
    expect(seesTarget(plain, sealedTarget, but('name'))).toBe(false)
    expect(seesTarget(plain, sealedTarget, () => false)).toBe(false)
  })

  it('of a version without documents is found by its field', () => {
    const { documents, ...rest } = made()
    const none = compile(rest as never, fieldTypes as never)
    expect([seesTarget(none, 'scan', all), seesTarget(none, 'paper', all)]).toEqual([true, false])
    expect(
      revealedOutcome(none, { documents: [{ id: 'paper', copies: 1 }], computed: {}, fee: {}, route: null, atDesk: ['paper'] } as never, all),
    ).toMatchObject({
      documents: [],
      atDesk: [],
    })
    expect(hiddenPaths(none, but('documents.paper'))).toEqual(['round', 'about'])
  })
})

describe('what is said to be hidden', () => {
  it('are the fields, computed values and documents that are, each by its path', () => {
    expect(hiddenPaths(program, all)).toEqual(['round', 'about'])
    expect(hiddenPaths(program, but('name', 'people.first', 'documents.paper'))).toEqual([
      ...['name', 'people.first', 'echo', 'echoed', 'whole', 'round', 'about'],
      'documents.paper',
    ])
    // Neither groups, whose fields are named, nor what nobody answers.
    expect(hiddenPaths(program, () => false)).toEqual([
      ...['name', 'other', 'inside', 'people.first', 'people.pets.kind', 'scan'],
      ...['echo', 'echoed', 'whole', 'one', 'constant', 'round', 'about', 'documents.paper'],
    ])
  })
})
