/** Serves an app on a free port of the loopback address, and says which; SIGTERM ends it. */
import { createAdaptorServer } from '@hono/node-server'
import type { Hono } from 'hono'

export function listen(app: Hono): void {
  const server = createAdaptorServer({ fetch: app.fetch })
  server.listen(0, '127.0.0.1', () => {
    const address = server.address()
    process.stdout.write(`listening on ${typeof address === 'object' && address ? address.port : ''}\n`)
  })
  process.once('SIGTERM', () => process.exit(0))
}
