import { createServer, type Server } from 'node:http'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { listen } from '../../demo.ts'
import { insideHosts, insideNames } from '../../testing/inside-addresses.ts'
import { agencyOf, type Person, personIn } from '../../testing/people.ts'
import { createWorld, definitionOf, own, type World } from '../../testing/world.ts'
import { builtFolders } from '../../web.ts'
import { checkPageFromServer } from './page-from-server.ts'

let site: Server
let at: string
/** What must never be asked. */
let inside: Server
let insideAt: string
let reached = 0
let pages: Record<string, { status?: number; headers?: Record<string, string>; body?: string }>
let world: World
let editor: Person

beforeAll(async () => {
  site = createServer((request, response) => {
    const page = pages[request.url as string]
    if (!page) return void response.writeHead(404).end()
    response.writeHead(page.status ?? 200, { 'content-type': 'text/html; charset=utf-8', ...page.headers }).end(page.body)
  })
  at = `http://127.0.0.1:${await listen(site, 0, '127.0.0.1')}`
  inside = createServer((_, response) => {
    reached++
    response.end('secret')
  })
  insideAt = `http://127.0.0.1:${await listen(inside, 0, '127.0.0.1')}`
})
afterAll(() => {
  for (const server of [site, inside]) {
    server.closeAllConnections()
    server.close()
  }
})
beforeEach(async () => {
  pages = {}
  reached = 0
  world = await createWorld({ EGRESS_ALLOW: new URL(at).host })
  await world.offer()
  editor = await personIn(world, await agencyOf(world, 'city'), 'ed@city.example', [{ role: 'editor' }])
})
afterEach(() => world.close())

const tag = `<script type="module" src="${own}/embed.js" data-service="city/library-card"></script>`
const page = (body: string) => `<!doctype html><html lang="en"><meta name="viewport" content="width=device-width"><body>${body}</body></html>`
interface Found {
  level: string
  code: string
  says: string
  change: string | null
}
const look = async (address: string, { as = editor, lang = 'en', service = 'library-card' } = {}) => {
  const response = await as.call('POST', `services/${service}/page-check?lang=${lang}`, { address })
  return { status: response.status, findings: ((await response.json()).findings ?? []) as unknown as Found[] }
}
const codes = (findings: readonly Found[], level = 'wrong') => findings.filter((one) => one.level === level).map(({ code }) => code)

describe('a page that is looked at from the server', () => {
  test('of this very server, it says who may embed the service, without asking itself', async () => {
    pages['/permits'] = { body: page(tag) }
    const stranger = await look(`${at}/permits`)
    expect(codes(stranger.findings)).toEqual(['origin'])
    expect(stranger.findings.find(({ code }) => code === 'origin')?.change).toBe(at)
    await world.offer(definitionOf(), { rules: { origins: { allow: [at] }, encryption: { mode: 'none' } } })
    const known = await look(`${at}/permits`)
    expect(codes(known.findings)).toEqual([])
    expect(codes(known.findings, 'fine')).toContain('works')
  })

  test('it says what the policy of the page lacks, in the language of who asks, and the line to change', async () => {
    pages['/permits'] = { body: page(tag), headers: { 'content-security-policy': "script-src 'self'" } }
    const { findings } = await look(`${at}/permits`, { lang: 'el' })
    const script = findings.find(({ code }) => code === 'csp-script')
    expect(script?.says).toBe('Η Content-Security-Policy δεν αφήνει το embed.js να εκτελεστεί (script-src).')
    expect(script?.change).toContain(`script-src 'self' ${own};`)
  })

  test('without a tag it gives the one that is missing; with another service it says so', async () => {
    pages['/empty'] = { body: page('<p>Hello</p>') }
    pages['/other'] = { body: page(tag.replace('library-card', 'other-card')) }
    expect((await look(`${at}/empty`)).findings.find(({ code }) => code === 'tag-missing')?.change).toBe(tag)
    const other = await look(`${at}/other`)
    expect(codes(other.findings)).toEqual(['service-missing'])
    expect(codes(other.findings, 'careful')).toContain('other-service')
  })

  test('a release that this server does not have is told', async () => {
    const pinned = tag.replace('/embed.js', '/pinned/0.0.1-0123456789abcdef/embed.js')
    pages['/pinned'] = { body: page(pinned) }
    expect(codes((await look(`${at}/pinned`)).findings)).toContain('release-missing')
  })

  test('what sends on is followed, and what sends on for ever is not', async () => {
    pages['/old'] = { status: 301, headers: { location: '/permits' } }
    pages['/permits'] = { body: page(tag) }
    pages['/round'] = { status: 302, headers: { location: '/round' } }
    expect(codes((await look(`${at}/old`)).findings)).toEqual(['origin'])
    expect(codes((await look(`${at}/round`)).findings)).toEqual(['page-moves'])
  })

  test('a page that is too large, or not there, is said', async () => {
    pages['/huge'] = { body: ' '.repeat(5_000_001) }
    expect(codes((await look(`${at}/huge`)).findings)).toEqual(['page-large'])
    expect(codes((await look(`${at}/gone`)).findings)).toContain('status')
    expect(codes((await look('nonsense')).findings)).toEqual(['no-address'])
  })
})

describe('addresses inside', () => {
  test('are not looked at, however they are spelt', async () => {
    const of = { ...world, web: builtFolders, now: new Date() }
    for (const host of [...insideHosts, ...insideNames]) {
      const [found, ...more] = await checkPageFromServer(of, `https://${host}/`, { service: 'city/library-card', tag })
      expect(['page-refused', 'page-away', 'no-address'], host).toContain(found?.code)
      expect(more, host).toEqual([])
    }
    expect(codes((await look(`${insideAt}/`)).findings)).toEqual(['page-refused'])
    expect(reached).toBe(0)
  })

  test('nor when a page sends on to them, links its styles there, or says that the server is there', async () => {
    pages['/on'] = { status: 302, headers: { location: `${insideAt}/` } }
    expect(codes((await look(`${at}/on`)).findings)).toEqual(['page-refused'])
    pages['/styles'] = {
      body: page(`<link rel="stylesheet" href="${insideAt}/a.css"><script type="module" src="${insideAt}/embed.js" data-service="a/b"></script>`),
    }
    expect(codes((await look(`${at}/styles`)).findings)).toContain('server-away')
    expect(reached).toBe(0)
    // The canary would sing: the same page does reach it where the operator lets that in.
    const open = await createWorld({ EGRESS_ALLOW: `${new URL(at).host},${new URL(insideAt).host}` })
    await open.offer()
    await look(`${at}/styles`, { as: await personIn(open, await agencyOf(open, 'city'), 'ed@city.example', [{ role: 'editor' }]) })
    expect(reached).toBeGreaterThan(0)
    await open.close()
  })
})

test('only who edits the service may, and ten times in ten minutes', async () => {
  pages['/permits'] = { body: page(tag) }
  const agency = await agencyOf(world, 'city')
  const officer = await personIn(world, agency, 'off@city.example', [{ role: 'officer' }])
  expect((await look(`${at}/permits`, { as: officer })).status).toBe(403)
  expect((await look(`${at}/permits`, { service: 'none' })).status).toBe(404)
  for (let i = 0; i < 10; i++) expect((await look(`${at}/permits`)).status).toBe(200)
  expect((await look(`${at}/permits`)).status).toBe(429)
  const other = await personIn(world, agency, 'eve@city.example', [{ role: 'editor' }])
  expect((await look(`${at}/permits`, { as: other })).status).toBe(200)
})
