import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { type DraftKeeper, draftKeeper } from './draft-keeper.ts'
import type { Visit } from './visit.ts'

/** A server of one draft, whose answers can be lost. */
const server = {
  draft: null as { revision: number; content: string } | null,
  puts: 0,
  /** What happens to the next requests: arrives and is answered unless said otherwise. */
  faults: [] as ('answer lost' | 'never arrives' | number)[],
}
const problem = (status: number) => Response.json({ type: 'x', title: `Refused with ${status}`, status }, { status })

async function answer(_: unknown, { method = 'GET', headers = {}, body = '' }: { method?: string; headers?: Record<string, string>; body?: string } = {}) {
  const fault = server.faults.shift()
  if (fault === 'never arrives') throw new TypeError('network')
  if (typeof fault === 'number') return problem(fault)
  const response = (() => {
    const { draft } = server
    if (method === 'GET') return draft ? Response.json({ version: 1, expiresAt: '2026-02-04T00:00:00Z', ...draft }) : problem(404)
    server.puts++
    const expected = headers['if-match'] ? Number(headers['if-match'].slice(1, -1)) : null
    if ((draft?.revision ?? null) !== expected) return problem(412)
    server.draft = { revision: (expected ?? 0) + 1, content: (JSON.parse(body) as { content: string }).content }
    return Response.json({ revision: server.draft.revision, expiresAt: '2026-02-04T00:00:00Z' })
  })()
  if (fault === 'answer lost') throw new TypeError('network')
  return response
}

let inputs: Record<string, string>
let safe: number
let keeper: DraftKeeper
const visit = (): Visit =>
  ({
    transport: { address: 'https://forms.example/v1/services/city/s/' },
    view: { agency: 'city', service: 's', version: 1, language: 'en' },
    session: { inputs, documents: {}, atDesk: [] },
    files: new Map(),
    step: () => 'p',
    now: visit,
  }) as unknown as Visit

beforeEach(() => {
  Object.assign(server, { draft: null, puts: 0, faults: [] })
  vi.stubGlobal('fetch', answer)
  vi.stubGlobal('addEventListener', () => {})
  vi.stubGlobal('removeEventListener', () => {})
  // Waiting for the line is not waited for here; how long it takes is line.ts's.
  vi.stubGlobal('setTimeout', (run: () => void) => queueMicrotask(run))
  inputs = { name: 'Ana' }
  safe = 0
  keeper = draftKeeper(
    visit,
    () => {},
    () => safe++,
  )
})
afterEach(() => vi.unstubAllGlobals())

const savedInputs = async () => (await keeper.find(keeper.box?.code as string))?.content.inputs

test('saves what has changed, and only then', async () => {
  await keeper.save()
  expect(server.puts).toBe(0)
  await keeper.begin()
  expect(keeper.state).toEqual({ name: 'saved', until: '2026-02-04T00:00:00Z' })
  expect(safe).toBe(1)
  await keeper.save()
  expect(server.puts).toBe(1)
  inputs = { name: 'Ana Lee' }
  await keeper.save()
  expect([server.puts, server.draft?.revision]).toEqual([2, 2])
  expect(await savedInputs()).toEqual({ name: 'Ana Lee' })
})

test('knows its own save again when the answer was lost, at the first one and later', async () => {
  server.faults = ['answer lost']
  await keeper.begin()
  expect([keeper.state.name, server.draft?.revision]).toEqual(['saved', 1])
  inputs = { name: 'B' }
  server.faults = ['answer lost', 'never arrives', 'answer lost']
  await keeper.save()
  expect(keeper.state.name).toBe('saved')
  expect(await savedInputs()).toEqual({ name: 'B' })
})

test('saves what was typed while there was no line', async () => {
  await keeper.begin()
  inputs = { name: 'B' }
  server.faults = ['answer lost']
  // While it waits for the line.
  vi.stubGlobal('addEventListener', () => {
    inputs = { name: 'C' }
  })
  await keeper.save()
  expect(await savedInputs()).toEqual({ name: 'C' })
})

test('makes the draft again when its time was over', async () => {
  await keeper.begin()
  server.draft = null
  inputs = { name: 'B' }
  await keeper.save()
  expect([keeper.state.name, server.draft!]).toEqual(['saved', expect.objectContaining({ revision: 1 })])
  expect(await savedInputs()).toEqual({ name: 'B' })
})

test('stops at another hand’s save until the person has chosen', async () => {
  await keeper.begin()
  const { code } = keeper.box!
  const other = draftKeeper(
    visit,
    () => {},
    () => {},
  )
  inputs = { name: 'theirs' }
  const theirs = (await other.find(code))!
  theirs.take()
  await other.save()
  inputs = { name: 'mine' }
  await keeper.save()
  expect(keeper.state.name).toBe('conflict')
  await keeper.save()
  expect(server.draft?.revision).toBe(2)
  expect((await keeper.theirs())?.content.inputs).toEqual({ name: 'theirs' })
  await keeper.replace()
  expect(keeper.state.name).toBe('saved')
  expect(await savedInputs()).toEqual({ name: 'mine' })
})

test('says what the server says when it refuses for good, and tries again when asked to', async () => {
  server.faults = [403]
  await keeper.begin()
  expect(keeper.state).toEqual({ name: 'refused', sentence: 'Refused with 403' })
  expect(safe).toBe(0)
  await keeper.save()
  expect(keeper.state.name).toBe('saved')
  inputs = { name: 'x'.repeat(300_000) }
  await keeper.save()
  expect(keeper.state).toEqual({ name: 'refused', sentence: null })
})

test('finds nothing under a code that nothing was saved under', async () => {
  expect(await keeper.find('0123456789ABCDEFGHJKMNPQRS')).toBeNull()
  expect(keeper.box).toBeNull()
})
