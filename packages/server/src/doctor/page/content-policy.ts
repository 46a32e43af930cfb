/** What a page's Content-Security-Policy lets a script of ours do (W3C CSP Level 3, section 6.7: matching). */

/** Directive name to its values; the first of a name counts. */
export type ContentPolicy = ReadonlyMap<string, readonly string[]>

/** A header may hold several policies, parted by commas; each of them must allow what is done. */
export function readPolicies(header: string): ContentPolicy[] {
  return header
    .split(',')
    .map((text) => {
      const directives = new Map<string, readonly string[]>()
      for (const directive of text.split(';')) {
        const [name, ...values] = directive.trim().split(/\s+/)
        if (name && !directives.has(name.toLowerCase())) directives.set(name.toLowerCase(), values)
      }
      return directives
    })
    .filter((policy) => policy.size > 0)
}

/** What stands for a directive that is not there (CSP 6.8.3). */
const fallbacks: Readonly<Record<string, readonly string[]>> = {
  'script-src-elem': ['script-src', 'default-src'],
  'script-src': ['default-src'],
  'connect-src': ['default-src'],
  'img-src': ['default-src'],
  'frame-src': ['child-src', 'default-src'],
}

/** The directive that decides about `name`, and its values; null: nothing is forbidden. */
export function deciding(policy: ContentPolicy, name: string): { directive: string; values: readonly string[] } | null {
  for (const directive of [name, ...(fallbacks[name] ?? [])]) {
    const values = policy.get(directive)
    if (values) return { directive, values }
  }
  return null
}

const isIn = (values: readonly string[], keyword: string) => values.some((value) => value.toLowerCase() === keyword)

/** Whether an address is let through by its source expressions alone. */
export function allowsAddress(values: readonly string[], address: URL, page: URL): boolean {
  return values.some((value) => matches(value, address, page))
}

/** Whether a script tag may run: by its nonce, its hash, or its address. */
export function allowsScript(values: readonly string[], script: { address: URL; nonce: string | null; integrity: string | null }, page: URL): boolean {
  const { address, nonce, integrity } = script
  if (nonce && values.includes(`'nonce-${nonce}'`)) return true
  const hashes = integrity?.split(/\s+/).filter(Boolean) ?? []
  if (hashes.length > 0 && hashes.every((hash) => values.includes(`'${hash}'`))) return true
  // 'strict-dynamic' makes addresses count for nothing.
  return !isIn(values, "'strict-dynamic'") && allowsAddress(values, address, page)
}

/** Whether a script that runs may load more of itself by `import()`. */
export const allowsMore = (values: readonly string[], address: URL, page: URL) => isIn(values, "'strict-dynamic'") || allowsAddress(values, address, page)

function matches(source: string, address: URL, page: URL): boolean {
  const said = source.toLowerCase()
  if (said === '*') return ['http:', 'https:', 'ws:', 'wss:'].includes(address.protocol) || address.protocol === page.protocol
  if (said === "'self'") return sameOrigin(address, page)
  if (said.startsWith("'")) return false
  if (/^[a-z][a-z0-9+.-]*:$/.test(said)) return schemeFits(said, address.protocol)
  const parts = /^(?:([a-z][a-z0-9+.-]*:)\/\/)?(\*|(?:\*\.)?[a-z0-9._-]+|\[[0-9a-f:.]+\])(?::(\d+|\*))?(\/[^?#]*)?$/i.exec(source)
  if (!parts) return false
  const [, scheme, host = '', port, path] = parts
  if (!schemeFits((scheme ?? page.protocol).toLowerCase(), address.protocol)) return false
  if (!hostFits(host.toLowerCase(), address.hostname)) return false
  if (!portFits(port, scheme?.toLowerCase() ?? page.protocol, address)) return false
  if (!path || path === '/') return true
  return path.endsWith('/') ? address.pathname.startsWith(path) : address.pathname === path
}

const sameOrigin = (a: URL, b: URL) => a.hostname === b.hostname && schemeFits(b.protocol, a.protocol) && portFits(b.port || undefined, b.protocol, a)
/** http: also lets https: through. */
const schemeFits = (asked: string, is: string) => asked === is || (asked === 'http:' && is === 'https:') || (asked === 'ws:' && is === 'wss:')
const hostFits = (asked: string, is: string) => asked === '*' || (asked.startsWith('*.') ? is.endsWith(asked.slice(1)) : asked === is)
const usual: Readonly<Record<string, string>> = { 'http:': '80', 'https:': '443' }
function portFits(asked: string | undefined, scheme: string, address: URL): boolean {
  if (asked === '*') return true
  const is = address.port || usual[address.protocol]
  if (asked === undefined) return address.port === '' || address.port === usual[scheme]
  return asked === is || (asked === '80' && is === '443')
}
