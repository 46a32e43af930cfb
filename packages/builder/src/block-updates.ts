/** What a block's newest version would change in each service that has an older one. Asks the server; changes nothing. */
import type { Conflict } from '@guichet/core/merge/merge'
import type { Api, BlockService, KeptLine } from './api.ts'
import { changesBetween } from './changes.ts'
import { type BlockContent, blockContent, updateBlock } from './editor/block.ts'
import type { Draft } from './editor/edit.ts'
import { mergeDrafts } from './editor/merge-drafts.ts'
import { fieldSchemas } from './known-types.ts'
import { language } from './language.ts'
import { findingsOf } from './lint-now.ts'

export interface BlockInService {
  service: string
  title: Readonly<Record<string, string>>
  versions: readonly number[]
  /** Null where it has the newest version everywhere, or what it has can no longer be compared. */
  update: ServiceUpdate | null
}

export interface ServiceUpdate {
  /** Of the draft on the server; null: it is the one that is open here. */
  revision: number | null
  base: Draft
  ours: Draft
  theirs: Draft
  /** With both, where there is nothing to decide. */
  merged: Draft
  conflicts: readonly Conflict[]
  /** What changes in the service, in the author's language. */
  changes: readonly string[]
}

/** @param open The draft in the editor, which may say more than the server has. */
export async function blockUpdates(
  api: Pick<Api, 'blockServices' | 'kept' | 'open'>,
  { id, version: newest }: KeptLine,
  open: Draft,
): Promise<BlockInService[]> {
  const services = await api.blockServices(id)
  const contents = new Map<number, BlockContent>()
  const learn = async (version: number) => {
    if (contents.has(version)) return
    const content = blockContent((await api.kept('block', id, version)).content)
    if (content) contents.set(version, content)
  }
  const look = async ({ service, title, versions }: BlockService): Promise<BlockInService> => {
    const isOpen = service === open.definition.id
    if (versions.every((version) => version >= newest) && !isOpen) return { service, title, versions, update: null }
    const saved = isOpen ? null : await api.open(service)
    const draft: Draft = saved ? { definition: saved.definition, policy: saved.policy } : open
    for (const version of [...versions, newest]) await learn(version)
    const update = updateBlock(draft.definition, { block: id, versions: contents, to: newest, settings: fieldSchemas })
    if (!update) return { service, title, versions, update: null }
    const [base, ours, theirs] = [update.base, update.ours, update.theirs].map((definition) => ({ ...draft, definition })) as [Draft, Draft, Draft]
    const { draft: merged, conflicts } = mergeDrafts(base, ours, theirs, { settings: fieldSchemas, lint: findingsOf, language: language() })
    const changes = changesBetween(ours, merged).map(({ sentence }) => sentence)
    return { service, title, versions, update: { revision: saved?.revision ?? null, base, ours, theirs, merged, conflicts, changes } }
  }
  const found: BlockInService[] = []
  // One after the other: an agency may have hundreds.
  for (const service of services) found.push(await look(service))
  return found
}
