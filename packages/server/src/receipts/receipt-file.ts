/** What a citizen keeps, and can check without us: the receipt, the keys, and the proof that it is in the log. */
import type { AuditEvent, Receipt } from '@guichet/schemas'
import type { Adapters } from '../adapters.ts'
import { caseBox } from '../cases/case-box.ts'
import type { Keys, PublicKey } from '../keys/key-folder.ts'
import { Refused } from '../problem.ts'
import type { AgencyStore, SubmissionRecord } from '../store/store.ts'

export interface KeysDocument {
  keys: readonly PublicKey[]
  statements: readonly string[]
  /** Compact JWS (typ guichet-revocation+jws), one for each key that is not to be believed any more. */
  revocations: readonly string[]
}

export const keysDocument = ({ publicKeys, keyStatements, revocations }: Pick<Keys, 'publicKeys' | 'keyStatements' | 'revocations'>): KeysDocument => ({
  keys: publicKeys,
  statements: keyStatements,
  revocations: revocations.map(({ jws }) => jws),
})

export interface ReceiptFile {
  format: 'guichet-receipt/1'
  jws: string
  /** What `jws` says, for people to read. */
  payload: Receipt
  keys: KeysDocument
  event?: AuditEvent
  /** c2sp.org/tlog-proof@v1; missing while no checkpoint covers the event. */
  proof?: string
  /** The newest checkpoint, whether or not it covers the event. */
  checkpoint?: string
}

/** @throws Refused 410 when the key of the submission was destroyed */
export async function receiptFile(adapters: Pick<Adapters, 'keys' | 'auditLog'>, agency: AgencyStore, submission: SubmissionRecord): Promise<ReceiptFile> {
  const sealed = await agency.receipt(submission.id)
  if (!sealed) throw new Refused(404, 'not-found')
  const jws = new TextDecoder().decode(caseBox(adapters, agency.id, submission).open('receipt', sealed))
  const payload = JSON.parse(Buffer.from(jws.split('.')[1] as string, 'base64url').toString()) as Receipt
  const found = payload.auditSequence === undefined ? null : await adapters.auditLog.proofOf(agency.id, payload.auditSequence)
  const checkpoint = await adapters.auditLog.current(agency.id)
  return {
    format: 'guichet-receipt/1',
    jws,
    payload,
    keys: keysDocument(adapters.keys),
    ...(found ? { event: found.event, proof: found.proof } : {}),
    ...(checkpoint ? { checkpoint: checkpoint.note } : {}),
  }
}
