/**
 * `npm start`: installs, builds what changed, and starts the server. Arguments go to the server (`npm start -- --help`).
 * Plain JavaScript for Node 20; see with-install.mjs.
 */
import { ensureInstalled, run } from './with-install.mjs'

ensureInstalled()
const asked = process.argv.slice(2)
if (!asked.includes('--help')) {
  const built = await run('node', ['scripts/build.ts', '--if-changed'])
  if (built !== 0) process.exit(built)
  // A server that nobody has used yet begins with some cases, so that there is something to see at the desk.
  await run('node', ['examples/demo-cases.ts'])
}
process.exit(await run('node', ['packages/server/dist/guichet.js', 'serve', ...asked]))
