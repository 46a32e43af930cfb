/** The pages under test, from loopback, with or without a strict content security policy. */
import { readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { extname, join, normalize, resolve as resolvePath } from 'node:path'
import { dist, here } from './build.ts'
import type { Peer } from './peers.ts'

const strict = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:"
export const policies = { none: null, strict, 'trusted-types': `${strict}; require-trusted-types-for 'script'` } as const
export type Policy = keyof typeof policies

const mediaTypes: Readonly<Record<string, string>> = { '.js': 'text/javascript', '.css': 'text/css', '.json': 'application/json', '.svg': 'image/svg+xml' }
const page = `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><link rel="icon" href="data:,"><title>Bench</title>
<link rel="stylesheet" href="/page/shell.css"><script type="module" src="/dist/boot.js"></script></head>
<body><main><h1>Bench</h1><div id="root"></div></main></body>
</html>`

export interface BenchServer {
  origin: string
  /** The body that a path is answered with. */
  read(path: string): Buffer
  close(): Promise<void>
}

export async function serve(peers: Readonly<Record<string, Peer>>): Promise<BenchServer> {
  const bodies = new Map<string, Buffer>()
  const fileOf = (path: string): string => {
    const [, top, name = '', next, ...rest] = normalize(path).split('/')
    if (top === 'dist' && next === 'runtime') return resolvePath(here, peers[name]?.runtime ?? '', ...rest)
    if (top === 'dist') return join(dist, name, next ?? '', ...rest)
    // Form.io asks its own server for these unless it is told another.
    if (top === 'vendor') return join(here, 'node_modules', name === 'flatpickr-formio' ? 'flatpickr/dist' : name, ...[next ?? '', ...rest])
    return join(here, normalize(path))
  }
  const read = (path: string): Buffer => {
    const known = bodies.get(path)
    if (known) return known
    const body = readFileSync(fileOf(path))
    bodies.set(path, body)
    return body
  }
  const server = createServer((request, response) => {
    const { pathname, searchParams } = new URL(request.url as string, 'http://bench')
    try {
      if (pathname === '/') {
        const policy = policies[(searchParams.get('policy') ?? 'none') as Policy]
        response.writeHead(200, { 'content-type': 'text/html; charset=utf-8', ...(policy ? { 'content-security-policy': policy } : {}) }).end(page)
        return
      }
      const body = read(pathname)
      response.writeHead(200, { 'content-type': mediaTypes[extname(pathname)] ?? 'application/octet-stream', 'cache-control': 'max-age=600' }).end(body)
    } catch {
      response.writeHead(404).end()
    }
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    read,
    async close() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
