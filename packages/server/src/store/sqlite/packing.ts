/**
 * What goes from one thread to another, as one text and one run of bytes that changes hands: a copy of the objects
 * themselves takes both threads several times as long (structured clone, docs/decisions/0036).
 */
import type { Conclusion } from '../../intake/conclusion.ts'
import type { SigningSecret } from '../../keys/signer.ts'
import type { AgencyId, Conflict, SubmissionEntry } from '../store.ts'
import type { Order, Recorded } from './recorder.ts'

/** An order that can be handed over: what is made of it is given as data. */
export type DataOrder = Order & { entry: SubmissionEntry & { conclude: Conclusion } }
export const isData = (order: Order): order is DataOrder => typeof order.entry.conclude !== 'function'

export interface Packed {
  text: string
  bytes: ArrayBuffer
}
export interface PackedOrders extends Packed {
  /** Keys cannot be written down. */
  signers: readonly SigningSecret[]
}

/** What became of an order. An error's code is its own property. */
export type Told = { recorded: Recorded } | { conflict: Conflict['kind'] } | { failed: { message: string; code?: string; errcode?: number } }

/** Gives places to runs of bytes, and puts them behind each other. */
function packer() {
  const parts: Uint8Array[] = []
  return {
    put: (part: Uint8Array): number => parts.push(part) - 1,
    pack(content: unknown): Packed {
      const lengths = parts.map(({ length }) => length)
      const bytes = new Uint8Array(lengths.reduce((sum, length) => sum + length, 0))
      let end = 0
      for (const part of parts) {
        bytes.set(part, end)
        end += part.length
      }
      return { text: JSON.stringify({ content, lengths }), bytes: bytes.buffer }
    },
  }
}

/** Content, and what gives the bytes of a place. */
function unpacked<Content>({ text, bytes }: Packed): { content: Content; take(place: number): Buffer } {
  const { content, lengths } = JSON.parse(text) as { content: Content; lengths: number[] }
  let end = 0
  const starts = lengths.map((length) => (end += length) - length)
  return { content, take: (place) => Buffer.from(bytes, starts[place], lengths[place]) }
}

type Put = (part: Uint8Array) => number

function written({ agency, claim, entry }: DataOrder, put: Put) {
  const { submission, seal = null, outbox, conclude } = entry
  const kept = seal?.kept
  return {
    agency,
    claim,
    entry: {
      ...entry,
      submission: { ...submission, answers: put(submission.answers), outcome: put(submission.outcome) },
      seal: seal && kept && { ...seal, key: put(seal.key), kept: 'wrapping' in kept ? { bucket: kept.bucket, wrappingAt: put(kept.wrapping) } : kept },
      outbox: outbox.map((effect) => ({ ...effect, payload: put(effect.payload) })),
      conclude: { ...conclude, signer: conclude.signer.kid, kept: conclude.kept && { ...conclude.kept, key: put(conclude.kept.key) } },
    },
  }
}
type Written = ReturnType<typeof written>

export function packOrders(orders: readonly DataOrder[]): PackedOrders {
  const { put, pack } = packer()
  const signers = new Map<string, SigningSecret>()
  const content = orders.map((order) => {
    const { signer } = order.entry.conclude
    signers.set(signer.kid, signer)
    return written(order, put)
  })
  return { ...pack(content), signers: [...signers.values()] }
}

export function unpackOrders({ signers, ...packed }: PackedOrders): DataOrder[] {
  const { content, take } = unpacked<Written[]>(packed)
  const signerOf = new Map(signers.map((signer) => [signer.kid, signer]))
  return content.map(({ agency, claim, entry }) => {
    const { submission, seal, outbox, conclude } = entry
    const { signer, kept } = conclude
    return {
      agency: agency as AgencyId,
      claim,
      entry: {
        ...entry,
        submission: { ...submission, answers: take(submission.answers), outcome: take(submission.outcome) },
        seal: seal && {
          ...seal,
          key: take(seal.key),
          kept: 'wrappingAt' in seal.kept ? { bucket: seal.kept.bucket, wrapping: take(seal.kept.wrappingAt) } : seal.kept,
        },
        outbox: outbox.map((effect) => ({ ...effect, payload: take(effect.payload) })),
        conclude: { ...conclude, signer: signerOf.get(signer) as SigningSecret, kept: kept && { ...kept, key: take(kept.key) } },
      },
    }
  })
}

export function packTold(told: readonly Told[]): Packed {
  const { put, pack } = packer()
  return pack(told.map((one) => ('recorded' in one && 'whole' in one.recorded ? { whole: put(one.recorded.whole) } : one)))
}

export function unpackTold(packed: Packed): Told[] {
  const { content, take } = unpacked<(Told | { whole: number })[]>(packed)
  return content.map((one) => ('whole' in one ? { recorded: { whole: take(one.whole) } } : one))
}
