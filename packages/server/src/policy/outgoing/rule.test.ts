import { describe, expect, it } from 'vitest'
import { EgressError } from '../../egress/egress.ts'
import { settled } from '../../testing/evidence.ts'
import { mayCall, outgoing, within } from './rule.ts'

const response = { status: 200, headers: {}, body: new Uint8Array(), truncated: false }

describe('outgoing addresses', () => {
  it('are those of the hosts named, letter by letter', () => {
    const options = { allow: ['hooks.example.org', '[2001:db8::1]', '192.0.2.7'] }
    for (const url of ['https://hooks.example.org/a?b', 'https://HOOKS.example.org:8443/', 'https://[2001:db8::1]/', 'https://192.0.2.7/'])
      expect(mayCall(options, url), url).toBe(true)
    for (const url of [
      'https://example.org/',
      'https://a.hooks.example.org/',
      'https://hooks.example.org.evil.example/',
      'https://hooks.example.org@evil.example/',
      'https://evil.example/hooks.example.org',
      'https://hooks.example.org.',
      'no address',
      '',
    ])
      expect(mayCall(options, url), url).toBe(false)
    expect(mayCall({ allow: [] }, 'https://hooks.example.org/')).toBe(false)
    expect(mayCall({ allow: ['*'] }, 'https://any.example/')).toBe(true)
    for (const none of ['data:text/plain,a', 'no address']) expect(mayCall({ allow: ['*'] }, none)).toBe(false)
  })

  it('narrow the way out: what is not named is not called', async () => {
    const called: string[] = []
    const egress = {
      admits: (url: string) => url.startsWith('https:'),
      async call({ url }: { url: string }) {
        called.push(url)
        return response
      },
    }
    const narrow = within(egress, { allow: ['hooks.example.org'] })
    expect([narrow.admits('https://hooks.example.org/'), narrow.admits('http://hooks.example.org/'), narrow.admits('https://b.example/')]).toEqual([
      true,
      false,
      false,
    ])
    expect(await narrow.call({ url: 'https://hooks.example.org/' })).toBe(response)
    await expect(narrow.call({ url: 'https://b.example/' })).rejects.toThrow(new EgressError('refused'))
    expect(called).toEqual(['https://hooks.example.org/'])
    // The control: without the policy it is called.
    await egress.call({ url: 'https://b.example/' })
    expect(called).toHaveLength(2)
  })

  it('are refused where they are no hosts', () => {
    for (const wrong of ['example.org:443', 'example.org.:', '1', '::1', 'a b', ''])
      expect(() => settled(outgoing, { allow: ['a.example', '*', wrong] }), wrong).toThrow('outgoing: outgoing-host')
    expect(settled(outgoing, { allow: ['a.example'] })).toEqual({ allow: ['a.example'] })
  })
})
