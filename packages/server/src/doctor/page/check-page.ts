/**
 * What would keep an embedded service from working on an agency's page, in plain words, each with what to change. It looks
 * at the page as it is delivered: what scripts of the page do later, only a browser shows.
 */
import { say } from '../../messages.ts'
import { allowsAddress, allowsMore, allowsScript, type ContentPolicy, deciding, readPolicies } from './content-policy.ts'
import type { ReadPage, Tag } from './read-page.ts'

export interface Finding {
  /** `wrong`: the service will not work. `careful`: it works, but not as it should. */
  level: 'wrong' | 'careful' | 'fine'
  /** In words: `sayFinding`. */
  code: string
  params: Readonly<Record<string, string | number>>
  /** The line to change, as it should be. */
  change?: string
}

export const sayFinding = (language: string, { code, params }: Pick<Finding, 'code' | 'params'>) => say(language, `doctor.${code}`, params)

/** What is asked of servers; `unreachable`: no answer came. */
export interface AskServer {
  /** The status of the answer to the page about a service. */
  service(server: URL, service: string, origin: string): Promise<number | 'unreachable'>
  /** The status of the answer to the page about a module. */
  module(address: URL, origin: string): Promise<number | 'unreachable'>
  /** Origins of the pictures that a service's maps are made of. */
  maps(server: URL, service: string, origin: string): Promise<readonly string[]>
}

/** What the page is looked at for: the service that it should embed, and the tag that does it. */
export interface Wanted {
  service: string
  tag: string
}

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

