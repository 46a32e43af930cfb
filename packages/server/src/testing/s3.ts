/**
 * An object store for tests: a real S3 server from npm on loopback, which checks signatures, and in front of it a gate that
 * notes what is asked and can misbehave. Where the package is missing the tests are skipped, loudly; in CI they fail.
 *
 * Two things the server does not know, so that the gate does them in its place: the end of an upload in parts that is given
 * up, and signatures of requests that have the bucket in the name of the host.
 */
import { createHash, createHmac } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer, request as forward, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { listen } from '../demo.ts'
import type { S3Place } from '../files/s3/place.ts'

const require = createRequire(import.meta.url)

/** False, and said loudly, where the tests cannot run. @throws in CI */
export function s3IsThere(): boolean {
  try {
    require.resolve('@20minutes/s3rver')
    return true
  } catch {
    const what = 'the tests of the object store, for want of the package @20minutes/s3rver. Install the dev dependencies.'
    if (process.env.CI) throw new Error(`In CI nothing is skipped: ${what}`)
    console.warn(`SKIPPED: ${what}`)
    return false
  }
}

export interface Asked {
  method: string
  path: string
  body: Buffer
}

/** What the gate does with a request: null lets it through. */
export type Mischief = (asked: Asked, answer: ServerResponse, incoming: IncomingMessage) => Changed | null | 'handled'
export interface Changed {
  /** Sent on in place of the body. */
  body?: Buffer
  /** Written over those of the answer. */
  headers?: Record<string, string>
  /** Bytes of the answer after which the connection is cut. */
  cutAfter?: number
}

export interface TestS3 {
  place: S3Place
  /** In the order in which they came. */
  asked: Asked[]
  mischief: Mischief
  /** Where the server keeps what it was given. */
  folder: string
  stop(): Promise<void>
}

interface S3rver {
  run(): Promise<{ port: number }>
  close(): Promise<void>
}

export async function startS3({ byHost = false } = {}): Promise<TestS3> {
  const folder = mkdtempSync(join(tmpdir(), 'guichet-s3-'))
  const Server = require('@20minutes/s3rver') as new (options: object) => S3rver
  const bucket = 'attachments'
  const store = new Server({
    address: '127.0.0.1',
    port: 0,
    silent: true,
    directory: folder,
    allowMismatchedSignatures: byHost,
    configureBuckets: [{ name: bucket }],
  })
  const { port: storePort } = await store.run()

  const pass = (incoming: IncomingMessage, { method, path, body }: Asked, answer: ServerResponse, { headers = {}, cutAfter }: Changed) => {
    const { host: asGiven = '', ...others } = incoming.headers
    const host = byHost ? `127.0.0.1:${storePort}` : asGiven
    const onward = forward(
      { host: '127.0.0.1', port: storePort, method, path, headers: { ...others, host, 'content-length': String(body.length) }, agent: false },
      async (response) => {
        answer.writeHead(response.statusCode ?? 500, { ...response.headers, ...headers })
        if (cutAfter === undefined) return response.pipe(answer)
        let sent = 0
        for await (const piece of response as AsyncIterable<Buffer>) {
          answer.write(piece.subarray(0, cutAfter - sent))
          sent += piece.length
          if (sent >= cutAfter) break
        }
        // What was written leaves before the line goes dead.
        setImmediate(() => incoming.socket.destroySoon())
      },
    )
    onward.on('error', () => incoming.socket.destroy())
    onward.end(body)
  }
  const gate: Server = createServer(async (incoming, answer) => {
    const pieces: Buffer[] = []
    try {
      for await (const piece of incoming as AsyncIterable<Buffer>) pieces.push(piece)
    } catch {
      return
    }
    const asked = { method: incoming.method ?? '', path: incoming.url ?? '', body: Buffer.concat(pieces) }
    s3.asked.push(asked)
    if (byHost) {
      if (!incoming.headers.host?.startsWith(`${bucket}.`)) return answer.writeHead(404).end('<Error><Code>NoSuchBucket</Code></Error>')
      if (!isSigned(incoming, s3.place.secretAccessKey)) return answer.writeHead(403).end('<Error><Code>SignatureDoesNotMatch</Code></Error>')
      asked.path = `/${bucket}${asked.path.replace(/^\/(?=\?|$)/, '')}`
    }
    const changed = s3.mischief(asked, answer, incoming)
    if (changed === 'handled') return
    if (asked.method === 'DELETE' && asked.path.includes('uploadId=')) answer.writeHead(204).end()
    else pass(incoming, { ...asked, body: changed?.body ?? asked.body }, answer, changed ?? {})
  })
  const port = await listen(gate, 0, '127.0.0.1')
  const s3: TestS3 = {
    place: {
      endpoint: `http://${byHost ? 'localhost' : '127.0.0.1'}:${port}`,
      bucket,
      region: 'us-east-1',
      accessKeyId: 'S3RVER',
      secretAccessKey: 'S3RVER',
      addressing: byHost ? 'host' : 'path',
    },
    asked: [],
    mischief: () => null,
    folder,
    async stop() {
      gate.closeAllConnections()
      await new Promise((resolve) => gate.close(resolve))
      await store.close()
      rmSync(folder, { recursive: true, force: true })
    },
  }
  return s3
}

/** AWS Signature Version 4 as its documents say it, for paths and queries that need no further escaping. */
function isSigned({ method, url = '', headers }: IncomingMessage, secret: string): boolean {
  const [, day = '', region = '', names = '', signature = ''] =
    /^AWS4-HMAC-SHA256 Credential=[^/]+\/(\d{8})\/([^/]+)\/s3\/aws4_request, SignedHeaders=([^,]+), Signature=([0-9a-f]{64})$/.exec(
      headers.authorization ?? '',
    ) ?? []
  const [path, query = ''] = url.split('?') as [string, string?]
  const lines = names.split(';').map((name) => `${name}:${headers[name]}\n`)
  const canonical = [method, path, query.split('&').sort().join('&'), lines.join(''), names, headers['x-amz-content-sha256']].join('\n')
  const toSign = ['AWS4-HMAC-SHA256', headers['x-amz-date'], `${day}/${region}/s3/aws4_request`, createHash('sha256').update(canonical).digest('hex')].join(
    '\n',
  )
  const key = [day, region, 's3', 'aws4_request'].reduce<string | Buffer>((above, part) => createHmac('sha256', above).update(part).digest(), `AWS4${secret}`)
  return names.split(';').includes('host') && createHmac('sha256', key).update(toSign).digest('hex') === signature
}
