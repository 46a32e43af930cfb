import { expect, it } from 'vitest'
import { writeAll } from './durable.ts'

/** A disk that takes no more than so many bytes at once, as one does that is nearly full. */
function disk(most: number) {
  const kept: number[] = []
  return {
    kept,
    async writev(pieces: readonly NodeJS.ArrayBufferView[]) {
      const taken = pieces.flatMap((piece) => [...(piece as Uint8Array)]).slice(0, most)
      kept.push(...taken)
      return { bytesWritten: taken.length, buffers: pieces as NodeJS.ArrayBufferView[] }
    },
  }
}
const pieces = [[1, 2, 3], [], [4], [5, 6, 7, 8], []].map((piece) => Uint8Array.from(piece))

it.each([1, 2, 3, 4, 5, 8, 9])('writes all of it where only %i bytes are taken at once', async (most) => {
  const file = disk(most)
  await writeAll(file as never, pieces)
  expect(file.kept).toEqual([1, 2, 3, 4, 5, 6, 7, 8])
  // The control: asked once, and not what was taken.
  const careless = disk(most)
  await careless.writev(pieces)
  expect(careless.kept.length === 8).toBe(most >= 8)
})

it('does not try for ever where nothing is taken', async () => {
  await expect(writeAll(disk(0) as never, pieces)).rejects.toThrow('nothing was written')
})
