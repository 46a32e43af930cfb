import { spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { Agent, get, Server } from 'node:http'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { readConfig } from './config.ts'
import { DataDirInUse } from './data-dir-lock.ts'
import { demoPolicy } from './demo.ts'
import { watchBuilds } from './dev/changes.ts'
import { openKeyFolder } from './keys/key-folder.ts'
import { type RunningServer, startServer } from './server.ts'
import { createWorld, definitionOf, foreign, newKey } from './testing/world.ts'

const folder = mkdtempSync(join(tmpdir(), 'guichet-server-'))
const examples = join(folder, 'examples')
const env = { PORT: '0', DEMO_PORT: '0', DATA_DIR: join(folder, 'data'), EXAMPLES_DIR: examples, LOG_LEVEL: 'silent' }
const write = async (id: string, content: object, policy?: object) => {
  mkdirSync(join(examples, id), { recursive: true })
  writeFileSync(join(examples, id, 'definition.json'), JSON.stringify(content))
  if (policy) writeFileSync(join(examples, id, 'policy.json'), JSON.stringify(policy))
}

let server: RunningServer
beforeAll(async () => {
  await write(
    'library-card',
    definitionOf((definition) => (definition.window = { opens: '2001-01-05', closes: '2001-01-06' })),
  )
  await write(
    'second-card',
    definitionOf((definition) => (definition.id = 'second-card')),
    { rules: { uploads: { maxFiles: 7 } } },
  )
  await write('faulty', { id: 'faulty', format: 1 })
  server = await startServer(readConfig(env))
})
afterAll(async () => {
  await server.close()
  rmSync(folder, { recursive: true, force: true })
})

const services = async () =>
  ((await (await fetch(`${server.url}/v1/services`)).json()) as { services: { service: string }[] }).services.map(({ service }) => service)
const versionOf = async (service: string) => ((await (await fetch(`${server.url}/v1/services/demo/${service}`)).json()) as { version: number }).version

const cli = (file: string, args: string[], more: Record<string, string> = {}) => {
  const child = spawn(process.execPath, [fileURLToPath(new URL(file, import.meta.url)), ...args], { env: { PATH: process.env.PATH ?? '', ...more } })
  let [out, err] = ['', '']
  child.stdout.on('data', (data) => (out += data))
  child.stderr.on('data', (data) => (err += data))
  return { child, read: () => ({ out, err }), end: new Promise<number | null>((resolve) => child.on('close', resolve)) }
}

describe('a started server', () => {
  it('offers the examples that can be published, and links', async () => {
    expect(await services()).toEqual(['library-card', 'second-card'])
    expect(server.serviceUrl).toBe(`${server.url}/s/demo/library-card`)
    expect(server.setupUrl).toMatch(new RegExp(`^${server.url}/builder/#setup=[\\w-]{43}$`))
    expect(new URL(server.demoUrl!).host).not.toBe(new URL(server.url).host)
  })

  it('serves the demo page from another origin, under the strict policy, with one script tag', async () => {
    const first = await fetch(`${server.demoUrl}/`)
    expect(first.headers.get('content-security-policy')).toBe(demoPolicy(server.url))
    const html = await first.text()
    expect(html.match(/<script/g)).toHaveLength(1)
    expect(html).toContain(`<script type="module" src="${server.url}/embed.js" data-service="demo/library-card"></script>`)
    expect(html).not.toMatch(/style=|<style/)
    expect([...html.matchAll(/(?:href|src)="(http[^"]+)"/g)].map(([, address]) => new URL(address as string).origin)).toEqual([server.url, server.url])
    expect(await (await fetch(`${server.demoUrl}/second-card`)).text()).toContain('data-service="demo/second-card"')
    expect((await fetch(`${server.demoUrl}/nothing`)).status).toBe(404)
    // The page's origin is the one that the seeded policies let in, also where an example has a policy about other things.
    for (const service of ['library-card', 'second-card']) {
      const view = await fetch(`${server.url}/v1/services/demo/${service}`, { headers: { Origin: server.demoUrl! } })
      expect(view.headers.get('access-control-allow-origin')).toBe(server.demoUrl)
      const elsewhere = await fetch(`${server.url}/v1/services/demo/${service}`, { headers: { Origin: 'https://elsewhere.example' } })
      expect(elsewhere.status).toBe(403)
    }
  })

  it('offers examples on any day, whatever window their files state', async () => {
    const view = (await (await fetch(`${server.url}/v1/services/demo/library-card`)).json()) as { open: object; definition: object }
    expect(view.open).toEqual({ state: 'open' })
    expect(view.definition).not.toHaveProperty('window')
  })

  it('takes a submission and a file over a real connection', async () => {
    const file = await fetch(`${server.url}/v1/services/demo/library-card/attachments?target=student_id&name=card.pdf`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/pdf' },
      body: '%PDF-1.4 %%EOF',
    })
    expect(file.status).toBe(201)
    const { id } = (await file.json()) as { id: string }
    const response = await fetch(`${server.url}/v1/services/demo/library-card/submissions`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', 'Idempotency-Key': newKey() },
      body: JSON.stringify({ version: 1, language: 'en', answers: { name: 'Sam', student: true, school: 'X', cards: [] }, documents: { student_id: [id] } }),
    })
    expect(response.status).toBe(201)
  })

  it('reads no more of a body than it takes, whatever length is announced', async () => {
    const { hostname, port } = new URL(server.url)
    /** Sends raw bytes until the other side closes or stops reading; gives the answer's first line and how much went out. */
    const raw = (head: string, body: (i: number) => string, pieces: number) =>
      new Promise<{ line: string; sent: number }>((resolve) => {
        let answer = ''
        let sent = 0
        const socket = connect(Number(port), hostname, async () => {
          socket.write(
            `POST /v1/services/demo/library-card/submissions HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nIdempotency-Key: ${newKey()}\r\n${head}\r\n\r\n`,
          )
          for (let i = 0; i < pieces && !socket.destroyed && answer === ''; i++) {
            const piece = body(i)
            sent += piece.length
            if (!socket.write(piece)) await new Promise((go) => setTimeout(go, 5))
          }
        })
        socket.on('data', (data) => {
          answer += data
          socket.destroy()
        })
        socket.on('error', () => {})
        socket.on('close', () => resolve({ line: answer.split('\r\n')[0] ?? '', sent }))
      })
    const piece = `10000\r\n${'x'.repeat(0x10000)}\r\n`
    const chunked = await raw('Transfer-Encoding: chunked', () => piece, 2000)
    expect(chunked.line).toMatch(/ 413 /)
    // 131 MB were on offer; what went out filled the sockets' buffers.
    expect(chunked.sent).toBeLessThan(250 * piece.length)
    expect((await raw('Content-Length: 99999999', () => 'x', 1)).line).toMatch(/ 413 /)
    expect((await raw('Content-Length: many', () => 'x', 1)).line).toMatch(/ 400 /)
    expect((await raw('Content-Length: 2', () => '{}', 1)).line).toMatch(/ 400 /)
  })
})

