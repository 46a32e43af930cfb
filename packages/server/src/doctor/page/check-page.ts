/**
 * What would keep an embedded service from working on an agency's page, in plain words, each with what to change. It looks
 * at the page as it is delivered: what scripts of the page do later, only a browser shows.
 */
import { allowsAddress, allowsMore, allowsScript, type ContentPolicy, deciding, readPolicies } from './content-policy.ts'
import type { ReadPage, Tag } from './read-page.ts'

export interface Finding {
  /** `wrong`: the service will not work. `careful`: it works, but not as it should. */
  level: 'wrong' | 'careful' | 'fine'
  says: string
  /** The line to change, as it should be. */
  change?: string
}

/** What the server answers to the page about a service: its HTTP status, or why there is none. */
export type AskService = (server: URL, service: string, origin: string) => Promise<number | 'unreachable'>

const modules: Readonly<Record<string, string>> = {
  'embed.js': 'guichet-service',
  'guide.js': 'guichet-guide',
  'status.js': 'guichet-status',
  'catalog.js': 'guichet-catalog',
}
const moduleOf = (address: URL) => /\/(embed|guide|status|catalog)\.js$/.exec(address.pathname)?.[0].slice(1)
/** Where the server of a module is: a pinned one lies two folders below it. */
const serverOf = (address: URL) => new URL(address.pathname.replace(/(?:pinned\/[^/]+\/)?[^/]*$/, ''), address)
const loopback = (url: URL) => ['localhost', '127.0.0.1', '[::1]'].includes(url.hostname) || url.hostname.endsWith('.localhost')

interface Embedded {
  tag: Tag
  address: URL
  module: string
}

