import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterAll, describe, expect, it } from 'vitest'
import { bombKinds } from '../testing/bombs.ts'
import { definitionOf } from '../testing/world.ts'
import { definitionBounds, passedBound } from './bounds.ts'
import { createLinter } from './linter.ts'

const folder = mkdtempSync(join(tmpdir(), 'guichet-linter-'))
afterAll(() => rmSync(folder, { recursive: true }))
const scriptOf = (name: string, code: string) => {
  const path = join(folder, `${name}.mjs`)
  writeFileSync(path, `import { parentPort } from 'node:worker_threads'\n${code}\nparentPort.postMessage({ id: 0, answer: [] })\n`)
  return pathToFileURL(path)
}
const limits = { cpu: 300, wall: 20_000, memory: 32 }
const tooHeavy = { status: 422, code: 'definition-too-heavy' }

describe('the linter', () => {
  it('says what is wrong, and nothing where nothing is', async () => {
    const lint = createLinter()
    expect(await lint(definitionOf())).toEqual([])
    expect(await lint(definitionOf((definition) => Object.assign(definition, { pages: [] })))).not.toEqual([])
    // In the order in which they were asked.
    const answers = await Promise.all([lint(definitionOf()), lint({ format: 99 }), lint(definitionOf())])
    expect(answers.map(({ length }) => length > 0)).toEqual([false, true, false])
  })

  it('keeps no agency waiting for all that another asks', async () => {
    const lint = createLinter(
      limits,
      scriptOf('counting', `let count = 0; parentPort.on('message', ({ id }) => parentPort.postMessage({ id, answer: [{ pointer: String(++count) }] }))`),
    )
    const many = Array.from({ length: 40 }, () => lint('one of many', 'city'))
    const [{ pointer } = { pointer: '' }] = await lint('one', 'port')
    await Promise.all(many)
    // After the one that is being looked at and one more at most.
    expect(Number(pointer)).toBeLessThanOrEqual(3)
  })

  it('gives up on what takes too long, and goes on with the next', async () => {
    const lint = createLinter(
      limits,
      scriptOf(
        'slow',
        `parentPort.on('message', ({ id, question: definition }) => { while (definition === 'for ever'); parentPort.postMessage({ id, answer: [] }) })`,
      ),
    )
    await expect(lint('for ever')).rejects.toMatchObject(tooHeavy)
    expect(await lint('short')).toEqual([])
  })

  it('gives up on what takes too much memory, and goes on with the next', async () => {
    const lint = createLinter(
      limits,
      scriptOf(
        'large',
        `const all = []; parentPort.on('message', ({ id, question: definition }) => { while (definition === 'all of it') all.push(new Array(10000).fill(id + Math.random())); parentPort.postMessage({ id, answer: [] }) })`,
      ),
    )
    await expect(lint('all of it')).rejects.toMatchObject(tooHeavy)
    expect(await lint('little')).toEqual([])
  })

  it('gives up on what runs out of stack', async () => {
    const lint = createLinter(
      limits,
      scriptOf(
        'deep',
        `const down = (n) => 1 + down(n + 1); parentPort.on('message', ({ id }) => { try { down(0) } catch (error) { parentPort.postMessage({ id, failed: error instanceof RangeError ? 'heavy' : 'x' }) } })`,
      ),
    )
    await expect(lint('x')).rejects.toMatchObject(tooHeavy)
  })

  it('does not blame the definition for a fault of its own', async () => {
    const lint = createLinter(limits, scriptOf('broken', `parentPort.on('message', ({ id }) => parentPort.postMessage({ id, failed: 'TypeError' }))`))
    await expect(lint('x')).rejects.toThrow('a worker failed: TypeError')
  })

  it('gives up on names that would be compared with all others', async () => {
    // The control stands in the battery: in the server's own thread this takes many seconds.
    await expect(createLinter()(bombKinds['very many names that are not there']!(130))).rejects.toMatchObject(tooHeavy)
  })
})

describe('bounds', () => {
  const field = (i: number) => ({ id: `q${i}`, type: 'text' })
  const fields = (count: number) => ({ pages: [{ fields: Array.from({ length: count }, (_, i) => field(i)) }] })
  const groups = (depth: number) => {
    let inner: object = field(0)
    for (let i = 1; i < depth; i++) inner = { id: `g${i}`, type: 'group', fields: [inner] }
    return { pages: [{ fields: [inner] }] }
  }
  it('are kept by what is just so large', () => {
    expect(passedBound(definitionOf())).toBeNull()
    expect(passedBound(fields(definitionBounds.fields))).toBeNull()
    expect(passedBound(groups(definitionBounds.depth))).toBeNull()
    for (const odd of [null, 5, 'x', [], {}]) expect(passedBound(odd)).toBeNull()
  })
  it('are passed by one more, and it is said where', () => {
    expect(passedBound(fields(definitionBounds.fields + 1))).toEqual({ bound: 'fields', pointer: `/pages/0/fields/${definitionBounds.fields}` })
    expect(passedBound(groups(definitionBounds.depth + 1))?.bound).toBe('depth')
    expect(passedBound({ options: Array.from({ length: definitionBounds.options + 1 }, () => 1) })?.bound).toBe('options')
    expect(passedBound({ when: Array.from({ length: definitionBounds.expressions + 1 }, () => 1) })?.bound).toBe('expressions')
    expect(passedBound(Array.from({ length: definitionBounds.values + 1 }, () => 1))?.bound).toBe('values')
  })
})
