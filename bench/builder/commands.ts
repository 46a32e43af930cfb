/**
 * 10,000 random edits with undo and redo over a service of 500 questions: whether undo and redo lead through the very same
 * bytes, what an edit costs, and whether memory stays. `node --expose-gc bench/builder/commands.ts [edits]`.
 */

import { createHash } from 'node:crypto'
import { fieldSchemas } from '@guichet/fields/field-schemas'
import { isRefused } from '../../packages/builder/src/editor/edit.ts'
import { History } from '../../packages/builder/src/editor/history.ts'
import { randomEdit, randomFrom } from '../../packages/builder/src/editor/random-edits.ts'
import { largeService } from './large-service.ts'

const [wanted = 10_000] = process.argv.slice(2).map(Number)
const digest = (value: unknown) => createHash('sha256').update(JSON.stringify(value)).digest('base64')
const median = (values: readonly number[]) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] as number
const heap = () => {
  globalThis.gc?.()
  return process.memoryUsage().heapUsed / 2 ** 20
}

const random = randomFrom(1)
const history = new History(largeService(500), { key: 'open', params: {} }, '/pages/0')
/** Digest of each step that the history still has. */
let steps = [digest(history.value)]
let at = 0
let [made, travelled, refused, wrong] = [0, 0, 0, 0]
const costs: number[] = []
const heaps: number[] = []
while (made < wanted) {
  const dice = random()
  if (dice < 0.1 ? history.undo() : dice < 0.15 ? history.redo() : null) {
    at += dice < 0.1 ? -1 : 1
    travelled++
    if (digest(history.value) !== steps[at]) wrong++
    continue
  }
  const edit = randomEdit(history.value, fieldSchemas, random, 550)
  const began = performance.now()
  const outcome = edit(history.value)
  if (isRefused(outcome) || outcome.definition === history.value) {
    refused++
    continue
  }
  history.push(outcome.definition, outcome.words, outcome.part)
  costs.push(performance.now() - began)
  steps = [...steps.slice(0, at + 1), digest(outcome.definition)].slice(-501)
  at = steps.length - 1
  if (++made % (wanted / 5) === 0) heaps.push(heap())
}
while (history.undo()) if (digest(history.value) !== steps[--at]) wrong++
while (history.redo()) if (digest(history.value) !== steps[++at]) wrong++
console.log(`${made} edits, ${travelled} times undone or redone on the way, ${refused} refused; then all ${steps.length - 1} steps kept back and forth`)
console.log(`states that were not the same to the byte        ${wrong}`)
console.log(`an edit, median of ${costs.length} (not slowed)            ${median(costs).toFixed(2)} ms; the slowest ${Math.max(...costs).toFixed(1)} ms`)
console.log(`heap after each fifth, garbage collected, MB     ${heaps.map((one) => one.toFixed(1)).join(', ')}`)
if (wrong > 0) process.exitCode = 1
