/** The server's routes about keys of sealed services: docs/sealed.md. */

import type { Text } from '@guichet/schemas'
import type { KeyPair, LockedKey, RecipientSet, SealedTo } from '@guichet/sealing'
import { httpCaller } from '@guichet/staff/http'

export interface OwnKeys {
  agency: string
  user: string
  /** Newest first. */
  keys: { number: number; publicKey: string; locked: LockedKey }[]
}

export interface Wrap extends SealedTo {
  epoch: number
  /** Public key that it is sealed to. */
  forKey: string
}

export interface RecoveryKey {
  number: number
  publicKey: string
  createdAt: string
}

export interface ServiceKeys {
  agency: string
  service: string
  /** Newest first. */
  epochs: { epoch: number; publicKey: string; createdAt: string; createdBy: string }[]
  wraps: Wrap[]
  recovery: RecoveryKey | null
  /** What is published; null while a key is missing. */
  recipients: Pick<RecipientSet, 'epoch' | 'recipients'> | null
  fingerprint: string | null
}

export interface OfficerKey {
  user: string
  publicKey: string
  createdAt: string
}

export interface KeyholderService {
  id: string
  title: Text
}

export interface SealedApi {
  own(): Promise<OwnKeys>
  keep(key: { number: number; publicKey: string; locked: LockedKey }): Promise<void>
  officers(): Promise<{ officers: OfficerKey[]; recovery: RecoveryKey | null }>
  publishRecovery(key: { number: number; publicKey: string }): Promise<void>
  service(id: string): Promise<ServiceKeys>
  services(): Promise<{ services: KeyholderService[] }>
  publishEpoch(id: string, epoch: { epoch: number; publicKey: string; wraps: Omit<Wrap, 'epoch'>[] }): Promise<{ fingerprint: string }>
  share(id: string, wrap: Wrap): Promise<void>
}

export function sealedApi(request: typeof fetch = (...given) => fetch(...given)): SealedApi {
  const call = httpCaller('/v1/admin/', request)
  const at = (id: string) => `services/${encodeURIComponent(id)}/sealing`
  return {
    own: () => call('GET', 'sealing/key'),
    keep: (key) => call('PUT', 'sealing/key', key),
    officers: () => call('GET', 'sealing/officers'),
    publishRecovery: (key) => call('POST', 'sealing/recovery', key),
    service: (id) => call('GET', at(id)),
    services: () => call('GET', 'services'),
    publishEpoch: (id, epoch) => call('POST', `${at(id)}/epochs`, epoch),
    share: (id, wrap) => call('POST', `${at(id)}/wraps`, wrap),
  }
}

/** The address of a sealed file; what comes from there is opened here. */
export const sealedFileAt = (submission: string, file: string, purpose = '') =>
  `/v1/admin/cases/${submission}/attachments/${file}${purpose === '' ? '' : `?${new URLSearchParams({ purpose })}`}`

export type { KeyPair }
