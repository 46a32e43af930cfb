/** Blocks that services share: into the service, out of it for others, and no longer tied to theirs. */

import { type Api, ApiError, type KeptLine, Unreachable } from './api.ts'
import type { DraftDesk } from './draft-desk.ts'
import { blockContent, detachBlock, inBlockTerms, insertBlock, markBlock, useAt } from './editor/block.ts'
import { slugFrom } from './editor/ids.ts'
import { namesMissing } from './editor/paste-part.ts'
import { placeFor } from './editor/place-for.ts'
import type { KeepBlockDialog, KeptBlock } from './keep-block-dialog.ts'
import { fieldSchemas } from './known-types.ts'
import { say } from './language.ts'
import { meantBy } from './part-acts.ts'
import { titleOf } from './pickable.ts'

/** What is asked of the server, and of whoever keeps a block. */
export interface BlockShelf {
  api(): Api
  /** What the agency shares, by id. */
  blocks(): ReadonlyMap<string, KeptLine>
  take(blocks: ReadonlyMap<string, KeptLine>): void
  /** The dialog, once it is loaded. */
  dialog(): Promise<KeepBlockDialog | null>
}

/** Does what asks the server; says why where it does not answer, or says no. */
async function ask(work: () => Promise<void>, refuse: (sentence: string) => void) {
  try {
    await work()
  } catch (error) {
    if (error instanceof Unreachable) refuse(say('unreachable'))
    else if (!(error instanceof ApiError)) throw error
    else if (error.status === 412) refuse(say('blocks.stale'))
    else refuse(error.status === 403 ? say('blocks.notAllowed') : say('failed', { detail: error.message }))
  }
}

export class BlockActs {
  readonly #desk: DraftDesk
  readonly #shelf: BlockShelf

  constructor(desk: DraftDesk, shelf: BlockShelf) {
    this.#desk = desk
    this.#shelf = shelf
  }

  /** What there is to share. Without an answer the marks in the service name blocks by their ids. */
  async learn() {
    const shelf = this.#shelf
    try {
      const lines = await shelf.api().library('block')
      // The outline is not drawn again for nothing.
      if (lines.length > 0 || shelf.blocks().size > 0) shelf.take(new Map(lines.map((line) => [line.id, line])))
    } catch (error) {
      if (!(error instanceof Unreachable || error instanceof ApiError)) throw error
    }
  }

  readonly #refuse = (sentence: string) => this.#desk.refuse(sentence)

  async #contentOf({ id, version }: KeptLine) {
    return blockContent((await this.#shelf.api().kept('block', id, version)).content)
  }

  async insert(id: string) {
    const desk = this.#desk
    const line = this.#shelf.blocks().get(id)
    if (!line) return
    await ask(async () => {
      const content = await this.#contentOf(line)
      if (!content) return desk.refuse(say('refused.shape', { pointer: id }))
      const { definition } = desk.draft()
      const missing = namesMissing(definition, content, fieldSchemas)
      const place = placeFor(content.kind, definition, desk.selected())
      if (!desk.do(insertBlock({ content, block: id, version: line.version, ...place, settings: fieldSchemas }))) return
      desk.edits()
      desk.tell(say('blocks.inserted', { name: titleOf(line.title, id) }))
      desk.sayMissing(missing)
      await desk.focusSettings()
    }, this.#refuse)
  }

  /** Asks what the chosen parts are called as a block. */
  async openKeep(part: string) {
    const { definition } = this.#desk.draft()
    const parts = meantBy(part, this.#desk.chosen())
    const use = parts.map((one) => useAt(definition, one)).find((one) => one !== null) ?? null
    // A block that is gone has no next version.
    const line = use && this.#shelf.blocks().get(use.block)
    const dialog = await this.#shelf.dialog()
    await ask(async () => {
      const content = line ? await this.#contentOf(line) : null
      const names = { name: line ? titleOf(line.title, line.id) : '', description: content?.description ? titleOf(content.description, '') : '' }
      await dialog?.open(line ? use : null, names, use?.parts.every((one) => parts.includes(one)) ?? false)
    }, this.#refuse)
  }

  /** Keeps them, under the name that was given. */
  async keep({ of, name, description }: KeptBlock, dialog: KeepBlockDialog) {
    const desk = this.#desk
    const shelf = this.#shelf
    const { definition } = desk.draft()
    const [written] = definition.languages
    const terms = inBlockTerms(definition, meantBy(desk.selected(), desk.chosen()), of, fieldSchemas)
    if (!terms) return dialog.refuse(say('refused.severalKinds'))
    const line = of && shelf.blocks().get(of.block)
    if (of && line && line.version > of.version) return dialog.refuse(say('blocks.notNewest'))
    await ask(
      async () => {
        await this.learn()
        const id = of ? of.block : slugFrom(name, new Set(shelf.blocks().keys()))
        const content = { ...terms.content, ...(description ? { description: { [written]: description } } : {}) }
        const { version } = await shelf.api().keep('block', { id, after: of?.version ?? 0, title: { ...line?.title, [written]: name }, content })
        dialog.close()
        desk.do(markBlock({ block: id, version, paths: terms.paths, of }))
        await this.learn()
        desk.tell(say('blocks.kept', { name, version }))
      },
      (sentence) => dialog.refuse(sentence),
    )
  }

  detach(part: string) {
    const desk = this.#desk
    const use = useAt(desk.draft().definition, part)
    const [selected, chosen] = [desk.selected(), desk.chosen()]
    if (!use || !desk.do(detachBlock(use))) return
    desk.choose(selected, chosen)
    desk.tell(say('blocks.detached'))
  }
}
