import { expect, it } from 'vitest'
import type { Keys } from '../keys/key-folder.ts'
import { KeyGone } from '../keys/seal-box.ts'
import type { AgencyId } from '../store/store.ts'
import { testKek } from '../testing/month-key.ts'
import { city } from './memory-log.test-helper.ts'
import { commitmentTo, openAuditNote, sealAuditNote } from './note.ts'

const now = new Date('2026-01-05T08:00:00.000Z')
const kek = testKek()
const asked: unknown[][] = []
const keys = {
  currentKek(...args: unknown[]) {
    asked.push(args)
    return kek
  },
  kek: (_agency: AgencyId, bucket: string) => {
    if (bucket !== kek.bucket) throw new KeyGone(bucket)
    return kek
  },
} as unknown as Keys

it('is sealed with the key of the month, and told to whoever has the event that was committed to it', () => {
  const { commitment, note } = sealAuditNote({ keys }, city, 'Complaint of Maria Rossi', now)
  expect(asked).toEqual([[city, now]])
  expect(Buffer.from(note.content).toString('latin1')).not.toContain('Rossi')
  expect(openAuditNote({ keys }, city, note, commitment)).toBe('Complaint of Maria Rossi')
  // The same words are never committed to alike: nobody can try them out.
  expect(sealAuditNote({ keys }, city, 'Complaint of Maria Rossi', now).commitment).not.toBe(commitment)
  expect(commitmentTo('s', 'x')).toMatch(/^sha256-/)
  expect(new Set([commitmentTo('s', 'x'), commitmentTo('t', 'x'), commitmentTo('s', 'y')]).size).toBe(3)
})

it('is told to nobody where it is not what the event says, of another agency, or its key is gone', () => {
  const { commitment, note } = sealAuditNote({ keys }, city, 'x', now)
  const other = sealAuditNote({ keys }, city, 'x', now)
  expect(openAuditNote({ keys }, city, note, other.commitment)).toBeNull()
  expect(openAuditNote({ keys }, city, note, undefined)).toBeNull()
  expect(openAuditNote({ keys }, 'town' as AgencyId, note, commitment)).toBeNull()
  expect(openAuditNote({ keys }, city, { ...note, sealing: { ...note.sealing!, bucket: '2025-12' } }, commitment)).toBeNull()
  expect(openAuditNote({ keys }, city, { ...note, content: note.content.slice(1) }, commitment)).toBeNull()
  expect(openAuditNote({ keys }, city, { ...note, sealing: null }, commitment)).toBeNull()
})
