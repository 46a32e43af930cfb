/** Reads an answer that comes as lines of JSON: how far the server is, and last of all the result. */
import { ApiError, Unreachable } from '@guichet/staff/http'

/** Posts to `address`, tells each line before the last. @throws ApiError @throws Unreachable, also when the answer breaks off */
export async function answerLines<Result>(request: typeof fetch, address: string, told: (progress: { tried: number; of: number }) => void): Promise<Result> {
  let response: Response
  try {
    response = await request(address, { method: 'POST', headers: { accept: 'application/x-ndjson, application/problem+json' } })
  } catch (cause) {
    throw new Unreachable('', { cause })
  }
  if (!response.ok || !response.body) throw new ApiError(response.status, response.statusText, Object(await response.json().catch(() => null)))
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader()
  let rest = ''
  try {
    for (;;) {
      const { done, value } = await reader.read()
      if (done) break
      const lines = (rest + value).split('\n')
      rest = lines.pop() ?? ''
      for (const line of lines) {
        const said = JSON.parse(line)
        if ('result' in said) return said.result as Result
        told(said)
      }
    }
  } catch (cause) {
    throw new Unreachable('', { cause })
  }
  throw new Unreachable('')
}
