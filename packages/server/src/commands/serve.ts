import { enableCompileCache, flushCompileCache } from 'node:module'
import { join } from 'node:path'
import { readConfig } from '../config.ts'
import type { Command } from './command.ts'

/** Milliseconds from the disk's failure to the end of the process. */
const lastWords = 500

export const serve: Command = {
  name: 'serve',
  summary: 'Starts the server.',
  about: [
    'Starts the server, prints where everything is, and runs until it is told to stop (Ctrl-C, or SIGTERM). Then it takes no new connections, ends what is under way, and closes its database.',
    'It makes DATA_DIR, the database and the keys when they are missing, and brings the tables of an older version up to date.',
  ],
  settings: true,
  examples: ['guichet serve', 'PORT=3000 BASE_URL=https://forms.example.org guichet serve'],
  exits: {
    1: 'It could not start: DATA_DIR or a port is in use, or the database cannot be used. The message says which.',
    70: 'The disk failed to keep what it was given. Look at the disk before you start it again.',
  },
  async run({ env, out }) {
    const config = readConfig(env)
    let stop: (code: number) => void = () => {}
    const stopped = new Promise<number>((resolve) => (stop = resolve))
    // What Node makes of the sources is kept for the next start (guichet.js): here, where it cannot be kept beside them.
    enableCompileCache(join(config.dataDir, 'cache'))
    const { startServer } = await import('../server.ts')
    // Who is being answered is told to come again, and whoever looks after the server sees that it failed.
    const server = await startServer(config, { fatal: () => setTimeout(() => process.exit(70), lastWords) })
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stop(0))
    const lines = [
      ['Catalogue', server.url],
      ['A service', server.serviceUrl],
      ['Builder', server.setupUrl ?? `${server.url}/builder/`],
      ['Desk', `${server.url}/desk/`],
      ['Demo agency page', server.demoUrl],
    ]
    for (const [name, address] of lines) if (address) out.write(`${`${name}:`.padEnd(18)} ${address}\n`)
    // Now, because a server that is killed writes nothing at its end.
    flushCompileCache()
    const code = await stopped
    await server.close()
    return code
  },
}
