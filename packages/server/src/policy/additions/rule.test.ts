import { expect, it } from 'vitest'
import { explainPolicy } from '../explain.ts'
import { presets } from '../preset.ts'
import { additions } from './rule.ts'

const data = new Set(['birth_date'])
const code = { online: true, proof: [], prefill: [] }

it('takes additions by the tracking code alone where little protects, and none where much does', () => {
  expect(presets.map((preset) => additions.presets[preset].online)).toEqual([true, true, false, false])
  expect(additions.settle(code, undefined as never, undefined as never)).toEqual(code)
})

it('warns of answers shown to whoever has the code, if there are any and nothing is to be given again', () => {
  const weak = (options: object, of: ReadonlySet<string> = data) => additions.weakness?.({ ...code, ...options }, of as never, undefined as never) ?? null
  expect(weak({ prefill: ['birth_date'] })).toEqual({ key: 'rule.additions.weak' })
  expect(weak({})).toBeNull()
  expect(weak({ prefill: ['birth_date'], proof: ['birth_date'] })).toBeNull()
  expect(weak({ prefill: ['birth_date'], online: false })).toBeNull()
  expect(weak({ prefill: ['birth_date'] }, new Set())).toBeNull()
})

it('names the fields that it is about, and says what is asked in other words each time', () => {
  expect(additions.fields?.({ ...code, proof: ['a'], prefill: ['b'] })).toEqual(['a', 'b'])
  const said = (options: object) => explainPolicy({ preset: 'open', rules: { additions: options } }, 'en').rules.find(({ rule }) => rule === 'additions')
  const [plain, proof, shown, off] = [{}, { proof: ['a'] }, { prefill: ['a'] }, { online: false }].map(said)
  expect(plain?.citizen).toHaveLength(1)
  expect(proof?.citizen).not.toEqual(plain?.citizen)
  expect(shown?.author).not.toEqual(plain?.author)
  expect([off?.citizen, off?.author.length]).toEqual([[], 1])
})
