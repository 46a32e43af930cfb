import { readdirSync, readFileSync } from 'node:fs'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { createServer as createSecureServer } from 'node:https'
import { createServer as createTcp, getDefaultAutoSelectFamily, setDefaultAutoSelectFamily, type Server as TcpServer } from 'node:net'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { listen } from '../demo.ts'
import { insideHosts, insideNames } from '../testing/inside-addresses.ts'
import { selfSigned } from '../testing/self-signed.ts'
import { EgressError, type EgressFailure, createEgress as openEgress, type Resolve } from './egress.ts'
import { isLoopback, isPublicAddress } from './public-address.ts'

/** What must never be reached. */
let canary: TcpServer
let canaryPort = 0
let reached = 0
let server: Server
let port = 0
let handle: (request: IncomingMessage, response: ServerResponse) => void = (_, response) => response.end('hello')

beforeAll(async () => {
  canary = createTcp((socket) => {
    reached++
    socket.destroy()
  })
  canaryPort = await listen(canary as Server, 0, '127.0.0.1')
  server = createServer((request, response) => handle(request, response))
  port = await listen(server, 0, '127.0.0.1')
})
beforeEach(() => {
  handle = (_, response) => response.end('hello')
})
afterAll(() => {
  canary.close()
  server.closeAllConnections()
  server.close()
})

const createEgress = (allow: string[], resolve?: Resolve) => openEgress(allow, resolve).call
const failure = async (promise: Promise<unknown>): Promise<EgressFailure | 'none'> => {
  try {
    await promise
    return 'none'
  } catch (error) {
    if (error instanceof EgressError) return error.failure
    throw error
  }
}
const inside: Resolve = async () => [{ address: '127.0.0.1', family: 4 }]

describe('where nobody is called', () => {
  it.each(insideHosts)('CVE-2025-64709: %s, however it is spelt', async (host) => {
    const call = createEgress([])
    expect(await failure(call({ url: `https://${host}/` }))).toBe('refused')
    expect(await failure(call({ url: `https://${host}:${canaryPort}/` }))).toBe('refused')
    expect(await failure(call({ url: `http://${host}:${canaryPort}/` }))).toBe('refused')
    expect(reached).toBe(0)
  })

  it.each(insideNames)('%s, which stands for an address inside', async (name) => {
    expect(await failure(createEgress([], inside)({ url: `https://${name}/` }))).toBe('refused')
    expect(reached).toBe(0)
  })

  it('a name with one address inside among public ones', async () => {
    for (const address of ['::1', '::ffff:7f00:1', '10.1.2.3', '169.254.169.254', 'fe80::1%lo', 'nonsense']) {
      const resolve: Resolve = async () => [
        { address: '93.184.215.14', family: 4 },
        { address, family: address.includes(':') ? 6 : 4 },
      ]
      expect(await failure(createEgress([], resolve)({ url: 'https://mixed.example/' }))).toBe('refused')
    }
  })

  it.each([
    'http://www.example.org/',
    'https://www.example.org:8443/',
    'https://user:secret@www.example.org/',
    'https://user@www.example.org/',
    'ftp://www.example.org/',
    'file:///etc/passwd',
    'gopher://x/',
    'data:text/plain,x',
    'javascript:1',
    'unix:/run/x.sock',
    '//www.example.org/',
    '',
    'https://',
    'https:///',
    'https://[::1',
    'https://exa mple.org',
    'https://0x7f.1:99999/',
  ])('%s', async (url) => {
    const resolve = vi.fn(inside)
    expect(await failure(createEgress([], resolve)({ url }))).toBe('refused')
    expect(resolve).not.toHaveBeenCalled()
  })

  it('an address that a name changes to after it was looked at', async () => {
    let asked = 0
    // Public when it is looked at, ours when it is connected to: a second look-up would walk into it.
    const resolve: Resolve = async () => [{ address: asked++ === 0 ? '192.0.2.77' : '127.0.0.1', family: 4 }]
    expect(await failure(createEgress([], resolve)({ url: `https://rebind.example/` }))).toBe('refused')
    const open = createEgress([`rebind.example:${port}`], async () => [{ address: asked++ % 2 === 0 ? '127.0.0.1' : '192.0.2.1', family: 4 }])
    asked = 0
    expect(Buffer.from((await open({ url: `http://rebind.example:${port}/` })).body).toString()).toBe('hello')
    expect(asked).toBe(1)
  })
})

