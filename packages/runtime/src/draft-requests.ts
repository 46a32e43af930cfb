/** Drafts on the server: closed boxes under an id. */
import { base64url, type DraftBox, fromBase64url } from './draft-box.ts'
import type { Sealed } from './sealed-text.ts'
import { Refused, read } from './transport.ts'

export interface Kept {
  revision: number
  expiresAt: string
  /** A link to it can be mailed. */
  mail?: boolean
}
export interface Found extends Kept {
  version: number
  content: Sealed
}

/** `address`: the service's address, ending in a slash. */
export function draftRequests(address: string) {
  const ask = (id: string, method: string, more: RequestInit = {}) =>
    // A connection that hangs is no answer either.
    fetch(`${address}drafts/${id}`, { method, credentials: 'omit', signal: AbortSignal.timeout(30_000), ...more })

  return {
    /** `revision`: what is written over; null for a new draft. @throws Refused (412: it is another by now) */
    put: (id: string, revision: number | null, draft: { version: number; content: Sealed; attachments: readonly string[] }) =>
      read<Kept>(
        ask(id, 'PUT', {
          headers: { 'content-type': 'application/json', ...(revision === null ? { 'if-none-match': '*' } : { 'if-match': `"${revision}"` }) },
          body: JSON.stringify({ ...draft, content: base64url(draft.content) }),
        }),
      ),
    /** Null if there is none. */
    async get({ id }: Pick<DraftBox, 'id'>): Promise<Found | null> {
      try {
        const found = await read<Kept & { version: number; content: string }>(ask(id, 'GET'))
        return { ...found, content: fromBase64url(found.content) }
      } catch (error) {
        if (error instanceof Refused && error.problem.status === 404) return null
        throw error
      }
    },
    async remove(id: string): Promise<void> {
      const answer = await ask(id, 'DELETE', { keepalive: true })
      if (!answer.ok) throw new Error(String(answer.status))
    },
    /** A version's definition, in all its languages; null if it cannot be had. */
    async definition(version: number) {
      try {
        return await read<import('@guichet/schemas').ServiceDefinition>(fetch(`${address}versions/${version}`, { credentials: 'omit' }))
      } catch {
        return null
      }
    },
  }
}
