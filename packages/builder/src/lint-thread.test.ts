import { expect, it } from 'vitest'
import { largeService } from '../../../bench/builder/large-service.ts'
import type { Definition } from './editor/edit.ts'
import { type Patch, patched } from './editor/patch.ts'
import type { Finding } from './findings.ts'
import { LintThread } from './lint-thread.ts'

/** Another thread that answers when it is told to: what it finds is the title. */
function thread() {
  const listeners = new Map<string, (event: { data?: unknown }) => void>()
  const messages: { number: number; patch: Patch }[] = []
  const ends: number[] = []
  let held: unknown = null
  const found = (definition: unknown) => [{ code: (definition as Definition).title.en }] as unknown as Finding[]
  return {
    messages,
    ends,
    found,
    fail: () => listeners.get('error')?.({}),
    answer() {
      const { number, patch } = messages.shift() as { number: number; patch: Patch }
      held = patched(held, structuredClone(patch))
      listeners.get('message')?.({ data: { number, findings: found(held) } })
    },
    open: () => ({
      postMessage: (message: unknown) => void messages.push(message as { number: number; patch: Patch }),
      addEventListener: (type: string, listener: (event: { data?: unknown }) => void) => void listeners.set(type, listener),
      terminate: () => void ends.push(messages.length),
    }),
  }
}

const service = largeService(50)
const named = (en: string): Definition => ({ ...service, title: { en } })
const codes = async (findings: Promise<Finding[]>) => (await findings).map(({ code }) => code)

it('throws away what was found in a definition that is not the newest', async () => {
  const other = thread()
  const checks = new LintThread(other.open, async () => [])
  const [first, second] = [named('first'), named('second')]
  const asked = [checks.findings(first), checks.findings(second), checks.findings(second)]
  expect(other.messages).toHaveLength(2)
  let isAnswered = false
  void asked[0]?.then(() => (isAnswered = true))
  other.answer()
  await Promise.resolve()
  expect(isAnswered).toBe(false)
  other.answer()
  for (const one of asked) expect(await codes(one)).toEqual(['second'])
  // What is known is not looked for again.
  expect(await codes(checks.findings(second))).toEqual(['second'])
  expect(other.messages).toHaveLength(0)
})

it('sends what has changed, and all of it after a pause', async () => {
  const other = thread()
  const checks = new LintThread(other.open, async () => [])
  void checks.findings(named('first'))
  const whole = JSON.stringify(other.messages[0]).length
  other.answer()
  const again = checks.findings(named('second'))
  expect(JSON.stringify(other.messages[0]).length).toBeLessThan(whole / 3)
  other.answer()
  expect(await codes(again)).toEqual(['second'])
  checks.stop()
  expect(other.ends).toHaveLength(1)
  void checks.findings(named('third'))
  expect(JSON.stringify(other.messages[0]).length).toBeGreaterThan(whole / 2)
})

it('looks here where there is no other thread, or it ends', async () => {
  const refused = () => {
    throw new TypeError('not allowed')
  }
  const other = thread()
  const alone = new LintThread(refused, async (definition) => other.found(definition))
  expect(await codes(alone.findings(named('first')))).toEqual(['first'])
  const left = new LintThread(other.open, async (definition) => other.found(definition))
  const asked = left.findings(named('second'))
  other.fail()
  expect(await codes(asked)).toEqual(['second'])
  expect(await codes(left.findings(named('third')))).toEqual(['third'])
  expect(other.ends).toHaveLength(1)
})
