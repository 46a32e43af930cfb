/**
 * How many connections one address may have open: whoever takes all that a server has keeps everybody else out, without a single
 * request that rates could count. Of IPv6 the first 64 bits count, which is what one household is given (RFC 6177).
 */
import type { Server } from 'node:http'
import { isIPv6 } from 'node:net'

/** The address as it is counted. */
export function countedAddress(address: string): string {
  const v4 = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1]
  if (v4 !== undefined || !isIPv6(address)) return v4 ?? address
  const [before = [], after] = (address.split('%')[0] as string).split('::').map((part) => part.split(':').filter(Boolean))
  const groups = after ? [...before, ...Array(8 - before.length - after.length).fill('0'), ...after] : before
  return groups
    .slice(0, 4)
    .map((group) => group.toLowerCase().replace(/^0+(?=.)/, ''))
    .join(':')
}

/** Closes connections beyond `most` of one address as they come, before a byte of them is read. */
export function limitConnections(server: Server, most: number): void {
  const open = new Map<string, number>()
  server.on('connection', (socket) => {
    const { remoteAddress } = socket
    // Gone already.
    if (remoteAddress === undefined) return
    const address = countedAddress(remoteAddress)
    const count = (open.get(address) ?? 0) + 1
    if (count > most) {
      socket.destroy()
      return
    }
    open.set(address, count)
    socket.once('close', () => {
      const left = (open.get(address) ?? 1) - 1
      if (left > 0) open.set(address, left)
      else open.delete(address)
    })
  })
}