it('says beforehand what it will not call, by the form of the address', () => {
  const { admits } = openEgress(['127.0.0.1:9000', 'hooks.intra.example:8080'])
  for (const url of ['https://hooks.example.org/a?b=c', 'http://127.0.0.1:9000/', 'http://HOOKS.intra.example.:8080/', 'https://93.184.215.14/'])
    expect(admits(url), url).toBe(true)
  for (const url of ['http://hooks.example.org/', 'https://hooks.example.org:444/', 'http://127.0.0.1:9001/', 'https://10.0.0.1/', 'https://[::1]/', 'no'])
    expect(admits(url), url).toBe(false)
})

it('calls nobody by a name that stands for no address', async () => {
  expect(await failure(createEgress([], async () => [])({ url: 'https://nothing.example/' }))).toBe('name')
})

describe('a host is this machine', () => {
  it.each([
    ['localhost', true],
    ['LocalHost.', true],
    ['127.0.0.1', true],
    ['127.8.9.10', true],
    ['[::1]', true],
    ['::1', true],
    ['[::ffff:127.0.0.1]', true],
    ['10.0.0.1', false],
    ['[::2]', false],
    ['localhost.example', false],
    ['notlocalhost', false],
    ['', false],
  ])('%s: %s', (host, here) => expect(isLoopback(host)).toBe(here))
})

describe('an address is public', () => {
  it('when the internet gives it out', () => {
    for (const address of ['1.1.1.1', '93.184.215.14', '2606:4700::1111', '::ffff:8.8.8.8']) expect(isPublicAddress(address)).toBe(true)
  })
  it('but not when it cannot be read', () => {
    for (const address of ['', 'localhost', '1.2.3.4.5', 'fe80::1%eth0', '::ffff:10.0.0.1']) expect(isPublicAddress(address)).toBe(false)
  })
})

