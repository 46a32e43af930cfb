/**
 * The guide of a service alone: `<script type="module" src="https://HOST/guide.js" data-service="agency/service"></script>`.
 * It shares everything with `embed.js`, which does nothing by itself where no tag of its own stands.
 */
import { placeTags, sayInstead } from './place-tags.ts'

// Asked for by its address: it finds its own tags by that, and is one module on a page that has both.
const own = import.meta.url
void import(/* @vite-ignore */ `${new URL('.', own).href}embed.js`)
placeTags(own, 'guichet-guide', ['service', 'lang', 'href', 'types'])
const runtime = customElements.whenDefined('guichet-service')
import('./guide-element.ts').then(
  async ({ defineGuide }) => {
    await runtime
    defineGuide()
  },
  async () => {
    const { surroundings } = (await runtime) as unknown as typeof import('./service-element.ts').GuichetService
    sayInstead('guichet-guide', surroundings.unreachable(document.documentElement.lang || navigator.language))
  },
)
