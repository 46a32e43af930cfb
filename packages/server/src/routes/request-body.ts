import type { IncomingMessage } from 'node:http'
import type { Socket } from 'node:net'
import type { RequestBody } from '../policy/rule.ts'
import { Refused } from '../problem.ts'
import type { AppContext } from './route.ts'

/**
 * The request's bytes, counted while they come in: never more than the limit is held, whatever length was declared. What is
 * declared too long is not read at all.
 */
export function requestBody({ req, env }: Pick<AppContext, 'req' | 'env'>): RequestBody {
  const header = req.header('content-length')
  const declared = header !== undefined && /^\d{1,15}$/.test(header) ? Number(header) : null
  let taken: Promise<Uint8Array | 'too-large'> | null = null
  return {
    declared,
    async read(limit) {
      if (declared !== null && declared > limit) return 'too-large'
      taken ??= env?.incoming ? fromSocket(env.incoming, limit) : fromStream(req.raw.body, limit)
      const bytes = await taken
      return bytes !== 'too-large' && bytes.length > limit ? 'too-large' : bytes
    },
  }
}

/** A web stream reads two buffers ahead of us; what the socket gives does not. */
function fromSocket(incoming: IncomingMessage, limit: number): Promise<Uint8Array | 'too-large'> {
  return new Promise((resolve, reject) => {
    const pieces: Buffer[] = []
    let size = 0
    const settle = (how: () => void) => {
      incoming.off('data', onData).off('end', onEnd).off('error', onLost).off('close', onLost)
      how()
    }
    const onData = (piece: Buffer) => {
      size += piece.length
      if (size <= limit) pieces.push(piece)
      else {
        incoming.pause()
        holdSocket(incoming.socket)
        settle(() => resolve('too-large'))
      }
    }
    const onEnd = () => settle(() => resolve(pieces.length === 1 ? (pieces[0] as Buffer) : Buffer.concat(pieces)))
    const onLost = () => settle(() => reject(new Refused(400, 'incomplete')))
    if (incoming.destroyed) return onLost()
    incoming.on('end', onEnd).on('error', onLost).on('close', onLost).on('data', onData)
  })
}

/**
 * Reads no more of a connection: its body was longer than is taken and did not say so beforehand, so that the connection
 * ends with the answer. Node and the listener would take another read of it on the way.
 */
function holdSocket(socket: Socket) {
  const hold = () => socket.pause()
  hold()
  socket.on('resume', hold)
}

/** In tests, where there is no socket. */
async function fromStream(body: ReadableStream<Uint8Array> | null, limit: number): Promise<Uint8Array | 'too-large'> {
  const pieces: Uint8Array[] = []
  let size = 0
  const reader = body?.getReader()
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