describe('a second start', () => {
  it('leaves alone what a person saved, follows changed examples, and offers set-up until there is a user', async () => {
    const before = server.setupUrl
    const agency = server.adapters.store.agency((await server.adapters.store.findAgency('demo'))!)
    const draft = (await agency.service('second-card'))!
    await agency.saveService({ ...draft, definition: { ...(draft.definition as object), 'x-mine': true } }, draft.revision, {
      actor: 'user:u1',
      at: '2026-01-05T08:00:00.000Z',
    })
    const [first, second] = [await versionOf('library-card'), await versionOf('second-card')]
    await server.close()
    await write(
      'library-card',
      definitionOf((definition) => (definition.title = { en: 'Changed', el: 'Άλλο' })),
    )
    await write(
      'second-card',
      definitionOf((definition) => (definition.id = 'second-card')),
    )
    const { demoPort, ...rest } = readConfig(env)
    server = await startServer({ ...rest, demoPort: Number(new URL(server.demoUrl!).port) })
    expect([await versionOf('library-card'), await versionOf('second-card')]).toEqual([first + 1, second])
    expect(server.setupUrl).not.toBe(before)
    const again = server.demoUrl
    await server.close()
    server = await startServer({ ...rest, demoPort: Number(new URL(again!).port) })
    expect(await versionOf('library-card')).toBe(first + 1)
    expect(demoPort).toBe(0)
  })
})

