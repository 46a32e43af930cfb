/** The machine: folders, room, and the settings as far as they can be unwise without being wrong. */
import { accessSync, constants, existsSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { freeBytes, inWords } from '../backup/copy.ts'
import type { Config } from '../config.ts'
import { s3PlaceOf } from '../files/open-files.ts'
import { type Finding, kindOf, ok, warn, wrong } from './finding.ts'

const tight = 1_000_000_000
const full = 100_000_000

export function checkSettings(config: Config): Finding[] {
  const said = `${config.databaseUrl === null ? 'SQLite' : 'PostgreSQL'}, files in ${s3PlaceOf(config) ? 'an object store' : 'DATA_DIR'}, ${config.smtpUrl === null ? 'no mail' : 'mail'}`
  const found = [ok('settings', said)]
  const local = /^http:\/\/(127\.|localhost|\[::1\])/.test(config.baseUrl)
  if (!local && config.baseUrl.startsWith('http:'))
    found.push(warn('BASE_URL', 'is http: what citizens send can be read on the way', 'put a proxy with TLS in front, and set BASE_URL to its https address'))
  if (config.baseUrl.startsWith('https:') && config.trustProxy === 0)
    found.push(
      warn(
        'TRUST_PROXY',
        'is 0, but BASE_URL is https: all citizens have the address of the proxy, and share its rate limit',
        'set it to the number of proxies in front',
      ),
    )
  if (config.metricsPort !== null && !['127.0.0.1', '::1', 'localhost'].includes(config.metricsHost))
    found.push(warn('METRICS_HOST', `metrics listen on ${config.metricsHost}`, 'see to it that only your monitoring reaches that port'))
  if (config.dev) found.push(warn('GUICHET_DEV', 'is on', 'leave it to npm run dev'))
  return found
}

export async function checkFolders(config: Config): Promise<Finding[]> {
  const { dataDir } = config
  const found: Finding[] = []
  try {
    accessSync(dataDir, constants.R_OK | constants.W_OK | constants.X_OK)
    found.push(ok('DATA_DIR', dataDir))
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [wrong('DATA_DIR', `${dataDir} is not there`, 'set DATA_DIR, or make it with guichet init')]
    found.push(wrong('DATA_DIR', `${dataDir} cannot be written (${kindOf(error)})`, 'give it to the user that the server runs as'))
  }
  for (const name of ['.', 'keys', 'files', 'guichet.db']) {
    const path = join(dataDir, name)
    if (!existsSync(path)) continue
    const { mode, uid } = statSync(path)
    const others = mode & 0o077
    // The folder around keeps others out of what is in it.
    if (others !== 0 && (name === '.' || name === 'keys'))
      found.push(wrong('permissions', `${path} is open to others (${(mode & 0o777).toString(8)})`, `chmod 700 ${path}`))
    if (process.getuid && uid !== process.getuid() && process.getuid() !== 0)
      found.push(wrong('permissions', `${path} belongs to another user`, 'run the doctor and the server as the user that owns DATA_DIR'))
  }
  if (!found.some(({ what }) => what === 'permissions')) found.push(ok('permissions', 'for us alone'))
  const free = await freeBytes(dataDir)
  const said = `${inWords(free)} free`
  if (free < full) found.push(wrong('room', said, 'free some now: when it is used up, submissions are refused'))
  else if (free < tight) found.push(warn('room', said, 'free some soon'))
  else found.push(ok('room', said))
  return found
}
