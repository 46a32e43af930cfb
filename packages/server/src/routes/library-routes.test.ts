import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { createWorld, definitionOf, own, setupToken, type World } from '../testing/world.ts'

let world: World
let Cookie: string
beforeEach(async () => {
  world = await createWorld()
  await world.offer()
  Cookie = ''
  const entered = await call('POST', 'setup', { token: setupToken, email: 'ada@city.example', name: 'Ada', password: 'correct horse battery' })
  Cookie = (entered.headers.get('set-cookie') ?? '').split(';')[0] as string
})
afterEach(() => world.close())

const call = (method: string, path: string, body?: object) =>
  world.request(`/v1/admin/${path}`, {
    method,
    headers: { 'Sec-Fetch-Site': 'same-origin', Origin: own, 'Content-Type': 'application/json', ...(Cookie ? { Cookie } : {}) },
    ...(body ? { body: JSON.stringify(body) } : {}),
  })
const content = { guichet: 'part', kind: 'field', parts: [{ id: 'email', type: 'email' }], tables: {}, languages: ['en'] }
const block = (after: number, more: object = {}) => ({ id: 'contact', after, title: { en: 'Contact' }, content, ...more })

it('keeps blocks and templates by version, and never over somebody else’s', async () => {
  expect(await (await call('POST', 'library/block', block(0))).json()).toEqual({ id: 'contact', version: 1 })
  expect((await call('POST', 'library/block', block(0))).status).toBe(412)
  expect((await call('POST', 'library/block', block(1, { title: { en: 'How to reach you' } }))).status).toBe(201)
  expect((await (await call('GET', 'library/block')).json()).items).toMatchObject([
    { kind: 'block', id: 'contact', version: 2, title: { en: 'How to reach you' } },
  ])
  expect(await (await call('GET', 'library/block/contact/1')).json()).toMatchObject({ version: 1, title: { en: 'Contact' }, content })
  for (const path of ['library/block/contact/3', 'library/block/contact/x', 'library/template/contact/1', 'library/other', 'library/__proto__'])
    expect((await call('GET', path)).status).toBe(404)
  expect((await call('DELETE', 'library/block/contact')).status).toBe(204)
  expect((await call('DELETE', 'library/block/contact')).status).toBe(404)
  // A block without a name is none, and neither is one that is larger than a definition may be.
  expect((await call('POST', 'library/block', { title: {}, content: {} })).status).toBe(400)
  let deep: object = {}
  for (let i = 0; i < 20; i++) deep = { fields: [deep] }
  expect((await call('POST', 'library/block', block(0, { content: deep }))).status).toBe(422)
})

it('keeps the same base once, under its digest, and for good', async () => {
  const base = { title: { en: 'Card' }, content: { definition: definitionOf() } }
  const first = await call('POST', 'library/base', base)
  expect(first.status).toBe(201)
  const { id } = (await first.json()) as unknown as { id: string }
  expect(id).toMatch(/^sha256-/)
  const again = await call('POST', 'library/base', { ...base, title: { en: 'Other' } })
  expect([again.status, (await again.json()).id]).toEqual([200, id])
  expect((await (await call('GET', `library/base/${id}/1`)).json()).content).toEqual(base.content)
  expect((await call('DELETE', `library/base/${id}`)).status).toBe(403)
})

it('finds the drafts that have a block, in whichever versions', async () => {
  const definition = definitionOf((one) => {
    const [field] = one.pages[0].fields
    one.pages[0].fields[0] = { ...field, 'x-block': { block: 'contact', version: 2, part: 'name' } } as never
    one.pages.push({ id: 'again', title: { en: 'Again' }, fields: [], 'x-block': { block: 'contact', version: 1, part: 'again' } } as never)
  })
  expect((await call('POST', 'services', { definition: { ...definition, id: 'has-it' } })).status).toBe(201)
  expect((await (await call('GET', 'library/block/contact/uses')).json()).uses).toEqual([{ service: 'has-it', title: definition.title, versions: [1, 2] }])
  expect((await (await call('GET', 'library/block/other/uses')).json()).uses).toEqual([])
})

it('offers the examples that lie beside the server as templates, and keeps none of them', async () => {
  const { items } = (await (await call('GET', 'library/template')).json()) as unknown as { items: { id: string; summary?: object }[] }
  expect(items).toEqual([])
  const folder = mkdtempSync(join(tmpdir(), 'guichet-examples-'))
  try {
    mkdirSync(join(folder, 'stall'))
    const logo = { src: 'data:image/png;base64,iVBORw0KGgo=', alt: { en: 'Stalls' } }
    const definition = definitionOf((one) => Object.assign(one, { id: 'stall', summary: { en: 'For stalls.' }, agency: { ...one.agency, logo } }))
    writeFileSync(join(folder, 'stall', 'definition.json'), JSON.stringify(definition))
    Object.assign(world.config, { examplesDir: folder })
    const listed = ((await (await call('GET', 'library/template')).json()) as unknown as { items: object[] }).items
    expect(listed).toMatchObject([{ kind: 'template', id: 'example.stall', version: 1, title: definition.title, summary: { en: 'For stalls.' } }])
    const { content } = (await (await call('GET', 'library/template/example.stall/1')).json()) as unknown as { content: { definition: typeof definition } }
    // Whose example it is stays behind.
    expect(content.definition.agency).not.toHaveProperty('logo')
    expect(content.definition.pages).toEqual(definition.pages)
    for (const path of ['library/template/example.stall/2', 'library/template/example.none/1', 'library/block/example.stall/1'])
      expect((await call('GET', path)).status).toBe(404)
    expect((await call('DELETE', 'library/template/example.stall')).status).toBe(404)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
})
