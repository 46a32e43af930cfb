import type { OpeningWindow } from '@guichet/schemas'
import { describe, expect, it } from 'vitest'
import { evidence, means } from '../../testing/evidence.ts'
import { openingAt } from './opening.ts'
import { openingWindow } from './rule.ts'

const ask = (window: OpeningWindow | undefined, localNow: string, graceMinutes = 0, purpose: 'view' | 'upload' | 'submit' = 'submit') =>
  openingWindow.settle({ graceMinutes }, 'standard', means)(evidence({ window, localNow, purpose }))

describe('window', () => {
  it('means whole days and whole minutes', () => {
    const days = { opens: '2026-01-05', closes: '2026-01-30' }
    expect(ask(days, '2026-01-04T23:59:59')).toEqual({ status: 403, code: 'not-open' })
    expect(ask(days, '2026-01-05T00:00:00')).toBeNull()
    expect(ask(days, '2026-01-30T23:59:59')).toBeNull()
    expect(ask(days, '2026-01-31T00:00:00')).toEqual({ status: 403, code: 'closed' })
    expect(ask({ opens: '2026-01-05T00:00' }, '2026-01-05T00:00:00')).toBeNull()
    const times = { opens: '2026-01-05T09:00', closes: '2026-01-05T15:30' }
    expect(ask(times, '2026-01-05T08:59:59')).toEqual({ status: 403, code: 'not-open' })
    expect(ask(times, '2026-01-05T15:30:59')).toBeNull()
    expect(ask(times, '2026-01-05T15:31:00')).toEqual({ status: 403, code: 'closed' })
  })

  it('takes late ones until lateUntil, and what was begun in time for the grace', () => {
    const window = { closes: '2026-01-30', lateUntil: '2026-02-02' }
    expect(ask(window, '2026-02-02T23:59:59')).toBeNull()
    expect(ask(window, '2026-02-03T00:00:00')).not.toBeNull()
    expect(ask(window, '2026-02-03T00:29:59', 30)).toBeNull()
    expect(ask(window, '2026-02-03T00:30:00', 30)).not.toBeNull()
  })

  it('holds for uploads as well, but everybody may look', () => {
    const window = { closes: '2026-01-01' }
    expect(ask(window, '2026-01-05T10:00:00', 0, 'upload')).not.toBeNull()
    expect(ask(window, '2026-01-05T10:00:00', 0, 'view')).toBeNull()
    expect(ask(undefined, '2026-01-05T10:00:00')).toBeNull()
  })

  it('denies where the time is not known', () => {
    for (const unknown of ['', '2026-01-05', 'x2026-01-05T10:00:00', '2026-01-05T10:00:00Z'])
      expect(ask(undefined, unknown), unknown).toEqual({ status: 403, code: 'closed' })
  })

  it('says when it opens and closes', () => {
    expect(openingAt({ opens: '2026-01-05', closes: '2026-01-30', lateUntil: '2026-02-02' }, '2026-01-01T00:00:00')).toEqual({
      state: 'not-yet',
      opens: '2026-01-05',
      closes: '2026-02-02',
    })
    expect(openingAt(undefined, '2026-01-01T00:00:00')).toEqual({ state: 'open' })
  })
})
