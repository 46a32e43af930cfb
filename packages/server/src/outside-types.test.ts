import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fieldTypes } from '@guichet/fields/field-types'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type OutsideType, openOutsideTypes } from './outside-types.ts'
import { createWorld, type World } from './testing/world.ts'

const folder = mkdtempSync(join(tmpdir(), 'guichet-outside-types-'))
const module = join(folder, 'plate.js')
writeFileSync(module, 'export default {}')
/** Settings that make Ajv ask for each of its helpers: it counts characters, and compares lists. */
const schema = {
  title: 'Plate',
  required: ['label'],
  properties: {
    prefix: { type: 'string', minLength: 2, maxLength: 3 },
    kinds: { type: 'array', items: { type: 'array' }, uniqueItems: true },
    when_read: { $ref: '#/$defs/own' },
  },
  $defs: { own: { const: ['a', { b: 1 }] } },
}
const plate = (name = 'plate', more: Partial<OutsideType> = {}): OutsideType => ({
  type: { ...fieldTypes.text, name } as OutsideType['type'],
  schema,
  messages: { format: { en: 'Enter the plate', el: 'Γράψτε την πινακίδα' } },
  module,
  ...more,
})

let world: World
beforeAll(async () => {
  world = await createWorld({}, { outsideTypes: [plate()] })
})
afterAll(async () => {
  await world.close()
  rmSync(folder, { recursive: true, force: true })
})

const field = { id: 'plate', type: 'plate', label: { en: 'Plate' } }
const judged: readonly (readonly [object, boolean])[] = [
  [field, true],
  [{ ...field, prefix: '🔑🔑', optional: true, 'x-note': 1 }, true],
  [{ ...field, prefix: '🔑' }, false],
  [{ ...field, kinds: [['a'], ['b']] }, true],
  [{ ...field, kinds: [['a'], ['a']] }, false],
  [{ ...field, when_read: ['a', { b: 1 }] }, true],
  [{ ...field, when_read: ['a', { b: 2 }] }, false],
  [{ ...field, country: 'GR' }, false],
  [{ id: 'plate', type: 'plate' }, false],
  [{ ...field, label: 'Plate' }, false],
]

it('tells the builder of them in one script, whose check judges as the server does and asks for no eval', async () => {
  const answer = await world.app.request('/types/index.js')
  expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'text/javascript; charset=utf-8'])
  const code = await answer.text()
  expect(code).not.toMatch(/\brequire\(|new Function|\beval\(/)
  const file = join(folder, 'index.mjs')
  writeFileSync(file, code)
  const { default: told } = await import(/* @vite-ignore */ file)
  expect(told).toMatchObject([{ name: 'plate', module: '/types/plate.js', schema, messages: plate().messages }])
  const { plate: here } = await openOutsideTypes([plate()]).settings()
  for (const [given, fits] of judged) expect([told[0].validate(given), here?.validate(given)], JSON.stringify(given)).toEqual([fits, fits])
  const again = await world.app.request('/types/index.js', { headers: { 'if-none-match': answer.headers.get('etag') ?? '' } })
  expect(again.status).toBe(304)
})

it('gives the module to every page, and no other file', async () => {
  const given = await world.app.request('/types/plate.js', { headers: { origin: 'https://www.agency.example' } })
  expect([given.status, await given.text(), given.headers.get('cross-origin-resource-policy'), given.headers.get('access-control-allow-origin')]).toEqual([
    200,
    'export default {}',
    'cross-origin',
    '*',
  ])
  for (const path of ['plate', 'text.js', '..%2Fplate.js', 'constructor.js'])
    expect([path, (await world.app.request(`/types/${path}`)).status]).toEqual([path, 404])
})

it('does not start with a name that is taken, or with a file that is not there', () => {
  expect(() => openOutsideTypes([plate('text')])).toThrow(/built-in/)
  expect(() => openOutsideTypes([plate('Plate.x')])).toThrow(/"Plate.x"/)
  expect(() => openOutsideTypes([plate('index')])).toThrow(/index/)
  expect(() => openOutsideTypes([plate(), plate()])).toThrow(/same name/)
  expect(() => openOutsideTypes([plate('other', { module: join(folder, 'none.js') })])).toThrow(/none\.js/)
})

it('says nothing where there is none', async () => {
  expect((await openOutsideTypes([]).file('index.js'))?.trim()).toBe('export default []')
  expect(openOutsideTypes([]).types).toBe(fieldTypes)
})
