/**
 * `<script type="module" src="https://HOST/status.js" data-place></script>` puts `<guichet-status>` where it stands; without
 * `data-place` it only makes the element known.
 */

import { placeTags } from './place-tags.ts'
import { servedFrom } from './small-element.ts'
import { GuichetStatus } from './status-element.ts'

servedFrom(import.meta.url)
if (!customElements.get('guichet-status')) customElements.define('guichet-status', GuichetStatus)
placeTags(import.meta.url, 'guichet-status', ['lang'])
