import type { RequestBody } from '../policy/rule.ts'

/** The request's bytes, counted while they come in: never more than the limit is held, whatever length was declared. */
export function requestBody(request: Request): RequestBody {
  const header = request.headers.get('content-length')
  const declared = header !== null && /^\d{1,15}$/.test(header) ? Number(header) : null
  let taken: Promise<Uint8Array | 'too-large'> | null = null

  const take = async (limit: number): Promise<Uint8Array | 'too-large'> => {
    const pieces: Uint8Array[] = []
    let size = 0
    const reader = request.body?.getReader()
    while (reader) {
      const { done, value } = await reader.read()
      if (done) break
      size += value.byteLength
      if (size > limit) {
        reader.cancel().catch(() => {})
        return 'too-large'
      }
      pieces.push(value)
    }
    return Buffer.concat(pieces)
  }
  return {
    declared,
    async read(limit) {
      taken ??= take(limit)
      const bytes = await taken
      return bytes !== 'too-large' && bytes.length > limit ? 'too-large' : bytes
    },
  }
}
