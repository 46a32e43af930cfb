/** Fetches an agency's page as a browser would, and finds in it what matters to an embedded service. */
import { type DefaultTreeAdapterTypes, parse } from 'parse5'
import { say } from '../../messages.ts'

type Node = DefaultTreeAdapterTypes.Node
type Element = DefaultTreeAdapterTypes.Element

/** More than this no page has before its first picture. */
export const mostBytes = 5_000_000
const patience = 15_000

export interface Tag {
  name: string
  attributes: Readonly<Record<string, string>>
}

export interface ReadPage {
  /** Where the page is after all redirects. */
  url: URL
  status: number
  headers: Headers
  /** Elements in the order of the page. */
  tags: readonly Tag[]
  /** Rules of its style sheets, those that it links to included; a sheet that did not come is left out. */
  styles: string
}

/** It could not be read; `code` and `params` say why, as those of a finding do. */
export class NoPage extends Error {
  readonly code: 'no-address' | 'page-away' | 'page-large' | 'page-refused' | 'page-moves'
  readonly params: Readonly<Record<string, string | number>>
  constructor(code: NoPage['code'], params: NoPage['params'] = {}) {
    super(say('en', `doctor.${code}`, params))
    this.code = code
    this.params = params
  }
}

export type Fetch = (address: string | URL, init?: RequestInit) => Promise<Response>

async function textOf(response: Response): Promise<string> {
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of response.body ?? []) {
    size += (chunk as Uint8Array).length
    if (size > mostBytes) throw new NoPage('page-large', { size: mostBytes / 1e6 })
    chunks.push(chunk as Uint8Array)
  }
  const charset = /charset="?([\w-]+)/i.exec(response.headers.get('content-type') ?? '')?.[1] ?? 'utf-8'
  try {
    return new TextDecoder(charset).decode(Buffer.concat(chunks))
  } catch {
    return Buffer.concat(chunks).toString('latin1')
  }
}

/** All elements, those in templates left out: they are not on the page yet. */
function tagsOf(html: string): { tags: Tag[]; styles: string[] } {
  const tags: Tag[] = []
  const styles: string[] = []
  const walk = (node: Node) => {
    if ('tagName' in node) {
      const { tagName, attrs, childNodes } = node as Element
      tags.push({ name: tagName, attributes: Object.fromEntries(attrs.map(({ name, value }) => [name, value])) })
      if (tagName === 'style') styles.push(childNodes.map((child) => ('value' in child ? child.value : '')).join(''))
    }
    if ('childNodes' in node) for (const child of node.childNodes) walk(child)
  }
  walk(parse(html))
  return { tags, styles }
}

/** @throws NoPage */
export async function readPage(address: string, fetchIt: Fetch = fetch): Promise<ReadPage> {
  if (!URL.canParse(address) || !/^https?:$/.test(new URL(address).protocol)) throw new NoPage('no-address', { address })
  const get = async (url: string | URL, accept: string) => {
    try {
      return await fetchIt(url, { headers: { accept, 'user-agent': 'guichet doctor' }, signal: AbortSignal.timeout(patience) })
    } catch (error) {
      if (error instanceof NoPage) throw error
      const { cause, name } = error as Error & { cause?: { code?: string } }
      throw new NoPage('page-away', { address: String(url), reason: cause?.code ?? name })
    }
  }
  const response = await get(address, 'text/html,application/xhtml+xml')
  const html = await textOf(response)
  const url = new URL(response.url || address)
  const { tags, styles } = tagsOf(html)
  const base = tags.find(({ name, attributes }) => name === 'base' && attributes.href)?.attributes.href
  const sheets = tags.filter(({ name, attributes }) => name === 'link' && /(^|\s)stylesheet(\s|$)/i.test(attributes.rel ?? '') && attributes.href)
  for (const { attributes } of sheets.slice(0, 20)) {
    const at = URL.parse(attributes.href as string, (base ? new URL(base, url) : url).href)
    if (!at || !/^https?:$/.test(at.protocol)) continue
    const sheet = await get(at, 'text/css').catch(() => null)
    if (sheet?.ok) styles.push(await textOf(sheet).catch(() => ''))
  }
  return { url, status: response.status, headers: response.headers, tags, styles: styles.join('\n') }
}
