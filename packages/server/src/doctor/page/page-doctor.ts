/** `guichet doctor <address>`: what would keep a service from working on a page, a line each. */
import { CommandFailed, type Streams } from '../../commands/command.ts'
import { mapOriginsSaid } from '../../embedding/map-tiles.ts'
import { type AskServer, checkPage, sayFinding } from './check-page.ts'
import { NoPage, readPage } from './read-page.ts'

const marks = { fine: 'ok   ', careful: 'warn ', wrong: 'WRONG' }

/** Asks as the page would: the answer follows from the origin. */
const statusOf = async (address: URL, origin: string) => {
  try {
    const response = await fetch(address, { headers: { origin, 'sec-fetch-site': 'cross-site' }, signal: AbortSignal.timeout(15_000) })
    await response.body?.cancel()
    return response.status
  } catch {
    return 'unreachable'
  }
}
const addressOf = (server: URL, service: string) => new URL(`v1/services/${service.split('/').map(encodeURIComponent).join('/')}`, server)
const askServer: AskServer = {
  service: (server, service, origin) => statusOf(addressOf(server, service), origin),
  async maps(server, service, origin) {
    try {
      const headers = { origin, 'sec-fetch-site': 'cross-site' }
      return mapOriginsSaid(await (await fetch(addressOf(server, service), { headers, signal: AbortSignal.timeout(15_000) })).json())
    } catch {
      return []
    }
  },
  module: statusOf,
}

/** Gives the exit code. @throws CommandFailed when the page cannot be read */
export async function pageDoctor(address: string, out: Streams['out'], ask: AskServer = askServer): Promise<number> {
  let good = true
  try {
    for (const finding of await checkPage(await readPage(address), ask)) {
      out.write(`${marks[finding.level]} ${sayFinding('en', finding)}${finding.change ? `\n      ${finding.change}` : ''}\n`)
      if (finding.level === 'wrong') good = false
    }
  } catch (error) {
    throw error instanceof NoPage ? new CommandFailed(error.message) : error
  }
  return good ? 0 : 1
}
