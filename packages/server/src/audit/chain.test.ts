import type { AuditEvent } from '@guichet/schemas'
import { describe, expect, it } from 'vitest'
import { digestOf, hexDigest } from '../digest.ts'
import { checkChain, entryOf, findBreak, leafOf, nextEvent, nextLink } from './chain.ts'

const what = { agency: 'city', time: '2026-01-05T08:00:00.000Z', actor: 'citizen', action: 'submission.read', object: 'submission:a' } as const
const three = () => {
  const events: AuditEvent[] = []
  for (let i = 0; i < 3; i++) events.push(nextEvent(events.at(-1) ?? null, { ...what, object: `submission:${i}` }))
  return events
}

describe('the chain', () => {
  it('begins with an event that follows nothing', () => {
    const { event, entry } = nextLink(null, what)
    expect(entry).toBe(
      `{"action":"submission.read","actor":"citizen","agency":"city","object":"submission:a","previous":"${'0'.repeat(64)}","sequence":1,"time":"2026-01-05T08:00:00.000Z"}`,
    )
    expect(event).toEqual({ ...what, sequence: 1, previous: '0'.repeat(64), digest: hexDigest(entry) })
    expect(entryOf(event)).toBe(entry)
    expect(leafOf(entry)).toBe(digestOf(Buffer.concat([Uint8Array.of(0), Buffer.from(entry)])))
  })

  it('goes on from the last event, with details where there are some', () => {
    const [first] = three()
    const next = nextEvent(first!, { ...what, details: { from: 1 } })
    expect(next).toMatchObject({ sequence: 2, previous: first?.digest, details: { from: 1 } })
    expect(entryOf(next)).toContain('"details":{"from":1}')
    expect(first).not.toHaveProperty('details')
  })

  it('holds as it was made, and breaks at the first event that does not fit', () => {
    const events = three()
    const [a, b, c] = events as [AuditEvent, AuditEvent, AuditEvent]
    expect([findBreak([]), findBreak(events)]).toEqual([null, null])
    expect(findBreak([b, c])).toBe(2)
    expect(findBreak([a, c])).toBe(3)
    expect(findBreak([a, { ...b, actor: 'user:x' }, { ...c, actor: 'user:x' }])).toBe(2)
    expect(findBreak([a, b, { ...c, digest: a.digest }])).toBe(3)
    // Made anew, so that its own digest is right, over another event or with another number.
    expect(findBreak([a, nextEvent({ sequence: 1, digest: b.digest }, what)])).toBe(2)
    expect(findBreak([a, nextEvent({ sequence: 2, digest: a.digest }, what)])).toBe(3)
  })

  it('can be gone through from any event on, which is taken at its word', () => {
    const [a, b, c] = three() as [AuditEvent, AuditEvent, AuditEvent]
    const check = checkChain(a)
    expect([check.head, checkChain().head]).toEqual([{ sequence: 1, digest: a.digest }, null])
    check.add(b)
    check.add(c)
    expect([check.brokenAt, check.head]).toEqual([null, { sequence: 3, digest: c.digest }])
    check.add(c)
    expect(check.brokenAt).toBe(3)
  })
})
