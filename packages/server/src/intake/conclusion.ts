/** What is made of a submission once its place in the audit log is known: a receipt, and the answer that holds it. As data, because it is made where the place is. */
import type { Receipt } from '@guichet/schemas'
import { type SealWith, sealBytes } from '../keys/seal-box.ts'
import { type SigningSecret, signerOf } from '../keys/signer.ts'
import { signReceipt } from '../receipts/receipt.ts'
import { keptAnswer, wholeAnswer } from './answer.ts'

export interface Conclusion {
  receipt: Omit<Receipt, 'auditSequence' | 'leaf'>
  /** All of the answer but the receipt. */
  facts: object
  checkpoint: string | undefined
  signer: SigningSecret
  /** What the receipt is sealed with; null: it is kept as it is. */
  box: SealWith | null
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
const sealed = (by: SealWith | null, content: Uint8Array) => (by ? sealBytes(by.key, by.about, content) : content)

export function concluded(conclude: Conclude, auditSequence: number, leaf: string | null): Concluded {
  if (typeof conclude === 'function') return { whole: none, ...conclude(auditSequence, leaf) }
  const { receipt, facts, checkpoint, signer, box, kept } = conclude
  const payload: Receipt = { ...receipt, auditSequence, ...(leaf === null ? {} : { leaf }) }
  const jws = signReceipt(payload, signerOf(signer))
  const text = keptAnswer(facts, { jws, checkpoint })
  return { receipt: sealed(box, Buffer.from(jws)), answer: sealed(kept, Buffer.from(text)), whole: wholeAnswer(text) }
}
