import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { brotliDecompressSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { createApp, routes } from './app.ts'
import { languages, serverMessages } from './messages.ts'
import { answersOf, createWorld, definitionOf, foreign, type World } from './testing/world.ts'

let world: World
beforeAll(async () => {
  world = await createWorld()
  await world.offer()
})
afterAll(() => world.close())

/** An address of each route, with names that exist where one can. */
const addressOf = (path: string) =>
  path
    .replace('{agency}', 'city')
    .replace('{service}', 'library-card')
    .replace('{version}', '1')
    .replace('{id}', 'library-card')
    .replace(/\{\w+\+\}/, 'x.js')

describe('every route', () => {
  it('is in the OpenAPI document, and nothing else is', async () => {
    const { paths } = await (await world.request('/openapi.json')).json()
    const documented = Object.entries(paths).flatMap(([path, methods]) => Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`))
    const served = world.app.routes
      .filter(({ method, path }) => method !== 'ALL' && method !== 'OPTIONS' && path !== '/builder' && path !== '/desk')
      .map(({ method, path }) => `${method} ${path.replace(/:(\w+)(\{\.\+\})?/g, '{$1}')}`)
    expect(documented.sort()).toEqual([...new Set(served)].sort())
    const ids = Object.values(paths).flatMap((methods) => Object.values(methods).map(({ operationId }) => operationId))
    expect(new Set(ids).size).toBe(ids.length)
  })

  it.each(routes.map((route) => [route.method, route.path, route.access] as const))('%s %s carries the headers', async (method, path, access) => {
    const response = await world.request(addressOf(path), { method, headers: { Origin: 'https://evil.example', 'Sec-Fetch-Site': 'cross-site' } })
    expect(response.headers.get('x-content-type-options')).toBe('nosniff')
    expect(response.headers.get('content-security-policy')).toMatch(/default-src 'none'/)
    // The pages that may embed a service may frame it; what stands there is the policy's matter.
    expect(response.headers.get('content-security-policy')).toMatch(path.startsWith('/frame/') ? /frame-ancestors 'self'/ : /frame-ancestors 'none'/)
    expect(response.headers.get('content-security-policy')).not.toMatch(/unsafe/)
    expect(response.headers.get('referrer-policy')).toBe('no-referrer')
    expect(response.headers.get('cache-control')).toMatch(/no-store|no-cache|immutable/)
    expect(response.headers.get('access-control-allow-credentials')).toBeNull()
    expect(response.headers.get('access-control-allow-origin')).toBe(access === 'public' ? '*' : null)
    if (access !== 'public' && access !== 'anyone') expect(response.status).toBe(403)
    expect(response.status).toBeLessThan(500)
  })

  it('carries them also where all are set at once: what was taken says no less than what was refused', async () => {
    const send = (body: string) =>
      world.request('/v1/services/city/library-card/submissions', {
        method: 'POST',
        body,
        headers: { Origin: foreign, 'Content-Type': 'application/json', 'Idempotency-Key': `headers-${body.length}` },
      })
    const taken = await send(JSON.stringify(answersOf()))
    const refused = await send('{}')
    expect([taken.status, refused.status]).toEqual([201, 400])
    const own = ['content-type', 'content-language', 'content-length', 'x-request-id']
    const same = (response: Response) => [...response.headers].filter(([name]) => !own.includes(name)).sort()
    expect(same(taken)).toEqual(same(refused))
    expect(taken.headers.get('x-request-id')).toMatch(/./)
    expect(taken.headers.get('access-control-allow-origin')).toBe(foreign)
  })

  it('answers other methods and unknown addresses with a problem', async () => {
    const wrong = await world.request('/v1/services/city/library-card', { method: 'DELETE' })
    expect([wrong.status, wrong.headers.get('allow')]).toEqual([405, 'GET, HEAD, OPTIONS'])
    const missing = await world.request('/nothing/here')
    expect([missing.status, missing.headers.get('content-type')]).toEqual([404, 'application/problem+json; charset=utf-8'])
    expect(missing.headers.get('content-security-policy')).toMatch(/default-src 'none'/)
  })
})

describe('the catalogue and a service', () => {
  it('lists what is published, for a foreign page what it may embed', async () => {
    const { services } = await (await world.request('/v1/services?lang=el')).json()
    expect(services).toEqual([
      {
        agency: 'city',
        service: 'library-card',
        title: 'Κάρτα βιβλιοθήκης',
        summary: 'Για όσους ζουν στην πόλη',
        language: 'el',
        languages: ['en', 'el'],
        lifeEvents: [],
        url: 'http://127.0.0.1:8080/s/city/library-card',
      },
    ])
    await world.offer(
      definitionOf((definition) => (definition.id = 'at-home')),
      {},
    )
    const seen = async (origin?: string) =>
      (await (await world.request('/v1/services', { headers: origin ? { Origin: origin } : {} })).json()).services?.map(({ service }) => service)
    expect(await seen()).toEqual(['at-home', 'library-card'])
    expect(await seen(foreign)).toEqual(['library-card'])
    expect(await seen('https://evil.example')).toBeUndefined()
  })

  it('gives a service in one language, with the strings it needs and its opening', async () => {
    const response = await world.request('/v1/services/city/library-card', { headers: { 'Accept-Language': 'fr, el;q=0.8, en;q=0.5' } })
    const view = await response.json()
    expect(view).toMatchObject({
      agency: 'city',
      service: 'library-card',
      version: 1,
      language: 'el',
      languages: ['en', 'el'],
      today: '2026-01-05',
      open: { state: 'open' },
    })
    expect(view.definition).toMatchObject({ title: { el: 'Κάρτα βιβλιοθήκης' } })
    expect(JSON.stringify(view)).not.toContain('Get a library card')
    expect(view.messages.continue).toMatch(/[α-ω]/)
    const keys = Object.keys(view.messages)
    // What only wrong answers are told comes with their checking.
    expect(keys.filter((key) => /^(lint|identifier|date|text)\.|^required$/.test(key))).toEqual([])
    expect([response.headers.get('content-language'), response.headers.get('cache-control')]).toEqual(['el', 'no-cache'])
  })

  it('answers 304 to who has it, and another tag on another day', async () => {
    const first = await world.request('/v1/services/city/library-card')
    const tag = first.headers.get('etag')!
    expect((await world.request('/v1/services/city/library-card', { headers: { 'If-None-Match': tag } })).status).toBe(304)
    world.setTime('2026-01-05T22:00:00Z')
    const next = await world.request('/v1/services/city/library-card', { headers: { 'If-None-Match': tag } })
    expect([next.status, (await next.json()).today]).toEqual([200, '2026-01-06'])
    world.setTime('2026-01-05T08:00:00Z')
  })

  it('is compressed for whoever can read it', async () => {
    const plain = await world.request('/v1/services/city/library-card')
    const packed = await world.request('/v1/services/city/library-card', { headers: { 'Accept-Encoding': 'gzip, br' } })
    expect(packed.headers.get('content-encoding')).toBe('br')
    expect(brotliDecompressSync(Buffer.from(await packed.arrayBuffer())).toString()).toBe(await plain.text())
  })

  it('publishes the schema of its stored answers', async () => {
    for (const path of ['submission-schema.json', 'versions/1/submission-schema.json']) {
      const schema = await (await world.request(`/v1/services/city/library-card/${path}`)).json()
      expect(schema).toMatchObject({ $schema: 'https://json-schema.org/draft/2020-12/schema', type: 'object', required: expect.arrayContaining(['name']) })
    }
    for (const path of ['versions/2', 'versions/0', 'versions/x', 'versions/2/submission-schema.json'])
      expect((await world.request(`/v1/services/city/library-card/${path}`)).status).toBe(404)
  })
})

describe('pages', () => {
  const page = async (path: string, init: RequestInit = {}) => {
    const response = await world.request(path, init)
    return { status: response.status, html: await response.text(), headers: response.headers }
  }

  it('speak the reader’s language, in its direction', async () => {
    const { html, headers } = await page('/', { headers: { 'Accept-Language': 'fa-IR,fa;q=0.9' } })
    expect(html).toMatch(/<html lang="fa" dir="rtl">/)
    expect(html).toContain('خدمات')
    expect(headers.get('content-security-policy')).toMatch(/require-trusted-types-for 'script'/)
    expect((await page('/?lang=hu')).html).toMatch(/<html lang="hu" dir="ltr">/)
    for (const language of languages) expect((await page(`/?lang=${language}`)).html).not.toMatch(/>(page|catalogue)\./)
  })

  it('say in words that there is nothing, to people alone', async () => {
    for (const path of ['/s/city/nothing', '/nothing', '/builder/nothing.js', '/<script>alert(1)</script>']) {
      const { status, html, headers } = await page(`${path}?lang=el`, { headers: { Accept: 'text/html,application/xhtml+xml,*/*;q=0.8' } })
      expect([status, headers.get('content-language'), headers.get('cache-control')]).toEqual([404, 'el', 'no-store'])
      expect(html).toMatch(/<html lang="el" dir="ltr">[\s\S]*<h1>[^<]*[α-ω][^<]*<\/h1>/)
      expect(html).not.toContain('<script>alert')
      expect(headers.get('content-security-policy')).toMatch(/script-src 'self'/)
    }
    for (const [path, accept] of [
      ['/v1/services/city/nothing', 'text/html'],
      ['/s/city/nothing', 'application/json'],
      ['/nothing', '*/*'],
    ] as const)
      expect((await page(path, { headers: { Accept: accept } })).headers.get('content-type')).toMatch(/problem\+json/)
    expect((await page('/v1/nothing')).headers.get('content-security-policy')).toMatch(/sandbox/)
  })

  it('escape what authors wrote', async () => {
    await world.offer(
      definitionOf((definition) => {
        definition.id = 'hostile'
        definition.title = { en: '<script>alert(1)</script>', el: '"><img src=x onerror=alert(1)>' }
      }),
      {},
    )
    for (const path of ['/?lang=en', '/?lang=el', '/s/city/hostile?lang=en', '/s/city/hostile?lang=el']) {
      const { html } = await page(path)
      expect(html).not.toContain('<script>alert')
      expect(html).not.toContain('<img')
    }
    expect((await page('/?lang=en')).html).toContain('&lt;script&gt;')
  })

  it('embed a service by the one script tag', async () => {
    const { html } = await page('/s/city/library-card?lang=el')
    expect(html).toMatch(/<script type="module" src="\/embed.js" data-service="city\/library-card" data-lang="el"><\/script>/)
    expect(html).toMatch(/<html lang="el"/)
    expect((await page('/s/city/nothing')).status).toBe(404)
  })

  it('show a case without JavaScript, and say the same for wrong and unknown codes', async () => {
    const { reference } = await (await world.send({ ...answersOf({ student: false }) })).json()
    const form = (typed: string) =>
      page('/status?lang=en', {
        method: 'POST',
        headers: { 'Content-Type': 'application/x-www-form-urlencoded' },
        body: new URLSearchParams({ reference: typed }).toString(),
      })
    expect((await page('/status?lang=en')).html).toMatch(/<label for="reference">Tracking code<\/label>/)
    const found = await form(reference)
    expect(found.status).toBe(200)
    for (const part of ['Get a library card', 'Approved', '€2.50', 'not needed']) expect(found.html).toContain(part)
    const [wrong, unknown] = [await form('hello'), await form('0'.repeat(26))]
    expect([wrong.status, unknown.status]).toEqual([404, 404])
    expect(wrong.html.replace('hello', '')).toBe(unknown.html.replace('0'.repeat(26), ''))
    expect(wrong.html).toContain('aria-invalid="true"')
    expect((await form('"><script>x</script>')).html).not.toContain('<script>x')
  })

  it('list the routes for people', async () => {
    const { html } = await page('/reference?lang=en')
    for (const { id, path } of routes) {
      expect(html).toContain(`id="${id}"`)
      expect(html).toContain(path.replace('+}', '}'))
    }
  })
})

describe('what could still be lost', () => {
  it('is shown to nobody until it is on disk', async () => {
    let onDisk = () => {}
    const syncing = new Promise<void>((resolve) => {
      onDisk = resolve
    })
    const settled = vi.spyOn(world.adapters.store, 'settled').mockReturnValue(syncing)
    try {
      let answered = false
      const asked = world.request('/v1/services').then((response) => {
        answered = true
        return response
      })
      await vi.waitFor(() => expect(settled).toHaveBeenCalled())
      for (let turns = 0; turns < 20; turns++) await new Promise((resolve) => setImmediate(resolve))
      expect(answered).toBe(false)
      onDisk()
      expect((await asked).status).toBe(200)
      // The control: it waits for nothing where nothing is under way.
      settled.mockReturnValue(null)
      expect((await world.request('/v1/services')).status).toBe(200)
    } finally {
      settled.mockRestore()
    }
  })
})

describe('built files', () => {
  it('are served to any page, unchanging ones for good', async () => {
    const runtime = join(world.folder, 'runtime')
    mkdirSync(join(runtime, 'assets'), { recursive: true })
    writeFileSync(join(runtime, 'embed.js'), 'export {}')
    writeFileSync(join(runtime, 'assets', 'a1b2.js'), `export const text = '${'x'.repeat(5000)}'`)
    writeFileSync(join(runtime, 'assets', '.secret.js'), 'no')
    writeFileSync(join(world.folder, 'outside.js'), 'no')
    const app = createApp(world.adapters, world.config, {
      runtime,
      builder: join(world.folder, 'nothing'),
      desk: join(world.folder, 'nothing'),
      receipts: join(world.folder, 'nothing'),
      runtimeMessages: runtime,
    })
    const get = async (path: string, headers = {}) => app.request(path, { headers }, { client: '203.0.113.7' })
    const embed = await get('/embed.js')
    expect([embed.status, embed.headers.get('cache-control'), embed.headers.get('access-control-allow-origin')]).toEqual([200, 'no-cache', '*'])
    expect(embed.headers.get('cross-origin-resource-policy')).toBe('cross-origin')
    const asset = await get('/assets/a1b2.js', { 'Accept-Encoding': 'br' })
    expect([asset.headers.get('cache-control'), asset.headers.get('content-encoding')]).toEqual(['public, max-age=31536000, immutable', 'br'])
    expect(asset.headers.get('content-type')).toBe('text/javascript; charset=utf-8')
    for (const path of [
      '/assets/.secret.js',
      '/assets/../../outside.js',
      '/assets/%2e%2e/%2e%2e/outside.js',
      '/assets/..%2f..%2foutside.js',
      '/assets/nothing.js',
    ])
      expect((await get(path)).status).toBe(404)
    for (const path of ['/builder/', '/desk/']) expect(await (await get(`${path}?lang=en`)).text()).toContain('npm run build')
  })
})

describe('health', () => {
  it('tells alive from able to take submissions', async () => {
    expect((await world.request('/healthz')).status).toBe(200)
    expect((await world.request('/readyz')).status).toBe(200)
    const broken = await createWorld()
    await broken.adapters.store.close()
    expect((await broken.request('/healthz')).status).toBe(200)
    expect((await broken.request('/readyz')).status).toBe(503)
  })

  it('tells a full disk from a failing one, and stops at the latter', async () => {
    const failed: unknown[] = []
    for (const [code, status, stops] of [
      ['ENOSPC', 507, 0],
      ['EIO', 503, 1],
      ['EACCES', 500, 0],
    ] as const) {
      failed.length = 0
      const other = await createWorld({}, { fatal: (error) => failed.push(error) })
      await other.offer()
      other.adapters.files.put = () => Promise.reject(Object.assign(new Error('disk'), { code }))
      const response = await other.request('/v1/services/city/library-card/attachments?target=student_id&name=a.pdf', {
        method: 'POST',
        headers: { 'Content-Type': 'application/pdf' },
        body: '%PDF-1.4',
      })
      expect([response.status, failed.length]).toEqual([status, stops])
      await other.close()
    }
  })
})

describe('sentences', () => {
  it('exist for every problem, in every language', () => {
    const source = readFileSync(new URL('./problem.ts', import.meta.url), 'utf8')
    const codes = [...source.matchAll(/^ {2}\| '([\w-]+)'/gm)].map(([, code]) => code)
    expect(codes.length).toBeGreaterThan(25)
    for (const language of languages) for (const code of codes) expect(serverMessages(language)[`problem.${code}`], `${language} ${code}`).toBeTruthy()
  })
})
