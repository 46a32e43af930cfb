/**
 * Cuts connections whose client does not fetch its answer. Node has times for what comes in and none for what goes out:
 * a reader that takes a byte a second would hold an answer in memory for days.
 */
import type { Server } from 'node:http'
import type { Socket } from 'node:net'

export interface ReaderLimits {
  /** Milliseconds between looks. */
  every: number
  /** Milliseconds without progress that anybody is granted: trains go through tunnels. */
  grace: number
  /** Least speed for what was handed over in one piece, in bytes a second. */
  speed: number
}

export const readerLimits: ReaderLimits = { every: 5000, grace: 15_000, speed: 32_768 }

/** Only those that something waits for are looked at: a stream that has nothing to say may be silent for as long as it likes. */
export function cutSlowReaders(server: Server, { every, grace, speed }: ReaderLimits): void {
  const sockets = new Map<Socket, { taken: number; until: number } | null>()
  server.on('connection', (socket: Socket) => {
    sockets.set(socket, null)
    socket.once('close', () => sockets.delete(socket))
  })
  const look = () => {
    const now = performance.now()
    for (const [socket, before] of sockets) {
      const waiting = socket.writableLength
      const taken = socket.bytesWritten - waiting
      if (waiting === 0) sockets.set(socket, null)
      else if (!before || taken > before.taken) sockets.set(socket, { taken, until: now + grace + (waiting / speed) * 1000 })
      // Not ended but reset: what the system still holds for this reader is let go of as well.
      else if (now > before.until) socket.resetAndDestroy()
    }
  }
  const timer = setInterval(look, every).unref()
  server.once('close', () => clearInterval(timer))
}
