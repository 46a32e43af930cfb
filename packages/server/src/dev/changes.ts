/** Tells pages under development that what they load was built again. Exists only while the config says `dev`. */
import { randomUUID } from 'node:crypto'
import { readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import type { App } from '../app.ts'
import type { WebFolders } from '../web.ts'

const client = readFileSync(new URL('./reload.js', import.meta.url), 'utf8')
/** Any page may embed, so any page may listen. */
const headers = { 'Access-Control-Allow-Origin': '*', 'Cache-Control': 'no-store' }

export interface Changes {
  /** Adds `/dev/changes` (Server-Sent Events) and `/dev/reload.js`, which listens to them. */
  serve(app: App): void
  /** Ends every connection, so that the server can stop at once. */
  close(): void
}

export function watchBuilds({ runtime, builder, desk }: WebFolders, every = 250): Changes {
  // Looked at rather than listened to: a build empties its folder, and folders may not be there yet.
  const entries = [join(runtime, 'embed.js'), join(builder, 'index.html'), join(desk, 'index.html')]
  const timeOf = (path: string) => statSync(path, { throwIfNoEntry: false })?.mtimeMs
  const builds = entries.map((path) => ({ path, told: timeOf(path), seen: timeOf(path) }))
  const server = randomUUID()
  let builtAgain = 0
  const listeners = new Set<ReadableStreamDefaultController<Uint8Array>>()
  const tell = (to: Iterable<ReadableStreamDefaultController<Uint8Array>>) => {
    const event = new TextEncoder().encode(`retry: 500\ndata: ${server} ${builtAgain}\n\n`)
    for (const listener of to) listener.enqueue(event)
  }
  const timer = setInterval(() => {
    let changed = false
    for (const build of builds) {
      const now = timeOf(build.path)
      // Seen twice alike: the build has written all it had to write.
      if (now !== undefined && now === build.seen && now !== build.told) {
        build.told = now
        changed = true
      }
      build.seen = now
    }
    if (!changed) return
    builtAgain++
    tell(listeners)
  }, every).unref()

  return {
    serve(app) {
      app.get('/dev/reload.js', (c) => c.body(client, 200, { ...headers, 'Content-Type': 'text/javascript; charset=utf-8' }))
      app.get('/dev/changes', (c) => {
        let own: ReadableStreamDefaultController<Uint8Array>
        const events = new ReadableStream<Uint8Array>({
          start(controller) {
            own = controller
            listeners.add(own)
            tell([own])
          },
          cancel() {
            listeners.delete(own)
          },
        })
        // Ended, not kept: the page's next try should find the server that comes after this one.
        return c.body(events, 200, { ...headers, 'Content-Type': 'text/event-stream', Connection: 'close' })
      })
    },
    close() {
      clearInterval(timer)
      for (const listener of listeners) listener.close()
      listeners.clear()
    },
  }
}
