/**
 * Shared blocks: parts that several services have in common. Each part that came from one says so (`x-block`), so that the
 * block's next version can be merged into what the service made of it. docs/decisions/0028-merging-definitions.md.
 */
import { topmost } from './chosen-parts.ts'
import { type CopiedPart, copyParts } from './copied-part.ts'
import { type Definition, type Edit, isRefused, refuse } from './edit.ts'
import { idFrom } from './ids.ts'
import { type AnyPart, type Holder, kindOf, partAt, takenFieldIds } from './part.ts'
import { alone, inLanguages, listAlone, pastePart } from './paste-part.ts'
import { indexOf, insert, isInside, isObject, parentOf, read, type Value, write } from './pointer.ts'
import type { SettingsSchemas } from './references.ts'
import { renameIds } from './rename-ids.ts'

/** Stands in each part of a service that came from a block. */
export interface BlockLink {
  block: string
  version: number
  /** Which time it is that the service has the block. */
  use: number
  /** Ids from the block's outermost part to this one, in the block's own terms, with `/` between them. */
  part: string
}

/** What is kept of a block. */
export interface BlockContent extends CopiedPart {
  description?: Readonly<Record<string, string>>
}

/** A block in a service. */
export interface BlockUse {
  block: string
  use: number
  version: number
  /** Pointers of its outermost parts, in order. */
  parts: readonly string[]
}

const key = 'x-block'

export function blockOf(part: unknown): BlockLink | null {
  const link = (part as { [key]?: Partial<BlockLink> | null } | null)?.[key]
  const holds = typeof link?.block === 'string' && typeof link.version === 'number' && typeof link.use === 'number' && typeof link.part === 'string'
  return holds ? (link as BlockLink) : null
}

const isOf = (link: BlockLink | null, { block, use }: { block: string; use: number }): link is BlockLink => link?.block === block && link.use === use

/** Pages, fields and documents with their pointers, outer before inner ones. */
function* partsIn(definition: Definition): Generator<{ part: Holder; pointer: string }> {
  function* walk(parts: readonly unknown[] | undefined, list: string): Generator<{ part: Holder; pointer: string }> {
    for (const [i, part] of (Array.isArray(parts) ? parts : []).entries()) {
      yield { part, pointer: `${list}/${i}` }
      yield* walk((part as Holder).fields, `${list}/${i}/fields`)
    }
  }
  yield* walk(definition.pages, '/pages')
  yield* walk(definition.documents, '/documents')
}

/** The parts of a use by what they are in the block. A copy that still says the same is the author's own. */
function marked(definition: Definition, use: { block: string; use: number }): Map<string, { pointer: string; id: string; version: number }> {
  const found = new Map<string, { pointer: string; id: string; version: number }>()
  for (const { part, pointer } of partsIn(definition)) {
    const link = blockOf(part)
    if (isOf(link, use) && !found.has(link.part)) found.set(link.part, { pointer, id: part.id, version: link.version })
  }
  return found
}

/** Of several pointers those that lie in no other of them. */
const outermost = (pointers: readonly string[]): string[] => pointers.filter((one) => !pointers.some((other) => other !== one && isInside(one, other)))

/** The blocks that a service has, in its order. */
export function blockUses(definition: Definition): BlockUse[] {
  const uses = new Map<string, { block: string; use: number }>()
  for (const { part } of partsIn(definition)) {
    const link = blockOf(part)
    if (link) uses.set(`${link.block} ${link.use}`, { block: link.block, use: link.use })
  }
  return [...uses.values()].map((use) => {
    const parts = [...marked(definition, use).values()]
    return { ...use, version: Math.min(...parts.map(({ version }) => version)), parts: outermost(parts.map(({ pointer }) => pointer)) }
  })
}

/** The outermost part of a block that a part lies in or is; null: it came from none. */
export function useAt(definition: Definition, pointer: string): BlockUse | null {
  const link = blockOf(partAt(definition, pointer))
  return (link && blockUses(definition).find((use) => isOf(link, use))) || null
}

/** A copy of a part and what is in it, each with another mark or none. */
function remark(part: Holder, markOf: (part: Holder, path: string) => BlockLink | null, path: string): Holder {
  const { [key]: _, ...rest } = part as Holder & { [key]?: unknown }
  const mark = markOf(part, path)
  const inner = Array.isArray(part.fields) ? { fields: part.fields.map((child) => remark(child as Holder, markOf, `${path}/${child.id}`)) } : {}
  return { ...rest, ...inner, ...(mark ? { [key]: mark } : {}) } as Holder
}

const withMarks = (content: BlockContent, mark: (path: string) => BlockLink): BlockContent => ({
  ...content,
  parts: content.parts.map((part) => remark(part as Holder, (_, path) => mark(path), part.id) as AnyPart),
})

const nextUse = (definition: Definition, block: string): number =>
  Math.max(
    0,
    ...blockUses(definition)
      .filter((one) => one.block === block)
      .map(({ use }) => use),
  ) + 1

