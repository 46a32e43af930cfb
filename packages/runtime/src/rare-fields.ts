/** Field types that few services have: those that come with the runtime, and those that the page brings itself. */
import { rareFields } from 'virtual:guichet-fields/*'
import type { Loaded } from './load-fields.ts'
import './more-styles.ts'

/** `outside`: addresses of modules of the page's own types, parted by spaces. */
export async function rareField(name: string, outside: string | null): Promise<Loaded | undefined> {
  const own = await rareFields[name]?.()
  return own || !outside ? own : (await import('./outside-fields.ts')).outsideField(name, outside)
}
