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

export function outlineOf(definition: Definition): OutlineLine[] {
  const lines: OutlineLine[] = []
  const roots = definition.pages.length + 1 + sections.length
  const fields = (list: readonly Holder[], at: string, level: number, parent: string, holder: unknown) => {
    for (const [i, field] of list.entries()) {
      const inner = Array.isArray(field.fields) ? (field.fields as Holder[]) : null
      const part = `${at}/${i}`
      lines.push({
        part,
        kind: inner ? 'group' : 'field',
        level,
        name: nameOf(definition, field),
        type: field.type,
        conditional: field.when !== undefined,
        rules: field.rules?.length ?? 0,
        position: i + 1,
        size: list.length,
        hasChildren: (inner?.length ?? 0) > 0,
        parent,
        ...blockMark(field, holder),
      })
      if (inner) fields(inner, `${part}/fields`, level + 1, part, field)
    }
  }
  for (const [i, page] of definition.pages.entries()) {
    const part = `/pages/${i}`
    lines.push({
      part,
      kind: 'page',
      level: 1,
      name: nameOf(definition, page),
      conditional: page.when !== undefined,
      rules: page.checks?.length ?? 0,
      position: i + 1,
      size: roots,
      hasChildren: page.fields.length > 0,
      parent: null,
      ...blockMark(page, null),
    })
    fields(page.fields as Holder[], `${part}/fields`, 2, part, page)
  }
  const documents = definition.documents ?? []
  const root = { level: 1, name: null, conditional: false, rules: 0, size: roots, parent: null } as const
  lines.push({ ...root, part: '/documents', kind: 'documents', position: definition.pages.length + 1, hasChildren: documents.length > 0 })
  for (const [i, document] of documents.entries()) {
    lines.push({
      part: `/documents/${i}`,
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
    lines.push({ ...root, part: section, kind: 'section', position: definition.pages.length + 2 + i, hasChildren: false })
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
  return sections.find((section) => section !== '@source' && sectionProperties[section].includes(property)) ?? '@service'
}
