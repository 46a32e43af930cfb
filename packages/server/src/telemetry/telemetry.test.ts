import { mkdtempSync, rmSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { routes } from '../app.ts'
import { readConfig } from '../config.ts'
import { startServer } from '../server.ts'
import { answersOf, createWorld, definitionOf, newKey, own, pdf, plainPolicy, setupToken, type World } from '../testing/world.ts'
import { openTraces } from './otlp.ts'
import { openPrometheus } from './prometheus.ts'
import type { Metrics } from './telemetry.ts'

interface Span {
  traceId: string
  spanId: string
  parentSpanId?: string
  name: string
  attributes: { key: string; value: { stringValue?: string; intValue?: number } }[]
  status: { code?: number }
}

/** Takes what an OpenTelemetry collector takes. */
async function collector() {
  const bodies: string[] = []
  const server: Server = createServer((request, response) => {
    let body = ''
    request.setEncoding('utf8')
    request.on('data', (piece) => (body += piece))
    request.on('end', () => {
      if (request.url === '/v1/traces') bodies.push(body)
      response.writeHead(200, { 'Content-Type': 'application/json' }).end('{}')
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    bodies,
    spans: () =>
      bodies.flatMap((body) =>
        JSON.parse(body).resourceSpans.flatMap((each: { scopeSpans: { spans: Span[] }[] }) => each.scopeSpans.flatMap(({ spans }) => spans)),
      ) as Span[],
    close: () => new Promise((resolve) => server.close(resolve)),
  }
}

const attributeOf = ({ attributes }: Span, name: string) => {
  const value = attributes.find(({ key }) => key === name)?.value
  return value?.stringValue ?? (value?.intValue === undefined ? undefined : Number(value.intValue))
}

let world: World
let sink: Awaited<ReturnType<typeof collector>>
const sampleOf = (text: string, name: string) =>
  text
    .split('\n')
    .filter((line) => line.startsWith(`${name}{`) || line.startsWith(`${name} `))
    .map((line) => line.slice(name.length))

async function open(env: Record<string, string> = {}) {
  world = await createWorld(env, { traces: openTraces(sink.url) })
  world.adapters.metrics = openPrometheus(world.adapters.store, () => world.adapters.clock.now())
  await world.offer()
}
beforeEach(async () => {
  sink = await collector()
})
afterEach(async () => {
  ;(world.adapters.metrics as Metrics & { close(): void }).close()
  await world.adapters.traces.close()
  await world.close()
  await sink.close()
})

describe('metrics', () => {
  it('count requests by pattern and submissions by service, and show what waits', async () => {
    await open()
    const key = newKey()
    for (let i = 0; i < 2; i++) expect((await world.send(answersOf(), { key })).status).toBe(201)
    expect((await world.send(answersOf({ name: '' }))).status).toBe(422)
    for (let i = 0; i < 20; i++) await world.request(`/nothing/${i}`)
    await world.request('/healthz', { method: 'BREW' })
    const { text, type } = await world.adapters.metrics.expose()
    expect(type).toMatch(/^text\/plain; version=0\.0\.4/)
    const route = 'route="/v1/services/:agency/:service/submissions"'
    expect(sampleOf(text, 'guichet_http_requests_total')).toEqual(
      expect.arrayContaining([`{method="POST",${route},status="201"} 2`, `{method="POST",${route},status="422"} 1`]),
    )
    // The answer that was given again is no second submission.
    expect(sampleOf(text, 'guichet_submissions_total')).toEqual(['{agency="city",service="library-card"} 1'])
    // Addresses and methods of strangers make no series of their own.
    expect(sampleOf(text, 'guichet_http_requests_total').filter((line) => line.includes('status="404"'))).toHaveLength(1)
    expect(text).toMatch(/method="OTHER"/)
    expect(text).not.toMatch(/BREW|nothing/)
    expect(sampleOf(text, 'guichet_store_ready')).toEqual([' 1'])
    expect(Number(sampleOf(text, 'guichet_database_bytes')[0])).toBeGreaterThan(10_000)
    expect(Number(sampleOf(text, 'guichet_commit_changes_count')[0])).toBeGreaterThan(0)
    for (const name of ['guichet_outbox_oldest_seconds', 'guichet_drafts', 'process_resident_memory_bytes', 'nodejs_eventloop_lag_seconds'])
      expect(sampleOf(text, name)).toHaveLength(1)
  })

  it('stand on a port of their own, and say when the database is away', async () => {
    await open()
    const folder = mkdtempSync(join(tmpdir(), 'guichet-metrics-'))
    const server = await startServer(
      readConfig({ DATA_DIR: folder, PORT: '0', DEMO_PORT: 'off', EXAMPLES_DIR: 'off', LOG_LEVEL: 'silent', METRICS_PORT: '0', SETUP_LINK: 'off' }),
    )
    expect(server.setupUrl).toBeNull()
    expect((await fetch(`${server.url}/metrics`)).status).toBe(404)
    const metrics = server.metricsUrl as string
    expect(await (await fetch(metrics)).text()).toContain('guichet_store_ready 1')
    expect((await fetch(metrics.replace('/metrics', '/v1/services'))).status).toBe(404)
    expect((await fetch(metrics, { method: 'POST' })).status).toBe(404)
    await server.close()
    await expect(fetch(metrics)).rejects.toThrow()
    rmSync(folder, { recursive: true })
    const failing = openPrometheus(
      { check: async () => Promise.reject(new Error('away')), figures: async () => Promise.reject(new Error('away')) },
      () => new Date(),
    )
    expect((await failing.expose()).text).toContain('guichet_store_ready 0')
    failing.close()
  })
})

describe('traces', () => {
  const traceId = '0af7651916cd43dd8448eb211c80319c'
  const traceparent = `00-${traceId}-b7ad6b7169203331-01`
  const send = (headers: Record<string, string> = {}) =>
    world.request('/v1/services/city/library-card/submissions', {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', 'Idempotency-Key': newKey(), ...headers },
      body: JSON.stringify(answersOf()),
    })

  it('have a span for a request and one for each stage of the intake', async () => {
    await open()
    const answer = await send({ traceparent })
    expect(answer.status).toBe(201)
    await world.adapters.traces.close()
    const spans = sink.spans()
    const request = spans.find(({ name }) => name === 'POST /v1/services/:agency/:service/submissions') as Span
    expect(attributeOf(request, 'http.response.status_code')).toBe(201)
    expect(attributeOf(request, 'guichet.request')).toBe(answer.headers.get('x-request-id'))
    const stages = spans.filter(({ parentSpanId }) => parentSpanId === request.spanId)
    expect(stages.map(({ name }) => name)).toEqual(['admit', 'validate', 'inspect', 'seal', 'record'])
    expect(new Set(spans.map((span) => span.traceId)).size).toBe(1)
    // Nobody vouches for the header of a stranger.
    expect(request.traceId).not.toBe(traceId)
    expect(request.parentSpanId ?? '').toBe('')
  })

  it('go on from the trace that a proxy of ours names, and from no nonsense', async () => {
    await open({ TRUST_PROXY: '1' })
    await send({ traceparent })
    await send({ traceparent: '00-00000000000000000000000000000000-b7ad6b7169203331-01' })
    await world.adapters.traces.close()
    const requests = sink.spans().filter(({ name }) => name.startsWith('POST'))
    expect(requests.map((span) => [span.traceId === traceId, span.parentSpanId ?? ''])).toEqual([
      [true, 'b7ad6b7169203331'],
      [false, ''],
    ])
  })
})

describe('a request', () => {
  it('has a name in the log, in its answer and in the problem', async () => {
    await open()
    const answer = await world.request('/v1/services/city/none', { headers: { 'X-Request-Id': 'chosen-by-a-stranger' } })
    const id = answer.headers.get('x-request-id')
    expect(id).toMatch(/^[0-9a-f-]{36}$/)
    expect(JSON.parse(world.log.at(-1) as string)).toMatchObject({ request: id, status: 404 })
    world.adapters.stopping = true
    const failed = await world.request('/readyz')
    expect(await failed.json()).toMatchObject({ status: 503, requestId: failed.headers.get('x-request-id') })
  })

  it('keeps the name that a proxy of ours gave it, if it is one', async () => {
    await open({ TRUST_PROXY: '1' })
    const idOf = async (given: string) => (await world.request('/healthz', { headers: { 'X-Request-Id': given } })).headers.get('x-request-id')
    expect(await idOf('from-our-proxy')).toBe('from-our-proxy')
    expect(await idOf('<script>alert(1)</script>')).toMatch(/^[0-9a-f-]{36}$/)
  })
})

describe('readiness', () => {
  it('says which part is not ready', async () => {
    await open()
    const ready = async () => {
      const answer = await world.request('/readyz')
      return [answer.status, (await answer.json()).parts]
    }
    const good = { store: 'ok', files: 'ok', disk: 'ok', server: 'ok' }
    expect(await ready()).toEqual([200, good])
    const { files } = world.adapters
    world.adapters.files = { ...files, check: async () => Promise.reject(new Error('full')) }
    expect(await ready()).toEqual([503, { ...good, files: 'failed' }])
    world.adapters.files = files
    world.adapters.stopping = true
    expect(await ready()).toEqual([503, { ...good, server: 'stopping' }])
    expect((await world.request('/healthz')).status).toBe(200)
  })
})

describe('what a citizen sends', () => {
  const canary = 'Zq7xCanaryK9w'
  /** As it could stand in a line: as it is, or as something a program makes of it. */
  const forms = [
    canary,
    Buffer.from(canary).toString('hex'),
    Buffer.from(canary).toString('base64').slice(0, 16),
    Buffer.from(canary, 'utf16le').toString('latin1'),
  ]
  const leaks = (text: string) => forms.filter((form) => text.includes(form))

  it('is neither in the log, nor in metrics or traces, whatever goes wrong', async () => {
    await open()
    await world.offer(definitionOf(), { ...plainPolicy, deliveries: { email: { to: 'email' } } } as never, 'town').catch(() => {})
    const json = { 'Content-Type': 'application/json' }
    const post = (path: string, body: string, headers: Record<string, string> = {}) =>
      world.request(path, { method: 'POST', headers: { ...json, ...headers }, body })
    const ownPage = { Origin: own, 'Sec-Fetch-Site': 'same-origin', Cookie: `guichet=${canary}`, Authorization: `Bearer ${canary}` }
    const to = '/v1/services/city/library-card'
    const statuses: number[] = []
    const took = async (answer: Promise<{ status: number }>) => void statuses.push((await answer).status)
    await took(world.send(answersOf({ name: canary }), { key: newKey() + canary }))
    await took(world.send(answersOf({ name: [canary], [canary]: canary })))
    await took(world.send({ [canary]: canary }))
    await took(world.send(null, { raw: `{"${canary}": "${canary}` }))
    await took(world.send(null, { raw: new Uint8Array(gzipSync(canary)) }))
    await took(world.send(null, { raw: canary.repeat(200_000) }))
    await took(world.send(answersOf({ name: canary }), { service: `city/${canary}` }))
    await took(world.send(answersOf(), { origin: `https://${canary}.example` }))
    await took(
      post(`${to}/submissions?${canary}=${canary}`, canary, {
        'Content-Type': canary,
        'User-Agent': canary,
        'X-Forwarded-For': canary,
        'Accept-Language': canary,
      }),
    )
    await took(
      world.request(`${to}/attachments?target=student_id&name=${canary}.pdf`, { method: 'POST', headers: { 'Content-Type': 'application/pdf' }, body: pdf }),
    )
    await took(world.request(`${to}/attachments?target=${canary}&name=${canary}`, { method: 'POST', headers: { 'Content-Type': canary }, body: canary }))
    await took(post('/v1/status', JSON.stringify({ reference: canary })))
    await took(post('/v1/admin/setup', JSON.stringify({ token: canary, email: `${canary}@example.org`, name: canary, password: canary }), ownPage))
    await took(
      post('/v1/admin/setup', JSON.stringify({ token: setupToken, email: `${canary}@example.org`, name: canary, password: `${canary} long enough` }), ownPage),
    )
    await took(post('/v1/admin/session', JSON.stringify({ email: `${canary}@example.org`, password: canary }), ownPage))
    await took(world.request(`/v1/services/city/library-card/drafts/${canary}`, { headers: { 'If-Match': canary } }))
    for (const { method, path } of routes) await took(world.request(path.replace(/\{[^}]+\}/g, canary), { method, headers: ownPage }))
    // What breaks unexpectedly may quote anything.
    const { agency } = world.adapters.store
    const live = await world.adapters.live.find('city', 'library-card')
    const broken = Object.assign(new Error(`SQLITE_CONSTRAINT: ${canary}`, { cause: new Error(canary) }), {
      detail: canary,
      parameters: [canary],
      query: canary,
    })
    ;(live as { agency: object }).agency = { ...agency('city' as never), claimKey: async () => Promise.reject(broken) }
    await took(world.send(answersOf({ name: canary })))
    await world.adapters.traces.close()

    expect(new Set(statuses)).toEqual(new Set([...statuses.filter((status) => status < 500), 500]))
    for (const wanted of [201, 400, 403, 404, 413, 415, 422, 500]) expect(statuses, String(wanted)).toContain(wanted)
    const log = world.log.join('')
    expect(world.log.length).toBeGreaterThan(statuses.length)
    expect(log).toContain('request failed')
    expect(leaks(log)).toEqual([])
    expect(leaks((await world.adapters.metrics.expose()).text)).toEqual([])
    expect(sink.bodies.length).toBeGreaterThan(0)
    expect(leaks(sink.bodies.join(''))).toEqual([])
    // The control: a log that takes a message as it is has it.
    world.adapters.log.info({ told: canary }, 'x')
    expect(leaks(world.log.join(''))).toEqual([canary])
  })
})
