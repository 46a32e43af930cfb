/** `npm start`: reads the environment once and serves until it is told to stop. */
import { run } from './cli.ts'

process.exitCode = await run(['serve', ...process.argv.slice(2)])
