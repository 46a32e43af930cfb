import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { newAttachmentId } from '../../codes.ts'
import { createEgress } from '../../egress/egress.ts'
import { newBox, openBox } from '../../keys/seal-box.ts'
import type { AgencyId } from '../../store/store.ts'
import { testKek } from '../../testing/month-key.ts'
import { type Mischief, s3IsThere, startS3, type TestS3 } from '../../testing/s3.ts'
import type { Files } from '../files.ts'
import { allOf, contentOf, filesSuite, lengthOf, listOf, streamOf } from '../files-suite.ts'
import { destinationOf, type S3Place } from './place.ts'
import { S3Failure } from './request.ts'
import { openS3Files, type S3Options } from './s3-files.ts'

const city = 'city' as AgencyId
const partBytes = 100_000
const patience = { tries: 4, pauseMs: 1, timeoutMs: 5000, totalMs: 60_000 }

describe.skipIf(!s3IsThere())('object store', () => {
  let s3: TestS3
  beforeAll(async () => {
    s3 = await startS3()
  })
  beforeEach(() => {
    s3.mischief = () => null
    s3.asked.length = 0
  })
  afterAll(() => s3?.stop())

  const open = (place: Partial<S3Place> = {}, more: Partial<S3Options> = {}): Files => {
    const whole = { ...s3.place, ...place }
    // Names below localhost lead here, whatever the machine's own resolver thinks of them.
    const egress = createEgress([destinationOf(whole)], async () => [{ address: '127.0.0.1', family: 4 }])
    return openS3Files({ place: whole, egress, now: () => new Date(), patience, partBytes, pageKeys: 3, ...more })
  }
  const raw = (folder = s3.folder) =>
    readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => readFileSync(join(entry.parentPath, entry.name), 'latin1'))
      .join('\n')
  const put = (size: number, files = open(), box = openBox) => files.put(city, newAttachmentId(), streamOf(contentOf(size)), size, box)
  const kept = () => listOf(open().putBefore(city, new Date('2100-01-01')))
  const failing = async (doing: Promise<unknown>) => {
    const error = await doing.then(
      () => null,
      (thrown) => thrown,
    )
    expect(error).toBeInstanceOf(S3Failure)
    return error as S3Failure
  }
  const emptied = async () => {
    for (const id of await kept()) await open().remove(city, id)
  }

  const sizes = [1, partBytes - 28, partBytes, partBytes + 1, 3 * partBytes, 450_000]
  filesSuite('bucket in the path', () => ({ files: open(), raw }), sizes)
  describe('with the bucket in the name of the host', () => {
    let other: TestS3
    beforeAll(async () => {
      other = await startS3({ byHost: true })
    })
    afterAll(() => other?.stop())
    filesSuite('asked by its name', () => ({ files: open(other.place), raw: () => raw(other.folder) }), [1, 250_000])
    it('is refused with a wrong secret', async () => {
      expect((await failing(put(10, open({ ...other.place, secretAccessKey: 'another' })))).reason).toBe('SignatureDoesNotMatch')
    })
  })

  it('is refused with a wrong secret, a wrong key, and in a bucket that is not there', async () => {
    expect((await failing(put(10, open({ secretAccessKey: 'another' })))).reason).toBe('SignatureDoesNotMatch')
    expect((await failing(put(10, open({ accessKeyId: 'another' })))).reason).toBe('InvalidAccessKeyId')
    expect((await failing(put(10, open({ bucket: 'elsewhere' })))).reason).toBe('NoSuchBucket')
    for (const wrong of [{ secretAccessKey: 'another' }, { bucket: 'elsewhere' }]) await expect(open(wrong).check()).rejects.toThrow(S3Failure)
    // None of it helps to try again.
    expect(s3.asked.filter(({ method }) => method === 'PUT')).toHaveLength(5)
    const message = String(await failing(put(10, open({ secretAccessKey: 'a-secret-of-mine' }))))
    expect(message).not.toMatch(/a-secret-of-mine|S3RVER/)
  })

  it('signs the body: what was changed on the way is no request of ours', async () => {
    let digest = ''
    s3.mischief = (asked, _answer, incoming) => {
      if (asked.method === 'PUT') {
        digest = String(incoming.headers['x-amz-content-sha256'])
        // A digest of another body: this server does not compare the two, but the digest is under the signature.
        incoming.headers['x-amz-content-sha256'] = digest.replace(/^./, (first) => (first === '0' ? '1' : '0'))
      }
      return null
    }
    expect((await failing(put(10))).reason).toBe('SignatureDoesNotMatch')
    expect(digest).toMatch(/^[0-9a-f]{64}$/)
  })

  it('sends again what was not taken, a few times', async () => {
    const answers = [
      [500, 'InternalError'],
      [503, 'SlowDown'],
      [502, ''],
    ] as const
    let tries = 0
    s3.mischief = (asked, answer) => {
      if (asked.method !== 'PUT' || tries >= answers.length) return null
      const [status, code] = answers[tries++] as (typeof answers)[number]
      setTimeout(() => answer.writeHead(status).end(code && `<Error><Code>${code}</Code></Error>`), 20)
      return 'handled'
    }
    const files = open()
    const id = newAttachmentId()
    await files.put(city, id, streamOf(contentOf(1000)), 1000, openBox)
    expect((await allOf(files.read(city, id, openBox))).equals(contentOf(1000))).toBe(true)
    // Each time the same bytes.
    const puts = s3.asked.filter(({ method }) => method === 'PUT')
    expect(puts).toHaveLength(4)
    for (const { body } of puts) expect(body.equals(contentOf(1000))).toBe(true)
  })

  const always =
    (mischief: Mischief): Mischief =>
    (asked, answer, incoming) =>
      asked.method === 'DELETE' ? null : mischief(asked, answer, incoming)

  it.each<[string, Mischief, RegExp]>([
    [
      'is busy for good',
      (_, answer) => {
        answer.writeHead(503).end('<Error><Code>SlowDown</Code></Error>')
        return 'handled'
      },
      /503 SlowDown/,
    ],
    [
      'breaks off',
      (_, _answer, incoming) => {
        incoming.socket.destroy()
        return 'handled'
      },
      /connection/,
    ],
    ['says nothing', () => 'handled', /timeout/],
    ['says that it got other bytes', () => ({ headers: { etag: `"${'0'.repeat(32)}"` } }), /other bytes/],
    ['gets other bytes', ({ body }) => ({ body: Buffer.from(body.map((byte, i) => (i === 9 ? byte ^ 1 : byte))) }), /other bytes/],
    [
      'sends us elsewhere',
      (_, answer) => {
        answer.writeHead(307, { Location: 'http://169.254.169.254/latest/meta-data' }).end()
        return 'handled'
      },
      /307 redirected/,
    ],
  ])('leaves nothing behind in a store that %s', async (_, mischief, message) => {
    await emptied()
    const impatient = open({}, { patience: { ...patience, tries: 2, timeoutMs: 300 } })
    // A small file, and a large one in the middle of its parts.
    s3.mischief = always((asked, ...rest) => (asked.method === 'PUT' ? mischief(asked, ...rest) : null))
    await expect(put(1000, impatient)).rejects.toThrow(message)
    s3.mischief = always((asked, ...rest) => (asked.path.includes('partNumber=3') ? mischief(asked, ...rest) : null))
    s3.asked.length = 0
    await expect(put(450_000, impatient)).rejects.toThrow(message)
    const given = s3.asked.filter(({ method, path }) => method === 'DELETE' && path.includes('uploadId='))
    expect(given).toHaveLength(1)
    expect(s3.asked.filter(({ path }) => path.includes('partNumber=4'))).toEqual([])
    s3.mischief = () => null
    expect(await kept()).toEqual([])
    // Control: without the mischief it is kept.
    await put(450_000, impatient)
    expect(await kept()).toHaveLength(1)
  })

  it('believes no 200 that carries an error', async () => {
    await emptied()
    s3.mischief = ({ method, path }, answer) => {
      if (method !== 'POST' || !path.includes('uploadId=')) return null
      answer.writeHead(200).end('<Error><Code>InternalError</Code></Error>')
      return 'handled'
    }
    await expect(put(250_000)).rejects.toThrow('no CompleteMultipartUploadResult')
    expect(await kept()).toEqual([])
  })

  it('holds no more than two parts, however large the file and slow the store', async () => {
    const size = 40 * partBytes
    let taken = 0
    let most = 0
    let acknowledged = 0
    s3.mischief = ({ path, body }, answer) => {
      if (!path.includes('partNumber=')) return null
      most = Math.max(most, taken - acknowledged)
      answer.on('finish', () => (acknowledged += body.length))
      return null
    }
    const content = new ReadableStream<Uint8Array>(
      {
        pull(controller) {
          if (taken >= size) return controller.close()
          taken += 10_000
          controller.enqueue(contentOf(10_000))
        },
      },
      { highWaterMark: 0 },
    )
    await open().put(city, newAttachmentId(), content, size, newBox(testKek(), 'o'))
    expect(s3.asked.filter(({ path }) => path.includes('partNumber='))).toHaveLength(41)
    expect(most).toBeGreaterThanOrEqual(partBytes)
    expect(most).toBeLessThan(2 * partBytes)
  })

  it('has so many large files under way at once, and small ones beside them', async () => {
    const held: (() => void)[] = []
    s3.mischief = ({ path }, answer) => {
      if (!path.includes('partNumber=1&')) return null
      // Nobody is answered until the test says so.
      const end = answer.end.bind(answer)
      answer.end = ((...args: Parameters<typeof end>) => {
        held.push(() => end(...args))
        return answer
      }) as typeof answer.end
      return null
    }
    const parts = () => s3.asked.filter(({ path }) => path.includes('partNumber=1&')).length
    const size = 4 * partBytes
    const few = open({}, { largeAtOnce: 2 })
    const uploads = Array.from({ length: 5 }, () => put(size, few))
    await vi.waitFor(() => expect(held).toHaveLength(2), 10_000)
    await put(1000, few)
    expect(parts()).toBe(2)
    // Control: with more room they would be under way as well.
    const many = open({}, { largeAtOnce: 5 })
    const others = Array.from({ length: 5 }, () => put(size, many))
    await vi.waitFor(() => expect(held).toHaveLength(7), 10_000)
    s3.mischief = () => null
    for (const answer of held.splice(0)) answer()
    await Promise.all([...uploads, ...others])
    expect(parts()).toBe(10)
  })

  it('reads a large file range by range, only as far as it is looked at', async () => {
    const files = open()
    const id = newAttachmentId()
    const content = contentOf(900_000)
    await files.put(city, id, streamOf(content), 900_000, openBox)
    s3.asked.length = 0
    const reader = files.read(city, id, openBox).getReader()
    const first = await reader.read()
    await reader.cancel()
    expect(Buffer.from(first.value as Uint8Array).equals(content.subarray(0, 65_536))).toBe(true)
    expect(s3.asked.length).toBeLessThanOrEqual(3)
  })

  it('reads nothing of an empty file: it has no first byte', async () => {
    const id = newAttachmentId()
    await open().put(city, id, streamOf(new Uint8Array()), 0, openBox)
    s3.mischief = ({ method }, answer) => {
      if (method !== 'GET') return null
      answer.writeHead(416).end('<Error><Code>InvalidRange</Code></Error>')
      return 'handled'
    }
    expect(await lengthOf(open().read(city, id, openBox))).toBe(0)
  })

  it('reads on where an answer broke off, and never gives what is short or of another size', async () => {
    const files = open()
    const [id, box] = [newAttachmentId(), openBox]
    const content = contentOf(200_000)
    await files.put(city, id, streamOf(content), 200_000, box)
    let cuts = 2
    s3.mischief = ({ method }) => (method === 'GET' && cuts-- > 0 ? { cutAfter: 1000 } : null)
    expect((await allOf(files.read(city, id, box))).equals(content)).toBe(true)
    s3.mischief = ({ method }) => (method === 'GET' ? { headers: { 'content-range': 'bytes 0-65535/100000' } } : null)
    await expect(lengthOf(files.read(city, id, box))).rejects.toThrow(/another part|changed/)
    s3.mischief = ({ method }) => (method === 'GET' ? { cutAfter: 1000 } : null)
    await expect(lengthOf(files.read(city, id, box))).rejects.toThrow(/connection/)
  })
})
