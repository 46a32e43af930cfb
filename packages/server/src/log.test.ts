import { describe, expect, it } from 'vitest'
import { createLog, gathered } from './log.ts'

const turn = () => new Promise((resolve) => setImmediate(resolve))

describe('lines of the log', () => {
  it('of one turn of the event loop are written together, in their order', async () => {
    const written: string[] = []
    const log = createLog(
      'info',
      gathered((text) => written.push(text)),
    )
    for (const route of ['/a', '/b', '/c']) log.info({ route })
    expect(written).toEqual([])
    await turn()
    expect(written).toHaveLength(1)
    expect((written[0]?.trim().split('\n') ?? []).map((line) => JSON.parse(line).route)).toEqual(['/a', '/b', '/c'])
    log.info({ route: '/d' })
    await turn()
    expect(written).toHaveLength(2)
  })

  it('about an error are written at once, with what came before', () => {
    const written: string[] = []
    const log = createLog(
      'info',
      gathered((text) => written.push(text)),
    )
    log.info({ route: '/a' })
    log.error({ err: new Error('no') }, 'request failed')
    expect(written.map((text) => text.trim().split('\n').length)).toEqual([2])
  })

  it('name nothing secret, and of a request only what belongs there', () => {
    const written: string[] = []
    const log = createLog('info', { write: (line) => written.push(line) })
    log.info({ route: '/a', reference: 'SECRET', row: { email: 'SECRET' } }, 'looked up')
    log.answered({ method: 'GET', route: '/a', status: 200, ms: 3, request: 'r', reference: 'SECRET' } as never)
    expect(written.join('')).not.toContain('SECRET')
    expect(Object.keys(JSON.parse(written[1] ?? ''))).toEqual(['level', 'time', 'method', 'route', 'status', 'ms', 'request'])
  })
})
