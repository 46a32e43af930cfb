import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, describe, expect, test } from 'vitest'
import { languages } from '../../messages.ts'
import { checkPage, type Finding, sayFinding, type Wanted } from './check-page.ts'
import { NoPage, readPage } from './read-page.ts'

const host = 'https://forms.example.org'
const tag = `<script type="module" src="${host}/embed.js" data-service="city/permit"></script>`
const pinned = `<guichet-service service="city/permit"></guichet-service><script type="module" src="${host}/pinned/1.2.3-0123456789abcdef/embed.js" integrity="sha384-AAAA" crossorigin="anonymous"></script>`
const whole = (body: string, head = '') =>
  `<!doctype html><html lang="en"><head><meta name="viewport" content="width=device-width">${head}</head><body>${body}</body></html>`
const strict = `default-src 'none'; script-src ${host}; connect-src ${host}; img-src ${host} data:; require-trusted-types-for 'script'`

/** A page as a browser gets it, without a network. */
async function check(
  html: string,
  headers: Record<string, string> = {},
  {
    url = 'https://www.city.example/permits',
    service = 200 as number | 'unreachable',
    module = 200,
    maps = [] as string[],
    status = 200,
    wanted = null as Wanted | null,
  } = {},
) {
  const asked: string[] = []
  const page = await readPage(url, async (address) => {
    if (String(address).endsWith('.css')) return new Response('html{font-size:62.5%}', { headers: { 'content-type': 'text/css' } })
    return new Response(html, { status, headers: { 'content-type': 'text/html; charset=utf-8', 'content-security-policy': strict, ...headers } })
  })
  const found = await checkPage(
    page,
    {
      service: async (server, name, origin) => {
        asked.push(`${server} ${name} ${origin}`)
        return service
      },
      module: async () => module,
      maps: async () => maps,
    },
    wanted,
  )
  const findings = found.map((finding) => ({ ...finding, says: sayFinding('en', finding) }))
  // Whatever is found can be said in every language, with what it is about.
  for (const language of languages)
    for (const finding of found) {
      const said = sayFinding(language, finding)
      expect(said, `${finding.code} in ${language}`).not.toMatch(/^doctor\.|[{}]/)
      for (const value of Object.values(finding.params)) if (typeof value === 'string') expect(said, `${finding.code} in ${language}`).toContain(value)
    }
  return { findings, asked }
}
type Said = Finding & { says: string }
const wrongs = (findings: readonly Said[]) => findings.filter(({ level }) => level === 'wrong')
const cares = (findings: readonly Said[]) => findings.filter(({ level }) => level === 'careful')

test('a page as it should be: nothing to change', async () => {
  const { findings, asked } = await check(whole(tag))
  expect(findings.filter(({ level }) => level !== 'fine')).toEqual([])
  expect(findings.at(-1)?.says).toBe('The service will work on this page.')
  expect(asked).toEqual([`${host}/ city/permit https://www.city.example`])
})

test('a pinned page is as good, and its server is where it is', async () => {
  const { findings, asked } = await check(whole(pinned))
  expect(findings.filter(({ level }) => level !== 'fine')).toEqual([])
  expect(findings.map(({ code }) => code)).toContain('release-fine')
  expect(asked).toEqual([`${host}/ city/permit https://www.city.example`])
})

test('of a service in a frame the policy needs the frame, and nothing of what the frame does', async () => {
  const { findings } = await check(whole(tag.replace('data-service', 'data-isolation="iframe" data-service')), {
    'content-security-policy': `default-src 'none'; script-src ${host}; frame-src ${host}; trusted-types other`,
  })
  expect(wrongs(findings)).toEqual([])
})

test('a page that is looked at for one service says when it embeds another, and which tag it needs', async () => {
  const wanted = { service: 'city/other', tag: '<the tag>' }
  const { findings } = await check(whole(tag), {}, { wanted })
  expect(cares(findings).map(({ code, change }) => [code, change])).toEqual([['other-service', '<the tag>']])
  expect((await check(whole('<p>Hello</p>'), {}, { wanted })).findings.at(-1)?.change).toBe('<the tag>')
  expect(cares((await check(whole(tag), {}, { wanted: { ...wanted, service: 'city/permit' } })).findings)).toEqual([])
})

