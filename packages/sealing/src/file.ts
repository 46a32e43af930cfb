/**
 * A file as a stream of sealed pieces. Each file has a key of its own, which travels among the sealed answers. The pieces are
 * the messages of one HPKE context (RFC 9180, section 5.2), whose nonce counts them: none can be left out, doubled or moved;
 * the last one says that it is the last, so that the end cannot be cut off. No more than two pieces are ever in memory.
 */
import { type Bytes, fromBase64url, joined, utf8 } from './bytes.ts'
import { fileHeadBytes, fileMark, pieceBytes, tagBytes } from './envelope.ts'
import { newKeyPair, suite } from './hpke.ts'

const [more, last] = [utf8('more'), utf8('last')]

export interface SealedFile {
  /** Opens it; 32 bytes in base64url. */
  key: string
  content: ReadableStream<Bytes>
}

/** Cuts a stream into pieces of one size; whether a piece is the last is known when it is given. */
async function* cut(stream: ReadableStream<Uint8Array>, size: number): AsyncGenerator<{ piece: Bytes; isLast: boolean }> {
  const reader = stream.getReader()
  let held: Bytes = new Uint8Array()
  try {
    for (;;) {
      const { done, value } = await reader.read()
      if (done) break
      held = joined(held, value)
      let at = 0
      // What fills a piece exactly is kept back: it may be the last.
      for (; held.length - at > size; at += size) yield { piece: held.slice(at, at + size), isLast: false }
      held = held.slice(at)
    }
    yield { piece: held, isLast: true }
  } finally {
    await reader.cancel().catch(() => {})
  }
}

const streamOf = (pieces: AsyncGenerator<Bytes>): ReadableStream<Bytes> =>
  new ReadableStream<Bytes>(
    {
      async pull(controller) {
        const { done, value } = await pieces.next()
        if (done) controller.close()
        else controller.enqueue(value)
      },
      async cancel() {
        await pieces.return(undefined)
      },
    },
    { highWaterMark: 0 },
  )

/** `info`: see `fileInfo`. */
export async function sealFile(content: ReadableStream<Uint8Array>, info: string): Promise<SealedFile> {
  const pair = await newKeyPair()
  const recipientPublicKey = await suite.kem.deserializePublicKey(fromBase64url(pair.public))
  const context = await suite.createSenderContext({ recipientPublicKey, info: utf8(info) })
  async function* sealed(): AsyncGenerator<Bytes> {
    yield joined(fileMark, new Uint8Array(context.enc))
    for await (const { piece, isLast } of cut(content, pieceBytes)) yield new Uint8Array(await context.seal(piece, isLast ? last : more))
  }
  return { key: pair.private, content: streamOf(sealed()) }
}

/** What is read of the stream is authentic; that all of it was read, the stream says by ending without an error. */
export function openFile(sealed: ReadableStream<Uint8Array>, key: string, info: string): ReadableStream<Bytes> {
  async function* opened(): AsyncGenerator<Bytes> {
    const reader = sealed.getReader()
    let held: Bytes = new Uint8Array()
    let ended = false
    const fill = async (length: number) => {
      while (!ended && held.length < length) {
        const { done, value } = await reader.read()
        if (done) ended = true
        else held = joined(held, value)
      }
    }
    try {
      await fill(fileHeadBytes)
      if (held.length < fileHeadBytes || fileMark.some((byte, i) => held[i] !== byte)) throw new Error('no sealed file')
      const recipientKey = await suite.kem.deserializePrivateKey(fromBase64url(key))
      const context = await suite.createRecipientContext({ recipientKey, enc: held.slice(fileMark.length, fileHeadBytes), info: utf8(info) })
      held = held.slice(fileHeadBytes)
      for (;;) {
        const whole = pieceBytes + tagBytes
        await fill(whole + 1)
        const isLast = held.length <= whole
        yield new Uint8Array(await context.open(held.slice(0, whole), isLast ? last : more))
        if (isLast) return
        held = held.slice(whole)
      }
    } finally {
      await reader.cancel().catch(() => {})
    }
  }
  return streamOf(opened())
}
