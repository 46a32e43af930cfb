/** What is made of a submission once its place in the audit log is known: a receipt, and the answer that holds it. As data, because it is made where the place is. */
import type { Receipt } from '@guichet/schemas'
import { boxOf, type SealBox, type SealWith, sealBytes } from '../keys/seal-box.ts'
import { type SigningSecret, signerOf } from '../keys/signer.ts'
import { signReceipt } from '../receipts/receipt.ts'
import type { NewSubmission, SubmissionEntry } from '../store/store.ts'
import { keptAnswer, wholeAnswer } from './answer.ts'

export interface Conclusion {
  receipt: Omit<Receipt, 'auditSequence' | 'leaf'>
  /** All of the answer but the receipt. */
  facts: object
  checkpoint: string | undefined
  signer: SigningSecret
  /** What the answer is sealed with; null: it is kept as it is. */
  kept: SealWith | null
}

export interface Concluded {
  receipt: Uint8Array
  /** As it is kept for whoever asks again. */
  answer: Uint8Array
  /** The bytes of the 201. */
  whole: Uint8Array
}

/** Given as what it takes, it may be made on any thread; given as a function, where it was given. `leaf` is null where nobody knows it yet. */
export type Conclude = Conclusion | ((auditSequence: number, leaf: string | null) => Omit<Concluded, 'whole'>)

const none = new Uint8Array()

/** A submission as it is kept, and the box that its receipt goes into as well. */
export function closed({ submission, seal = null }: Pick<SubmissionEntry, 'submission' | 'seal'>): { row: NewSubmission; box: SealBox } {
  const box = boxOf(seal)
  const { sealing, answers, outcome } = submission
  const row = { ...submission, sealing: box.sealing ?? sealing, answers: box.seal('answers', answers), outcome: box.seal('outcome', outcome) }
  return { row, box }
}

/** `box`: what the receipt is sealed in. */
export function concluded(conclude: Conclude, auditSequence: number, leaf: string | null, box: Pick<SealBox, 'seal'>): Concluded {
  if (typeof conclude === 'function') return { whole: none, ...conclude(auditSequence, leaf) }
  const { receipt, facts, checkpoint, signer, kept } = conclude
  const payload: Receipt = { ...receipt, auditSequence, ...(leaf === null ? {} : { leaf }) }
  const jws = signReceipt(payload, signerOf(signer))
  const text = keptAnswer(facts, { jws, checkpoint })
  const answer = Buffer.from(text)
  return { receipt: box.seal('receipt', Buffer.from(jws)), answer: kept ? sealBytes(kept.key, kept.about, answer) : answer, whole: wholeAnswer(text) }
}
