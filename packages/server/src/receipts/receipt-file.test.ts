import type { AuditEvent, Receipt } from '@guichet/schemas'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { city } from '../audit/memory-log.test-helper.ts'
import { caseOwner } from '../erasure/owners.ts'
import type { Keys } from '../keys/key-folder.ts'
import { KeyGone, newBox } from '../keys/seal-box.ts'
import type { AgencyStore, SubmissionRecord } from '../store/store.ts'
import { testKek } from '../testing/month-key.ts'
import { signReceipt } from './receipt.ts'
import { keysDocument, receiptFile } from './receipt-file.ts'

const kek = testKek()
const keys = {
  kek: vi.fn(() => kek),
  publicKeys: [{ kid: 'k2' }, { kid: 'k1' }],
  keyStatements: ['s2'],
  revocations: [{ kid: 'k1', jws: 'revoked-k1' }],
} as unknown as Keys
const document = { keys: [{ kid: 'k2' }, { kid: 'k1' }], statements: ['s2'], revocations: ['revoked-k1'] }
const event = { sequence: 7 } as AuditEvent
const auditLog = { proofOf: vi.fn(), current: vi.fn() }
const adapters = { keys, auditLog } as unknown as Parameters<typeof receiptFile>[0]
const box = newBox(kek, caseOwner(city, 'library-card', 'sub1'))
const submission = { id: 'sub1', service: 'library-card', sealing: box.sealing } as SubmissionRecord

/** A receipt of so much, as the store has it. */
const payloadOf = (more: object = {}) => ({ submission: 'sub1', agency: 'Πόλη', ...more }) as unknown as Receipt
const jwsOf = (payload: Receipt) => signReceipt(payload, { kid: 'k2', sign: () => 'signature' })
const stored = (content: Uint8Array | null) => ({ id: city, receipt: vi.fn(async () => content) }) as unknown as AgencyStore
const file = (payload: Receipt) => receiptFile(adapters, stored(box.seal('receipt', Buffer.from(jwsOf(payload)))), submission)

beforeEach(() => {
  auditLog.proofOf.mockReset().mockResolvedValue({ event, proof: 'proof' })
  auditLog.current.mockReset().mockResolvedValue({ note: 'checkpoint' })
})

describe('the file of a receipt', () => {
  it('has all that it takes to check it without us', async () => {
    const payload = payloadOf({ auditSequence: 7 })
    expect(await file(payload)).toEqual({
      format: 'guichet-receipt/1',
      jws: jwsOf(payload),
      payload,
      keys: document,
      event,
      proof: 'proof',
      checkpoint: 'checkpoint',
    })
    expect([auditLog.proofOf.mock.calls, auditLog.current.mock.calls]).toEqual([[[city, 7]], [[city]]])
  })

  it('has no proof while no checkpoint covers the event, and no checkpoint while there is none', async () => {
    auditLog.proofOf.mockResolvedValue(null)
    const payload = payloadOf({ auditSequence: 7 })
    const rest = { format: 'guichet-receipt/1', jws: jwsOf(payload), payload, keys: document }
    expect(await file(payload)).toEqual({ ...rest, checkpoint: 'checkpoint' })
    auditLog.current.mockResolvedValue(null)
    expect(Object.keys(await file(payload))).toEqual(['format', 'jws', 'payload', 'keys'])
  })

  it('of an earlier version, which names no place in the log, has no proof either', async () => {
    expect(Object.keys(await file(payloadOf()))).toEqual(['format', 'jws', 'payload', 'keys', 'checkpoint'])
    expect(auditLog.proofOf).not.toHaveBeenCalled()
  })

  it('is read as it is where the service seals nothing', async () => {
    const plain = stored(Buffer.from(jwsOf(payloadOf())))
    expect((await receiptFile(adapters, plain, { ...submission, sealing: null })).payload).toEqual(payloadOf())
  })

  it('is not found where there is none, gone where its key is, and nobody else’s', async () => {
    const missing = stored(null)
    await expect(receiptFile(adapters, missing, submission)).rejects.toMatchObject({ status: 404, code: 'not-found' })
    expect(missing.receipt).toHaveBeenCalledWith('sub1')
    vi.mocked(keys.kek).mockImplementationOnce(() => {
      throw new KeyGone('2026-01')
    })
    await expect(file(payloadOf())).rejects.toMatchObject({ status: 410, code: 'erased' })
    const wrongPart = stored(box.seal('answers', Buffer.from(jwsOf(payloadOf()))))
    await expect(receiptFile(adapters, wrongPart, submission)).rejects.toThrow()
  })
})

it('publishes keys with what vouches for them and what revokes them', () => {
  expect(keysDocument(keys)).toEqual(document)
})
