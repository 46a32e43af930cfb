/**
 * How a service looks. Everything that an agency or a page around may want to change is a custom property of `:host`,
 * which a rule for `guichet-service` on the page overrides. Logical properties throughout; sizes in em of the reader's
 * own text size (`medium`), whatever the page does to rem.
 */
import { surface, type Tokens, tokenSheet } from '@guichet/core/surface'

/** Those of an agency that has chosen none are core's tokensOf({}); styles.test.ts holds them to it. */
const colours: Tokens = {
  primary: ['#1b4f8f', '#5f84b1'],
  'on-primary': ['#ffffff', '#000000'],
  accent: ['#1b4f8f', '#3d69a0'],
  surface: [surface.light, surface.dark],
  raised: ['#f2f4f7', '#1f2429'],
  text: ['#14181d', '#eceff2'],
  muted: ['#4a5561', '#aeb8c2'],
  line: ['#ccd3da', '#3a434c'],
  border: ['#57636f', '#8f9ba7'],
  focus: ['#0b0c0e', '#ffd54a'],
  error: ['#b3121d', '#ff9c9c'],
  success: ['#0a6138', '#7ddba7'],
}

export const styles = /* css */ `${tokenSheet(colours)}
:host {
  display: block;
  --guichet-font: system-ui, sans-serif;
  --guichet-font-size: 1.125em;
  --guichet-radius: 0.25em;
  --guichet-width: 38em;
  /* All sizes follow from this one. The page's own rules for every element would win otherwise. */
  font-size: medium !important;
}
:host([hidden]), [hidden] { display: none !important; }
*, ::before, ::after { box-sizing: border-box; }
.g {
  /* Here, not on the host: what the page says of the host does not reach it. */
  all: initial;
  color-scheme: inherit;
  visibility: inherit;
  display: block;
  font: var(--guichet-font-size)/1.5 var(--guichet-font);
  color: var(--guichet-colour-text);
  background: var(--guichet-colour-surface);
  padding: 1em;
  overflow-wrap: break-word;
  accent-color: var(--guichet-colour-primary);
}
.g:lang(fa), .g:lang(ar) { line-height: 1.75; }
.g > * { max-inline-size: var(--guichet-width); margin-inline: auto; }
.g-loading { min-block-size: 20em; }
.g-top {
  display: flex; flex-wrap: wrap; gap: 0.5em 1.5em; align-items: center; justify-content: space-between;
  border-block-end: 0.25em solid var(--guichet-colour-accent); padding-block-end: 0.75em; margin-block-end: 1.5em;
}
.g-agency { display: flex; gap: 0.75em; align-items: center; font-weight: 600; }
.g-logo { max-block-size: 3em; max-inline-size: 10em; display: block; }
.g-languages { display: flex; flex-wrap: wrap; gap: 0 1em; list-style: none; margin: 0; padding: 0; font-size: 0.9em; }
.g-languages [aria-current] { text-decoration: none; color: inherit; font-weight: 600; cursor: default; }
.g-service { margin-block: 0 0.75em; color: var(--guichet-colour-muted); font-weight: 600; }
h1, .g-heading { font-size: 1.75em; line-height: 1.25; font-weight: 700; margin-block: 0 0.6em; }
h1:focus { outline: none; }
h2 { font-size: 1.25em; line-height: 1.3; margin-block: 1.75em 0.5em; }
p { margin-block: 0 0.85em; }
.g-lead { font-size: 1.1em; }
.g-list { margin-block: 0 1em; padding-inline-start: 1.4em; }
:lang(fa) ol { list-style: persian; }
.g-list li { margin-block-end: 0.3em; }
.g-muted { color: var(--guichet-colour-muted); }
.g-hidden {
  position: absolute; inline-size: 1px; block-size: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap;
}

a, .g-link, .g-back { color: var(--guichet-colour-primary); text-decoration: underline; text-underline-offset: 0.15em; }
button, input, select, textarea { font: inherit; color: inherit; letter-spacing: inherit; }
button, summary { cursor: pointer; }
.g-link, .g-back { background: none; border: 0; padding: 0.5em 0; min-block-size: 2.5em; text-align: start; }
.g-back { display: inline-flex; align-items: center; gap: 0.5em; margin-block-end: 0.5em; }
.g-back::before {
  content: ""; inline-size: 0.5em; block-size: 0.5em; border: solid; border-width: 0 0 0.14em 0.14em; rotate: 45deg;
}
[dir=rtl] .g-back::before { rotate: 225deg; }
.g-button {
  display: inline-flex; align-items: center; justify-content: center; gap: 0.5em; min-block-size: 2.75em; padding: 0.5em 1.25em;
  /* Seen where the reader's own colours are forced on the page. */
  border: 2px solid transparent; border-radius: var(--guichet-button-radius, var(--guichet-radius));
  background: var(--guichet-button-background, var(--guichet-colour-primary)); color: var(--guichet-button-colour, var(--guichet-colour-on-primary));
  font-weight: 600; text-align: center;
}
:is(a, .g-link, .g-back, .g-button):hover { text-decoration: underline 0.15em; }
.g-button-start { font-size: 1.15em; margin-block-start: 0.75em; margin-inline-end: 1em; padding-inline: 1.5em; }
:focus-visible {
  outline: 3px solid var(--guichet-colour-focus); outline-offset: 2px;
}

.g-progress { margin: 0 0 0.25em; color: var(--guichet-colour-muted); font-size: 0.9em; }
.g-bar { appearance: none; display: block; inline-size: 100%; block-size: 0.4em; border: 0; margin-block-end: 1.5em; }
.g-bar, .g-bar::-webkit-progress-bar { background: var(--guichet-colour-line); }
.g-bar::-webkit-progress-value { background: var(--guichet-colour-accent); }
.g-bar::-moz-progress-bar { background: var(--guichet-colour-accent); }

.g-fields > .g-field, .g-group .g-field, .g-row .g-field { margin-block-end: 1.75em; }
.g-fieldset { border: 0; margin: 0; padding: 0; min-inline-size: 0; }
.g-label { display: block; padding: 0; font-weight: 600; margin-block-end: 0.25em; }
.g-heading .g-label { font: inherit; margin: 0; }
.g-optional { font-weight: 400; color: var(--guichet-colour-muted); }
.g-hint { color: var(--guichet-colour-muted); margin-block-end: 0.4em; }
.g-why { margin-block-end: 1.5em; }
.g-why dd { margin: 0 0 0.5em; }
.g-input, .g-select, .g-textarea {
  display: block; inline-size: 100%; min-block-size: 2.75em; padding: 0.4em 0.6em; margin: 0;
  border-radius: var(--guichet-input-radius, var(--guichet-radius));
  background: var(--guichet-colour-surface); color: var(--guichet-colour-text);
}
.g-input, .g-select, .g-textarea, .g-prefix, .g-suffix { border: 2px solid var(--guichet-input-border, var(--guichet-colour-border)); }
/* An answer of a few characters looks like one. */
.g-input[size] { inline-size: auto; max-inline-size: 100%; }
.g-textarea { resize: vertical; }
/* Those two have a c in them, numeric and decimal. */
.g-input:is([inputmode*=c], [type=tel]) { max-inline-size: 14em; }
.g-affix .g-input { border-radius: 0; }
.g-choice { display: flex; gap: 0.75em; align-items: flex-start; min-block-size: 2.75em; padding-block: 0.5em; inline-size: fit-content; cursor: pointer; }
.g-choice input { flex: none; inline-size: 1.5em; block-size: 1.5em; margin: 0.05em 0 0; cursor: pointer; }
.g-choice-hint { display: block; color: var(--guichet-colour-muted); }
.g-affix { display: flex; max-inline-size: 16em; }
.g-prefix, .g-suffix { display: flex; align-items: center; padding-inline: 0.75em; background: var(--guichet-colour-raised); white-space: nowrap; }
.g-prefix { border-inline-end: 0; }
.g-suffix { border-inline-start: 0; }

.g-failure {
  border: 0.25em solid var(--guichet-colour-error); padding: 1em; margin-block-end: 1.5em; border-radius: var(--guichet-radius);
}
:is(.g-failure, .g-notice) p:last-child { margin-block-end: 0; }
.g-notice { border-inline-start: 0.5em solid var(--guichet-colour-accent); background: var(--guichet-colour-raised); padding: 1em; margin-block: 0 1.5em; }

.g-form > .g-button, .g-failure + .g-button { margin-block-start: 0.5em; }

/* Not the one in focus: what it opens may stand over its neighbours. Paper has all of it in sight. */
@media screen {
  .g-far > .g-field:not(:focus-within) { content-visibility: auto; contain-intrinsic-block-size: auto 6.5em; }
}

@media print {
  .g { color-scheme: light; padding: 0; font-size: 1em; }
  button, progress { display: none !important; }
}
`
