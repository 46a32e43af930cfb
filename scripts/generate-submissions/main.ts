/** `npm run generate -- submissions <count>`; `--help` says more. */

import { commandHelp } from '../../packages/server/src/commands/help.ts'
import { readCall } from '../../packages/server/src/commands/read-call.ts'
import { ConfigError } from '../../packages/server/src/config.ts'
import { DataDirInUse } from '../../packages/server/src/data-dir-lock.ts'
import { UsageError } from '../../packages/server/src/usage-error.ts'
import { submissions } from './submissions.ts'

/** Gives the exit code. */
export async function run(args: readonly string[]): Promise<number> {
  const streams = { out: process.stdout, err: process.stderr }
  try {
    if (args.includes('--help')) {
      streams.out.write(commandHelp(submissions).replace('guichet submissions', 'npm run generate -- submissions'))
      return 0
    }
    return await submissions.run(readCall(submissions, args, process.env, streams))
  } catch (error) {
    if (!(error instanceof UsageError || error instanceof ConfigError || error instanceof DataDirInUse)) throw error
    streams.err.write(`${error.message}\n`)
    return 2
  }
}
