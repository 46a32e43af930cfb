/** Styles of the screens after the pages. */
export const styles = /* css */ `
.g-picture { display: block; inline-size: 100%; max-inline-size: 20em; }
.g-picture path { fill: none; stroke: currentColor; stroke-width: 3; stroke-linecap: round; stroke-linejoin: round; }
.g-more { margin-block-start: 1.5em; }
.g-more summary { padding-block: 0.5em; cursor: pointer; }
h3, h4, h5, h6 { font-size: 1.05em; margin-block: 1.25em 0.5em; }
.g-answers { margin: 0 0 1em; }
.g-answer { display: flex; flex-wrap: wrap; gap: 0 1em; align-items: baseline; border-block-end: 1px solid var(--guichet-colour-line); padding-block: 0.4em; }
.g-answer dt { flex: 1 1 11em; font-weight: 600; }
.g-answer dd { margin: 0; }
.g-answer-value { flex: 2 1 12em; white-space: pre-line; overflow-wrap: anywhere; }
.g-answer-row { border-inline-start: 0.25em solid var(--guichet-colour-line); padding-inline-start: 1em; margin-block-end: 1em; }
.g-answer-row > :is(h3, h4, h5, h6) { margin-block-start: 0; }
.g-file-name { display: block; }
.g-table { inline-size: 100%; border-collapse: collapse; margin-block: 1.75em 1em; }
.g-table caption { text-align: start; font-size: 1.25em; font-weight: 700; margin-block-end: 0.4em; }
.g-table th { text-align: start; font-weight: 400; }
.g-table td { text-align: end; font-variant-numeric: tabular-nums; }
.g-table :is(th, td) { padding: 0.5em 0; border-block-end: 1px solid var(--guichet-colour-line); vertical-align: baseline; }
.g-table tfoot :is(th, td) { font-weight: 700; border-block-end: 0; }
.g-done { border: 0.25em solid var(--guichet-colour-success); border-radius: var(--guichet-radius); padding: 1.5em; margin-block-end: 1.5em; text-align: center; }
.g-done h1 { color: var(--guichet-colour-success); }
@media (max-width: 26em) {
  .g-done { padding: 1em 0.5em; }
  .g-done h1 { font-size: 1.4em; }
}
.g-code { font: 700 1.4em/1.4 ui-monospace, "Cascadia Mono", Consolas, monospace; letter-spacing: 0.04em; }
@media print { a.g-button { display: none; } }
.g-figure { margin: 1em auto 0; max-inline-size: 22em; color: var(--guichet-colour-muted); }
.g-qr { inline-size: 9em; block-size: 9em; }
`
export { styles as laterStyles }
