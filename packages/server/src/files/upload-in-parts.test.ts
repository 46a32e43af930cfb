import { fileInfo, openFile, sealFile } from '@guichet/sealing'
import { describe, expect, it } from 'vitest'
import { s3IsThere, startS3 } from '../testing/s3.ts'
import { offerSealed } from '../testing/sealed.ts'
import { createWorld } from '../testing/world.ts'
import { attachmentBox } from './attachment.ts'
import { inFolder, uploadInPartsSuite } from './upload-in-parts-suite.ts'

const service = '/v1/services/city/library-card'

uploadInPartsSuite([inFolder, ...(s3IsThere() ? [['an object store', () => startS3()] as const] : [])])

describe('a sealed file in parts', () => {
  it('is taken as one in one request is, and opens', async () => {
    const world = await createWorld()
    try {
      await offerSealed(world, ['student', 'cards'])
      const about = fileInfo({ agency: 'city', service: 'library-card' })
      const content = new Uint8Array(40_000).fill(7)
      const { key, content: sealed } = await sealFile(new Blob([content]).stream(), about)
      const bytes = new Uint8Array(await new Response(sealed).arrayBuffer())
      const begun = await world.request(`${service}/attachments?target=student_id&name=sealed`, {
        method: 'POST',
        headers: { 'Upload-Complete': '?0', 'Upload-Length': String(bytes.length) },
      })
      const place = begun.headers.get('location') as string
      const patch = (body: Uint8Array) =>
        world.request(place, {
          method: 'PATCH',
          headers: { 'Content-Type': 'application/partial-upload', 'Upload-Offset': '0', 'Upload-Complete': '?1' },
          body: new Uint8Array(body),
        })
      const arrived = await patch(bytes)
      expect(arrived.status).toBe(201)
      const { id } = await arrived.json()
      const agency = (await world.adapters.store.findAgency('city'))!
      const [row] = await world.adapters.store.agency(agency).attachments([id])
      const opened = openFile(world.adapters.files.read(agency, id, attachmentBox(world.adapters, agency, row!)), key, about)
      expect(Buffer.from(await new Response(opened).arrayBuffer()).equals(content)).toBe(true)
    } finally {
      await world.close()
    }
  })
})