/** Puts a version of a block in, as pasted parts are, and marks what came from it. */
export const insertBlock =
  ({
    content,
    block,
    version,
    parent,
    index,
    settings,
  }: {
    content: BlockContent
    block: string
    version: number
    parent: string
    index?: number
    settings: SettingsSchemas
  }): Edit =>
  (definition) => {
    const use = nextUse(definition, block)
    const copied = withMarks(content, (part) => ({ block, version, use, part }))
    const outcome = pastePart({ copied, parent, settings, ...(index === undefined ? {} : { index }) })(definition)
    return isRefused(outcome) ? outcome : { ...outcome, words: { key: 'insertBlock', params: { block } } }
  }

/** What chosen parts are in the terms of a block, and where each of them stands in the service. */
export interface InBlockTerms {
  content: CopiedPart
  /** Pointer in the service to the part in the block. */
  paths: ReadonlyMap<string, string>
}

/**
 * Chosen parts as a block: `of` the use that they come from, whose parts get the block's ids back; without one with the ids
 * that they have. Null if they are of several kinds, or none.
 */
export function inBlockTerms(definition: Definition, pointers: readonly string[], of: BlockUse | null, settings: SettingsSchemas): InBlockTerms | null {
  const copied = copyParts(definition, pointers)
  if (!copied) return null
  const order = topmost(pointers)
  const single = alone(definition, copied)
  const list = listAlone(copied.kind)
  /** The block's own ids first: they are taken by those that came from it. */
  const known = new Map<string, string>()
  const places: { at: string; pointer: string; part: Holder; isScoped: boolean }[] = []
  const look = (part: Holder, at: string, pointer: string, isScoped: boolean) => {
    places.push({ at, pointer, part, isScoped })
    for (const [i, child] of (part.fields ?? []).entries())
      look(child as Holder, `${at}/fields/${i}`, `${pointer}/fields/${i}`, isScoped || part.repeat !== undefined)
  }
  for (const [i, part] of copied.parts.entries()) look(part as Holder, `${list}/${i}`, order[i] as string, false)
  const taken = new Set<string>()
  const used = new Set<string>()
  for (const { at, part, isScoped } of places) {
    const link = blockOf(part)
    if (of === null || !isOf(link, of) || used.has(link.part)) continue
    used.add(link.part)
    const id = link.part.slice(link.part.lastIndexOf('/') + 1)
    known.set(at, id)
    if (!isScoped) taken.add(id)
  }
  for (const { at, part, isScoped } of places) {
    if (known.has(at)) continue
    const id = isScoped || !taken.has(part.id) ? part.id : idFrom(part.id.replace(/_\d+$/, ''), taken, 'field')
    known.set(at, id)
    if (!isScoped) taken.add(id)
  }
  const renamed = withIds(single, known, settings)
  const paths = new Map<string, string>()
  for (const { at, pointer } of places) {
    const ids: string[] = []
    for (let here = at; here.length > list.length; here = parentOf(parentOf(here))) ids.unshift(known.get(here) as string)
    paths.set(pointer, ids.join('/'))
  }
  const parts = (read(renamed, list) as Holder[]).map((part) => remark(part, () => null, part.id) as AnyPart)
  return { content: { ...copied, parts }, paths }
}

/** A service of parts alone, with other ids: of fields everything that names them follows. */
function withIds(single: Definition, ids: ReadonlyMap<string, string>, settings: SettingsSchemas): Definition {
  const fields = new Map([...ids].filter(([pointer, id]) => kindOf(pointer) === 'field' && (read(single, pointer) as Holder).id !== id))
  let next = fields.size > 0 ? renameIds(single, fields, settings) : single
  for (const [pointer, id] of ids) if (kindOf(pointer) !== 'field') next = write(next, `${pointer}/id`, id)
  return next
}

/** Marks parts as a version of a block, once that is kept. Without `paths` for it a part loses a mark of the same use. */
export const markBlock =
  ({ block, version, paths, of }: { block: string; version: number; paths: ReadonlyMap<string, string>; of: BlockUse | null }): Edit =>
  (definition) => {
    const use = of?.use ?? nextUse(definition, block)
    let next = definition
    for (const { part, pointer } of partsIn(definition)) {
      const path = paths.get(pointer)
      const mark: BlockLink | undefined = path === undefined ? undefined : { block, version, use, part: path }
      if (mark || (of && isOf(blockOf(part), of))) next = write(next, `${pointer}/${key}`, mark)
    }
    const [first = ''] = paths.keys()
    return { definition: next, part: first, words: { key: 'keepBlock', params: { block } } }
  }

/** What came from a block is the service's own from now on. */
export const detachBlock =
  ({ block, use }: { block: string; use: number }): Edit =>
  (definition) => {
    const parts = [...partsIn(definition)].filter(({ part }) => isOf(blockOf(part), { block, use }))
    const [first] = parts
    if (!first) return refuse('noSuchPart', { pointer: '' })
    const next = parts.reduce((made: Definition, { pointer }) => write(made, `${pointer}/${key}`, undefined), definition)
    return { definition: next, part: first.pointer, words: { key: 'detachBlock', params: { block } } }
  }

