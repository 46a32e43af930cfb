/** Keys of sealed services as a ceremony leaves them in the store. For tests. */
import type { KeyPair } from '@guichet/sealing'
import type { AgencyStore, SealingKey } from '../store/store.ts'

const by = { actor: 'system', at: '2026-01-05T08:00:00.000Z' }
const keyOf = (kind: SealingKey['kind'], owner: string, number: number, pair: KeyPair, at: string): SealingKey => ({
  kind,
  owner,
  number,
  publicKey: pair.public,
  locked: null,
  createdAt: at,
  createdBy: 'system',
})

export const addRecovery = (agency: AgencyStore, number: number, pair: KeyPair, at = by.at) =>
  agency.addSealingKey(keyOf('recovery', '', number, pair, at), [], { ...by, at })
export const addEpoch = (agency: AgencyStore, service: string, number: number, pair: KeyPair, at = by.at) =>
  agency.addSealingKey(keyOf('service', service, number, pair, at), [], { ...by, at })
