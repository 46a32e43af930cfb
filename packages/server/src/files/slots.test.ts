import { expect, it } from 'vitest'
import { createSlots } from './slots.ts'

/** Takes in the order of `asked`, and gives back what was taken; gives the order of turns. */
async function turns(count: number, asked: readonly [of: string | undefined, name: string][]): Promise<string[]> {
  const slots = createSlots(count)
  const order: string[] = []
  await Promise.all(
    asked.map(async ([of, name]) => {
      const giveBack = await slots.take(of)
      order.push(name)
      await Promise.resolve()
      giveBack()
      giveBack()
    }),
  )
  return order
}

it('come in the order in which they were asked for', async () => {
  expect(
    await turns(1, [
      [undefined, 'a'],
      [undefined, 'b'],
      [undefined, 'c'],
    ]),
  ).toEqual(['a', 'b', 'c'])
})

it('go round among those on whose behalf they are asked for', async () => {
  const many = ['1', '2', '3', '4', '5'].map((n): [string, string] => ['city', `city ${n}`])
  expect(await turns(1, [...many, ['port', 'port 1'], ['tax', 'tax 1'], ['port', 'port 2']])).toEqual([
    'city 1',
    'city 2',
    'port 1',
    'tax 1',
    'city 3',
    'port 2',
    'city 4',
    'city 5',
  ])
})

it('are never more than there are', async () => {
  const slots = createSlots(2)
  let [held, most] = [0, 0]
  await Promise.all(
    Array.from({ length: 20 }, async (_, i) => {
      const giveBack = await slots.take(`agency ${i % 3}`)
      most = Math.max(most, ++held)
      await Promise.resolve()
      held--
      giveBack()
      giveBack()
    }),
  )
  expect([most, held]).toEqual([2, 0])
})
