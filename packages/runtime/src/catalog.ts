/**
 * `<script type="module" src="https://HOST/catalog.js" data-place></script>` puts `<guichet-catalog>` where it stands; without
 * `data-place` it only makes the element known.
 */
import { GuichetCatalog } from './catalog-element.ts'
import { placeTags } from './place-tags.ts'
import { servedFrom } from './small-element.ts'

servedFrom(import.meta.url)
if (!customElements.get('guichet-catalog')) customElements.define('guichet-catalog', GuichetCatalog)
placeTags(import.meta.url, 'guichet-catalog', ['lang', 'agency', 'href'])
