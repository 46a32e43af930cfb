/**
 * What is put into a page, for each element and each kind of page: docs/embedding.md. A pinned tag names a release, which
 * never changes, with a digest: the browser refuses anything else, and the link inside the element stands there instead.
 */
import { say } from '../messages.ts'
import type { Release } from './releases.ts'

export const elements = ['service', 'guide', 'status', 'catalog'] as const
export type ElementName = (typeof elements)[number]

/** `cms`: a page of WordPress or the like, whose editor keeps no script; `frame`: a page whose scripts must not see the answers. */
export const hosts = ['html', 'cms', 'react', 'vue', 'frame'] as const
export type HostName = (typeof hosts)[number]

export interface Piece {
  /** `page`: where it is to be seen; `site`: once for the whole site, such as in its footer; `component`: a file of the application. */
  place: 'page' | 'site' | 'component'
  code: string
}

export interface EmbedTag {
  element: ElementName
  host: HostName
  pinned: boolean
  pieces: readonly Piece[]
  /** Content-Security-Policy of the page: the strictest that works. */
  policy: string
}

export interface TagsOf {
  /** Address of this server, without a slash at the end. */
  server: string
  agency: string
  service: string
  /** Null: there is none to pin. */
  release: Release | null
  /** Of the sentence that stands where the element could not. */
  language: string
  /** Origins of the pictures that its maps are made of. */
  maps?: readonly string[]
  /** Addresses on this server of modules with the field types it asks with that were made outside, parted by spaces. */
  types?: string
}

const modules: Readonly<Record<ElementName, string>> = { service: 'embed.js', guide: 'guide.js', status: 'status.js', catalog: 'catalog.js' }

export function embedTags(of: TagsOf): EmbedTag[] {
  const kinds = of.release === null ? [false] : [false, true]
  return elements.flatMap((element) =>
    hosts
      // Only a service is shown in a frame: the others ask for nothing that is secret from the page.
      .filter((host) => host !== 'frame' || element === 'service')
      .flatMap((host) => kinds.map((pinned) => tagOf(of, element, host, pinned))),
  )
}

function tagOf(of: TagsOf, element: ElementName, host: HostName, pinned: boolean): EmbedTag {
  const { server, agency, service, release, language, maps = [] } = of
  const types = (of.types ?? '').replace(/\S+/g, (path) => server + path)
  const file = modules[element]
  const name = `${agency}/${service}`
  const digest = pinned ? release?.files[file] : undefined
  const source = digest ? `${server}/pinned/${release?.release}/${file}` : `${server}/${file}`
  const guard = digest ? ` integrity="${digest}" crossorigin="anonymous"` : ''
  const tag = `guichet-${element}`
  const own =
    element === 'catalog' ? ` agency="${agency}"` : element === 'status' ? '' : ` service="${name}"${types && element === 'service' ? ` types="${types}"` : ''}`
  const isolated = host === 'frame' ? ' isolation="iframe"' : ''
  const page = { service: `/s/${name}`, guide: `/s/${name}`, status: '/status', catalog: '/' }[element]
  const instead = `<a href="${server}${page}" lang="${language}">${say(language, 'embedding.instead')}</a>`
  const script = `<script type="module" src="${source}"${guard}></script>`
  const whole = `<${tag}${own}${isolated}>${instead}</${tag}>`

  const pieces = (): Piece[] => {
    if (host === 'cms')
      return [
        { place: 'page', code: whole },
        { place: 'site', code: script },
      ]
    // In the page that the application is built into: with Trusted Types, no script may write a tag that loads another.
    if (host === 'react' || host === 'vue')
      return [
        { place: 'site', code: script },
        { place: 'component', code: (host === 'react' ? reactComponent : vueComponent)({ element, tag, own }) },
      ]
    if (digest || element === 'catalog') return [{ place: 'page', code: `${digest ? whole : `<${tag}${own}></${tag}>`}\n${script}` }]
    const data =
      element === 'status'
        ? ' data-place'
        : ` data-service="${name}"${types && element === 'service' ? ` data-types="${types}"` : ''}${host === 'frame' ? ' data-isolation="iframe"' : ''}`
    return [{ place: 'page', code: `<script type="module" src="${source}"${data}></script>` }]
  }
  return { element, host, pinned: digest !== undefined, pieces: pieces(), policy: policyFor(server, host, element === 'service' ? maps : []) }
}

const policyFor = (server: string, host: HostName, maps: readonly string[]) =>
  host === 'frame'
    ? `default-src 'none'; script-src ${server}; style-src ${server}; connect-src ${server}; frame-src ${server}; require-trusted-types-for 'script'`
    : `default-src 'none'; script-src ${server}; style-src ${server}; connect-src ${server}; img-src ${[server, ...maps].join(' ')} data:; require-trusted-types-for 'script'`

interface ComponentOf {
  element: ElementName
  tag: string
  own: string
}

/** What the application hears of first. */
const told: Readonly<Record<ElementName, { event: string; detail: string }>> = {
  service: { event: 'guichet-submitted', detail: 'event.detail.reference' },
  guide: { event: 'guichet-ready', detail: 'event.detail' },
  status: { event: 'guichet-case', detail: 'event.detail.status' },
  catalog: { event: 'guichet-ready', detail: 'event.detail.services' },
}

function reactComponent({ element, tag, own }: ComponentOf): string {
  const { event, detail } = told[element]
  const name = `Guichet${element.charAt(0).toUpperCase()}${element.slice(1)}`
  return `export const ${name} = ({ onTold }) => <${tag}${own} on${event}={(event) => onTold?.(${detail})} />`
}

const vueComponent = ({ element, tag, own }: ComponentOf) => `<!-- In the build: compilerOptions: { isCustomElement: (tag) => tag.startsWith('guichet-') } -->
<script setup>
const emit = defineEmits(['told'])
</script>

<template>
  <${tag}${own} @${told[element].event}="(event) => emit('told', ${told[element].detail})" />
</template>`
