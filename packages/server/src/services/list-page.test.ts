import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { answersOf, createWorld, definitionOf, type World } from '../testing/world.ts'
import { pageOfList } from './list-page.ts'

const streets = Object.fromEntries([
  ['s-1', { name: 'Οδός Αθηνάς', name_en: 'Athinas Street' }],
  ['s-2', { name: 'Đường Điện Biên Phủ' }],
  ['s-3', { name: 'خیابان کریم' }],
  ...Array.from({ length: 3000 }, (_, i) => [`n-${i}`, { name: `Number ${i} Way` }]),
])
const definition = (paged = true) =>
  definitionOf((service) => {
    service.tables = { streets, fees: { a: { amount: 1 } } } as never
    service.pages[0]?.fields.push(
      { id: 'street', type: 'search-select', label: { en: 'Street' }, optionsFrom: { table: 'streets', label: 'name' }, ...(paged ? { paged } : {}) } as never,
      { id: 'plain', type: 'select', label: { en: 'Plain' }, optionsFrom: { table: 'fees', label: 'amount' }, optional: true } as never,
    )
  })

let world: World
beforeEach(async () => {
  world = await createWorld()
})
afterEach(() => world.close())

const at = '/v1/services/city/library-card'
const viewed = async () => (await (await world.request(at)).json()) as unknown as { asks: { lists?: boolean }; definition: { tables: Record<string, object> } }
const ask = async (query: Record<string, string>, path = 'versions/1/options/street') => {
  const answer = await world.request(`${at}/${path}?${new URLSearchParams(query)}`)
  return { status: answer.status, body: (await answer.json()) as unknown as { options: { value: string; label: Record<string, string> }[]; count: number } }
}
const found = async (q: string) => (await ask({ q })).body.options.map(({ value }) => value)

describe('a list that stays on the server', () => {
  it('does not come with the service, whose other tables do', async () => {
    await world.offer(definition())
    const view = await viewed()
    expect(view.definition.tables).toEqual({ fees: { a: { amount: 1 } } })
    expect(view.asks.lists).toBe(true)
  })

  it('comes with it where it is not asked for page by page: the control', async () => {
    await world.offer(definition(false))
    const view = await viewed()
    expect(Object.keys(view.definition.tables.streets ?? {})).toHaveLength(3003)
    expect((await ask({ q: 'way' })).status).toBe(404)
  })

  it('comes with it where something else reads its table, too', async () => {
    const both = definition()
    both.computed = [...(both.computed ?? []), { id: 'first', type: 'text', value: { row: ['streets', 's-2', 'name'] } }] as never
    await world.offer(both)
    expect(Object.keys((await viewed()).definition.tables)).toContain('streets')
  })

  it('is searched without regard to case, accents and forms of letters, in pages that follow each other', async () => {
    await world.offer(definition())
    expect(await found('αθηνασ')).toEqual(['s-1'])
    expect(await found('dien bien')).toEqual(['s-2'])
    expect(await found('كريم')).toEqual(['s-3'])
    expect(await found('athinas')).toEqual(['s-1'])
    const pages = await Promise.all(['0', '50', '2990'].map((from) => ask({ q: 'number', from })))
    expect(pages.map(({ body }) => [body.options.length, body.count])).toEqual([
      [pageOfList, 3000],
      [pageOfList, 3000],
      [10, 3000],
    ])
    expect(pages[0]?.body.options.at(-1)?.value).not.toBe(pages[1]?.body.options[0]?.value)
    expect((await ask({ value: 's-3' })).body).toEqual({ options: [{ value: 's-3', label: { en: 'خیابان کریم' } }], count: 1 })
    expect((await ask({ value: 's-4' })).body).toEqual({ options: [], count: 0 })
    // Whatever is asked, one page at most.
    for (const from of ['x', '-1', '99999999', '1e9']) expect((await ask({ q: '', from })).body.options.length).toBeLessThanOrEqual(pageOfList)
  })

  it('is there for the versions that there are, and for its field alone', async () => {
    await world.offer(definition())
    for (const path of [
      'versions/2/options/street',
      'versions/0/options/street',
      'versions/1/options/name',
      'versions/1/options/toString',
      'versions/1/options/plain',
    ])
      expect((await ask({ q: '' }, path)).status, path).toBe(404)
  })

  it('is what is sent in is checked against', async () => {
    await world.offer(definition())
    expect((await world.send(answersOf({ street: 's-2' }))).status).toBe(201)
    const refused = await world.send(answersOf({ street: 's-9' }))
    expect(refused.status).toBe(422)
    expect((await refused.json()).errors).toMatchObject([{ pointer: '/street', code: 'search-select.invalid' }])
  })
})
