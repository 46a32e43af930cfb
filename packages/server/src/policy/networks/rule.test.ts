import { describe, expect, it } from 'vitest'
import { readEvidence, settled } from '../../testing/evidence.ts'
import { networks } from './rule.ts'

const ask = async (allow: string[], client: string | null) => (await settled(networks, { allow })(readEvidence({ client })))?.code ?? null

describe('networks', () => {
  it('let officers in from the networks named, and from no other', async () => {
    const office = ['10.20.0.0/16', '2001:db8:1::/48']
    for (const client of ['10.20.0.1', '10.20.255.255', '::ffff:10.20.3.4', '2001:db8:1:2::9']) expect(await ask(office, client), client).toBeNull()
    for (const client of [
      '10.21.0.1',
      '203.0.113.7',
      '2001:db8:2::1',
      '::10.20.0.1',
      '::1',
      '',
      '10.20.0.1.example.org',
      '10.20.0.1, 10.20.0.2',
      '0x0a.20.0.1',
      '10.20.1',
      '::ffff:10.20.0.1x',
      'x::ffff:10.20.0.1',
      null,
    ])
      expect(await ask(office, client), String(client)).toBe('network')
  })

  it('take IPv4 in IPv6 clothes as it is written today, and in no other way', async () => {
    for (const [client, code] of [
      ['::FFFF:10.20.3.4', null],
      ['::ffff:10.20.3.4.5', 'network'],
      ['1::ffff:10.20.3.4', 'network'],
      ['64:ff9b::10.20.3.4', 'network'],
    ] as const)
      expect(await ask(['0.0.0.0/0', '::/0'], client), client).toBe(code)
  })

  it('say no with 403', async () => {
    expect(await settled(networks, { allow: ['10.0.0.0/8'] })(readEvidence({ client: null }))).toEqual({ status: 403, code: 'network' })
  })

  it('are all, where none is named: the control', async () => {
    for (const client of ['203.0.113.7', null]) expect(await ask([], client)).toBeNull()
  })

  it('are refused where they are none', () => {
    for (const wrong of ['10.20.0.0/33', '10.20.0/16', '0x0a.1.2.3/8', '::10.20.0.0/112', '2001:db8::/129', 'fe80::/10x', '10.20.0.0', ''])
      expect(() => settled(networks, { allow: ['10.0.0.0/8', wrong] }), wrong).toThrow('networks: network')
  })
})
