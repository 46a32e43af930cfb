import { fieldSettings as settings } from '@guichet/fields/settings-schemas'
import { serviceDefinition } from '@guichet/schemas/validators'
import { expect, test } from 'vitest'
import { isRefused } from './edit.ts'
import { History } from './history.ts'
import { permit } from './permit.test-helper.ts'
import { randomEdit, randomFrom } from './random-edits.ts'

test('whatever is done, the shape holds, and undo and redo lead through the very same bytes', () => {
  const random = randomFrom(7)
  const history = new History(permit(), { key: 'open', params: {} }, '/pages/0')
  const bytes = [JSON.stringify(history.value)]
  let at = 0
  let [made, refused] = [0, 0]
  while (made < 300) {
    const dice = random()
    if (dice < 0.15) {
      if (history.undo()) at--
    } else if (dice < 0.25) {
      if (history.redo()) at++
    } else {
      const outcome = randomEdit(history.value, settings, random, 40)(history.value)
      if (isRefused(outcome)) refused++
      else if (outcome.definition !== history.value) {
        made++
        history.push(outcome.definition, outcome.words, outcome.part)
        bytes.length = ++at
        bytes.push(JSON.stringify(outcome.definition))
        expect(serviceDefinition(outcome.definition), `${outcome.words.key} ${JSON.stringify(serviceDefinition.errors?.[0])}`).toBe(true)
      }
    }
    expect(JSON.stringify(history.value)).toBe(bytes[at])
  }
  while (history.undo()) expect(JSON.stringify(history.value)).toBe(bytes[--at])
  expect(at).toBe(0)
  while (history.redo()) expect(JSON.stringify(history.value)).toBe(bytes[++at])
  expect(at).toBe(bytes.length - 1)
  // Some are refused, and by far not all.
  expect(refused).toBeGreaterThan(0)
  expect(refused).toBeLessThan(made * 3)
})
