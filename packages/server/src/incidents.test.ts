/**
 * What happened to other form programs, as tests of this one, named by where it is written down. Classes with a suite of
 * their own are pointed to in docs/security.md.
 */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { lockedPackages } from '../../../scripts/locked-packages.ts'
import { readCode } from './codes.ts'
import { isPublicAddress } from './egress/public-address.ts'
import { filePath } from './files/files.ts'
import { signedIn } from './testing/every-route.ts'
import { answersOf, createWorld, definitionOf, own, pdf, plainPolicy, type World } from './testing/world.ts'

let world: World
let cookie: string
beforeAll(async () => {
  world = await createWorld()
  await world.offer(definitionOf(), plainPolicy)
  cookie = await signedIn(world)
})
afterAll(() => world.close())

const script = '<img src=x onerror=alert(1)>{{constructor.constructor("alert(1)")()}}'

describe('guessed references and objects of others', () => {
  it('CVE-2026-28803, OpnForm #888: a reference has 130 bits, and one is no neighbour of the next', async () => {
    const codes = await Promise.all([1, 2].map(async () => (await (await world.send(answersOf())).json()).reference))
    for (const code of codes) expect(readCode(code)).toMatch(/^[0-9A-Z]{26}$/)
    const [one = '', two = ''] = codes.map((code) => readCode(code) ?? '')
    expect([...one].filter((letter, i) => letter === two[i]).length).toBeLessThan(8)
  })
  it('CHEFS PR #1723, LimeSurvey #20707, CVE-2026-1948: no case, list or export for who is not signed in', async () => {
    const { submission } = await (await world.send(answersOf())).json()
    for (const path of [`/v1/admin/cases/${submission}`, '/v1/admin/cases', '/v1/admin/services/library-card/export.csv', '/v1/admin/services/library-card'])
      expect([401, 403, 404], path).toContain((await world.request(path)).status)
  })
  const code = '0'.repeat(26)
  const guesses = {
    '/v1/status': ['application/json', JSON.stringify({ reference: code })],
    '/v1/receipt': ['application/json', JSON.stringify({ reference: code })],
    '/status': ['application/x-www-form-urlencoded', `reference=${code}`],
    '/receipt': ['application/x-www-form-urlencoded', `reference=${code}`],
  } as const
  it.each(Object.entries(guesses))('Nextcloud Forms PR #2269: tries of codes are counted at %s', async (path, [type, body]) => {
    const client = `198.51.100.${70 + Object.keys(guesses).indexOf(path)}`
    let last = 0
    for (let i = 0; i < 80 && last !== 429; i++)
      last = (await world.request(path, { method: 'POST', headers: { Origin: own, 'Content-Type': type }, body, client })).status
    expect(last).toBe(429)
  })
})

