/** The lines of the outline, flat and in order; what the tree draws and what arrow keys walk along. */
import { blockOf } from './editor/block.ts'
import type { Definition } from './editor/edit.ts'
import { type Holder, nameOf, partAround } from './editor/part.ts'

/** Parts of the service that are no pages, fields or documents. */
export const sections = ['@service', '@branding', '@languages', '@fee', '@handling', '@values', '@access', '@privacy', '@source'] as const
export type Section = (typeof sections)[number]
export const isSection = (part: string): part is Section => (sections as readonly string[]).includes(part)

export interface OutlineLine {
  /** Pointer of the part, or the name of a section. */
  part: string
  /** Id of the part; of what has none, what it is addressed by. */
  id: string
  /** What it is known by wherever it stands; no other line has the same. */
  key: string
  kind: 'page' | 'field' | 'group' | 'documents' | 'document' | 'section'
  level: number
  /** What it is called; null where the builder's own words are to be used. */
  name: string | null
  /** Type of a field. */
  type?: string
  /** Whether it has a condition. */
  conditional: boolean
  /** How many rules it must keep. */
  rules: number
  position: number
  size: number
  hasChildren: boolean
  parent: string | null
  /** The shared block it came from, of the outermost parts. */
  block?: { id: string; version: number }
}

/** What is in a part of the same use says nothing new. */
function blockMark(part: unknown, holder: unknown): Pick<OutlineLine, 'block'> {
  const [link, around] = [blockOf(part), blockOf(holder)]
  const isInside = link !== null && around !== null && link.block === around.block && link.use === around.use
  return link && !isInside ? { block: { id: link.block, version: link.version } } : {}
}

type Place = Pick<OutlineLine, 'part' | 'key' | 'level' | 'position' | 'size' | 'parent' | 'block'>

/** The last line of each part, and the languages that its name was picked by. */
const lastLines = new WeakMap<object, { line: OutlineLine; languages: unknown }>()

/** A line that says the same is the same, so that it need not be drawn again: all but its place follows from the part. */
function lineOf(definition: Definition, part: object, place: Place, make: () => Omit<OutlineLine, keyof Place>): OutlineLine {
  const last = lastLines.get(part)
  if (last && last.languages === definition.languages) {
    const { line } = last
    const isThere =
      line.part === place.part &&
      line.key === place.key &&
      line.level === place.level &&
      line.position === place.position &&
      line.size === place.size &&
      line.parent === place.parent
    if (isThere && line.block?.id === place.block?.id && line.block?.version === place.block?.version) return line
  }
  const line = { ...place, ...make() }
  lastLines.set(part, { line, languages: definition.languages })
  return line
}

/** Gives each name once: what has one that another had before gets a number to it. */
export function namesOnce(): (name: string) => string {
  const counts = new Map<string, number>()
  return (name) => {
    const count = counts.get(name) ?? 0
    counts.set(name, count + 1)
    return count === 0 ? name : `${name} ${count}`
  }
}

export function outlineOf(definition: Definition): OutlineLine[] {
  const lines: OutlineLine[] = []
  const once = namesOnce()
  const roots = definition.pages.length + 1 + sections.length
  const fields = (list: readonly Holder[], at: string, level: number, parent: string, holder: unknown) => {
    for (const [i, field] of list.entries()) {
      const inner = Array.isArray(field.fields) ? (field.fields as Holder[]) : null
      const part = `${at}/${i}`
      const place = { part, key: once(`field ${field.id}`), level, position: i + 1, size: list.length, parent, ...blockMark(field, holder) }
      const line = lineOf(definition, field, place, () => ({
        id: field.id,
        kind: inner ? 'group' : 'field',
        name: nameOf(definition, field),
        type: field.type,
        conditional: field.when !== undefined,
        rules: field.rules?.length ?? 0,
        hasChildren: (inner?.length ?? 0) > 0,
      }))
      lines.push(line)
      if (inner) fields(inner, `${part}/fields`, level + 1, part, field)
    }
  }
  for (const [i, page] of definition.pages.entries()) {
    const part = `/pages/${i}`
    const place = { part, key: once(`page ${page.id}`), level: 1, position: i + 1, size: roots, parent: null, ...blockMark(page, null) }
    const line = lineOf(definition, page, place, () => ({
      id: page.id,
      kind: 'page',
      name: nameOf(definition, page),
      conditional: page.when !== undefined,
      rules: page.checks?.length ?? 0,
      hasChildren: page.fields.length > 0,
    }))
    lines.push(line)
    fields(page.fields as Holder[], `${part}/fields`, 2, part, page)
  }
  const documents = definition.documents ?? []
  const root = { level: 1, name: null, conditional: false, rules: 0, size: roots, parent: null } as const
  lines.push({
    ...root,
    part: '/documents',
    id: '/documents',
    key: '/documents',
    kind: 'documents',
    position: definition.pages.length + 1,
    hasChildren: documents.length > 0,
  })
  for (const [i, document] of documents.entries()) {
    lines.push({
      part: `/documents/${i}`,
      id: document.id,
      key: once(`document ${document.id}`),
      kind: 'document',
      level: 2,
      name: nameOf(definition, document),
      conditional: document.when !== undefined,
      rules: 0,
      position: i + 1,
      size: documents.length,
      hasChildren: false,
      parent: '/documents',
      ...blockMark(document, null),
    })
  }
  for (const [i, section] of sections.entries()) {
    lines.push({ ...root, part: section, id: section, key: section, kind: 'section', position: definition.pages.length + 2 + i, hasChildren: false })
  }
  return lines
}

/** The lines that are not inside a closed one. */
export function visibleLines(lines: readonly OutlineLine[], closed: ReadonlySet<string>): OutlineLine[] {
  const hidden = new Set<string>()
  return lines.filter(({ part, parent }) => {
    if (parent !== null && (hidden.has(parent) || closed.has(parent))) hidden.add(part)
    return !hidden.has(part)
  })
}

/** Which properties of the definition each section shows. */
export const sectionProperties: Readonly<Record<Exclude<Section, '@source'>, readonly string[]>> = {
  '@service': ['title', 'summary', 'lifeEvents', 'guide', 'window', 'taskList'],
  '@branding': ['agency'],
  '@languages': ['locale'],
  '@fee': ['fee', 'payout'],
  '@handling': ['routes', 'stages', 'outputs', 'notify'],
  '@values': ['computed', 'tables', 'lookups', 'slots', 'capacity'],
  '@access': ['signIn', 'wallet', 'channels'],
  '@privacy': ['dataProtection'],
}

/** The part in whose settings a finding is put right. */
export function partOf(pointer: string): string {
  const part = partAround(pointer)
  if (part !== '') return part
  const [, property = ''] = pointer.split('/')
  if (property === 'documents') return '/documents'
  if (property === 'languages') return '@languages'
  // The policy is no part of the definition, but findings about it stand beside those about one.
  if (property === 'policy') return '@access'
  return sections.find((section) => section !== '@source' && sectionProperties[section].includes(property)) ?? '@service'
}