/** Paths and kinds of all that is in a version. */
function* pathsIn(content: BlockContent): Generator<{ path: string; id: string; at: string; isScoped: boolean }> {
  function* walk(parts: readonly Holder[], list: string, before: string, isScoped: boolean): ReturnType<typeof pathsIn> {
    for (const [i, part] of parts.entries()) {
      const path = before === '' ? part.id : `${before}/${part.id}`
      yield { path, id: part.id, at: `${list}/${i}`, isScoped }
      yield* walk((part.fields ?? []) as Holder[], `${list}/${i}/fields`, path, isScoped || part.repeat !== undefined)
    }
  }
  yield* walk(content.parts as readonly Holder[], listAlone(content.kind), '', false)
}

/** Three definitions that differ in the block alone, for the merge that two authors have. */
export interface BlockUpdate {
  base: Definition
  ours: Definition
  theirs: Definition
}

/**
 * The service with a block's old version, with what it made of it, and with the new one, each in the service's own ids and
 * languages, and where it has put the block. All say that they have the new version: whether that is so is the merge's outcome.
 * Null where the service has no use of it that is older, or a version is not among `versions`.
 */
export function updateBlock(
  definition: Definition,
  { block, versions, to, settings }: { block: string; versions: ReadonlyMap<number, BlockContent>; to: number; settings: SettingsSchemas },
): BlockUpdate | null {
  const uses = blockUses(definition).filter((use) => use.block === block && use.version < to)
  const after = versions.get(to)
  if (uses.length === 0 || !after || uses.some(({ version }) => !versions.has(version))) return null
  const update: BlockUpdate = { base: definition, ours: definition, theirs: definition }
  const taken = takenFieldIds(definition)
  const others = { page: new Set(definition.pages.map(({ id }) => id)), document: new Set((definition.documents ?? []).map(({ id }) => id)) }
  for (const use of uses) {
    const before = versions.get(use.version) as BlockContent
    const ids = new Map([...marked(definition, use)].map(([path, { id }]) => [path, id]))
    // What the service has removed, and what is new, has the same id on both sides.
    for (const content of [before, after])
      for (const { path, id, at, isScoped } of pathsIn(content)) {
        if (ids.has(path)) continue
        const kind = kindOf(at)
        const names = kind === 'page' || kind === 'document' ? others[kind] : taken
        const own = isScoped ? id : idFrom(names.has(id) ? id.replace(/_\d+$/, '') : id, names, 'field')
        ids.set(path, own)
        if (!isScoped) names.add(own)
      }
    const mark = (part: string): BlockLink => ({ block, version: to, use: use.use, part })
    update.base = replaced(update.base, use, before, before, ids, mark, settings)
    update.theirs = replaced(update.theirs, use, after, before, ids, mark, settings)
    update.ours = [...partsIn(update.ours)].reduce((made: Definition, { part, pointer }) => {
      const link = blockOf(part)
      return isOf(link, use) ? write(made, `${pointer}/${key}`, mark(link.part)) : made
    }, update.ours)
  }
  return update
}

/** The service with a version of the block in place of what it made of it. */
function replaced(
  definition: Definition,
  use: BlockUse,
  content: BlockContent,
  before: BlockContent,
  ids: ReadonlyMap<string, string>,
  mark: (path: string) => BlockLink,
  settings: SettingsSchemas,
): Definition {
  const single = alone(definition, withMarks(content, mark))
  const renamed = withIds(single, new Map([...pathsIn(content)].map(({ path, at }) => [at, ids.get(path) as string])), settings)
  const parts = read(inLanguages(renamed, definition.languages, content.languages, settings), listAlone(content.kind)) as Holder[]
  const own = outermost([...marked(definition, use).values()].map(({ pointer }) => pointer))
  const [first] = own
  // They come in the order of the service: the first one stays where it is while those after it go.
  const without = own.toReversed().reduce((made: Definition, pointer) => write(made, pointer, undefined), definition)
  const next = first ? parts.toReversed().reduce((made: Definition, part) => insert(made, parentOf(first), indexOf(first), part), without) : without
  // The service's own table of a name stays, and so does one that the block no longer reads: others may.
  const had = (definition.tables ?? {}) as Readonly<Record<string, Value>>
  const tables = Object.entries(content.tables ?? {}).filter(([name]) => Object.hasOwn(before.tables ?? {}, name) || !Object.hasOwn(had, name))
  return tables.length > 0 ? ({ ...next, tables: { ...had, ...Object.fromEntries(tables) } } as Definition) : next
}

/** What the library gave, if it is a block. */
export function blockContent(given: unknown): BlockContent | null {
  const content = given as Partial<BlockContent> | null
  const holds =
    isObject(content) &&
    content.guichet === 'part' &&
    ['page', 'field', 'document'].includes(content.kind as string) &&
    Array.isArray(content.parts) &&
    content.parts.length > 0 &&
    content.parts.every((part) => isObject(part) && typeof part.id === 'string') &&
    Array.isArray(content.languages)
  return holds ? ({ tables: {}, ...content } as unknown as BlockContent) : null
}
