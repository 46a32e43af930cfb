/** `guichet doctor <address>`: what would keep a service from working on a page, a line each. */
import { CommandFailed, type Streams } from '../../commands/command.ts'
import { type AskService, checkPage } from './check-page.ts'
import { NoPage, readPage } from './read-page.ts'

const marks = { fine: 'ok   ', careful: 'warn ', wrong: 'WRONG' }

/** Asks as the page would: the answer follows from the origin. */
const askService: AskService = async (server, service, origin) => {
  try {
    const address = new URL(`v1/services/${service.split('/').map(encodeURIComponent).join('/')}`, server)
    return (await fetch(address, { headers: { origin, 'sec-fetch-site': 'cross-site' }, signal: AbortSignal.timeout(15_000) })).status
  } catch {
    return 'unreachable'
  }
}

/** Gives the exit code. @throws CommandFailed when the page cannot be read */
export async function pageDoctor(address: string, out: Streams['out'], ask: AskService = askService): Promise<number> {
  let good = true
  try {
    for (const { level, says, change } of await checkPage(await readPage(address), ask)) {
      out.write(`${marks[level]} ${says}${change ? `\n      ${change}` : ''}\n`)
      if (level === 'wrong') good = false
    }
  } catch (error) {
    throw error instanceof NoPage ? new CommandFailed(error.message) : error
  }
  return good ? 0 : 1
}