/** `wanted`: what the page is looked at for, if that is known. */
export async function checkPage(page: ReadPage, ask: AskServer, wanted: Wanted | null = null): Promise<Finding[]> {
  const { url, status, headers, tags, styles } = page
  const findings: Finding[] = []
  const say =
    (level: Finding['level']) =>
    (code: string, params: Finding['params'] = {}, change?: string) => {
      findings.push({ level, code, params, ...(change ? { change } : {}) })
    }
  const [wrong, careful, fine] = [say('wrong'), say('careful'), say('fine')]

  if (status >= 400) wrong('status', { status: String(status) })
  if (!/html/i.test(headers.get('content-type') ?? 'text/html')) wrong('not-html', { type: headers.get('content-type') ?? '' })

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
      elements.length > 0 ? 'script-missing' : 'tag-missing',
      {},
      wanted?.tag ?? '<script type="module" src="https://HOST/embed.js" data-service="agency/service"></script>',
    )
    return findings
  }

  if (url.protocol !== 'https:' && !loopback(url)) wrong('page-no-https', {}, `https://${url.host}${url.pathname}`)
  for (const { tag, address, module } of scripts) {
    if (url.protocol === 'https:' && address.protocol === 'http:' && !loopback(address))
      wrong('script-no-https', { address: address.href }, `src="https://${address.host}${address.pathname}"`)
    if (tag.attributes.type !== 'module') wrong('no-module', { module }, `<script type="module" src="${address}" …></script>`)
    if ('nomodule' in tag.attributes) wrong('nomodule', { module })
    await checkPin(tag, address, module)
  }

  const policies = [
    ...readPolicies(headers.get('content-security-policy') ?? ''),
    ...tags.flatMap(({ name, attributes }) =>
      name === 'meta' && attributes['http-equiv']?.toLowerCase() === 'content-security-policy' ? readPolicies(attributes.content ?? '') : [],
    ),
  ]
  const inFrame = (attributes: Tag['attributes'], name: string) => attributes[name] === 'iframe'
  const shown = [
    ...scripts
      .filter(({ tag }) => 'data-service' in tag.attributes || 'data-place' in tag.attributes)
      .map(({ tag }) => inFrame(tag.attributes, 'data-isolation')),
    ...elements.map(({ attributes }) => inFrame(attributes, 'isolation')),
  ]
  const ways = { framed: shown.some(Boolean), plain: shown.length === 0 || shown.includes(false) }
  for (const policy of policies) findings.push(...checkPolicy(policy, scripts, url, ways))
  if (policies.length === 0) careful('policy-none')
  else if (!findings.some(({ code }) => code.startsWith('csp-'))) fine('policy-fine')

  if (
    /require-corp/.test(headers.get('cross-origin-embedder-policy') ?? '') &&
    scripts.some(({ tag }) => tag.attributes.type !== 'module' && !('crossorigin' in tag.attributes))
  )
    wrong('embedder', {}, 'crossorigin="anonymous"')
  for (const feature of ['camera', 'geolocation'])
    if (new RegExp(`(^|,)\\s*${feature}=\\(\\)`).test(headers.get('permissions-policy') ?? '')) careful(feature, {}, `Permissions-Policy: ${feature}=(self)`)

  const embedded = new Map<string, { server: URL; service: string }>()
  for (const { tag, address } of scripts) if (tag.attributes['data-service']) want(serverOf(address), tag.attributes['data-service'])
  for (const { attributes } of elements) if (attributes.service) want(URL.parse(attributes.base ?? '') ?? serverOf(scripts[0]!.address), attributes.service)
  function want(server: URL, service: string) {
    embedded.set(`${server} ${service}`, { server, service })
  }
  for (const { server, service } of embedded.values()) {
    const answer = await ask.service(server, service, url.origin)
    if (answer === 'unreachable') wrong('server-away', { server: server.href })
    else if (answer === 404) wrong('service-missing', { server: server.href, service })
    else if (answer === 403) wrong('origin', { service, origin: url.origin }, url.origin)
    else if (answer >= 400) wrong('service-status', { server: server.href, status: String(answer), service })
    else fine('service-fine', { service, origin: url.origin })
    if (answer === 200 && ways.plain)
      for (const origin of await ask.maps(server, service, url.origin))
        for (const policy of policies) {
          const forPictures = deciding(policy, 'img-src')
          if (forPictures && URL.canParse(origin) && !allowsAddress(forPictures.values, new URL(origin), url))
            careful('csp-maps', { service, origin, directive: forPictures.directive }, picturesWith(forPictures, origin))
        }
  }
  const services = [...embedded.values()].map(({ service }) => service)
  if (wanted && services.length > 0 && !services.includes(wanted.service))
    careful('other-service', { services: services.join(', '), service: wanted.service }, wanted.tag)

  const seen = new Set<string>()
  const twice = new Set<string>()
  for (const { attributes } of tags) {
    if (!attributes.id) continue
    if (seen.has(attributes.id)) twice.add(attributes.id)
    seen.add(attributes.id)
  }
  const ids = [...twice]
    .slice(0, 5)
    .map((id) => `id="${id}"`)
    .join(', ')
  if (twice.size > 0) careful('ids-twice', { ids, count: twice.size })
  const root = tags.find(({ name }) => name === 'html')
  if (!root?.attributes.lang) careful('language', {}, '<html lang="en">')
  const viewport = tags.find(({ name, attributes }) => name === 'meta' && attributes.name?.toLowerCase() === 'viewport')?.attributes.content
  const whole = '<meta name="viewport" content="width=device-width, initial-scale=1">'
  if (viewport === undefined) careful('viewport', {}, whole)
  else if (/user-scalable\s*=\s*(no|0)|maximum-scale\s*=\s*1(\.0*)?\s*(,|$)/i.test(viewport)) careful('zoom', {}, whole)
  const small = smallText(styles)
  if (small) careful('root-size', { size: small.found }, `--guichet-font-size: ${small.even}rem`)

  if (!findings.some(({ level }) => level === 'wrong')) fine('works')
  return findings

  /** A digest keeps what it was made of: an address that goes with each upgrade is refused after the next. */
  async function checkPin(tag: Tag, address: URL, module: string) {
    const release = /\/pinned\/[^/]+\/[^/]+$/.test(address.pathname)
    if (tag.attributes.integrity && !release) wrong('digest-floating', { module })
    if (!release) return
    const answer = await ask.module(address, url.origin)
    if (answer === 404) wrong('release-missing', { address: address.href }, wanted?.tag)
    else if (answer === 200) fine('release-fine')
  }
}

