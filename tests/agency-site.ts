/** An agency's own site, on an origin of its own: whatever pages and files a test puts there, really served. */
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

export interface SiteFile {
  type?: string
  headers?: Record<string, string>
  body: string
  /** Milliseconds that it takes. */
  after?: number
}

export interface AgencySite {
  origin: string
  /** By path, `/` first. Anything else is 404. */
  files: Map<string, SiteFile>
  close(): Promise<void>
}

export async function agencySite(): Promise<AgencySite> {
  const files = new Map<string, SiteFile>()
  const server = createServer((request, response) => {
    const file = files.get(new URL(request.url as string, 'http://site').pathname)
    if (!file) return response.writeHead(404).end()
    const send = () => response.writeHead(200, { 'content-type': `${file.type ?? 'text/html'}; charset=utf-8`, ...file.headers }).end(file.body)
    file.after ? setTimeout(send, file.after) : send()
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    files,
    async close() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

/** The strictest policy that still lets the elements of a server work; more scripts, and Trusted Types, as wanted. */
export const strictPolicy = (host: string, { scripts = '', types = "require-trusted-types-for 'script'; trusted-types lit-html" } = {}) =>
  `default-src 'none'; script-src ${host} ${scripts}; style-src ${host}; connect-src ${host}; img-src ${host} data:; ${types}`

export const pageOf = (body: string, { lang = 'en', head = '' } = {}) => `<!doctype html>
<html lang="${lang}" dir="${lang === 'fa' ? 'rtl' : 'ltr'}">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Agency</title><link rel="icon" href="data:,">${head}</head>
<body><main>${body}</main></body></html>`
