/** What every screen shares; adopted by each element, so that no style stands in the page. */
import { css } from 'lit'

export const shared = css`
  :host { display: block; }
  :host([hidden]), [hidden] { display: none !important; }
  *, *::before, *::after { box-sizing: border-box; }
  h1, h2, h3, h4 { line-height: 1.25; margin: 0; font-weight: 650; text-wrap: balance; }
  h1 { font-size: 1.35rem; }
  h2 { font-size: 1.05rem; }
  h3, h4 { font-size: 0.95rem; }
  p { margin: 0; }
  a { color: var(--action); }
  ul, ol { margin: 0; padding: 0; list-style: none; }
  :focus-visible { outline: 2px solid var(--focus); outline-offset: 2px; }
  /* Headings and regions take the focus so that reading starts there; nothing can be done on them. */
  [tabindex='-1']:focus-visible { outline: none; }
  button, input, select, textarea { font: inherit; color: inherit; }
  button {
    min-block-size: 2rem; padding: 0.2rem 0.7rem; border: 1px solid var(--control-line); border-radius: var(--corner);
    background: var(--surface); cursor: pointer; text-align: start;
  }
  button:hover:not(:disabled) { background: var(--chosen); }
  button:disabled, button[aria-disabled='true'] { opacity: 0.55; cursor: default; }
  button.primary { background: var(--action); border-color: var(--action); color: var(--on-action); font-weight: 600; }
  button.primary:hover:not(:disabled) { background: color-mix(in srgb, var(--action) 85%, var(--text)); }
  button.danger { color: var(--danger); }
  button.plain { border-color: transparent; background: none; color: var(--action); }
  button.small, .small button { min-block-size: 1.75rem; padding: 0.1rem 0.5rem; font-size: 0.875rem; }
  input:not([type='checkbox'], [type='radio'], [type='color'], [type='file']), select, textarea {
    inline-size: 100%; min-block-size: 2.25rem; padding: 0.3rem 0.5rem; border: 1px solid var(--control-line); border-radius: var(--corner);
    background: var(--surface);
  }
  textarea { field-sizing: content; min-block-size: 2.25rem; max-block-size: 20rem; resize: vertical; }
  textarea.code, input.code { font-family: ui-monospace, monospace; font-size: 0.875rem; }
  input[type='checkbox'], input[type='radio'] { inline-size: 1.2rem; block-size: 1.2rem; margin: 0; flex: none; accent-color: var(--action); }
  input[type='color'] { inline-size: 3.5rem; block-size: 2.25rem; padding: 0.15rem; border: 1px solid var(--control-line); border-radius: var(--corner); background: var(--surface); }
  [aria-invalid='true'] { border-color: var(--danger) !important; border-width: 2px; }
  label, legend, .label { font-weight: 600; font-size: 0.9rem; }
  fieldset { border: 0; margin: 0; padding: 0; min-inline-size: 0; }
  legend { padding: 0; margin-block-end: 0.25rem; }
  .field { display: grid; grid-template-columns: minmax(0, 1fr); gap: 0.2rem; }
  .tick { display: flex; gap: 0.5rem; align-items: start; }
  .tick label { font-weight: 500; }
  .help { color: var(--quiet); font-size: 0.85rem; }
  .wrong { color: var(--danger); font-size: 0.875rem; font-weight: 600; }
  .stack { display: grid; grid-template-columns: minmax(0, 1fr); gap: var(--gap); }
  .row { display: flex; flex-wrap: wrap; gap: 0.5rem; align-items: center; }
  .spread { justify-content: space-between; }
  .unseen { position: absolute; inline-size: 1px; block-size: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
  .card { background: var(--surface); border: 1px solid var(--line); border-radius: calc(var(--corner) * 1.5); padding: 1.25rem; }
  .note { border-inline-start: 4px solid var(--action); background: var(--chosen); padding: 0.6rem 0.8rem; border-radius: var(--corner); }
  .note.bad { border-color: var(--danger); background: var(--danger-ground); }
  .note.careful { border-color: var(--warning); background: var(--warning-ground); }
  dialog {
    inline-size: min(40rem, calc(100vw - 1.5rem)); max-block-size: calc(100vh - 2rem); border: 1px solid var(--line); border-radius: calc(var(--corner) * 2);
    padding: 1.25rem; background: var(--surface); color: var(--text);
  }
  dialog::backdrop { background: rgb(10 15 25 / 0.5); }
`
