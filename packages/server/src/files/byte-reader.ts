/** Reads a stream a few bytes at a time, however it comes in pieces. */

/** The stream ended before what was asked for. */
export class Ended extends Error {}

export interface ByteReader {
  /** @throws Ended */
  take(count: number): Promise<Buffer>
  /** @throws Ended */
  skip(count: number): Promise<void>
  /** Passes over everything up to the next byte of this value, and over that one. */
  passTo(byte: number): Promise<{ passed: number; found: boolean }>
  /** The next `count` bytes, piece by piece. @throws Ended */
  pieces(count: number): AsyncGenerator<Buffer>
  close(): Promise<void>
}

export function byteReader(stream: ReadableStream<Uint8Array>): ByteReader {
  const source = stream.getReader()
  let held: Buffer = Buffer.alloc(0)
  const more = async () => {
    const { done, value } = await source.read()
    if (done) throw new Ended()
    held = held.length > 0 ? Buffer.concat([held, value]) : Buffer.from(value.buffer, value.byteOffset, value.byteLength)
  }
  const cut = (count: number) => {
    const taken = held.subarray(0, count)
    held = held.subarray(count)
    return taken
  }
  async function* pieces(count: number) {
    for (let left = count; left > 0; ) {
      if (held.length === 0) await more()
      const piece = cut(Math.min(left, held.length))
      left -= piece.length
      yield piece
    }
  }
  return {
    async take(count) {
      while (held.length < count) await more()
      return cut(count)
    },
    async skip(count) {
      for await (const _ of pieces(count));
    },
    async passTo(byte) {
      for (let passed = 0; ; ) {
        const at = held.indexOf(byte)
        passed += cut(at < 0 ? held.length : at + 1).length
        if (at >= 0) return { passed, found: true }
        try {
          await more()
        } catch (error) {
          if (!(error instanceof Ended)) throw error
          return { passed, found: false }
        }
      }
    },
    pieces,
    async close() {
      await source.cancel().catch(() => {})
    },
  }
}
