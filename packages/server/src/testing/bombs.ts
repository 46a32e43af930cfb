/** Definitions that are made to take long, much memory or a deep stack, each of a kind of its own. */
import type { ServiceDefinition } from '@guichet/schemas'
import fc from 'fast-check'
import { definitionOf } from './world.ts'

type Loose = Record<string, unknown> & { pages: { id: string; fields: unknown[]; [more: string]: unknown }[] }
const bomb = (change: (definition: Loose) => void): ServiceDefinition =>
  definitionOf((definition) => {
    change(definition as unknown as Loose)
  })
const text = (id: string, more: object = {}) => ({ id, type: 'text', label: { en: id, el: id }, maxLength: 80, ...more })
const list = <T>(count: number, make: (i: number) => T) => Array.from({ length: count }, (_, i) => make(i))
const nest = (depth: number, inner: unknown, wrap: (inner: unknown, i: number) => unknown) => {
  let value = inner
  for (let i = 0; i < depth; i++) value = wrap(value, i)
  return value
}
const last = ({ pages }: Loose) => pages.at(-1)!.fields

/** By kind: how large, and what it is made of. */
export const bombKinds: Readonly<Record<string, (size: number) => ServiceDefinition>> = {
  'very many questions': (size) => bomb((it) => last(it).push(...list(20 * size, (i) => text(`q${i}`)))),
  'groups in groups': (size) =>
    bomb((it) => last(it).push(nest(size, text('inner'), (inner, i) => ({ id: `g${i}`, type: 'group', label: { en: 'g', el: 'g' }, fields: [inner] })))),
  'rows in rows': (size) =>
    bomb((it) =>
      last(it).push(
        nest(Math.min(size, 20), text('inner'), (inner, i) => ({
          id: `g${i}`,
          type: 'group',
          label: { en: 'g', el: 'g' },
          repeat: { min: 0, max: 100 },
          fields: [inner],
        })),
      ),
    ),
  'very many choices': (size) =>
    bomb((it) =>
      last(it).push({
        id: 'many',
        type: 'search-select',
        label: { en: 'x', el: 'x' },
        options: list(100 * size, (i) => ({ value: `v${i}`, label: { en: 'x', el: 'x' } })),
      }),
    ),
  'values that read each other in a circle': (size) =>
    bomb((it) => {
      it.computed = list(size, (i) => ({ id: `c${i}`, type: 'number', value: { '+': [{ var: `c${(i + 1) % size}` }, 1] } }))
    }),
  'conditions in a circle': (size) =>
    bomb((it) => last(it).push(...list(size, (i) => text(`q${i}`, { when: { '==': [{ var: `q${(i + 1) % size}` }, 'x'] } })))),
  'a question that asks itself': () =>
    bomb((it) => last(it).push(text('me', { when: { var: 'me' }, rules: [{ rule: { var: 'me' }, message: { en: 'x', el: 'x' } }] }))),
  'a deep expression': (size) =>
    bomb((it) => last(it).push(text('deep', { when: nest(Math.min(10 * size, 1000), { var: 'student' }, (inner) => ({ '!': [inner] })) }))),
  'a wide expression': (size) => bomb((it) => last(it).push(text('wide', { when: { and: list(100 * size, () => ({ var: 'student' })) } }))),
  'an expression that doubles': (size) => {
    const double = nest(Math.min(size, 14), { var: 'student' }, (inner) => ({ and: [inner, inner] }))
    return bomb((it) => last(it).push(text('double', { when: double })))
  },
  'very many names that are not there': (size) =>
    bomb((it) =>
      last(it).push(...list(Math.min(15 * size, 1900), (i) => text(`question_${i}_of_many`, { when: { '==': [{ var: `questoin_${i}_fo_many` }, 'x'] } }))),
    ),
  'the same id again and again': (size) => bomb((it) => last(it).push(...list(15 * size, () => text('same')))),
  'very many pages': (size) => bomb((it) => it.pages.push(...list(20 * size, (i) => ({ id: `p${i}`, title: { en: 'x', el: 'x' }, fields: [text(`q${i}`)] })))),
  'a huge table': (size) =>
    bomb((it) => {
      it.tables = { huge: Object.fromEntries(list(300 * size, (i) => [`r${i}`, { a: i, b: i }])) }
    }),
  'references in a circle': () =>
    bomb((it) => {
      Object.assign(it, { $defs: { a: { $ref: '#/$defs/b' }, b: { $ref: '#/$defs/a' } }, $ref: '#/$defs/a' })
      last(it).push({ $ref: '#/$defs/a' }, { $ref: 'https://elsewhere.example/x.json' }, { $dynamicRef: '#x' })
    }),
  'patterns that explode': (size) =>
    bomb((it) => last(it).push(...list(Math.min(size, 300), (i) => text(`p${i}`, { pattern: `(a{1,${30 + i}}|[ab]+){1,${20 + i}}!` })))),
  'a pattern that asks the data': () => bomb((it) => last(it).push(text('p', { pattern: { $data: '1/name' } }))),
  'very long texts': (size) => bomb((it) => last(it).push(text('long', { hint: { en: 'x'.repeat(200 * size), el: 'x'.repeat(200 * size) } }))),
  'very many rules': (size) =>
    bomb((it) =>
      last(it).push(
        text('ruled', { rules: list(20 * size, () => ({ rule: { '==': [{ var: 'ruled' }, { var: 'nobody' }] }, message: { en: 'x', el: 'x' } })) }),
      ),
    ),
}

/** Bombs of every kind in turn, of random size; one at a time, because a thousand at once fill gigabytes that the collector then holds everybody up with. */
export function* bombs(count: number, seed: number): Generator<{ kind: string; definition: ServiceDefinition }> {
  const kinds = Object.keys(bombKinds)
  const sizes = fc.sample(fc.integer({ min: 130, max: 400 }), { seed, numRuns: count })
  for (const [i, size] of sizes.entries()) {
    const kind = kinds[i % kinds.length] as string
    yield { kind, definition: bombKinds[kind]!(size) }
  }
}