export async function checkPage(page: ReadPage, ask: AskService): Promise<Finding[]> {
  const { url, status, headers, tags, styles } = page
  const findings: Finding[] = []
  const wrong = (says: string, change?: string) => findings.push({ level: 'wrong', says, ...(change ? { change } : {}) })
  const careful = (says: string, change?: string) => findings.push({ level: 'careful', says, ...(change ? { change } : {}) })
  const fine = (says: string) => findings.push({ level: 'fine', says })

  if (status >= 400) wrong(`The page answers with ${status}: nobody sees it.`)
  if (!/html/i.test(headers.get('content-type') ?? 'text/html')) wrong(`The page is delivered as ${headers.get('content-type')}, not as text/html.`)

  const base = URL.parse(tags.find(({ name, attributes }) => name === 'base' && attributes.href)?.attributes.href ?? '', url.href) ?? url
  const scripts: Embedded[] = tags.flatMap((tag) => {
    const address = tag.name === 'script' && tag.attributes.src ? URL.parse(tag.attributes.src, base.href) : null
    const module = address && moduleOf(address)
    // Others have files of these names too: it is ours if it says what to place, or if one of our elements is there.
    const ours = module && ('data-service' in tag.attributes || 'data-place' in tag.attributes || tags.some(({ name }) => name === modules[module]))
    return ours ? [{ tag, address, module }] : []
  })
  const elements = tags.filter(({ name }) => Object.values(modules).includes(name))

  if (scripts.length === 0) {
    wrong(
      elements.length > 0
        ? 'The page has the element, but not the script that brings it to life.'
        : 'The page has no script tag of a Guichet server. If a script of the page adds it later, check that page in a browser.',
      '<script type="module" src="https://HOST/embed.js" data-service="agency/service"></script>',
    )
    return findings
  }

  if (url.protocol !== 'https:' && !loopback(url))
    wrong('The page is delivered without https: anyone on the way can read and change it, and saving for later is off.', `https://${url.host}${url.pathname}`)
  for (const { tag, address, module } of scripts) {
    if (url.protocol === 'https:' && address.protocol === 'http:' && !loopback(address))
      wrong(`${address} is asked for without https, and browsers refuse that on a page with https.`, `src="https://${address.host}${address.pathname}"`)
    if (tag.attributes.type !== 'module')
      wrong(`The tag of ${module} has no type="module", so the browser refuses what is in it.`, `<script type="module" src="${address}" …></script>`)
    if ('nomodule' in tag.attributes) wrong(`The tag of ${module} has the attribute nomodule, so no current browser runs it.`)
  }

  const policies = [
    ...readPolicies(headers.get('content-security-policy') ?? ''),
    ...tags.flatMap(({ name, attributes }) =>
      name === 'meta' && attributes['http-equiv']?.toLowerCase() === 'content-security-policy' ? readPolicies(attributes.content ?? '') : [],
    ),
  ]
  for (const policy of policies) findings.push(...checkPolicy(policy, scripts, url))
  if (policies.length === 0)
    careful('The page has no Content-Security-Policy. The service needs none, but the page would be safer with one (docs/embedding.md has it).')
  else if (!findings.some(({ says }) => says.includes('Content-Security-Policy'))) fine('The Content-Security-Policy lets the service work.')

  if (
    /require-corp/.test(headers.get('cross-origin-embedder-policy') ?? '') &&
    scripts.some(({ tag }) => tag.attributes.type !== 'module' && !('crossorigin' in tag.attributes))
  )
    wrong('Cross-Origin-Embedder-Policy: require-corp stops scripts without crossorigin.', 'crossorigin="anonymous"')
  for (const [feature, what] of [
    ['camera', 'photographing a document'],
    ['geolocation', 'giving the place where one is'],
  ] as const)
    if (new RegExp(`(^|,)\\s*${feature}=\\(\\)`).test(headers.get('permissions-policy') ?? ''))
      careful(`Permissions-Policy forbids ${feature} on the page: ${what} will be off.`, `Permissions-Policy: ${feature}=(self)`)

  const wanted = new Map<string, { server: URL; service: string }>()
  for (const { tag, address } of scripts) if (tag.attributes['data-service']) want(serverOf(address), tag.attributes['data-service'])
  for (const { attributes } of elements) if (attributes.service) want(URL.parse(attributes.base ?? '') ?? serverOf(scripts[0]!.address), attributes.service)
  function want(server: URL, service: string) {
    wanted.set(`${server} ${service}`, { server, service })
  }
  for (const { server, service } of wanted.values()) {
    const answer = await ask(server, service, url.origin)
    if (answer === 'unreachable') wrong(`${server} cannot be reached from here: check its address, and that it runs.`)
    else if (answer === 404) wrong(`${server} has no published service “${service}”: check its name, and that it is published.`)
    else if (answer === 403)
      wrong(`The policy of “${service}” does not let ${url.origin} embed it.`, `In the builder, under who may embed it, add ${url.origin}`)
    else if (answer >= 400) wrong(`${server} answers with ${answer} when it is asked for “${service}”.`)
    else fine(`“${service}” is published, and may be embedded by ${url.origin}.`)
  }

  const seen = new Set<string>()
  const twice = new Set<string>()
  for (const { attributes } of tags) {
    if (!attributes.id) continue
    if (seen.has(attributes.id)) twice.add(attributes.id)
    seen.add(attributes.id)
  }
  if (twice.size > 0)
    careful(
      `${[...twice]
        .slice(0, 5)
        .map((id) => `id="${id}"`)
        .join(
          ', ',
        )} ${twice.size > 1 ? 'are' : 'is'} on the page more than once. The service is not touched by it, but labels and links of the page may lead to the wrong place.`,
    )
  const root = tags.find(({ name }) => name === 'html')
  if (!root?.attributes.lang) careful('The page does not say its language, so the service cannot follow it.', '<html lang="en">')
  const viewport = tags.find(({ name, attributes }) => name === 'meta' && attributes.name?.toLowerCase() === 'viewport')?.attributes.content
  if (viewport === undefined)
    careful(
      'The page says nothing about its width on phones: everything will be tiny there.',
      '<meta name="viewport" content="width=device-width, initial-scale=1">',
    )
  else if (/user-scalable\s*=\s*(no|0)|maximum-scale\s*=\s*1(\.0*)?\s*(,|$)/i.test(viewport))
    careful('The page forbids zooming, which people with low vision need (WCAG 1.4.4).', '<meta name="viewport" content="width=device-width, initial-scale=1">')
  const small = smallText(styles)
  if (small)
    careful(
      `The page sets the size of its root text to ${small}. The service follows the reader's size, so it may look larger than the page; --guichet-font-size evens it out.`,
    )

  if (!findings.some(({ level }) => level === 'wrong')) fine('The service will work on this page.')
  return findings
}

