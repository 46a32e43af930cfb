import { fieldSchemas } from '@guichet/fields/field-schemas'
import { expect, it } from 'vitest'
import { largeService } from '../../../../bench/builder/large-service.ts'
import { isRefused } from './edit.ts'
import { patched, patchFrom } from './patch.ts'
import { randomEdit, randomFrom } from './random-edits.ts'

it('leads through random edits to the very same bytes, by what is small beside the whole', () => {
  const random = randomFrom(7)
  let definition = largeService(60)
  // As the other side has it: it shares nothing with what is edited.
  let copy: unknown = structuredClone(definition)
  const sizes: number[] = []
  for (let made = 0; made < 150; ) {
    const outcome = randomEdit(definition, fieldSchemas, random, 80)(definition)
    if (isRefused(outcome)) continue
    const sent = JSON.stringify(patchFrom(definition, outcome.definition))
    const next = patched(copy, JSON.parse(sent))
    expect(JSON.stringify(next)).toBe(JSON.stringify(outcome.definition))
    ;[definition, copy] = [outcome.definition, next]
    sizes.push(sent.length)
    made++
  }
  const median = sizes.sort((a, b) => a - b)[75] as number
  expect(median).toBeLessThan(JSON.stringify(definition).length / 5)
})

it('keeps what was left alone, also what has moved', () => {
  const one = { a: [{ id: 1 }, { id: 2 }, { id: 3 }], b: { c: 1 } }
  const [first, second, third] = one.a
  const other = { a: [third, { id: 9 }, first], b: one.b }
  const made = patched(one, patchFrom(one, other)) as typeof one
  expect(made).toEqual(other)
  expect([made.a[0], made.a[2], made.b]).toEqual([third, first, one.b])
  expect(made.a[0]).toBe(third)
  expect(made.b).toBe(one.b)
  expect(made.a).not.toContain(second)
  // The other way round, and between things that have nothing in common.
  expect(patched(other, patchFrom(other, one))).toEqual(one)
  for (const [from, to] of [
    [[1, 2], { 0: 1 }],
    [{ x: null }, { x: [] }],
    [{ x: 1, y: 2 }, { y: 2 }],
    [['a', 'a'], ['a']],
  ])
    expect(patched(from, patchFrom(from, to))).toEqual(to)
})

it('takes names for names, whatever they are', () => {
  const before = JSON.parse('{"a":1}')
  const after = JSON.parse('{"a":1,"toString":{"b":2},"__proto__":{"c":3}}')
  expect(JSON.stringify(patched(before, patchFrom(before, after)))).toBe(JSON.stringify(after))
})
