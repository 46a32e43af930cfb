import { expect, test } from 'vitest'
import { ApiError, Unreachable } from './api.ts'
import { AutoSave, type Pending, storedPending } from './auto-save.ts'
import type { Draft } from './editor/edit.ts'

const draft = (title: string) => ({ definition: { title: { en: title } }, policy: null }) as unknown as Draft

function setUp(answers: (number | Error)[]) {
  const sent: { revision: number; title: string }[] = []
  const kept: unknown[] = []
  const states: string[] = []
  let timer: (() => void) | null = null
  const pending: Pending = { keep: (_service, what) => kept.push(what), find: () => null, forget: () => kept.push(null) }
  const save = new AutoSave({
    api: {
      async save(_id, revision, { definition }) {
        sent.push({ revision, title: definition.title.en as string })
        const answer = answers.shift() ?? revision + 1
        if (answer instanceof Error) throw answer
        return { revision: answer }
      },
    },
    service: 'permit',
    revision: 3,
    base: draft('before'),
    pending,
    onChange: ({ name }) => states.push(name),
    setTimer: (run) => (timer = run),
    clearTimer: () => (timer = null),
  })
  const tick = async () => {
    timer?.()
    await save.flush()
  }
  return { save, sent, kept, states, tick, hasTimer: () => timer !== null }
}

test('several edits are one request, with the revision they stand on', async () => {
  const { save, sent, states, tick, kept } = setUp([])
  save.changed(draft('a'))
  save.changed(draft('b'))
  await tick()
  save.changed(draft('c'))
  await tick()
  expect(sent).toEqual([
    { revision: 3, title: 'b' },
    { revision: 4, title: 'c' },
  ])
  expect(states).toEqual(['waiting', 'waiting', 'saving', 'saved', 'waiting', 'saving', 'saved'])
  expect(kept.at(-1)).toBeNull()
})

test('an edit made while saving is saved after it', async () => {
  const { save, sent } = setUp([])
  save.changed(draft('a'))
  const first = save.flush()
  save.changed(draft('b'))
  await first
  await save.flush()
  expect(sent.map(({ title }) => title)).toEqual(['a', 'b'])
  expect(save.hasUnsaved).toBe(false)
})

test('without a connection it keeps the draft and keeps trying', async () => {
  const { save, sent, tick, hasTimer } = setUp([new Unreachable(), new ApiError(503, '', {})])
  save.changed(draft('a'))
  await save.flush()
  expect(save.state.name).toBe('offline')
  expect(hasTimer()).toBe(true)
  await tick()
  await tick()
  expect(save.state.name).toBe('saved')
  expect(sent).toHaveLength(3)
})

test('somebody else saved: nothing is overwritten until the author decides', async () => {
  const { save, sent, kept } = setUp([new ApiError(412, '', {})])
  save.changed(draft('mine'))
  await save.flush()
  expect(save.state.name).toBe('conflict')
  save.changed(draft('mine too'))
  await save.flush()
  expect(sent).toHaveLength(1)
  expect(kept.at(-1)).toEqual({ revision: 3, draft: draft('mine too'), base: draft('before') })
  save.rebase(9, draft('theirs'), draft('mine too'))
  await save.flush()
  expect(sent.at(-1)).toEqual({ revision: 9, title: 'mine too' })
})

test('a refusal is told, and the next edit tries again', async () => {
  const { save, sent } = setUp([new ApiError(413, '', { detail: 'Too large' })])
  save.changed(draft('a'))
  await save.flush()
  expect(save.state).toEqual({ name: 'refused', detail: 'Too large' })
  save.changed(draft('b'))
  await save.flush()
  expect(save.state.name).toBe('saved')
  expect(sent).toHaveLength(2)
})

test('what is not saved is written into the store together, at the latest when it is asked for or the page goes', () => {
  const held = new Map<string, string>()
  const writes: string[] = []
  const store = {
    getItem: (name: string) => held.get(name) ?? null,
    setItem: (name: string, value: string) => {
      writes.push(name)
      held.set(name, value)
    },
    removeItem: (name: string) => void held.delete(name),
  }
  const pending = storedPending(store)
  const base = draft('before')
  for (const title of ['a', 'ab', 'abc']) pending.keep('permit', { revision: 3, draft: draft(title), base })
  expect(writes).toEqual([])
  expect(pending.find('permit')).toEqual({ revision: 3, draft: draft('abc'), base })
  expect(writes).toHaveLength(2)
  pending.keep('permit', { revision: 3, draft: draft('abcd'), base })
  pending.keep('other', { revision: 1, draft: draft('x'), base })
  expect(JSON.parse(held.get(writes[2] as string) ?? '')).toMatchObject({ draft: draft('abcd') })
  // What is on the server by now is not written after all.
  pending.forget('other')
  pending.flush()
  expect(pending.find('other')).toBeNull()
  pending.keep('permit', { revision: 4, draft: draft('last'), base })
  pending.flush()
  expect(pending.find('permit')?.draft).toEqual(draft('last'))
})
