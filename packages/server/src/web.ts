/** What browsers load is built by other packages; the server knows its folders, never its code. */
import { fileURLToPath } from 'node:url'

const folder = (path: string) => fileURLToPath(new URL(`../../${path}/`, import.meta.url))

export interface WebFolders {
  /** `embed.js`, `assets/` and what else the runtime ships. */
  runtime: string
  builder: string
  /** `verify.html`, which checks receipts without a network. */
  receipts: string
  desk: string
  /** The runtime's strings, one file a language: a service's view brings those of its language. */
  runtimeMessages: string
}

export const builtFolders: WebFolders = {
  runtime: folder('runtime/dist'),
  builder: folder('builder/dist'),
  receipts: folder('receipts/dist'),
  desk: folder('desk/dist'),
  runtimeMessages: folder('runtime/generated/messages'),
}
