/** An answer that takes a while, as lines of JSON: how far it is, and what came of it as the last one. */
import type { Call } from './route.ts'

export const linesType = 'application/x-ndjson'

/**
 * Answers with what `work` tells on its way and gives in the end. What it refuses before it first tells anything is refused as any
 * request is; what fails after that breaks the answer off, which a reader sees by its last line being no result.
 */
export async function answerInLines(call: Call, work: (told: (progress: object) => void) => Promise<object>): Promise<Response> {
  const encoder = new TextEncoder()
  const lines = new TransformStream<Uint8Array, Uint8Array>({}, undefined, { highWaterMark: 1000 })
  const writer = lines.writable.getWriter()
  // Whoever has gone away is told nothing.
  const write = (line: object) => writer.write(encoder.encode(`${JSON.stringify(line)}\n`)).catch(() => {})
  let begun: () => void = () => {}
  const began = new Promise<void>((resolve) => {
    begun = resolve
  })
  const done = work((progress) => {
    void write(progress)
    begun()
  }).then(async (result) => {
    await write({ result })
    await writer.close().catch(() => {})
  })
  const outcome = done.catch(async (error: unknown) => {
    await writer.abort(error).catch(() => {})
    throw error
  })
  await Promise.race([began, outcome])
  // From here on it has an answer already.
  outcome.catch((error: unknown) => call.adapters.log.warn({ error: String(error) }, 'an answer in lines broke off'))
  return call.c.body(lines.readable, 200, { 'content-type': linesType, 'cache-control': 'no-store' })
}