describe('what an operator allows', () => {
  const url = () => `http://127.0.0.1:${port}/`

  it('Typebot #2475: is called, by host and port, and nothing beside it', async () => {
    const call = createEgress([`127.0.0.1:${port}`])
    expect(await call({ url: url() })).toMatchObject({ status: 200, truncated: false })
    expect(await failure(call({ url: `http://127.0.0.1:${canaryPort}/` }))).toBe('refused')
    expect(await failure(call({ url: `http://localhost:${port}/` }))).toBe('refused')
    // The same place in another spelling is the same place.
    expect((await call({ url: `http://2130706433:${port}/` })).status).toBe(200)
    expect(reached).toBe(0)
  })

  it('would be reached at the canary too, which shows that the canary sings', async () => {
    await failure(createEgress([`127.0.0.1:${canaryPort}`])({ url: `http://127.0.0.1:${canaryPort}/` }))
    expect(reached).toBe(1)
    reached = 0
  })

  it('is sent what was asked for', async () => {
    const got = Promise.withResolvers<string>()
    handle = async (request, response) => {
      let body = ''
      for await (const piece of request) body += piece
      got.resolve(`${request.method} ${request.headers['x-a']} ${request.headers['content-length']} ${request.headers.host} ${body}`)
      response.writeHead(202).end()
    }
    const response = await createEgress([`127.0.0.1:${port}`])({ url: url(), method: 'POST', headers: { 'X-A': '1' }, body: new TextEncoder().encode('héllo') })
    expect([response.status, await got.promise]).toEqual([202, `POST 1 6 127.0.0.1:${port} héllo`])
  })

  it.each([301, 302, 303, 307, 308])('Formbricks PR #7871: does not lead elsewhere by %i', async (status) => {
    handle = (_, response) => response.writeHead(status, { Location: `http://127.0.0.1:${canaryPort}/` }).end()
    const call = createEgress([`127.0.0.1:${port}`, `127.0.0.1:${canaryPort}`])
    expect((await call({ url: url() })).status).toBe(status)
    expect(reached).toBe(0)
  })

  it('is read up to a limit', async () => {
    let written = 0
    handle = (_, response) => {
      const piece = Buffer.alloc(65_536)
      const more = () => {
        while (!response.destroyed && response.write(piece)) written += piece.length
        written += piece.length
      }
      response.on('drain', more)
      more()
    }
    const response = await createEgress([`127.0.0.1:${port}`])({ url: url(), maxBytes: 1_000_000 })
    expect([response.body.length, response.truncated]).toEqual([1_000_000, true])
    await new Promise((go) => setTimeout(go, 50))
    expect(written).toBeLessThan(20_000_000)
  })

  it('has so long and no longer, whichever part of it is slow', async () => {
    const call = createEgress([`127.0.0.1:${port}`])
    handle = () => {}
    expect(await failure(call({ url: url(), timeoutMs: 100 }))).toBe('timeout')
    handle = (_, response) => {
      response.write('a')
      const drip = setInterval(() => response.write('a'), 20)
      response.on('close', () => clearInterval(drip))
    }
    const began = performance.now()
    expect(await failure(call({ url: url(), timeoutMs: 200 }))).toBe('timeout')
    expect(performance.now() - began).toBeLessThan(2000)
    const never: Resolve = () => new Promise(() => {})
    expect(await failure(createEgress([], never)({ url: 'https://slow.example/', timeoutMs: 50 }))).toBe('timeout')
  })

  it('is not called with a certificate that nobody vouches for', async () => {
    let heard = 0
    const secure = createSecureServer(selfSigned(), (_, response) => {
      heard++
      response.end('hello')
    })
    const place = `localhost:${await listen(secure as unknown as Server, 0, '127.0.0.1')}`
    try {
      expect(await failure(createEgress([place], inside)({ url: `https://${place}/` }))).toBe('certificate')
      expect(heard).toBe(0)
      // The control: the same server answers whoever asks for no voucher.
      const { get } = await import('node:https')
      const answered = Promise.withResolvers<number | undefined>()
      get(
        `https://${place}/`,
        { rejectUnauthorized: false, lookup: (_host, _options, done) => done(null, [{ address: '127.0.0.1', family: 4 }]) },
        (answer) => {
          answer.resume()
          answered.resolve(answer.statusCode)
        },
      ).on('error', answered.reject)
      expect([await answered.promise, heard]).toEqual([200, 1])
    } finally {
      secure.closeAllConnections()
      secure.close()
    }
  })

  it.each([true, false])('goes to the addresses that were looked at, whether one or several are tried: %s', async (several) => {
    const before = getDefaultAutoSelectFamily()
    setDefaultAutoSelectFamily(several)
    try {
      const call = createEgress([`somewhere.example:${port}`], inside)
      expect(Buffer.from((await call({ url: `http://somewhere.example:${port}/` })).body).toString()).toBe('hello')
    } finally {
      setDefaultAutoSelectFamily(before)
    }
  })

  it('says what went wrong, and is given up when told so', async () => {
    const call = createEgress([`127.0.0.1:${port}`, `127.0.0.1:${canaryPort}`])
    handle = (request) => request.socket.destroy()
    expect(await failure(call({ url: url() }))).toBe('connection')
    // No TLS is spoken there, which says nothing of a certificate.
    expect(await failure(call({ url: `https://127.0.0.1:${port}/` }))).toBe('connection')
    expect(await failure(createEgress([], () => Promise.reject(new Error('ENOTFOUND')))({ url: 'https://nowhere.example/' }))).toBe('name')
    handle = () => {}
    const stop = new AbortController()
    const call2 = failure(call({ url: url(), signal: stop.signal }))
    setTimeout(() => stop.abort(), 30)
    expect(await call2).toBe('stopped')
    expect(await failure(call({ url: url(), signal: stop.signal }))).toBe('stopped')
  })
})

it('is the only file that calls out; where database and mail server are the operator says, and the command line is his', () => {
  const root = join(import.meta.dirname, '..')
  const calls = /\bfetch\(|from '(?:node:https|undici|axios|node:tls)'|\b(?:httpRequest|request)\(url|\bconnect\(/
  const found = readdirSync(root, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts') && !/^(?:testing|store\/postgres)\//.test(file))
    .filter((file) => calls.test(readFileSync(join(root, file), 'utf8').replace(/app\.fetch\(/g, '')))
  expect(found.sort()).toEqual([
    'backup/postgres-snapshot.ts',
    'backup/restore.ts',
    'commands/types.ts',
    'deliveries/email/mail.ts',
    'doctor/page/page-doctor.ts',
    'egress/egress.ts',
    'scanners/clamd/clamd.ts',
  ])
})
