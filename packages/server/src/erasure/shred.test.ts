import { expect, it } from 'vitest'
import { KeyGone } from '../keys/seal-box.ts'
import { Conflict } from '../store/store.ts'
import { shred } from './shred.ts'

/** What a shred is about, and what each part of the machine was told. */
function made({
  shreds = [] as object[],
  record = {} as object | null,
  received = [] as object[],
  lived = '2026-06-01T00:00:00.000Z',
  size = 1,
  gone = null as Error | null,
  taken = null as Error | null,
} = {}) {
  const told: string[] = []
  /** What the month still has to open, as the keys were told it. */
  const kept: { owner: string; sealing: object }[] = []
  const agency = {
    id: 'city',
    shreds: async () => shreds,
    certificate: async (id: string) => record && { id, kind: 'case', cases: 1, details: {}, ...record },
    receivedIn: async (_month: string, kind: string, after: string, limit: number) =>
      received.filter((row) => (row as { kind: string; id: string }).kind === kind && (row as { id: string }).id > after).slice(0, limit),
    certify: async (id: string, jws: string, by: object) => {
      if (taken) throw taken
      told.push(`certify ${id} ${Buffer.from(jws.split('.')[1] ?? '', 'base64url')} by ${JSON.stringify(by)}`)
    },
    forget: async () => void told.push('forget'),
  }
  const keys = {
    signer: { kid: 'k', sign: () => 's' },
    destroy: (_: string, month: string) => {
      if (gone) throw gone
      told.push(`destroy ${month}`)
    },
    erase: async (_: string, month: string, owners: string[], rest: () => Promise<typeof kept>) => {
      if (gone) throw gone
      kept.push(...(await rest()))
      told.push(`erase ${month} ${owners} but ${kept.map(({ owner }) => owner)}`)
    },
    reduce: (_: string, month: string, rest: { owner: string }[]) => void told.push(`reduce ${month} to ${rest.length}`),
    months: () => [{ bucket: '2026-01', mark: 'm', size }],
  }
  const files = { remove: async (_: string, file: string) => void told.push(`remove ${file}`) }
  const adapters = {
    keys,
    files,
    lived: { before: async (_: object, ms: number) => new Date(Date.parse(lived) - ms).toISOString() },
    clock: { now: () => new Date('2026-06-05T08:00:00.000Z') },
  }
  return { told, kept, run: () => shred(adapters as never, { baseUrl: 'https://x' }, agency as never) }
}
const one = { certificate: 'c', bucket: '2026-01', owner: 'o1', file: null }
const row = (id: string, kind = 'submission', bucket = '2026-01') => ({ id, kind, owner: id, sealing: { mode: 'at-rest', bucket, key: '', suite: 2 } })

it('takes what was erased out of a month that still has something to open', async () => {
  const { told, kept, run } = made({
    shreds: [one, { ...one, owner: 'o2', file: 'f1' }],
    received: [row('a'), row('b', 'attachment'), row('other', 'submission', '2026-02'), { ...row('open'), sealing: null }],
  })
  expect(await run()).toEqual(['c'])
  expect(told.slice(0, 2)).toEqual(['erase 2026-01 o1,o2 but city|audit-note,a,b', 'remove f1'])
  expect(told[2]).toContain('"keys":[{"count":2,"mark":"m","month":"2026-01","whole":false}]')
  expect(told[2]).toContain('"files":1')
  expect(told[2]).toContain('by {"actor":"system","at":"2026-06-05T08:00:00.000Z"}')
  expect(told[3]).toBe('forget')
  // Words on the audit log have no row of their own, and a key like any other of the month.
  const sealing = { mode: 'at-rest', bucket: '2026-01', key: '', suite: 2 }
  expect(kept.slice(0, 2)).toEqual([
    { owner: 'city|audit-note', sealing },
    { owner: 'a', sealing },
  ])
})

it('destroys a month as a whole when nothing is left of it, and it has been over for two days', async () => {
  const over = made({ shreds: [one] })
  await over.run()
  expect(over.told[0]).toBe('destroy 2026-01')
  expect(over.told[1]).toContain('"whole":true')
  // On the moment that it has, and not a moment before.
  const due = made({ shreds: [one], lived: '2026-02-03T00:00:00.000Z' })
  await due.run()
  expect(due.told[0]).toBe('destroy 2026-01')
  const young = made({ shreds: [one], lived: '2026-02-02T23:59:59.999Z' })
  await young.run()
  expect(young.told[0]).toBe('erase 2026-01 o1 but city|audit-note')
})

it('asks for the rest portion by portion, and leaves none out', async () => {
  const received = Array.from({ length: 4001 }, (_, i) => row(String(i).padStart(5, '0')))
  const { told, run } = made({ shreds: [one], received })
  await run()
  expect(told[0]?.split(',')).toHaveLength(4002)
})

it('reduces a key of very many parts once its month is over', async () => {
  const many = made({ shreds: [one], received: [row('a')], size: 20_001 })
  await many.run()
  expect(many.told).toContain('reduce 2026-01 to 2')
  for (const other of [
    made({ shreds: [one], received: [row('a')], size: 20_000 }),
    made({ shreds: [one], received: [row('a')], size: 20_001, lived: '2026-01-01T00:00:00.000Z' }),
  ]) {
    await other.run()
    expect(other.told.join()).not.toContain('reduce')
  }
})

it('certifies a month whose key is gone already, and nothing where there is no certificate to be made', async () => {
  const lost = made({ shreds: [one], gone: new KeyGone('2026-01') })
  expect(await lost.run()).toEqual(['c'])
  expect(lost.told[0]).toContain('"keys":[{"count":1,"mark":"","month":"2026-01","whole":true}]')
  const none = made({ shreds: [one], record: null })
  expect([await none.run(), none.told]).toEqual([[], []])
  const nothing = made()
  expect([await nothing.run(), nothing.told]).toEqual([[], []])
})

it('certifies nothing when a key could not be destroyed, so that the next run does it again', async () => {
  const { told, run } = made({ shreds: [{ ...one, file: 'f1' }], gone: new Error('no disk') })
  await expect(run()).rejects.toThrow('no disk')
  expect(told).toEqual([])
})

it('leaves files of a service that seals nothing without a word about keys', async () => {
  const { told, run } = made({ shreds: [{ ...one, bucket: null, file: 'f1' }] })
  await run()
  expect(told[0]).toBe('remove f1')
  expect(told[1]).toContain('"keys":[]')
})

it('lets another replica have said so first, and hides no other fault', async () => {
  expect(await made({ shreds: [one], taken: new Conflict('stale') }).run()).toEqual(['c'])
  await expect(made({ shreds: [one], taken: new Error('away') }).run()).rejects.toThrow('away')
})
