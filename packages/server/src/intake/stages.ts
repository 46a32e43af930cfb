/**
 * The stages of the one road in. Each step takes what only the step before can make, so that the compiler refuses
 * another order (stages.types.test.ts): admit -> validate -> inspect -> seal -> record.
 */
import type { AskedDocument, FeeOutcome } from '@guichet/core'
import type { Answers, Json, Route, Submission } from '@guichet/schemas'
import type { Adapters } from '../adapters.ts'
import type { Config } from '../config.ts'
import type { SealBox } from '../keys/seal-box.ts'
import type { Place, RequestBody } from '../policy/rule.ts'
import type { LiveService } from '../services/live.ts'
import type { SignedIn } from '../sign-in/sign-in.ts'
import type { AttachmentRecord } from '../store/store.ts'

declare const reached: unique symbol
/** A value that has reached a stage. Only the file of that stage makes one. */
export type Reached<Stage extends string, Content> = Content & { readonly [reached]: Stage }

/** What came in, unread. */
export interface Intake {
  adapters: Adapters
  config: Config
  /** The latest version: its policy decides. */
  service: LiveService
  origin: string | null
  sameOrigin: boolean
  client: string | null
  /** Who is signed in; `ended`: what came along is no session any more. */
  signedIn: SignedIn | 'ended' | null
  /** Whether a proof of work came along that counts. Absent: none did. */
  proved?(): Promise<boolean>
  /** What it says of the field that nobody sees. Absent: nothing. */
  trap?: string | null
  body: RequestBody
  idempotencyKey: string | undefined
  now: Date
}

interface AdmittedContent {
  intake: Intake
  key: string
  bytes: Uint8Array
  submission: Submission
  /** The version that was filled in. */
  filledIn: LiveService
}
export type Admitted = Reached<'admitted', AdmittedContent>

/** What follows from the answers. */
export interface Outcome {
  documents: AskedDocument[]
  computed: Record<string, Json>
  fee: FeeOutcome
  route: Route | null
}

interface ValidContent extends AdmittedContent {
  /** The answers to keep: parsed and relevant, nothing else. */
  answers: Answers
  /** Fields whose answers come from the person's sign-in. */
  verified: readonly string[]
  /** Pointers of addresses and numbers that a code has shown to be the citizen's. */
  proved: readonly string[]
  outcome: Outcome
  /** Attachments of the documents that are asked for and of relevant file fields, with the place they belong to. */
  given: readonly GivenAttachment[]
}
export interface GivenAttachment {
  id: string
  /** Document id, or definition path of a file field. */
  target: string
  /** Where a problem with it is shown. */
  pointer: string
}
export type Valid = Reached<'valid', ValidContent>

interface CleanContent extends ValidContent {
  attachments: readonly (AttachmentRecord & { pointer: string })[]
}
export type Clean = Reached<'clean', CleanContent>

interface SealedContent {
  clean: Clean
  id: string
  box: SealBox
  /** What it takes of what there is so many of. */
  places: readonly Place[]
  /** What goes into the box. Canonical JSON, which the receipt's digest is of. */
  answers: string
  outcome: string
}
export type Sealed = Reached<'sealed', SealedContent>

/** The bytes of the answer; the submission is on disk. */
export type Recorded = Reached<'recorded', { answer: Uint8Array }>
