/**
 * What XLIFF 2.1 (OASIS Standard, 13 February 2018) demands of a file beyond being XML, as far as its core goes and a reader has
 * to rely on it: sections 4.2 (elements), 4.3 (attributes) and 4.9 (inline codes). No library checks it in a browser.
 */
import type { XmlElement, XmlNode } from '@rgrove/parse-xml'

const core = 'urn:oasis:names:tc:xliff:document:2.0'
const states = new Set(['initial', 'translated', 'reviewed', 'final'])
/** NMTOKEN, as far as ids use it. */
const token = /^[\p{L}\p{N}._:\-·]+$/u
/** BCP 47, loosely. */
const tag = /^[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*$/
const inline = new Set(['cp', 'ph', 'pc', 'sc', 'ec', 'mrk', 'sm', 'em'])

/** What a rule says is wrong, and where: the way of elements and ids to it. */
export interface BrokenRule {
  rule: 'root' | 'namespace' | 'version' | 'language' | 'target' | 'file' | 'unit' | 'id' | 'state' | 'order' | 'inline' | 'code' | 'character'
  at: string
}

const isElement = (node: XmlNode): node is XmlElement => node.type === 'element'
const elements = (element: XmlElement) => element.children.filter(isElement)
const isCore = ({ name }: XmlElement) => !name.includes(':')

/** What of the standard a document breaks; nothing if it keeps it. */
export function brokenRules(root: XmlElement | null): BrokenRule[] {
  const broken: BrokenRule[] = []
  const say = (rule: BrokenRule['rule'], at: string) => broken.push({ rule, at })
  if (root?.name !== 'xliff') return [{ rule: 'root', at: root?.name ?? '' }]
  const { xmlns, version = '', srcLang = '', trgLang } = root.attributes
  if (xmlns !== core) say('namespace', 'xliff')
  if (!/^2\.[012]$/.test(version)) say('version', `xliff ${version}`)
  if (!tag.test(srcLang)) say('language', 'xliff srcLang')
  if (trgLang !== undefined && !tag.test(trgLang)) say('language', 'xliff trgLang')

  /** Ids of one kind are not said twice in what holds them. */
  const unique = (ids: Set<string>, id: string | undefined, at: string, needed = true) => {
    if (id === undefined ? needed : !token.test(id) || ids.has(id)) say('id', at)
    if (id !== undefined) ids.add(id)
  }
  /** Ids of the codes in a source or target, `copyOf` not looked at. */
  const codes = (element: XmlElement, at: string, ids: Set<string>) => {
    for (const child of elements(element)) {
      if (!isCore(child) || !inline.has(child.name)) {
        say('inline', `${at} ${child.name}`)
        continue
      }
      if (child.name === 'cp') {
        const point = Number.parseInt(child.attributes.hex ?? '', 16)
        const isXml = (point >= 0x20 && point <= 0xd7ff) || [0x9, 0xa, 0xd].includes(point) || (point >= 0xe000 && point <= 0xfffd) || point >= 0x10000
        if (!/^[0-9A-Fa-f]{4,6}$/.test(child.attributes.hex ?? '') || isXml) say('character', `${at} cp`)
      } else if (child.name !== 'em' && (child.name !== 'ec' || child.attributes.isolated === 'yes')) unique(ids, child.attributes.id, `${at} ${child.name}`)
      codes(child, at, ids)
    }
  }
  const unit = (element: XmlElement, at: string) => {
    const parts = elements(element)
    const first = parts.findIndex(({ name }) => name === 'segment' || name === 'ignorable')
    const segments = parts.filter(({ name }) => name === 'segment' || name === 'ignorable')
    if (!segments.some(({ name }) => name === 'segment')) say('unit', at)
    // Notes, original data and what modules say come before the first segment.
    if (parts.some((part, i) => i > first && !segments.includes(part))) say('order', at)
    if (parts.some((part) => isCore(part) && !['segment', 'ignorable', 'notes', 'originalData'].includes(part.name))) say('order', at)
    const ids = new Set<string>()
    const inSources = new Set<string>()
    for (const segment of segments) {
      unique(ids, segment.attributes.id, `${at} ${segment.name}`, false)
      const [source, target, ...more] = elements(segment)
      if (source?.name !== 'source' || (target && target.name !== 'target') || more.length > 0) {
        say('order', `${at} ${segment.name}`)
        continue
      }
      codes(source, `${at} source`, inSources)
      if (target) {
        if (trgLang === undefined) say('target', at)
        // A code of the target may be one of the source; within the target it stands once.
        codes(target, `${at} target`, new Set())
      }
      const { state, subState } = segment.attributes
      if (segment.name === 'segment' && state !== undefined && !states.has(state)) say('state', at)
      if (subState !== undefined && (state === undefined || !/^[^:]+:.+/.test(subState))) say('state', at)
      if (state !== undefined && state !== 'initial' && !target) say('state', at)
    }
  }
  const holder = (element: XmlElement, at: string, groups: Set<string>, units: Set<string>) => {
    for (const child of elements(element)) {
      if (child.name === 'group') {
        unique(groups, child.attributes.id, `${at} group`)
        holder(child, `${at} ${child.attributes.id ?? ''}`, groups, units)
      } else if (child.name === 'unit') {
        unique(units, child.attributes.id, `${at} unit`)
        unit(child, `${at} ${child.attributes.id ?? ''}`)
      }
    }
  }
  const files = elements(root).filter(({ name }) => name === 'file')
  if (files.length === 0) say('file', 'xliff')
  const ids = new Set<string>()
  for (const file of files) {
    unique(ids, file.attributes.id, 'file')
    const inside = elements(file).filter(({ name }) => name === 'unit' || name === 'group')
    if (inside.length === 0) say('file', file.attributes.id ?? '')
    holder(file, `file ${file.attributes.id ?? ''}`, new Set(), new Set())
  }
  return broken
}
