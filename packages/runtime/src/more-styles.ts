/**
 * Styles of what is on no first page: each module that draws such a thing imports this, and all elements have them from then
 * on.
 */
import { more } from './sheets.ts'

const styles = /* css */ `
.g-list-plain { list-style: none; margin: 0; padding: 0; }
.g-button-secondary {
  background: var(--guichet-colour-raised); color: var(--guichet-colour-text); border: 2px solid var(--guichet-colour-border);
}
a.g-button:not(:hover) { text-decoration: none; }
/* Where they do not fit side by side. */
:is(.g-done, .g-notice) .g-button-secondary { margin-block: 0.25em; }
.g-button[aria-disabled="true"] { opacity: 0.65; cursor: progress; }
.g-error { color: var(--guichet-colour-error); font-weight: 600; margin-block-end: 0.4em; }
:is(.g-input, .g-select, .g-textarea)[aria-invalid="true"] { border-color: var(--guichet-colour-error); }
.g-wrong {
  border-inline-start: 0.25em solid var(--guichet-colour-error); padding-inline-start: 0.9em;
}
.g-wrong :is(.g-prefix, .g-suffix) { border-color: var(--guichet-colour-error); }
.g-output { display: block; font-size: 1.25em; font-weight: 700; }
details > .g-output { margin-block-start: 0.5em; }
.g-statement { border-inline-start: 0.5em solid var(--guichet-colour-accent); background: var(--guichet-colour-raised); padding: 1em; margin-block-end: 0.5em; }
.g-statement p { white-space: pre-line; }
.g-statement p:last-child { margin-block-end: 0; }
.g-legend { padding: 0; font-size: 1.25em; font-weight: 700; margin-block-end: 0.6em; }
.g-summary-title { margin-block: 0 0.5em; }
:is(.g-summary, .g-failure):focus { outline: 3px solid var(--guichet-colour-focus); outline-offset: 2px; border-radius: 2px; }
`
more.replaceSync(styles)
