/** What the store keeps of erasures and of what guards them: other eyes, legal holds, and the certificates. */
import type { SealedOwner } from '../keys/month-key.ts'
import type { Sealing } from '../keys/seal-box.ts'
import type { Bygone } from '../lived-time.ts'
import type { Deed } from './store.ts'

/** What somebody asks for and somebody else allows. */
export type ApprovalKind = 'erasure' | 'hold.lift' | 'export'
/** `approved` is still to be done, `done` was; one that nobody decided about in time is `expired`. */
export type ApprovalState = 'open' | 'approved' | 'refused' | 'done' | 'expired'

export interface ApprovalRecord {
  id: string
  kind: ApprovalKind
  /** `submission:<id>` or `service:<id>`. */
  object: string
  state: ApprovalState
  /** Sealed in the submission's box; null: none was given, or it went with the case. */
  reason: Uint8Array | null
  requestedBy: string
  requestedAt: string
  expiresAt: string
  decidedBy: string | null
  decidedAt: string | null
}

export interface HoldRecord {
  submission: string
  /** Sealed in the submission's box. */
  reason: Uint8Array
  setBy: string
  setAt: string
}

/** One case that somebody asked to erase, or those of a service that were old enough. */
export type CertificateKind = 'case' | 'retention'

/** Why cases were erased; part of the certificate. People by what the audit log calls them. */
export interface ErasureGrounds {
  service: string
  /** Of a single case. */
  submission?: string
  /** How many people it took, or what was old enough. */
  policy: { people: 1 | 2 } | { after: 'received' | 'closed'; months: number }
  requestedBy?: string
  approvedBy?: string
}

export interface CertificateRecord {
  id: string
  kind: CertificateKind
  at: string
  cases: number
  details: ErasureGrounds
  /** Null: keys or files are still to be destroyed. */
  jws: string | null
}

/** A key or a file that is to be destroyed. */
export interface Shred {
  certificate: string
  /** What its box is bound to; also where there is no box, as a name. */
  owner: string
  submission: string
  /** Month of its key; null: it was not sealed. */
  bucket: string | null
  /** Id of the attachment whose file it is. */
  file: string | null
}

/** A case that is to be erased, with what hangs on it. */
export interface Erasable {
  submission: string
  shreds: readonly Omit<Shred, 'certificate'>[]
}

/** A submission or an attachment, by what it needs to be destroyed. */
export interface OldCase {
  id: string
  service: string
  bucket: string | null
}

export interface ReceivedOwner extends Omit<SealedOwner, 'sealing'> {
  id: string
  sealing: Sealing | null
}

/** Times are compared with the moment of the deed. */
export interface ErasureQueries {
  /** @throws Conflict 'taken' when the same is being asked for already */
  requestApproval(approval: Pick<ApprovalRecord, 'id' | 'kind' | 'object' | 'reason' | 'expiresAt'>, by: Deed): Promise<void>
  approval(id: string): Promise<ApprovalRecord | null>
  /** Newest first; `before`: of those older than this one. */
  approvals(limit: number, before?: string): Promise<ApprovalRecord[]>
  /**
   * Decides about what is open. Never by who asked: then, or when it is not open any more, Conflict 'stale'. What is refused
   * and what is done keeps no reason.
   */
  decideApproval(id: string, to: 'approved' | 'refused', by: Deed): Promise<void>
  /** Uses up an approval of this kind that was given to who asked. False if there is none in its time. */
  useApproval(kind: ApprovalKind, object: string, by: Deed): Promise<boolean>

  hold(submission: string): Promise<HoldRecord | null>
  /** Ends what was asked for to erase it. @throws Conflict 'taken' when it is held already; 'stale' when the case is gone */
  setHold(hold: Pick<HoldRecord, 'submission' | 'reason'>, by: Deed): Promise<void>
  /** On an approval, which it uses up. @throws Conflict 'stale' */
  liftHold(submission: string, approval: string, by: Deed): Promise<void>

  /**
   * Deletes the rows of cases, and puts down what is still to be destroyed, in one transaction. Those that are held are left
   * out. On an approval: uses it up. Gives how many there were; none: nothing is put down.
   * @throws Conflict 'stale' when the approval is not approved any more; 'claimed' when the only case of an approval is held
   */
  eraseCases(
    certificate: Pick<CertificateRecord, 'id' | 'kind' | 'at' | 'details'>,
    cases: readonly Erasable[],
    approval: string | null,
    by: Deed,
  ): Promise<number>
  /** What is still to be destroyed. */
  shreds(): Promise<Shred[]>
  /** What a certificate said was to be destroyed has been. @throws Conflict 'stale' when somebody else has said so */
  certify(id: string, jws: string, by: Deed): Promise<void>
  /** Newest first. */
  certificates(limit: number): Promise<CertificateRecord[]>
  certificate(id: string): Promise<CertificateRecord | null>

  /**
   * Cases of a service that were received, or closed, before; not those that are held. In the order of their ids, after one.
   * However many are younger, they are not looked at: ids are `newId` of the moment in which their case was received.
   */
  casesPast(service: string, basis: 'received' | 'closed', before: Bygone, after: string, limit: number): Promise<OldCase[]>
  /** What was received in a month and is still there, in the order of ids, after one. */
  receivedIn(month: string, kind: 'submission' | 'attachment', after: string, limit: number): Promise<ReceivedOwner[]>
  /** What was deleted is not in the database's own files any more, as far as it can see to that. */
  forget(): Promise<void>
}
