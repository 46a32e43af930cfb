import { fieldSettings as settings } from '@guichet/fields/settings-schemas'
import { serviceDefinition } from '@guichet/schemas/validators'
import { describe, expect, test } from 'vitest'
import { topmost } from './chosen-parts.ts'
import { copyParts, readCopied } from './copied-part.ts'
import { duplicateParts } from './duplicate-parts.ts'
import type { Definition, Edit, Edited } from './edit.ts'
import { moveParts } from './move-parts.ts'
import { allFields } from './part.ts'
import { namesMissing, pastePart } from './paste-part.ts'
import { permit } from './permit.test-helper.ts'
import { removeParts } from './remove-parts.ts'
import { stepParts } from './step-parts.ts'

const field = (id: string, more: object = {}) => ({ id, type: 'text', label: { en: id }, ...more })
/** One page of a, b, a group of c and d, e; a second one of f; two documents. */
const service = (): Definition => {
  const definition = permit()
  definition.pages[0].fields = [
    field('a'),
    field('b', { when: { has: [{ var: 'a' }] } }),
    field('g', { type: 'group', fields: [field('c'), field('d', { when: { has: [{ var: 'b' }] } })] }),
    field('e'),
  ] as never
  definition.pages.push({ id: 'two', title: { en: 'Two' }, fields: [field('f')] as never })
  definition.documents = [
    { id: 'x', label: { en: 'X' } },
    { id: 'y', label: { en: 'Y' } },
  ]
  return definition
}
const at = (...places: string[]) => places.map((place) => `/pages/0/fields/${place}`)
const done = (edit: Edit, definition = service()): Edited => {
  const outcome = edit(definition)
  if ('refused' in outcome) throw new Error(outcome.refused)
  expect(serviceDefinition(outcome.definition)).toBe(true)
  return outcome
}
const refusal = (edit: Edit) => {
  const outcome = edit(service())
  return 'refused' in outcome ? outcome.refused : 'done'
}
const shape = ({ definition }: { definition: Definition }) =>
  definition.pages
    .map(({ fields }) =>
      fields.map(
        (one) =>
          one.id + ((one as { fields?: { id: string }[] }).fields ? `(${(one as unknown as { fields: { id: string }[] }).fields.map(({ id }) => id)})` : ''),
      ),
    )
    .join(' | ')

test('the topmost parts stand in the order of the service, numbers as numbers', () => {
  expect(topmost(['/pages/0/fields/10', '/pages/0/fields/2/fields/0', '/pages/0/fields/2', '/documents/0', '@fee', '/pages/0/fields/10'])).toEqual([
    '/documents/0',
    '/pages/0/fields/2',
    '/pages/0/fields/10',
  ])
})

