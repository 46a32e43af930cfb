import { Hono } from 'hono'
import { describe, expect, it } from 'vitest'
import { readConfig } from '../config.ts'
import { clientAddress, isFirstParty, ownOrigins } from './client.ts'
import type { Bindings, Variables } from './route.ts'

const addressFor = async (trustProxy: string, forwarded: string | undefined, direct: string | undefined) => {
  const app = new Hono<{ Bindings: Bindings; Variables: Variables }>()
  app.get('/', (c) => c.json(clientAddress(c, readConfig({ TRUST_PROXY: trustProxy }))))
  return (await app.request('/', { headers: forwarded ? { 'X-Forwarded-For': forwarded } : {} }, direct ? { client: direct } : {})).json()
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
  })
})

describe('our own origins', () => {
  it('are the base address, and the loopback names of its port where none was given', () => {
    expect([...ownOrigins(readConfig({ BASE_URL: 'https://forms.example.org' }))]).toEqual(['https://forms.example.org'])
    expect([...ownOrigins(readConfig({ PORT: '3000' }))]).toEqual(['http://127.0.0.1:3000', 'http://localhost:3000'])
    expect([...ownOrigins(readConfig({ BASE_URL: 'http://localhost:3000' }))]).toEqual(['http://localhost:3000'])
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
  })
})
