/** What every place for files must hold. */
import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { newAttachmentId } from '../codes.ts'
import { newBox, openBox, reopenBox, type SealBox } from '../keys/seal-box.ts'
import type { AgencyId } from '../store/store.ts'
import { testKek } from '../testing/month-key.ts'
import { type Files, FileTooLarge } from './files.ts'

const [city, town] = ['city', 'town'] as AgencyId[] as [AgencyId, AgencyId]
const later = new Date('2100-01-01')
const kek = testKek(new Uint8Array(32).fill(7))
const sealedBox = () => newBox(kek, 'owner')

/** Bytes that tell their place, in pieces of uneven length. */
export const contentOf = (size: number) => Uint8Array.from({ length: size }, (_, i) => (i * 31 + (i >> 8)) & 255)
export const streamOf = (content: Uint8Array, piece = 50_021): ReadableStream<Uint8Array> => {
  let at = 0
  return new ReadableStream({
    pull(controller) {
      if (at >= content.length) return controller.close()
      controller.enqueue(content.slice(at, at + piece))
      at += piece
    },
  })
}
export const listOf = async <T>(items: AsyncIterable<T>): Promise<T[]> => {
  const found: T[] = []
  for await (const item of items) found.push(item)
  return found
}
export const allOf = async (stream: ReadableStream<Uint8Array>) => Buffer.concat(await listOf(stream))
/** Reads it to the end; a failed expectation does not print it. */
export const lengthOf = async (stream: ReadableStream<Uint8Array>) => (await allOf(stream)).length
const digestOf = (content: Uint8Array) => `sha256-${createHash('sha256').update(content).digest('base64url')}`

/** `sizes` lie around whatever limits the place has inside. `raw` is everything that it has stored, as text. */
export function filesSuite(name: string, open: () => { files: Files; raw(): string }, sizes: readonly number[]) {
  describe(name, () => {
    const listed = async (files: Files, agency: AgencyId, before = later) => (await listOf(files.putBefore(agency, before))).sort()

    it.each([...sizes])('gives back %i bytes, sealed or as they are', async (size) => {
      const { files } = open()
      const content = contentOf(size)
      for (const box of [openBox, sealedBox()]) {
        const id = newAttachmentId()
        expect(await files.put(city, id, streamOf(content), size, box)).toEqual({ size, digest: digestOf(content) })
        expect(await files.has(city, id)).toBe(true)
        const again = box.sealing ? reopenBox(kek, box.sealing, 'owner') : box
        expect((await allOf(files.read(city, id, again))).equals(content)).toBe(true)
        await files.remove(city, id)
        expect(await files.has(city, id)).toBe(false)
      }
    })

    it('keeps nothing in the clear that was sealed, and gives nothing to another box', async () => {
      const { files, raw } = open()
      const secret = 'the-secret-of-this-test '.repeat(10)
      const [sealed, plain] = [newAttachmentId(), newAttachmentId()]
      await files.put(city, sealed, streamOf(new TextEncoder().encode(secret)), 10_000, sealedBox())
      expect(raw()).not.toContain('the-secret-of-this-test')
      await expect(lengthOf(files.read(city, sealed, sealedBox()))).rejects.toThrow()
      // Control: it would have been seen.
      await files.put(city, plain, streamOf(new TextEncoder().encode(secret)), 10_000, openBox)
      expect(raw()).toContain('the-secret-of-this-test')
    })

    it('leaves nothing behind of what is too large, or broke off', async () => {
      const { files } = open()
      const before = await listed(files, city)
      for (const size of sizes) {
        if (size > 0) await expect(files.put(city, newAttachmentId(), streamOf(contentOf(size)), size - 1, openBox)).rejects.toThrow(FileTooLarge)
        const breaking = (box: SealBox) => {
          let sent = 0
          const content = new ReadableStream<Uint8Array>({
            pull(controller) {
              if (sent >= size) return controller.error(new Error('the citizen went away'))
              const piece = contentOf(Math.min(100_000, size - sent))
              sent += piece.length
              controller.enqueue(piece)
            },
          })
          return files.put(city, newAttachmentId(), content, size, box)
        }
        await expect(breaking(sealedBox())).rejects.toThrow('the citizen went away')
      }
      expect(await listed(files, city)).toEqual(before)
    })

    it('lists by agency and by time', async () => {
      const { files } = open()
      const before = await listed(files, city)
      const ids = Array.from({ length: 7 }, newAttachmentId)
      for (const id of ids) await files.put(city, id, streamOf(contentOf(3)), 3, openBox)
      const elsewhere = newAttachmentId()
      await files.put(town, elsewhere, streamOf(contentOf(3)), 3, openBox)
      expect(await listed(files, city)).toEqual([...before, ...ids].sort())
      expect(await listed(files, city, new Date('2020-01-01'))).toEqual([])
      expect(await listed(files, town)).toContain(elsewhere)
      expect(await listed(files, 'village' as AgencyId)).toEqual([])
      expect(await files.has(town, ids[0] as string)).toBe(false)
    })

    it('removes what is not there, and takes no other name than an id', async () => {
      const { files } = open()
      await files.remove(city, newAttachmentId())
      await expect(lengthOf(files.read(city, newAttachmentId(), openBox))).rejects.toThrow()
      for (const id of ['', '../../etc/passwd', `${newAttachmentId()}/x`, newAttachmentId().toUpperCase()])
        await expect(files.put(city, id, streamOf(contentOf(1)), 1, openBox)).rejects.toThrow('no attachment id')
    })

    it('says whether a file could be kept now', async () => {
      await open().files.check()
    })
  })
}
