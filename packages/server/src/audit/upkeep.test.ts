import { expect, it, vi } from 'vitest'
import { LogBroken } from './audit-log.ts'
import { keepLogs, startLogs } from './upkeep.ts'

/** Of two agencies, with what fails at which step. */
function made(fails: Partial<Record<'grow' | 'patrol' | 'ask', Error>> = {}, agencies = async () => [{ id: 'city' }, { id: 'town' }]) {
  const steps: string[] = []
  const step = (name: 'grow' | 'patrol' | 'ask') => async (id: string) => {
    steps.push(`${name} ${id}`)
    if (id === 'city' && fails[name]) throw fails[name]
  }
  const error = vi.fn()
  const adapters = { store: { agencies }, auditLog: { grow: step('grow'), patrol: step('patrol') }, witnesses: { ask: step('ask') }, log: { error } }
  return { adapters: adapters as unknown as Parameters<typeof keepLogs>[0], steps, error }
}
const all = ['grow city', 'patrol city', 'ask city', 'grow town', 'patrol town', 'ask town']

it('signs, looks through and asks, for one agency after the other', async () => {
  const { adapters, steps, error } = made()
  await keepLogs(adapters, 'https://x')
  expect(steps).toEqual(all)
  expect(error).not.toHaveBeenCalled()
})

it('goes on with the next agency where one fails, and says so unless that was said already', async () => {
  const broken = made({ grow: new LogBroken('x', 1) })
  await keepLogs(broken.adapters, 'https://x')
  expect([broken.steps, broken.error.mock.calls.length]).toEqual([['grow city', ...all.slice(3)], 0])
  const failed = made({ ask: new Error('x') })
  await keepLogs(failed.adapters, 'https://x')
  expect(failed.steps).toEqual(all)
  expect(failed.error.mock.calls).toEqual([[{ agency: 'city', err: expect.any(Error) }, 'the audit log was not looked after']])
})

it('does so again and again until it is stopped, and leaves nothing unsigned', async () => {
  vi.useFakeTimers()
  try {
    const { adapters, steps } = made()
    const logs = startLogs(adapters, { baseUrl: 'https://x', checkpointSeconds: 10 })
    await vi.advanceTimersByTimeAsync(0)
    expect(steps).toEqual(all)
    await vi.advanceTimersByTimeAsync(10_000)
    expect(steps).toEqual([...all, ...all])
    await logs.stop()
    expect(steps).toEqual([...all, ...all, 'grow city', 'grow town'])
    await vi.advanceTimersByTimeAsync(60_000)
    expect(steps).toHaveLength(14)
  } finally {
    vi.useRealTimers()
  }
})

it('ends also in the middle of a round, and where the last growth fails', async () => {
  const { adapters, steps } = made({ grow: new Error('x') })
  const logs = startLogs(adapters, { baseUrl: 'https://x', checkpointSeconds: 10 })
  await logs.stop()
  expect(steps.slice(-2)).toEqual(['grow city', 'grow town'])
})

it('says so where not even the agencies can be asked, and tries again', async () => {
  vi.useFakeTimers()
  try {
    let asked = 0
    const { adapters, error, steps } = made({}, async () => {
      if (asked++ === 0) throw new Error('away')
      return [{ id: 'city' }]
    })
    const logs = startLogs(adapters, { baseUrl: 'https://x', checkpointSeconds: 1 })
    await vi.advanceTimersByTimeAsync(1000)
    expect(error.mock.calls[0]?.[1]).toBe('the audit logs were not looked after')
    expect(steps).toEqual(all.slice(0, 3))
    await logs.stop()
  } finally {
    vi.useRealTimers()
  }
})
