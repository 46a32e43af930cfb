/**
 * Cuts connections whose client does not fetch its answer. Node has times for what comes in and none for what goes out:
 * a reader that takes a byte a second would hold an answer in memory for days, and a thousand of them a thousand answers.
 */
import type { Server } from 'node:http'
import type { Socket } from 'node:net'

export interface ReaderLimits {
  /** Milliseconds between looks. */
  every: number
  /** Milliseconds without progress that anybody is granted: trains go through tunnels. */
  grace: number
  /** Bytes that may wait for all readers together. Beyond it those who took nothing at three looks in a row are cut at once. */
  most: number
}

export const readerLimits: ReaderLimits = { every: 1000, grace: 15_000, most: 64 * 2 ** 20 }

/** How far a reader was when it was looked at. */
interface Progress {
  /** Bytes of answers that are done. */
  taken: number
  /** Bytes of the one under way that the system has not taken yet. */
  queued: number
  since: number
  /** Looks since then. A server that was busy itself has not looked, and has written nothing either. */
  looks: number
}

/** Only those that something waits for are looked at: a stream that has nothing to say may be silent for as long as it likes. */
export function cutSlowReaders(server: Server, { every, grace, most }: ReaderLimits): void {
  const sockets = new Map<Socket, Progress | null>()
  server.on('connection', (socket: Socket) => {
    sockets.set(socket, null)
    socket.once('close', () => sockets.delete(socket))
  })
  const look = () => {
    const now = performance.now()
    let together = 0
    const still: Socket[] = []
    for (const [socket, before] of sockets) {
      const waiting = socket.writableLength
      together += waiting
      const [taken, queued] = [socket.bytesWritten - waiting, queuedIn(socket)]
      if (waiting === 0) sockets.set(socket, null)
      else if (!before || taken > before.taken || queued < before.queued) sockets.set(socket, { taken, queued, since: now, looks: 0 })
      else if (now - before.since > grace) cut(socket)
      else if (++before.looks >= 3) still.push(socket)
    }
    for (const socket of still.sort((a, b) => b.writableLength - a.writableLength)) {
      if (together <= most) break
      together -= socket.writableLength
      cut(socket)
    }
  }
  const timer = setInterval(look, every).unref()
  server.once('close', () => clearInterval(timer))
}

/** Not ended but reset: what the system still holds for this reader is let go of as well. */
const cut = (socket: Socket) => socket.resetAndDestroy()

/** What libuv has not handed on yet: Node's own time-outs look at it too. Of a large piece nothing else shows that it moves. */
const queuedIn = (socket: Socket) => (socket as Socket & { _handle?: { writeQueueSize?: number } | null })._handle?.writeQueueSize ?? 0