/** The size that the page gives its root, where that is not the reader's own. */
function smallText(styles: string): { found: string; even: string } | null {
  const plain = styles.replace(/\/\*[\s\S]*?\*\//g, '')
  const found = /(?:^|[},])\s*(?:html|:root)\s*(?:,[^{}]*)?\{[^{}]*?(?<![\w-])font-size\s*:\s*([^;{}!]+)/im.exec(plain)?.[1]?.trim()
  if (!found) return null
  const [, number, unit] = /^([\d.]+)(px|%|rem|em)$/.exec(found) ?? []
  if (number === undefined) return null
  const percent = unit === 'px' ? (Number(number) / 16) * 100 : unit === '%' ? Number(number) : Number(number) * 100
  return Math.abs(percent - 100) > 1 && percent > 0 ? { found, even: String(Math.round(percent) / 100) } : null
}

const written = (directive: string, values: readonly string[]) => `Content-Security-Policy: … ${[directive, ...values].join(' ')}; …`
const add = (directive: string, from: readonly string[], more: string) =>
  written(directive, [...from.filter((value) => value.toLowerCase() !== "'none'"), more])
/** The line that lets in one more origin's pictures. */
const picturesWith = ({ directive, values }: NonNullable<ReturnType<typeof deciding>>, origin: string) =>
  add('img-src', directive === 'img-src' ? values : [], origin)

/** `ways`: whether services of the page stand in it, and whether in frames of their own. */
function checkPolicy(policy: ContentPolicy, scripts: readonly Embedded[], page: URL, ways: { framed: boolean; plain: boolean }): Finding[] {
  const findings: Finding[] = []
  const refuses = (code: string, params: Finding['params'], change: string) => {
    if (!findings.some((finding) => finding.change === change)) findings.push({ level: 'wrong', code, params, change })
  }
  for (const { tag, address, module } of scripts) {
    const { origin } = address
    const forScripts = deciding(policy, 'script-src-elem')
    if (forScripts) {
      const { directive, values } = forScripts
      const target = directive === 'default-src' ? 'script-src' : directive
      const script = { address, nonce: tag.attributes.nonce ?? null, integrity: tag.attributes.integrity ?? null }
      if (!allowsScript(values, script, page)) {
        if (values.some((value) => value.toLowerCase() === "'strict-dynamic'")) refuses('csp-nonce', { module, directive }, 'nonce="…"')
        else refuses('csp-script', { module, directive }, add(target, values, origin))
      } else if (!allowsMore(values, new URL('/assets/', address), page)) refuses('csp-more', { module, directive }, add(target, values, origin))
    }
    const forFrames = ways.framed ? deciding(policy, 'frame-src') : null
    if (forFrames && !allowsAddress(forFrames.values, new URL('/frame/', address), page))
      refuses('csp-frame', { origin, directive: forFrames.directive }, add('frame-src', forFrames.directive === 'default-src' ? [] : forFrames.values, origin))
    // What a frame asks for is no matter of the page's policy.
    if (!ways.plain) continue
    const forData = deciding(policy, 'connect-src')
    if (forData && !allowsAddress(forData.values, new URL('/v1/', address), page))
      refuses('csp-connect', { origin, directive: forData.directive }, add('connect-src', forData.directive === 'connect-src' ? forData.values : [], origin))
    const forPictures = deciding(policy, 'img-src')
    if (forPictures && !allowsAddress(forPictures.values, new URL('/assets/', address), page))
      findings.push({
        level: 'careful',
        code: 'csp-pictures',
        params: { origin, directive: forPictures.directive },
        change: picturesWith(forPictures, origin),
      })
  }
  const types = policy.get('trusted-types')
  if (ways.plain && types && !types.includes('*') && !types.includes('lit-html')) refuses('csp-types', {}, add('trusted-types', types, 'lit-html'))
  const sandbox = policy.get('sandbox')
  if (sandbox && !sandbox.includes('allow-scripts'))
    refuses('csp-sandbox', {}, written('sandbox', [...sandbox, 'allow-scripts', 'allow-same-origin', 'allow-forms']))
  return findings
}
