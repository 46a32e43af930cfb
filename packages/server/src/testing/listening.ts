/** A server on a port of this machine that counts what it reads, for tests that speak to it as bytes. */
import type { Server } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'

export interface Listening {
  port: number
  server: Server
  /** Connections that are there. */
  open: Set<Socket>
  /** Bytes read from connections that are over, since it was last asked. */
  read(): number
  /** Resolves once no connection is there. @throws after `timeoutMs` */
  gone(timeoutMs?: number): Promise<void>
  close(): Promise<void>
}

export async function listening(server: Server): Promise<Listening> {
  const open = new Set<Socket>()
  let read = 0
  let waiting: (() => void)[] = []
  server.on('connection', (socket) => {
    open.add(socket)
    socket.once('close', () => {
      open.delete(socket)
      read += socket.bytesRead
      if (open.size > 0) return
      for (const tell of waiting) tell()
      waiting = []
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    port: (server.address() as AddressInfo).port,
    server,
    open,
    read() {
      const before = read
      read = 0
      return before
    },
    async gone(timeoutMs = 20_000) {
      if (open.size === 0) return
      const { promise, resolve, reject } = Promise.withResolvers<void>()
      const timer = setTimeout(() => reject(new Error(`${open.size} connections are still there`)), timeoutMs)
      waiting.push(resolve)
      await promise.finally(() => clearTimeout(timer))
    },
    async close() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
