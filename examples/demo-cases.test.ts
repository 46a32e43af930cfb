import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openAdapters, readConfig } from '@guichet/server'
import { expect, it } from 'vitest'
import { findBreak } from '../packages/server/src/audit/chain.ts'
import { fillDemo, moved } from './demo-cases.ts'

it('a first start has cases in several services, stages and states, and a log in order', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'guichet-demo-'))
  try {
    const config = readConfig({ DATA_DIR: folder, LOG_LEVEL: 'silent' })
    const now = new Date('2026-03-10T09:00:00.000Z')
    const sent = await fillDemo(config, now)
    expect(sent).toBeGreaterThan(10)
    const { store } = openAdapters(config)
    const agency = store.agency((await store.findAgency('demo'))!)
    const open = await agency.openCases({}, null, 200)
    expect(open.length).toBeGreaterThan(5)
    for (const of of ['service', 'stage', 'status'] as const) expect(new Set(open.map((one) => one[of])).size, of).toBeGreaterThan(2)
    const log = await agency.auditEvents(0, 10_000)
    expect(findBreak(log)).toBeNull()
    const times = log.map(({ time }) => time)
    expect(times).toEqual([...times].sort())
    expect((times.at(-1) as string) <= now.toISOString()).toBe(true)
    await store.close()
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
})

it('dates of about the day go along by weeks, others and other texts stay', () => {
  const on = new Date('2026-03-10T09:00:00Z')
  expect(moved({ start: '2026-01-10', birth: '1980-05-12', rows: ['2026-01-05T10:00', 'x', 3, null] }, '2026-01-05', on)).toEqual({
    start: '2026-03-14',
    birth: '1980-05-12',
    rows: ['2026-03-09T10:00', 'x', 3, null],
  })
})
