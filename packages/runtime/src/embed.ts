/**
 * What one script tag brings: `<script type="module" src="https://HOST/embed.js" data-service="agency/service"></script>`.
 * It is small and never cached for long; everything else comes from files whose names change with their content. It asks
 * for the service at once, while the runtime is still on its way.
 */
import { unreachable } from './unreachable.ts'

// First of all: it is what takes longest to come.
const runtime = import('./register.ts')

const own = import.meta.url
const base = new URL('.', own).href
const asked = new Map<string, Promise<Response>>()
const placed = new WeakSet<Element>()

const addressOf = (from: string, service: string, language: string | undefined) =>
  `${from}v1/services/${service}${language ? `?lang=${encodeURIComponent(language)}` : ''}`

/** Async, so that a page's own `fetch` that throws at once is a failure like any other. */
async function ask(from: string, service: string, language: string | undefined): Promise<Response> {
  const address = addressOf(from, service, language)
  const before = asked.get(address)
  // An answer can be read once.
  asked.delete(address)
  return before ?? fetch(address, { credentials: 'omit' })
}

/** Puts the service of a script tag behind it, once. */
function place(script: unknown) {
  if (!(script instanceof HTMLScriptElement) || script.src !== own || placed.has(script)) return
  const { service, lang, isolation } = script.dataset
  if (!service) return
  placed.add(script)
  const element = document.createElement('guichet-service')
  for (const name of ['service', 'lang', 'types', 'keys', 'isolation']) {
    const value = script.dataset[name]
    // Keys that are empty are a pin as well: one that nothing fits.
    if (value || (name === 'keys' && value === '')) element.setAttribute(name, value)
  }
  // Several servers' scripts may stand on one page, and share the element.
  element.setAttribute('base', base)
  if (!isolation && !customElements.get('guichet-service')) {
    const language = lang ?? (script.closest<HTMLElement>('[lang]')?.lang || undefined)
    const response = ask(base, service, language)
    // The element sees a failure when it takes the answer up; until then it is none of the page's.
    response.catch(() => {})
    asked.set(addressOf(base, service, language), response)
  }
  if (script.closest('head')) document.body.append(element)
  else script.after(element)
}

const placeAll = () => {
  for (const script of document.querySelectorAll('script[data-service]')) place(script)
}
placeAll()
// A tag with `async` may run before the rest of the page is read.
document.addEventListener('DOMContentLoaded', placeAll)
// A module runs once; a tag that is added later tells by its `load` event alone.
document.addEventListener('load', (event) => place(event.target), true)

runtime.then(
  ({ register }) => register({ base, ask, unreachable }),
  () => {
    // The runtime itself did not come: say so where the services would have stood.
    for (const element of document.querySelectorAll<HTMLElement>('guichet-service,guichet-guide')) {
      const { language, direction, sentence } = unreachable(element.lang || document.documentElement.lang || navigator.language)
      Object.assign(element, { lang: language, dir: direction, textContent: sentence })
    }
  },
)

if (import.meta.env.MODE === 'development') void import(/* @vite-ignore */ `${base}dev/reload.js`)
