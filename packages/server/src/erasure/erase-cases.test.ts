import { expect, it } from 'vitest'
import { erasableOf } from './erase-cases.ts'
import { auditNoteOwner, monthRange } from './owners.ts'

it('a case goes with the key of its own and that of each attachment, of whichever month', async () => {
  const sealing = { mode: 'at-rest', bucket: '2026-02', key: '' }
  const asked: string[] = []
  const agency = {
    id: 'city',
    attachmentsOf: async (id: string) => {
      asked.push(id)
      return [
        { id: 'f1', sealing },
        { id: 'f2', sealing: null },
      ]
    },
  }
  expect(await erasableOf(agency as never, { id: 'one', service: 'card', bucket: '2026-01' })).toEqual({
    submission: 'one',
    shreds: [
      { owner: 'city|card|one', submission: 'one', bucket: '2026-01', file: null },
      { owner: 'city|card|attachment f1', submission: 'one', bucket: '2026-02', file: 'f1' },
      { owner: 'city|card|attachment f2', submission: 'one', bucket: null, file: 'f2' },
    ],
  })
  expect(asked).toEqual(['one'])
})

it('words on the audit log have an owner of their own in each agency', () => {
  expect(auditNoteOwner('city' as never)).toBe('city|audit-note')
})

it('a month ends where the next one begins, also over the end of a year', () => {
  expect(monthRange('2026-02')).toEqual(['2026-02-01T00:00:00.000Z', '2026-03-01T00:00:00.000Z'])
  expect(monthRange('2026-12')).toEqual(['2026-12-01T00:00:00.000Z', '2027-01-01T00:00:00.000Z'])
})
