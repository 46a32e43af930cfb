import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import type { Plugin } from 'vite'

/**
 * Files are named by a digest of their content and kept for ever by whoever has them. Some plugins change a file after it got
 * its name, always in the same way: so what they do counts as content too, and a file that they change in another way has
 * another name.
 *
 * @param plugins Files of such plugins.
 */
export function namedAfter(plugins: readonly string[]): Plugin {
  const digest = createHash('sha256')
  for (const file of plugins) digest.update(readFileSync(file))
  const said = digest.digest('hex')
  return { name: 'guichet-named-after', augmentChunkHash: () => said }
}