/** The size that the page gives its root, where that is not the reader's own. */
function smallText(styles: string): string | null {
  const plain = styles.replace(/\/\*[\s\S]*?\*\//g, '')
  const found = /(?:^|[},])\s*(?:html|:root)\s*(?:,[^{}]*)?\{[^{}]*?(?<![\w-])font-size\s*:\s*([^;{}!]+)/im.exec(plain)?.[1]?.trim()
  if (!found) return null
  const [, number, unit] = /^([\d.]+)(px|%|rem|em)$/.exec(found) ?? []
  if (number === undefined) return null
  const percent = unit === 'px' ? (Number(number) / 16) * 100 : unit === '%' ? Number(number) : Number(number) * 100
  return Math.abs(percent - 100) > 1 ? found : null
}

function checkPolicy(policy: ContentPolicy, scripts: readonly Embedded[], page: URL): Finding[] {
  const findings: Finding[] = []
  const written = (directive: string, values: readonly string[]) => `Content-Security-Policy: … ${[directive, ...values].join(' ')}; …`
  const add = (directive: string, from: readonly string[], more: string) =>
    written(directive, [...from.filter((value) => value.toLowerCase() !== "'none'"), more])
  const refuses = (says: string, change: string) => {
    if (!findings.some((finding) => finding.change === change)) findings.push({ level: 'wrong', says, change })
  }
  for (const { tag, address, module } of scripts) {
    const { origin } = address
    const forScripts = deciding(policy, 'script-src-elem')
    if (forScripts) {
      const { directive, values } = forScripts
      const target = directive === 'default-src' ? 'script-src' : directive
      const script = { address, nonce: tag.attributes.nonce ?? null, integrity: tag.attributes.integrity ?? null }
      if (!allowsScript(values, script, page))
        refuses(
          `The Content-Security-Policy does not let ${module} run (${directive}).`,
          values.some((value) => value.toLowerCase() === "'strict-dynamic'")
            ? `nonce="…" on the script tag, since 'strict-dynamic' makes addresses count for nothing`
            : add(target, values, origin),
        )
      else if (!allowsMore(values, new URL('/assets/', address), page))
        refuses(`The Content-Security-Policy lets ${module} run, but not what it loads (${directive}).`, add(target, values, origin))
    }
    const forData = deciding(policy, 'connect-src')
    if (forData && !allowsAddress(forData.values, new URL('/v1/', address), page))
      refuses(
        `The Content-Security-Policy does not let the page talk to ${origin} (${forData.directive}).`,
        add('connect-src', forData.directive === 'connect-src' ? forData.values : [], origin),
      )
    const forPictures = deciding(policy, 'img-src')
    if (forPictures && !allowsAddress(forPictures.values, new URL('/assets/', address), page))
      findings.push({
        level: 'careful',
        says: `The Content-Security-Policy does not let pictures of ${origin} show (${forPictures.directive}): an agency's logo would be missing.`,
        change: add('img-src', forPictures.directive === 'img-src' ? forPictures.values : [], origin),
      })
  }
  const types = policy.get('trusted-types')
  if (types && !types.includes('*') && !types.includes('lit-html'))
    refuses(
      'The Content-Security-Policy names the trusted types of the page, and the one of the service is not among them.',
      add('trusted-types', types, 'lit-html'),
    )
  const sandbox = policy.get('sandbox')
  if (sandbox && !sandbox.includes('allow-scripts'))
    refuses(
      'The Content-Security-Policy puts the page into a sandbox without scripts.',
      written('sandbox', [...sandbox, 'allow-scripts', 'allow-same-origin', 'allow-forms']),
    )
  return findings
}
