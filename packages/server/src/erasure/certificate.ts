/**
 * Certificates of destruction: a signed statement of which keys were destroyed, when, and who agreed to it. They name people
 * and cases as the audit log does, and hold nothing of what was erased.
 */
import { canonical } from '../digest.ts'
import type { Keys } from '../keys/key-folder.ts'
import type { CertificateKind, CertificateRecord, ErasureGrounds } from '../store/erasure.ts'

export interface Certificate {
  iss: string
  agency: string
  id: string
  kind: CertificateKind
  /** When the keys were destroyed. RFC 3339. */
  at: string
  cases: number
  /** By month: which key, by its mark, and how many leaves it lost; `whole`: it is destroyed itself. */
  keys: readonly { month: string; mark: string; count: number; whole: boolean }[]
  files: number
  grounds: ErasureGrounds
}

const part = (value: unknown) => Buffer.from(canonical(value)).toString('base64url')

/** Compact JWS (RFC 7515) by Ed25519 (RFC 9864), with the key that receipts are signed with. */
export function signCertificate(
  { iss, agency, keys, files }: Pick<Certificate, 'iss' | 'agency' | 'keys' | 'files'>,
  { id, kind, cases, details }: Omit<CertificateRecord, 'jws' | 'at'>,
  at: string,
  signer: Keys['signer'],
): string {
  const certificate: Certificate = { iss, agency, id, kind, at, cases, keys, files, grounds: details }
  const signed = `${part({ alg: 'Ed25519', kid: signer.kid, typ: 'guichet-destruction+jws' })}.${part(certificate)}`
  return `${signed}.${signer.sign(signed)}`
}
