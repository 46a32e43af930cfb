/**
 * An agency's page on another origin, to show and test what embedding means: strict CSP, Trusted Types, and nothing but
 * one script tag. Its style is the server's pages', because its policy lets in no other.
 */
import { createServer, type Server } from 'node:http'
import { directionOf } from '@guichet/core'
import { createAdaptorServer } from '@hono/node-server'
import { Hono } from 'hono'
import { html } from 'hono/html'
import { say } from './messages.ts'
import type { CatalogueLine } from './services/catalogue.ts'

export interface DemoConfig {
  port: number
  /** Address of the server whose services are embedded. */
  baseUrl: string
  services(): Promise<CatalogueLine[]>
}

/** A policy as strict as an agency's can be: everything refused but the server's own files. */
export const demoPolicy = (host: string) =>
  `default-src 'none'; script-src ${host}; style-src ${host}; connect-src ${host}; img-src ${host} data:; require-trusted-types-for 'script'`

/** `/` shows the first service, `/<service>` another one. */
export function createDemoApp({ baseUrl, services }: Omit<DemoConfig, 'port'>): Hono {
  const app = new Hono()
  app.use('*', async (c, next) => {
    await next()
    c.res.headers.set('Content-Security-Policy', demoPolicy(baseUrl))
    c.res.headers.set('X-Content-Type-Options', 'nosniff')
    c.res.headers.set('Referrer-Policy', 'no-referrer')
    c.res.headers.set('Cache-Control', 'no-store')
  })
  app.get('/:service?', async (c) => {
    const lines = await services()
    const wanted = c.req.param('service')
    const service = wanted === undefined ? (lines.find(({ languages }) => languages[0] === 'en') ?? lines[0]) : lines.find((line) => line.service === wanted)
    if (!service) return c.text('Not found', 404)
    const language = service.languages[0] as string
    return c.html(
      await html`<!doctype html>
<html lang="${language}" dir="${directionOf(language)}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${service.title}</title>
<link rel="stylesheet" href="${baseUrl}/pages.css">
<link rel="icon" href="data:,">
</head>
<body>
<header>
<p><strong>${say(language, 'demo.title')}</strong></p>
<nav>${lines.map((line) => html`<a href="/${line.service}" lang="${line.language}" dir="${directionOf(line.language)}">${line.title}</a> `)}</nav>
</header>
<main>
<p>${say(language, 'demo.intro')}</p>
<script type="module" src="${baseUrl}/embed.js" data-service="${service.agency}/${service.service}"></script>
</main>
</body>
</html>
`,
    )
  })
  return app
}

export async function startDemo(config: DemoConfig): Promise<{ url: string; server: Server }> {
  const server = createAdaptorServer({
    fetch: createDemoApp(config).fetch,
    createServer,
    serverOptions: { headersTimeout: 10_000, requestTimeout: 30_000 },
  }) as Server
  const port = await listen(server, config.port, '127.0.0.1')
  // Another name than the server's, so that the two are different sites as well as different origins.
  return { url: `http://localhost:${port}`, server }
}

/** Resolves with the port once it listens. */
export const listen = (server: Server, port: number, host: string) =>
  new Promise<number>((resolve, reject) => {
    server.once('error', reject)
    // As many as the system allows may knock at once: whom it has no room for tries again after seconds.
    server.listen({ port, host, backlog: 65_535 }, () => {
      server.off('error', reject)
      const address = server.address()
      resolve(typeof address === 'object' && address ? address.port : port)
    })
  })