describe('moved together', () => {
  test('into a group, out of it, over pages, and to where one of them stands', () => {
    expect(shape(done(moveParts({ pointers: at('0', '3'), parent: '/pages/0/fields/2', index: 1 })))).toBe('b,g(c,a,e,d) | f')
    const out = done(moveParts({ pointers: at('2/fields/0', '2/fields/1'), parent: '/pages/1' }))
    expect(shape(out)).toBe('a,b,g(),e | f,c,d')
    expect(out).toMatchObject({ part: '/pages/1/fields/1', parts: ['/pages/1/fields/1', '/pages/1/fields/2'] })
    expect(shape(done(moveParts({ pointers: at('0', '1'), parent: '/pages/0', index: 3 })))).toBe('g(c,d),a,b,e | f')
    expect(shape(done(moveParts({ pointers: ['/pages/0/fields/3', '/pages/1/fields/0'], parent: '/pages/0', index: 0 })))).toBe('e,f,a,b,g(c,d) | ')
  })
  test('pages and documents among their like', () => {
    expect(done(moveParts({ pointers: ['/pages/1'], parent: '', index: 0 })).definition.pages.map(({ id }) => id)).toEqual(['two', 'you'])
    expect(done(moveParts({ pointers: ['/documents/0'], parent: '', index: 2 })).definition.documents?.map(({ id }) => id)).toEqual(['y', 'x'])
  })
  test('step by step', () => {
    expect(shape(done(stepParts({ pointers: at('0', '1'), step: 'down' })))).toBe('g(c,d),a,b,e | f')
    expect(shape(done(stepParts({ pointers: at('0', '3'), step: 'down' })))).toBe('b,g(c,d) | a,e,f')
    expect(shape(done(stepParts({ pointers: at('1', '3'), step: 'up' })))).toBe('b,e,a,g(c,d) | f')
    expect(shape(done(stepParts({ pointers: at('2/fields/0', '2/fields/1'), step: 'out' })))).toBe('a,b,g(),c,d,e | f')
    expect(shape(done(stepParts({ pointers: at('3'), step: 'in' })))).toBe('a,b,g(c,d,e) | f')
  })
  test('not into themselves, not nowhere, not of several kinds', () => {
    expect(refusal(moveParts({ pointers: at('2'), parent: '/pages/0/fields/2' }))).toBe('intoItself')
    expect(refusal(moveParts({ pointers: at('0', '1'), parent: '/pages/0', index: 0 }))).toBe('noFurther')
    expect(refusal(moveParts({ pointers: at('0', '1'), parent: '/pages/0/fields/3' }))).toBe('notAGroup')
    expect(refusal(stepParts({ pointers: at('0', '1'), step: 'up' }))).toBe('noFurther')
    expect(refusal(stepParts({ pointers: [...at('0'), '/documents/0'], step: 'up' }))).toBe('severalKinds')
    expect(refusal(stepParts({ pointers: ['/pages/0', '/pages/1'], step: 'up' }))).toBe('noFurther')
    expect(refusal(removeParts({ pointers: ['/pages/0', '/pages/1'] }))).toBe('lastPage')
    expect(refusal(removeParts({ pointers: ['@fee'] }))).toBe('noSuchPart')
  })
})

test('removed together, of any kind', () => {
  const { definition, part } = done(removeParts({ pointers: [...at('0', '2', '2/fields/0'), '/documents/1'] }))
  expect(shape({ definition })).toBe('b,e | f')
  expect(definition.documents?.map(({ id }) => id)).toEqual(['x'])
  expect(part).not.toBe('')
})

test('duplicated together: what they say of each other means the copies, what of others stays', () => {
  const { definition, parts } = done(duplicateParts({ pointers: at('1', '2'), settings }))
  expect(shape({ definition })).toBe('a,b,g(c,d),b_2,g_2(c_2,d_2),e | f')
  expect(parts).toEqual(at('3', '4'))
  const conditions = [...allFields(definition)].filter(({ field: { id } }) => id.endsWith('_2')).map(({ field: { when } }) => when)
  expect(conditions).toEqual([{ has: [{ var: 'a' }] }, undefined, undefined, { has: [{ var: 'b_2' }] }])
})

test('copied and pasted together: taken names are made anew, those inside follow, those outside are named', () => {
  const copied = readCopied(JSON.stringify(copyParts(service(), at('1', '2/fields/1'))))
  if (!copied) throw new Error('nothing copied')
  const target = permit()
  expect(namesMissing(target, copied, settings)).toEqual(['a'])
  const pasted = done(pastePart({ copied, parent: '/pages/0', index: 0, settings }), target)
  expect(shape(pasted)).toBe('b,d,name')
  const again = done(pastePart({ copied, parent: '/pages/0', settings }), pasted.definition)
  expect(shape(again)).toBe('b,d,name,b_2,d_2')
  expect(again.parts).toEqual(at('3', '4'))
  expect(again.definition.pages[0].fields[4]?.when).toEqual({ has: [{ var: 'b_2' }] })
  expect(namesMissing(service(), copied, settings)).toEqual([])
  expect(copyParts(service(), [...at('0'), '/documents/0'])).toBeNull()
})