describe('what keeps it from working', () => {
  test.each<[string, () => ReturnType<typeof check>, RegExp, RegExp | null]>([
    ['no script', () => check(whole('<p>Hello</p>')), /no script tag/, /embed\.js/],
    ['an element without its script', () => check(whole('<guichet-service service="city/permit"></guichet-service>')), /not the script/, /embed\.js/],
    ['no module', () => check(whole(tag.replace('type="module" ', ''))), /type="module"/, /type="module"/],
    ['nomodule', () => check(whole(tag.replace('type=', 'nomodule type='))), /nomodule/, null],
    ['a page without https', () => check(whole(tag), {}, { url: 'http://www.city.example/' }), /without https/, /^https:/],
    ['a script without https', () => check(whole(tag.replace('https:', 'http:'))), /without https/, /https:\/\/forms/],
    [
      'script-src',
      () => check(whole(tag), { 'content-security-policy': `script-src 'self'` }),
      /does not let embed\.js run/,
      /script-src 'self' https:\/\/forms\.example\.org;/,
    ],
    [
      'default-src',
      () => check(whole(tag), { 'content-security-policy': `default-src 'none'` }),
      /does not let embed\.js run/,
      /script-src https:\/\/forms\.example\.org;/,
    ],
    [
      'a policy in the page',
      () => check(whole(tag, `<meta http-equiv="Content-Security-Policy" content="script-src 'self'">`)),
      /does not let embed\.js run/,
      /script-src/,
    ],
    [
      'a nonce without the address',
      () => check(whole(tag.replace('src=', 'nonce="n" src=')), { 'content-security-policy': `script-src 'nonce-n'` }),
      /not what it loads/,
      /script-src 'nonce-n' https/,
    ],
    [
      'strict-dynamic without a nonce',
      () => check(whole(tag), { 'content-security-policy': `script-src 'strict-dynamic' 'nonce-n' https:` }),
      /does not let embed\.js run/,
      /nonce=/,
    ],
    [
      'connect-src',
      () => check(whole(tag), { 'content-security-policy': `script-src ${host}; connect-src 'self'` }),
      /talk to/,
      /connect-src 'self' https:\/\/forms/,
    ],
    [
      'trusted-types',
      () => check(whole(tag), { 'content-security-policy': `${strict}; trusted-types other` }),
      /trusted types/,
      /trusted-types other lit-html/,
    ],
    ['a sandbox', () => check(whole(tag), { 'content-security-policy': 'sandbox allow-forms' }), /sandbox/, /allow-scripts/],
    ['a service that is not there', () => check(whole(tag), {}, { service: 404 }), /no published service/, null],
    ['a page that may not embed it', () => check(whole(tag), {}, { service: 403 }), /does not let https:\/\/www\.city\.example embed/, /www\.city\.example/],
    ['a server that is away', () => check(whole(tag), {}, { service: 'unreachable' }), /cannot be reached/, null],
    [
      'a frame that the policy does not let show',
      () => check(whole(tag.replace('data-service', 'data-isolation="iframe" data-service'))),
      /show a frame of/,
      /frame-src https:\/\/forms\.example\.org;/,
    ],
    [
      'a digest on an address whose content changes',
      () => check(whole(tag.replace('src=', 'integrity="sha384-AAAA" src='))),
      /has a digest, but an address whose content changes/,
      null,
    ],
    ['a release that is gone', () => check(whole(pinned), {}, { module: 404 }), /not served any more/, null],
    ['a page that is not there', () => check(whole(tag), {}, { status: 404 }), /answers with 404/, null],
    ['no html', () => check(whole(tag), { 'content-type': 'text/plain' }), /text\/plain/, null],
  ])('%s', async (_, run, says, change) => {
    const { findings } = await run()
    const found = wrongs(findings).find((finding) => says.test(finding.says))
    expect(found, JSON.stringify(findings)).toBeDefined()
    if (change) expect(found?.change).toMatch(change)
    expect(findings.some((finding) => finding.says.includes('will work'))).toBe(false)
  })
})

