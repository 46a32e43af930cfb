/** `guichet move`: from SQLite to PostgreSQL, once. */
import { join } from 'node:path'
import { readConfig } from '../config.ts'
import { UsageError } from '../usage-error.ts'
import { MoveFailed, move } from './move.ts'

/** Gives the exit code. */
export async function runMove(args: readonly string[], env: NodeJS.ProcessEnv, out: NodeJS.WritableStream, err: NodeJS.WriteStream): Promise<number> {
  const options = new Map<string, string>()
  for (let i = 0; i < args.length; i += 2) {
    const [name, value] = [args[i] as string, args[i + 1]]
    if (!['--from', '--to'].includes(name) || value === undefined) throw new UsageError(`move does not know ${args.slice(i).join(' ')}.`)
    options.set(name, value)
  }
  const to = options.get('--to') ?? env.DATABASE_URL
  if (!to) throw new UsageError('move needs --to with the address of a PostgreSQL, or DATABASE_URL.')
  const config = readConfig({ ...env, DATABASE_URL: to })
  const from = options.get('--from') ?? join(config.dataDir, 'guichet.db')

  let shown = ''
  const progress = (done: number, total: number, what: string) => {
    const part = total === 0 ? 1 : done / total
    if (err.isTTY) err.write(`\r\x1b[K[${'#'.repeat(Math.round(part * 30)).padEnd(30, '.')}] ${Math.floor(part * 100)} % ${what}`)
    else if (shown !== what) err.write(`${Math.floor(part * 100)} % ${what}\n`)
    shown = what
  }
  try {
    const moved = await move({ from, to: config.databaseUrl as string, ownerUrl: config.databaseOwnerUrl, now: () => new Date(), progress })
    if (err.isTTY) err.write('\r\x1b[K')
    for (const { agency, table, rows, digest } of moved.filter((each) => each.rows > 0)) out.write(`${agency}\t${table}\t${rows}\t${digest}\n`)
    err.write(
      `${moved.reduce((sum, { rows }) => sum + rows, 0)} rows are the same in both. Files and keys stay in ${config.dataDir}: give every replica that folder as DATA_DIR.\n`,
    )
    return 0
  } catch (error) {
    if (!(error instanceof MoveFailed)) throw error
    err.write(`${error.message}\n`)
    return 1
  }
}