describe('live reload', () => {
  it('is not there, unless the server is told to be one for development', async () => {
    for (const path of ['/dev/changes', '/dev/reload.js']) expect((await fetch(`${server.url}${path}`)).status).toBe(404)
  })

  it('tells when a build is over, and lets go when the server stops', async () => {
    const web = {
      runtime: join(folder, 'web/runtime'),
      builder: join(folder, 'web/builder'),
      receipts: join(folder, 'web/receipts'),
      desk: join(folder, 'web/desk'),
      runtimeMessages: '',
    }
    mkdirSync(web.runtime, { recursive: true })
    const world = await createWorld({ GUICHET_DEV: '1' })
    const changes = watchBuilds(web, 20)
    changes.serve(world.app)
    const client = await world.request('/dev/reload.js', { headers: { Origin: foreign } })
    expect([client.status, client.headers.get('access-control-allow-origin')]).toEqual([200, '*'])
    const response = await world.request('/dev/changes', { headers: { Origin: foreign } })
    expect([response.headers.get('content-type'), response.headers.get('access-control-allow-origin')]).toEqual(['text/event-stream', '*'])
    const reader = response.body!.getReader()
    const next = async () => /data: (.*)\n/.exec(new TextDecoder().decode((await reader.read()).value))?.[1]
    const first = await next()
    writeFileSync(join(web.runtime, 'embed.js'), 'export {}')
    const second = await next()
    expect([first, second]).toEqual([expect.stringMatching(/^\S+ 0$/), expect.stringMatching(/^\S+ 1$/)])
    // Whoever comes later is told the same.
    const later = await world.request('/dev/changes')
    expect(/data: (.*)\n/.exec(new TextDecoder().decode((await later.body!.getReader().read()).value))?.[1]).toBe(second)
    changes.close()
    expect((await reader.read()).done).toBe(true)
    await world.close()
  })

  it('holds up no server that stops', async () => {
    const dev = await startServer(readConfig({ ...env, DATA_DIR: join(folder, 'dev'), EXAMPLES_DIR: 'off', GUICHET_DEV: '1' }))
    const reader = (await fetch(`${dev.url}/dev/changes`)).body!.getReader()
    expect((await reader.read()).done).toBe(false)
    const from = performance.now()
    await dev.close()
    expect(performance.now() - from).toBeLessThan(2000)
    expect((await reader.read()).done).toBe(true)
  })
})

describe('a connection without a request', () => {
  it('is closed by the proxy before it is closed here, and soon where there is none', async () => {
    const told: (string | null)[] = []
    for (const TRUST_PROXY of ['0', '1']) {
      const own = await startServer(readConfig({ ...env, TRUST_PROXY, DATA_DIR: join(folder, `idle-${TRUST_PROXY}`), EXAMPLES_DIR: 'off' }))
      const answer = await fetch(`${own.url}/healthz`)
      await answer.arrayBuffer()
      told.push(answer.headers.get('keep-alive'))
      await own.close()
    }
    expect(told).toEqual(['timeout=5', 'timeout=130'])
  })
})

describe('a server that stops', () => {
  it('lets go of clients who keep their connection and go on asking', async () => {
    const own = await startServer(readConfig({ ...env, DATA_DIR: join(folder, 'stops'), EXAMPLES_DIR: 'off' }))
    const agent = new Agent({ keepAlive: true, maxSockets: 1 })
    const ask = () =>
      new Promise<number | string>((resolve) => {
        const asked = get(`${own.url}/healthz`, { agent }, (answer) => answer.resume().on('end', () => resolve(Number(answer.statusCode))))
        asked.on('error', (error: NodeJS.ErrnoException) => resolve(String(error.code)))
      })
    expect(await ask()).toBe(200)
    let over = false
    // The control: a server that closes no idle connection is held up by this client for as long as it asks.
    const kept = vi.spyOn(Server.prototype, 'closeIdleConnections').mockImplementation(() => {})
    const ended = own.close().then(() => {
      over = true
    })
    for (let i = 0; i < 30; i++) {
      expect(await ask()).toBe(200)
      await sleep(10)
    }
    expect(over).toBe(false)
    kept.mockRestore()
    let said: number | string = 200
    while (said === 200) {
      said = await ask()
      await sleep(10)
    }
    expect(said).toMatch(/^ECONN/)
    await ended
    agent.destroy()
  })
})

describe('the data folder', () => {
  it('takes one server at a time, and says who has it', async () => {
    const second = startServer(readConfig(env))
    await expect(second).rejects.toThrow(DataDirInUse)
    await expect(second).rejects.toThrow(new RegExp(`${env.DATA_DIR} .*process ${process.pid} `))
    // The first goes on.
    expect((await fetch(`${server.url}/readyz`)).status).toBe(200)
    const other = cli('./main.ts', [], env)
    expect([await other.end, other.read()]).toEqual([1, { out: '', err: expect.stringContaining('Stop that one first') }])
  })

  it('is free again when its server was killed, or never came up', async () => {
    const own = { ...env, DATA_DIR: join(folder, 'killed'), EXAMPLES_DIR: 'off' }
    const killed = cli('./main.ts', [], own)
    await expect.poll(() => killed.read().out, { timeout: 15_000 }).toMatch(/Demo agency page/)
    await expect(startServer(readConfig(own))).rejects.toThrow(`process ${killed.child.pid} `)
    killed.child.kill('SIGKILL')
    await killed.end
    const taken = { ...readConfig(own), port: Number(new URL(server.url).port) }
    await expect(startServer(taken)).rejects.toThrow('EADDRINUSE')
    const next = await startServer(readConfig(own))
    await next.close()
  }, 30_000)
})

