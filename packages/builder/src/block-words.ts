/** What is said of a part that came from a shared block. */
import type { KeptLine } from './api.ts'
import { say } from './language.ts'
import { titleOf } from './pickable.ts'

/** "Contact, version 2", and whether there is a newer one. */
export function blockWords({ id, version }: { id: string; version: number }, blocks: ReadonlyMap<string, KeptLine>): string {
  const kept = blocks.get(id)
  const name = titleOf(kept?.title ?? {}, id)
  return kept && kept.version > version ? say('blocks.older', { name, version, newest: kept.version }) : say('blocks.from', { name, version })
}
