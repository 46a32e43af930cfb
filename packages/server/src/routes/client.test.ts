import { Hono } from 'hono'
import { describe, expect, it } from 'vitest'
import { readConfig } from '../config.ts'
import { clientAddress, isFirstParty, originOf, ownOrigins } from './client.ts'
import type { Bindings, Variables } from './route.ts'

const addressFor = async (trustProxy: string, forwarded: string | undefined, direct: string | undefined, env: object = direct ? { client: direct } : {}) => {
  const app = new Hono<{ Bindings: Bindings; Variables: Variables }>()
  app.get('/', (c) => c.json(clientAddress(c, readConfig({ TRUST_PROXY: trustProxy }))))
  return (await app.request('/', { headers: forwarded ? { 'X-Forwarded-For': forwarded } : {} }, env)).json()
}

describe('the client’s address', () => {
  it('is the connection’s, unless proxies of ours are in front', async () => {
    expect(await addressFor('0', '1.1.1.1', '10.0.0.1')).toBe('10.0.0.1')
    expect(await addressFor('1', '1.1.1.1', '10.0.0.1')).toBe('1.1.1.1')
    // What the client itself wrote in front is not believed.
    expect(await addressFor('1', '6.6.6.6, 1.1.1.1', '10.0.0.1')).toBe('1.1.1.1')
    expect(await addressFor('2', '6.6.6.6, 1.1.1.1, 10.0.0.2', '10.0.0.1')).toBe('1.1.1.1')
    expect(await addressFor('1', undefined, '10.0.0.1')).toBe('10.0.0.1')
    expect(await addressFor('0', '1.1.1.1', undefined)).toBeNull()
    expect(await addressFor('0', undefined, undefined, { incoming: { socket: { remoteAddress: '10.0.0.9' } } })).toBe('10.0.0.9')
    expect(await addressFor('0', undefined, undefined, { incoming: { socket: {} } })).toBeNull()
    expect(await addressFor('1', undefined, undefined)).toBeNull()
    expect(await addressFor('1', ' 1.1.1.1 , ,', undefined)).toBe('1.1.1.1')
    // Fewer entries than proxies: the first of them.
    expect(await addressFor('3', '1.1.1.1', '10.0.0.1')).toBe('1.1.1.1')
  })
})

describe('our own origins', () => {
  it('are the base address, and the loopback names of its port where none was given', () => {
    expect([...ownOrigins(readConfig({ BASE_URL: 'https://forms.example.org' }))]).toEqual(['https://forms.example.org'])
    expect([...ownOrigins(readConfig({ PORT: '3000' }))]).toEqual(['http://127.0.0.1:3000', 'http://localhost:3000'])
    expect([...ownOrigins(readConfig({ BASE_URL: 'http://localhost:3000' }))]).toEqual(['http://localhost:3000'])
    const at = (baseUrl: string) => [...ownOrigins({ ...readConfig({}), baseUrl, baseUrlGiven: false })]
    for (const name of ['localhost', '[::1]'])
      expect(new Set(at(`http://${name}:3000`))).toEqual(new Set([`http://${name}:3000`, 'http://127.0.0.1:3000', 'http://localhost:3000']))
    expect(at('https://forms.example.org')).toEqual(['https://forms.example.org'])
    // Worked out once.
    const config = readConfig({})
    expect(ownOrigins(config)).toBe(ownOrigins(config))
  })

  it('are asked for by origin, then by what the browser says of the site', async () => {
    const own = new Set(['http://own.example'])
    const ask = async (method: string, headers: Record<string, string>) => {
      const app = new Hono<{ Bindings: Bindings; Variables: Variables }>()
      app.all('/', (c) => c.json(isFirstParty(c, own)))
      return (await app.request('/', { method, headers })).json()
    }
    expect(await ask('POST', { Origin: 'http://own.example' })).toBe(true)
    expect(await ask('POST', { 'Sec-Fetch-Site': 'same-origin' })).toBe(true)
    expect(await ask('GET', {})).toBe(true)
    expect(await ask('GET', { 'Sec-Fetch-Site': 'none' })).toBe(true)
    expect(await ask('POST', { 'Sec-Fetch-Site': 'none' })).toBe(false)
    expect(await ask('POST', {})).toBe(false)
    expect(await ask('GET', { 'Sec-Fetch-Site': 'same-site' })).toBe(false)
    expect(await ask('POST', { Origin: 'http://own.example', 'Sec-Fetch-Site': 'cross-site' })).toBe(false)
    for (const method of ['GET', 'POST']) {
      expect(await ask(method, { Origin: 'http://other.example' })).toBe(false)
      expect(await ask(method, { Origin: 'http://other.example', 'Sec-Fetch-Site': 'same-origin' })).toBe(false)
    }
    expect(await ask('GET', { 'Sec-Fetch-Site': 'cross-site' })).toBe(false)
    expect(await ask('GET', { Origin: 'http://own.example' })).toBe(true)
  })

  it('are told from others by what the browser says', async () => {
    const own = new Set(['http://own.example'])
    const of = async (headers: Record<string, string>) => {
      const app = new Hono<{ Bindings: Bindings; Variables: Variables }>()
      app.get('/', (c) => c.json(originOf(c, own)))
      return (await app.request('/', { headers })).json()
    }
    expect(await of({})).toEqual({ origin: null, sameOrigin: false })
    expect(await of({ Origin: 'http://own.example' })).toEqual({ origin: 'http://own.example', sameOrigin: true })
    expect(await of({ Origin: 'http://other.example' })).toEqual({ origin: 'http://other.example', sameOrigin: false })
  })
})
