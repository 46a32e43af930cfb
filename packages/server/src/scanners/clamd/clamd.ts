/**
 * ClamAV's daemon, by its INSTREAM command (clamd(8)): pieces with their length before them, a piece of no length, one
 * line back. `clamd:///run/clamav/clamd.ctl` for a socket of this machine, `clamd://host:3310` for another.
 */
import { connect } from 'node:net'
import { ScannerDown, type ScannerKind } from '../scanner.ts'

const timeout = 30_000
const longestAnswer = 1024

export const clamd: ScannerKind = ({ hostname, port, pathname }) => ({
  async scan(content, signal) {
    const socket = hostname ? connect({ host: hostname.replace(/^\[|\]$/g, ''), port: Number(port) || 3310 }) : connect(decodeURIComponent(pathname))
    const { promise: answered, resolve, reject } = Promise.withResolvers<string>()
    answered.catch(() => {})
    let answer = ''
    const fail = (why: string) => {
      reject(new ScannerDown(why))
      socket.destroy()
    }
    const stop = () => fail('stopped')
    socket.setTimeout(timeout, () => fail('it takes too long'))
    socket.on('error', (error: NodeJS.ErrnoException) => fail(error.code ?? 'connection'))
    socket.on('close', () => reject(new ScannerDown('it hung up')))
    socket.on('data', (piece) => {
      answer += piece.toString('latin1')
      if (answer.includes('\0')) resolve(answer.slice(0, answer.indexOf('\0')))
      else if (answer.length > longestAnswer) fail('it says too much')
    })
    signal?.addEventListener('abort', stop)
    try {
      socket.write('zINSTREAM\0')
      for await (const piece of content) {
        if (piece.length === 0) continue
        const length = Buffer.alloc(4)
        length.writeUInt32BE(piece.length)
        socket.write(length)
        if (!socket.write(piece)) await Promise.race([new Promise((drained) => socket.once('drain', drained)), answered])
        if (socket.destroyed) break
      }
      if (!socket.destroyed) socket.write(Buffer.alloc(4))
      return verdict(await answered)
    } finally {
      signal?.removeEventListener('abort', stop)
      socket.destroy()
      await content.cancel().catch(() => {})
    }
  },
})

/** Only these very words say that it is clean. */
function verdict(answer: string): 'clean' | 'infected' {
  if (answer === 'stream: OK') return 'clean'
  if (/^stream: .+ FOUND$/.test(answer)) return 'infected'
  throw new ScannerDown('it could not look')
}
