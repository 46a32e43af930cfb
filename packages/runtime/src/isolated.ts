/**
 * A service in a frame of its own, for pages that must not see what is answered: scripts of the page reach neither the
 * answers nor the tracking code. What passes between the two is the frame's height, the names of steps, and the language.
 */
import type { Unreachable } from './unreachable.ts'

/** What the frame tells: packages/server/src/pages/frame.js sends it. */
interface Told {
  guichet: 'ready' | 'height' | 'page' | 'submitted' | 'failed' | 'leave'
  /** Where the page is to go, to come back later. */
  address?: string
  height?: number
  title?: string
  page?: string
  reason?: string
  status?: number
}

/** A frame that was loaded and says nothing for so long holds no service: browsers show an error page of their own in it. */
const silence = 10_000

const sheet = () => {
  const styles = new CSSStyleSheet()
  styles.replaceSync(':host { display: block } iframe { display: block; inline-size: 100%; block-size: 30em; border: 0 } [hidden] { display: none }')
  return styles
}

/**
 * What the frame cannot see: the address of this page, which whoever signs in comes back to, and what came back in it, or by a mailed link. It goes
 * along after the `#`, which no server is sent, and is of no use to this page: it opens with a secret that the frame keeps.
 */
function aroundFrame(): URLSearchParams {
  const url = new URL(location.href)
  const told = new URLSearchParams()
  for (const name of ['guichet-sign-in', 'guichet-sign-in-fault']) {
    const value = url.searchParams.get(name)
    if (value === null) continue
    told.set(name, value)
    url.searchParams.delete(name)
    history.replaceState(history.state, '', url)
  }
  const draft = new URLSearchParams(url.hash.slice(1))
  const code = draft.get('guichet-draft')
  if (code !== null) {
    told.set('guichet-draft', code)
    draft.delete('guichet-draft')
    url.hash = draft.toString()
    history.replaceState(history.state, '', url)
  }
  told.set('page', url.href)
  return told
}

/** Draws the frame. Gives what is to be called when the element leaves the page. */
export function isolate(element: HTMLElement, root: ShadowRoot, base: string, unreachable: (language: string) => Unreachable): () => void {
  const language = () => element.getAttribute('lang') ?? element.closest<HTMLElement>('[lang]')?.lang ?? ''
  const frame = document.createElement('iframe')
  const notice = document.createElement('p')
  notice.setAttribute('role', 'alert')
  notice.hidden = true
  let heard = false
  let timer: ReturnType<typeof setTimeout> | undefined

  const address = new URL(`frame/${element.getAttribute('service')}`, base)
  if (language()) address.searchParams.set('lang', language())
  const keys = element.getAttribute('keys')
  if (keys !== null) address.searchParams.set('keys', keys)
  // The frame follows the light or the dark of the page around, which it cannot see.
  address.searchParams.set('scheme', getComputedStyle(element).colorScheme)
  frame.allow = 'camera; geolocation; clipboard-write'
  frame.title = element.getAttribute('service') as string

  const tell = (name: string, detail: object) => element.dispatchEvent(new CustomEvent(`guichet-${name}`, { detail, bubbles: true, composed: true }))
  const failed = () => {
    const said = unreachable(language() || navigator.language)
    Object.assign(notice, { lang: said.language, dir: said.direction, textContent: said.sentence, hidden: false })
    frame.hidden = true
    tell('failed', { reason: 'unreachable' })
  }
  const hear = ({ source, origin, data }: MessageEvent<Told>) => {
    if (source !== frame.contentWindow || origin !== address.origin) return
    heard = true
    clearTimeout(timer)
    const { guichet, height, title, page, reason, status, address: elsewhere } = data
    // Providers of sign-in let themselves be shown in no frame.
    if (guichet === 'leave' && elsewhere && /^https?:/.test(elsewhere)) location.assign(elsewhere)
    if (guichet === 'height' && Number.isFinite(height)) frame.style.blockSize = `${height}px`
    if (title) frame.title = title
    if (guichet === 'ready') tell('ready', {})
    if (guichet === 'submitted') tell('submitted', {})
    if (guichet === 'failed') tell('failed', { reason, status })
    if (guichet === 'page') {
      tell('page', { page })
      const { top } = frame.getBoundingClientRect()
      if (top < 0 || top > innerHeight) frame.scrollIntoView({ block: 'start' })
    }
  }
  const watch = new MutationObserver(() => frame.contentWindow?.postMessage({ guichet: 'language', language: language() }, address.origin))

  addEventListener('message', hear)
  frame.addEventListener('load', () => {
    if (!heard) timer = setTimeout(failed, silence)
  })
  watch.observe(element, { attributes: true, attributeFilter: ['lang'] })
  address.hash = aroundFrame().toString()
  frame.src = address.href
  root.adoptedStyleSheets = [sheet()]
  root.replaceChildren(frame, notice)
  return () => {
    clearTimeout(timer)
    watch.disconnect()
    removeEventListener('message', hear)
  }
}