describe('a port that another program has', () => {
  it.each(['PORT', 'DEMO_PORT', 'METRICS_PORT'])(
    'of %s stops the start, and leaves nothing that listens',
    async (setting) => {
      const started = cli('./main.ts', [], { ...env, DATA_DIR: join(folder, setting), EXAMPLES_DIR: 'off', [setting]: new URL(server.url).port })
      const ended = await Promise.race([started.end, sleep(15_000)])
      started.child.kill('SIGKILL')
      expect(ended, started.read().out).toBe(1)
      expect(started.read().err).toMatch(new RegExp(`^listen EADDRINUSE.*${setting}.*\n$`))
    },
    20_000,
  )
})

describe('the key folder', () => {
  it('is for us alone, and its keys stay the same', () => {
    const keys = join(env.DATA_DIR, 'keys')
    expect(statSync(keys).mode & 0o777).toBe(0o700)
    expect(statSync(join(keys, 'pepper.key')).mode & 0o777).toBe(0o600)
    const [one, two] = [openKeyFolder(keys, new Date()), openKeyFolder(keys, new Date())]
    expect(one.publicKeys).toEqual(two.publicKeys)
    expect(one.signer.sign('x')).toBe(two.signer.sign('x'))
    expect(Buffer.from(one.pepper)).toEqual(Buffer.from(two.pepper))
  })

  it('has a key a month and agency, and none that was destroyed', () => {
    const keys = openKeyFolder(join(folder, 'other-keys'), new Date())
    const agency = 'city' as never
    const january = keys.currentKek(agency, new Date('2026-01-31T23:59:59Z'))
    expect(january.bucket).toBe('2026-01')
    const february = keys.currentKek(agency, new Date('2026-02-01T00:00:00Z'))
    expect(february.bucket).toBe('2026-02')
    expect(Buffer.from(january.wrapping('city|card|1')).equals(february.wrapping('city|card|1'))).toBe(false)
    expect(keys.kek(agency, '2026-01')).toBe(january)
    expect(() => keys.kek('town' as never, '2026-01')).toThrow()
    expect(() => keys.kek(agency, '../../pepper')).toThrow()
  })
})

describe('the command line', () => {
  it('helps, and names every mistake', async () => {
    const help = cli('./main.ts', ['--help'])
    expect([await help.end, help.read().out]).toEqual([0, expect.stringContaining('DATA_DIR')])
    const wrong = cli('./main.ts', [], { PORT: 'x', LOG_LEVEL: 'y' })
    expect(await wrong.end).toBe(2)
    expect(wrong.read().err).toMatch(/PORT must.*[\s\S]*LOG_LEVEL must/)
    const unknown = cli('./cli.ts', ['dance'])
    expect(await unknown.end).toBe(2)
  }, 30_000)

  it('prints the addresses last, stops at SIGTERM, and prints types of what it kept', async () => {
    const data = { DATA_DIR: join(folder, 'spawned'), EXAMPLES_DIR: examples, PORT: '0', DEMO_PORT: '0', LOG_LEVEL: 'silent' }
    const served = cli('./main.ts', [], data)
    await expect.poll(() => served.read().out, { timeout: 15_000 }).toMatch(/Demo agency page: +http:\/\/localhost:\d+\n$/)
    const lines = served.read().out.trim().split('\n')
    expect(lines.map((line) => line.split(':')[0])).toEqual(['Catalogue', 'A service', 'Builder', 'Desk', 'Demo agency page'])
    const url = /http\S+/.exec(lines[0] ?? '')?.[0] as string
    const remote = cli('./cli.ts', ['types', 'demo/library-card', '--from', url])
    expect(await remote.end).toBe(0)
    served.child.kill('SIGTERM')
    expect(await served.end).toBe(0)
    const local = cli('./cli.ts', ['types', 'demo/library-card'], data)
    expect(await local.end).toBe(0)
    expect(local.read().out).toBe(remote.read().out)
    expect(local.read().out).toMatch(/export interface/)
    expect(local.read().out).toMatch(/name: /)
    const missing = cli('./cli.ts', ['types', 'demo/nothing'], data)
    expect([await missing.end, missing.read().err]).toEqual([1, expect.stringContaining('no published service')])
    expect(readFileSync(join(data.DATA_DIR, 'guichet.db')).length).toBeGreaterThan(0)
  }, 60_000)
})