describe('scripts in what authors write', () => {
  /** Every text of it, in every language. */
  const hostileTexts = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(hostileTexts)
    if (typeof value !== 'object' || value === null) return value
    const entries = Object.entries(value)
    const texts = entries.length > 0 && entries.every(([key, text]) => ['en', 'el'].includes(key) && typeof text === 'string')
    return Object.fromEntries(entries.map(([key, part]) => [key, texts ? script : hostileTexts(part)]))
  }
  const pages = async (paths: readonly string[], form?: string) => {
    for (const path of paths) {
      const headers = { Accept: 'text/html', Origin: own, ...(form ? { 'Content-Type': 'application/x-www-form-urlencoded' } : {}) }
      const answer = await world.request(path, { headers, ...(form ? { method: 'POST', body: form } : {}), client: '198.51.100.77' })
      const page = await answer.text()
      expect(answer.status, path).toBe(200)
      expect(page, path).not.toContain('<img src=x')
      if (answer.headers.get('content-type')?.startsWith('text/html'))
        expect(answer.headers.get('content-security-policy'), path).not.toMatch(/unsafe-(eval|inline)/)
    }
  }
  it('Form.io #2523, #5462 and #3942, SurveyJS #3026, #2794, #5285 and PR #7492, LimeSurvey PR #3806, #4205, #3508, #19599 and #17562, CVE-2026-2002: texts stay texts', async () => {
    await world.offer({ ...(hostileTexts(definitionOf()) as ReturnType<typeof definitionOf>), id: 'hostile' })
    await pages(['/', '/s/city/hostile', '/frame/city/hostile', '/privacy/city/hostile'])
  })
  it('endatix-hub PR #750: an answer is put into no page after that was made safe', async () => {
    const sent = await world.send(answersOf({ name: script }), { service: 'city/hostile' })
    expect(sent.status).toBe(201)
    const { reference } = await sent.json()
    await pages(['/status'], `reference=${reference}`)
  })
  it('LimeSurvey #20697, #20711: what is imported passes the checks of what is built here, and is handed out as data', async () => {
    const headers = { Cookie: cookie, Origin: own, 'Sec-Fetch-Site': 'same-origin', 'Content-Type': 'application/json' }
    const imported = hostileTexts({ ...definitionOf(), id: 'imported' })
    const made = await world.request('/v1/admin/services', { method: 'POST', headers, body: JSON.stringify({ definition: imported }) })
    expect(made.status).toBe(201)
    const read = await world.request('/v1/admin/services/imported', { headers })
    expect([read.headers.get('content-type'), read.headers.get('x-content-type-options')]).toEqual([expect.stringContaining('application/json'), 'nosniff'])
    const broken = {
      ...definitionOf(),
      id: 'broken',
      pages: [{ id: 'p', title: { en: 'P', el: 'P' }, fields: [{ id: 'a', type: 'script', label: { en: 'A', el: 'A' } }] }],
    }
    const draft = await world.request('/v1/admin/services', { method: 'POST', headers, body: JSON.stringify({ definition: broken }) })
    expect(draft.status).toBe(201)
    const publish = await world.request('/v1/admin/services/broken/publish', { method: 'POST', headers: { ...headers, 'If-Match': '"1"' }, body: '{}' })
    expect(publish.status).toBe(422)
  })
  it('CVE-2020-28246, Form.io #6078: nothing of a definition becomes code', () => {
    const packages = join(import.meta.dirname, '../..')
    const folders = readdirSync(packages).map((name) => join(packages, name, 'src'))
    expect(folders.length).toBeGreaterThan(7)
    const found = folders.flatMap((folder) =>
      readdirSync(folder, { recursive: true, encoding: 'utf8' })
        .filter((file) => /\.(ts|js)$/.test(file) && !/\.test\.ts$|testing\//.test(file))
        .filter((file) =>
          /\beval\(|new Function\(|setTimeout\(['"`]|\binnerHTML\s*=|insertAdjacentHTML|unsafeHTML/.test(readFileSync(join(folder, file), 'utf8')),
        ),
    )
    // The one place where markup of the code itself becomes elements; places in it are filled in as text (draw.browser.test.ts).
    expect(found).toEqual(['draw.ts'])
    const draw = readFileSync(join(import.meta.dirname, '../../runtime/src/draw.ts'), 'utf8')
    expect(draw.match(/\beval\(|new Function\(|innerHTML|insertAdjacentHTML/g)).toEqual(['innerHTML'])
  })
})

describe('what makes markup safe', () => {
  it('CVE-2026-0540, CVE-2026-49978, GHSA-vhxf-7vqr-mrjg: there is no sanitiser to get past, because no text is ever read as markup', () => {
    const locked = lockedPackages(readFileSync(join(import.meta.dirname, '../../../pnpm-lock.yaml'), 'utf8')).map(({ name }) => name)
    for (const sanitiser of ['dompurify', 'isomorphic-dompurify', 'sanitize-html', 'xss', 'insane', 'rehype-sanitize']) expect(locked).not.toContain(sanitiser)
    const packages = join(import.meta.dirname, '../..')
    const readers = readdirSync(packages).flatMap((name) =>
      readdirSync(join(packages, name, 'src'), { recursive: true, encoding: 'utf8' })
        .filter((file) => file.endsWith('.ts') && !/\.test\.ts$|testing\//.test(file))
        .filter((file) =>
          /\bDOMParser\b|createContextualFragment|\.setHTML\b|parseHTMLUnsafe|document\.write\(|outerHTML\s*=|\bsrcdoc\b/.test(
            readFileSync(join(packages, name, 'src', file), 'utf8'),
          ),
        ),
    )
    expect(readers).toEqual([])
  })
})

describe('files', () => {
  const send = (name: string, type: string, body: string | Uint8Array<ArrayBuffer>) =>
    world.request(`/v1/services/city/library-card/attachments?target=student_id&name=${encodeURIComponent(name)}`, {
      method: 'POST',
      headers: { 'Content-Type': type },
      body,
      client: '198.51.100.78',
    })
  it('CVE-2024-28890: a program is no picture because it is called one', async () => {
    for (const body of ['<?php system($_GET[0]); ?>', 'GIF89a<?php system($_GET[0]); ?>', '#!/bin/sh\nid', '<script>alert(1)</script>'])
      expect((await send('photo.png', 'image/png', body)).status, body).toBe(422)
  })
  it('CVE-2020-35489: no sign in the middle of a name hides what follows it', async () => {
    for (const name of ['shell.php\t.pdf', 'shell.php\u0000.pdf', 'shell\u202efdp.php', 'shell.pdf\r\n.php']) {
      const answer = await send(name, 'application/pdf', pdf)
      if (answer.status !== 201) expect(answer.status, JSON.stringify(name)).toBe(422)
      // biome-ignore lint/suspicious/noControlCharactersInRegex: that there are none is what is asked
      else expect((await answer.json()).name, JSON.stringify(name)).not.toMatch(/[\u0000-\u001f\u007f\u202a-\u202e\u2066-\u2069]/)
    }
  })
  it('CVE-2026-14894, FormTools #957, LimeSurvey PR #1125, FormSG PR #6513: no name leads out of the folder', async () => {
    for (const id of ['../../../etc/passwd', '..%2f..', '/etc/passwd', `${'0'.repeat(25)}/`, `${'0'.repeat(26)}/../x`, 'C:\\x'])
      expect(() => filePath('agc_1' as never, id)).toThrow()
    const name = encodeURIComponent('../../../etc/cron.d/x.pdf')
    const answer = await world.request(`/v1/services/city/library-card/attachments?target=student_id&name=${name}`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/pdf' },
      body: pdf,
    })
    expect([answer.status, (await answer.json()).name]).toEqual([201, 'x.pdf'])
    for (const path of ['/assets/../../package.json', '/assets/..%2f..%2fpackage.json', '/builder/..%5c..%5cpackage.json', '/assets/%2e%2e/%2e%2e/etc/passwd'])
      expect((await world.request(path)).status, path).toBeGreaterThanOrEqual(400)
  })
})

describe('calls to the inside', () => {
  it('CVE-2026-35409: an IPv4 address in IPv6 clothes is judged as what it is', () => {
    for (const address of ['::ffff:127.0.0.1', '::ffff:7f00:1', '::ffff:a9fe:a9fe', '64:ff9b::7f00:1', '::127.0.0.1'])
      expect(isPublicAddress(address), address).toBe(false)
  })
})

describe('tokens and sessions', () => {
  it('CVE-2025-59934: a token that is well formed and signed by nobody opens nothing', async () => {
    const forged = `${Buffer.from('{"alg":"none"}').toString('base64url')}.${Buffer.from('{"sub":"ada","exp":9999999999}').toString('base64url')}.`
    const name = cookie.split('=')[0]
    for (const value of [forged, '', 'x'.repeat(43), '1', 'true', 'null'])
      expect((await world.request('/v1/admin/services', { headers: { Cookie: `${name}=${value}`, Authorization: `Bearer ${forged}` } })).status, value).toBe(
        401,
      )
    expect((await world.request('/v1/admin/services', { headers: { Cookie: cookie } })).status).toBe(200)
  })
})

describe('values that a client says', () => {
  it('CVE-2026-7792, CVE-2026-2729, Open Forms #1393: fees and computed values are worked out here, whatever is sent', async () => {
    const honest = await (await world.send(answersOf())).json()
    const lying = await world.send({ ...answersOf(), fee: { lines: [], total: 0 }, computed: { cards_total: 0 }, outcome: { fee: 0 } })
    if (lying.status === 201) expect((await lying.json()).fee).toEqual(honest.fee)
    else expect(lying.status).toBe(400)
    const inside = await world.send(answersOf({ cards_total: 0 }))
    if (inside.status === 201) expect((await inside.json()).fee).toEqual(honest.fee)
    else expect([400, 422]).toContain(inside.status)
  })
})

describe('injection, redirects and amplification', () => {
  it('LimeSurvey PR #118 and #331: a code is no query', async () => {
    await world.send(answersOf())
    for (const code of ["' OR '1'='1", '%', '%'.repeat(26), '_'.repeat(26), "x'; DROP TABLE submissions; --", '\0']) {
      const answer = await world.request('/v1/status', {
        method: 'POST',
        headers: { Origin: own, 'Content-Type': 'application/json' },
        body: JSON.stringify({ reference: code }),
        client: '198.51.100.9',
      })
      expect([400, 404], code).toContain(answer.status)
    }
    const agency = world.adapters.store.agency((await world.adapters.store.findAgency('city'))!)
    expect((await agency.submissions()).length).toBeGreaterThan(0)
  })
  it('CVE-2022-31040: the one redirect there is leads to its own page', async () => {
    for (const query of ['?next=//evil.example', '?return=https://evil.example', '?url=\\\\evil.example'])
      expect((await world.request(`/builder${query}`)).headers.get('location')).toBe('/builder/')
  })
  it('GHSA-6q22-g298-grjh: being asked how it is costs little, and says little', async () => {
    const answer = await world.request('/readyz')
    expect((await answer.text()).length).toBeLessThan(500)
    expect((await world.request('/healthz')).status).toBe(200)
  })
  it('CVE-2026-3296: what is sent is data, and brings no objects', async () => {
    for (const raw of ['{"__proto__":{"admin":true}}', '{"constructor":{"prototype":{"admin":true}}}', 'O:8:"stdClass":1:{}', '{"$type":"System.Object"}'])
      expect((await world.send(null, { raw })).status, raw).toBe(400)
    expect('admin' in {}).toBe(false)
  })
})

it('CVE-2026-22817, GHSA-92vj-g62v-jqhh, GHSA-2234-fmw7-43wr, CVE-2026-47674, CVE-2026-39356: the versions that mended them are locked', () => {
  const locked = lockedPackages(readFileSync(join(import.meta.dirname, '../../../pnpm-lock.yaml'), 'utf8'))
  const atLeast = (name: string, floor: readonly number[]) => {
    const versions = locked.filter((one) => one.name === name).map(({ version }) => version.split(/[.-]/).slice(0, 3).map(Number))
    expect(versions.length, name).toBeGreaterThan(0)
    for (const version of versions) {
      const first = version.findIndex((part, i) => part !== floor[i])
      expect(first < 0 || (version[first] as number) > (floor[first] as number), `${name} ${version.join('.')}`).toBe(true)
    }
  }
  atLeast('hono', [4, 12, 21])
  atLeast('drizzle-orm', [0, 45, 2])
  atLeast('file-type', [21, 3, 1])
  atLeast('jose', [6, 0, 0])
})

it('each of them that docs/security.md names is in the title of a test where it says', () => {
  const security = readFileSync(join(import.meta.dirname, '../../../docs/security.md'), 'utf8')
  const from = security.indexOf('### What happened to others')
  const rows = security
    .slice(from, security.indexOf('\n## ', from))
    .split('\n')
    .filter((line) => line.startsWith('| ') && line.includes('.test.ts`'))
    .map((line) => line.split('|').map((cell) => cell.trim()))
  expect(rows.length).toBeGreaterThan(10)
  const missing: string[] = []
  for (const [, , known = '', tests = ''] of rows) {
    const titles = [...tests.matchAll(/`([^`]+)`/g)].flatMap(([, path = '']) =>
      [...readFileSync(join(import.meta.dirname, path), 'utf8').matchAll(/^\s*it(?:\.each\([\s\S]*?\))?\(\s*'((?:[^'\\]|\\.)+)'/gm)].map(([, title]) => title),
    )
    const named = titles.join('\n')
    // The program stands before the first of its issues alone.
    for (const each of known.split(', ')) {
      const id = /(?:PR )?#\d+$|^(?:CVE|GHSA)-[\w-]+$/.exec(each)?.[0]
      if (id === undefined || !named.includes(id)) missing.push(each)
    }
  }
  expect(missing).toEqual([])
})
