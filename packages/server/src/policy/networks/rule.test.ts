import { describe, expect, it } from 'vitest'
import { readEvidence } from '../../testing/evidence.ts'
import { PolicyError } from '../rule.ts'
import { settlePolicy } from '../settle.ts'

const ask = async (allow: string[], client: string | null) =>
  (await settlePolicy({ rules: { networks: { allow } } }).read(readEvidence({ client })))?.code ?? null

describe('networks', () => {
  it('let officers in from the networks named, and from no other', async () => {
    const office = ['10.20.0.0/16', '2001:db8:1::/48']
    for (const client of ['10.20.0.1', '10.20.255.255', '::ffff:10.20.3.4', '2001:db8:1:2::9']) expect(await ask(office, client), client).toBeNull()
    for (const client of ['10.21.0.1', '203.0.113.7', '2001:db8:2::1', '::10.20.0.1', '::1', '', '10.20.0.1.example.org', '10.20.0.1, 10.20.0.2', null])
      expect(await ask(office, client), String(client)).toBe('network')
  })

  it('are all, where none is named: the control', async () => {
    for (const client of ['203.0.113.7', null]) expect(await ask([], client)).toBeNull()
  })

  it('are refused where they are none', () => {
    for (const wrong of ['10.20.0.0/33', '10.20.0/16', '2001:db8::/129', 'fe80::/10x'])
      expect(() => settlePolicy({ rules: { networks: { allow: [wrong] } } }), wrong).toThrow(PolicyError)
  })
})
