/** Someone who is told by webhook: checks signatures as Standard Webhooks say, and behaves as a test wants. */
import { createPublicKey, verify } from 'node:crypto'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { listen } from '../demo.ts'

export interface Told {
  id: string
  body: string
  path: string
  headers: Readonly<Record<string, string | undefined>>
}

export interface HookReceiver {
  /** `host:port`, for EGRESS_ALLOW. */
  place: string
  url: string
  /** Everything that came in, answered or not. */
  told: Told[]
  /** Ids that were taken: each once, however often it came. */
  taken: Set<string>
  /** How it answers; 200 if nothing is set. Returning `false` leaves it unanswered. */
  answer: (told: Told, response: ServerResponse, request: IncomingMessage) => number | false
  close(): Promise<void>
}

export async function openHookReceiver(): Promise<HookReceiver> {
  const server: Server = createServer(async (request, response) => {
    const pieces: Uint8Array[] = []
    for await (const piece of request) pieces.push(piece)
    const headers = request.headers as Told['headers']
    const told = { id: headers['webhook-id'] ?? '', body: Buffer.concat(pieces).toString(), path: request.url ?? '', headers }
    receiver.told.push(told)
    const status = receiver.answer(told, response, request)
    if (status === false) return
    if (status >= 200 && status < 300) receiver.taken.add(told.id)
    if (!response.headersSent) response.writeHead(status)
    response.end()
  })
  const port = await listen(server, 0, '127.0.0.1')
  const receiver: HookReceiver = {
    place: `127.0.0.1:${port}`,
    url: `http://127.0.0.1:${port}/hook`,
    told: [],
    taken: new Set(),
    answer: () => 200,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
  return receiver
}

const prefix = Buffer.from('302a300506032b6570032100', 'hex')

/** Whether it comes from the holder of one of the keys (`whpk_...`), unchanged and not long ago. */
export function isGenuine({ headers, body }: Pick<Told, 'headers' | 'body'>, keys: readonly string[], now: Date): boolean {
  const { 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': signatures } = headers
  if (!id || !timestamp || !signatures || !/^\d{1,12}$/.test(timestamp)) return false
  if (Math.abs(now.getTime() / 1000 - Number(timestamp)) > 300) return false
  return signatures.split(' ').some((entry) => {
    const [version, signature = ''] = entry.split(',')
    return (
      version === 'v1a' &&
      keys.some((key) =>
        verify(
          null,
          Buffer.from(`${id}.${timestamp}.${body}`),
          createPublicKey({ key: Buffer.concat([prefix, Buffer.from(key.slice('whpk_'.length), 'base64')]), format: 'der', type: 'spki' }),
          Buffer.from(signature, 'base64'),
        ),
      )
    )
  })
}
