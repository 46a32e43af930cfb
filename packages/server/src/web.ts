/** What browsers load is built by other packages; the server knows its folders, never its code. */
import { fileURLToPath } from 'node:url'

const folder = (path: string) => fileURLToPath(new URL(`../../${path}/`, import.meta.url))

export interface WebFolders {
  /** `embed.js`, `assets/` and what else the runtime ships. */
  runtime: string
  builder: string
  desk: string
  /** The runtime's strings, one file a language: a service's view brings those of its language. */
  runtimeMessages: string
}

export const builtFolders: WebFolders = {
  runtime: folder('runtime/dist'),
  builder: folder('builder/dist'),
  desk: folder('desk/dist'),
  runtimeMessages: folder('runtime/generated/messages'),
}
