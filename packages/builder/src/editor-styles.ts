/** How the editor lies on the screen: three columns, two or one, by how wide it is. */
import { css } from 'lit'

export const editorStyles = css`
  :host { display: grid; min-block-size: 100vh; grid-template-rows: auto auto auto 1fr; }
  .head { display: flex; flex-wrap: wrap; gap: 0.5rem 1rem; align-items: center; padding: 0.5rem 1rem; background: var(--surface); border-block-end: 1px solid var(--line); }
  .head h1 { flex: 1 1 12rem; min-inline-size: 0; overflow-wrap: anywhere; font-size: 1.1rem; }
  .state { color: var(--quiet); font-size: 0.85rem; }
  .state.bad { color: var(--danger); font-weight: 600; }
  .places { display: none; }
  .views { display: flex; flex-wrap: wrap; gap: 0.35rem; padding: 0.4rem 1rem; background: var(--surface); border-block-end: 1px solid var(--line); }
  .views [aria-current] { background: var(--chosen); border-color: var(--action); font-weight: 600; }
  main.one { display: block; grid-row: 4; padding: 1rem; }
  main:not(.one) { grid-row: 4; }
  main { display: grid; gap: 0; grid-template-columns: minmax(15rem, 20rem) minmax(20rem, 1fr) minmax(19rem, 26rem); min-block-size: 0; }
  main > * { padding: 1rem; min-inline-size: 0; }
  .outline, .settings { background: var(--surface); }
  .outline { border-inline-end: 1px solid var(--line); }
  .settings { border-inline-start: 1px solid var(--line); }
  .bar { display: flex; flex-wrap: wrap; gap: 0.35rem; padding-block: 0.5rem 0.75rem; }
  .findings { margin-block-start: 1.25rem; }
  /* Why something was not taken is seen wherever in a long panel one is. */
  .settings > .note { position: sticky; inset-block-start: 0; z-index: 2; }
  .findings summary { cursor: pointer; font-weight: 650; padding-block: 0.3rem; }
  @media (min-width: 70rem) {
    main:not(.one) { block-size: calc(100vh - 6rem); }
    main > * { overflow: auto; }
  }
  @media (max-width: 69.99rem) {
    .places { display: flex; gap: 0.5rem; padding: 0.5rem 1rem; background: var(--raised); border-block-end: 1px solid var(--line); position: sticky; inset-block-start: 0; z-index: 1; flex-wrap: wrap; }
    main { grid-template-columns: minmax(0, 1fr) minmax(0, 1fr); align-content: start; }
    .preview { grid-column: 1 / -1; grid-row: 2; border-block-start: 1px solid var(--line); }
    .settings { border-inline-start: 0; }
  }
  @media (max-width: 44rem) {
    main { grid-template-columns: minmax(0, 1fr); }
    .outline, .settings { border: 0; border-block-end: 1px solid var(--line); }
    .preview { grid-row: auto; }
    .head { padding: 0.5rem; }
    main > * { padding: 0.75rem; scroll-margin-block-start: 3.5rem; }
  }
`