describe('what works, but not as it should', () => {
  test.each<[string, () => ReturnType<typeof check>, RegExp]>([
    ['no policy at all', () => check(whole(tag), { 'content-security-policy': '' }), /no Content-Security-Policy/],
    ['a logo', () => check(whole(tag), { 'content-security-policy': `script-src ${host}; connect-src ${host}; img-src 'self'` }), /logo/],
    ['a map', () => check(whole(tag), {}, { maps: ['https://tiles.example'] }), /map of city\/permit/],
    ['ids twice', () => check(whole(`<p id="a"></p><p id="a"></p>${tag}`)), /id="a" is on the page more than once/],
    ['no language', () => check(whole(tag).replace(' lang="en"', '')), /language/],
    ['no viewport', () => check(whole(tag).replace(/<meta name="viewport"[^>]*>/, '')), /phones/],
    ['no zooming', () => check(whole(tag).replace('width=device-width', 'width=device-width, user-scalable=no')), /zooming/],
    ['another root size', () => check(whole(tag, '<link rel="stylesheet" href="/site.css">')), /62\.5%/],
    ['no camera', () => check(whole(tag), { 'permissions-policy': 'camera=(), geolocation=(self)' }), /forbids camera/],
  ])('%s', async (_, run, says) => {
    const { findings } = await run()
    expect(wrongs(findings)).toEqual([])
    expect(
      cares(findings).some((finding) => says.test(finding.says)),
      JSON.stringify(findings),
    ).toBe(true)
  })
})

test('strict-dynamic with a nonce, a template that is not on the page, and a foreign file of the same name are let be', async () => {
  const nonced = tag.replace('src=', 'nonce="n" src=')
  const { findings, asked } = await check(whole(`<template>${tag}</template><script src="https://cdn.example/status.js"></script>${nonced}`), {
    'content-security-policy': `script-src 'strict-dynamic' 'nonce-n'; connect-src ${host}`,
  })
  expect(wrongs(findings)).toEqual([])
  expect(asked).toHaveLength(1)
})

describe('over a network', () => {
  let server: Server | undefined
  afterEach(() => new Promise<void>((resolve) => (server ? server.close(() => resolve()) : resolve())))
  test('redirects are followed, and what cannot be read is said in words', async () => {
    server = createServer((request, response) => {
      if (request.url === '/old') response.writeHead(302, { location: '/new' }).end()
      else if (request.url === '/huge') response.writeHead(200).end(Buffer.alloc(5_000_001, ' '))
      else response.writeHead(200, { 'content-type': 'text/html' }).end(whole(tag))
    })
    await new Promise<void>((resolve) => (server as Server).listen(0, '127.0.0.1', resolve))
    const at = `http://127.0.0.1:${((server as Server).address() as AddressInfo).port}`
    const page = await readPage(`${at}/old`)
    expect(page.url.pathname).toBe('/new')
    expect(page.tags.some(({ attributes }) => attributes['data-service'] === 'city/permit')).toBe(true)
    await expect(readPage(`${at}/huge`)).rejects.toThrow('larger than 5 MB')
    await expect(readPage('http://127.0.0.1:1/')).rejects.toThrow(NoPage)
    await expect(readPage('ftp://a.example')).rejects.toThrow('no address')
  })
})

test('a policy that lets the pictures of a map in is as it should be, and the line that does is what is named', async () => {
  const maps = ['https://tiles.example']
  const missing = (await check(whole(tag), {}, { maps })).findings.find(({ code }) => code === 'csp-maps')
  expect(missing?.change).toBe(`Content-Security-Policy: … img-src ${host} data: https://tiles.example; …`)
  const policy = strict.replace('data:', 'data: https://tiles.example')
  expect((await check(whole(tag), { 'content-security-policy': policy }, { maps })).findings.map(({ code }) => code)).not.toContain('csp-maps')
  // In a frame of its own it is no matter of the page.
  const framed = tag.replace('data-service', 'data-isolation="iframe" data-service')
  const frames = { 'content-security-policy': `${strict}; frame-src ${host}` }
  expect((await check(whole(framed), frames, { maps })).findings.map(({ code }) => code)).not.toContain('csp-maps')
})
