import { createServer, type Server } from 'node:http'
import { connect, type Socket } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import { countedAddress, limitConnections } from './connections-per-address.ts'
import { type Listening, listening } from './testing/listening.ts'

const open: Socket[] = []
let at: Listening | null = null
afterEach(async () => {
  for (const socket of open.splice(0)) socket.destroy()
  await at?.close()
})

/** Connects, and asks. Gives the first line of the answer; empty: it was closed without one. */
const ask = (port: number) =>
  new Promise<string>((resolve) => {
    const socket = connect(port, '127.0.0.1', () => socket.write('GET / HTTP/1.1\r\nHost: a\r\n\r\n'))
    open.push(socket)
    socket.once('data', (bytes) => resolve(String(bytes).split('\r\n')[0] as string))
    socket.once('error', () => resolve(''))
    socket.once('close', () => resolve(''))
  })
const askedTimes = async (server: Server, times: number) => {
  at = await listening(server)
  const answers: string[] = []
  for (let i = 0; i < times; i++) answers.push(await ask(at.port))
  return answers
}
const well = 'HTTP/1.1 200 OK'
const server = () => createServer((_, response) => void response.end())

describe('connections of one address', () => {
  it('are taken up to so many, and again when some have gone', async () => {
    const limited = server()
    limitConnections(limited, 3)
    expect(await askedTimes(limited, 5)).toEqual([well, well, well, '', ''])
    const [first] = open
    const closed = new Promise<void>((resolve) => {
      limited.getConnections((_, before) => {
        const look = () => limited.getConnections((__, now) => (now < before ? resolve() : setImmediate(look)))
        first?.destroy()
        look()
      })
    })
    await closed
    expect(await ask((at as Listening).port)).toBe(well)
    expect(await ask((at as Listening).port)).toBe('')
  })

  it('are all taken without the limit', async () => {
    expect(await askedTimes(server(), 5)).toEqual(Array(5).fill(well))
  })

  it.each([
    ['192.0.2.7', '192.0.2.7'],
    ['::ffff:192.0.2.7', '192.0.2.7'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2'],
    ['2001:DB8:1:2::9', '2001:db8:1:2'],
    ['2001:db8:0001:2:ffff::', '2001:db8:1:2'],
    ['2001:db8::1', '2001:db8:0:0'],
    ['fe80::1%eth0', 'fe80:0:0:0'],
    ['::1', '0:0:0:0'],
  ])('of %s are those of %s', (address, counted) => {
    expect(countedAddress(address)).toBe(counted)
  })
})
