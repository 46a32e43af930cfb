/** The way through a service, page by page: who comes past which one, and where it ends. Each step leads to its place. */
import { shared } from '@guichet/staff/styles'
import { css, html, LitElement, nothing, svg } from 'lit'
import type { Draft } from './editor/edit.ts'
import { SelectEvent } from './events.ts'
import { Localized, type MessageKey, say, sayIfKnown } from './language.ts'
import { type MapStep, mapOf } from './service-map.ts'
import { readerAt } from './words-of.ts'

export class MapView extends LitElement {
  static override readonly styles = [
    shared,
    css`
      :host { display: grid; gap: 1rem; max-inline-size: 60rem; }
      li { display: grid; grid-template-columns: 4rem minmax(0, 1fr); }
      svg { inline-size: 4rem; block-size: 100%; min-block-size: 4rem; overflow: visible; }
      :host(:dir(rtl)) svg { transform: scaleX(-1); }
      path { fill: none; stroke: var(--control-line); stroke-width: 2; vector-effect: non-scaling-stroke; }
      .past { stroke-dasharray: 5 4; }
      .step { border: 1px solid var(--line); border-inline-start: 4px solid var(--action); border-radius: var(--corner); background: var(--surface); padding: 0.5rem 0.75rem; margin-block: 0.4rem; display: grid; gap: 0.15rem; justify-items: start; }
      .step.sometimes { border-inline-start-style: dashed; }
      .step.end { border-inline-start-color: var(--control-line); }
      .step > * { overflow-wrap: anywhere; max-inline-size: 100%; }
      .step button { text-decoration: underline; padding: 0; min-block-size: 1.5rem; font-weight: 650; }
      @media (max-width: 30rem) { li { grid-template-columns: 2rem minmax(0, 1fr); } svg { inline-size: 2rem; } }
      @media (forced-colors: active) { path { stroke: CanvasText; } }
    `,
  ]
  static override readonly properties = { draft: { attribute: false } }
  declare draft: Draft

  constructor() {
    super()
    new Localized(this)
  }

  /** The way beside a step: straight through it; around it as well, where not everybody comes by; off to an end. */
  #way({ when, isEnd }: MapStep, isLast: boolean) {
    const lines = isEnd
      ? svg`<path d="M50 0 V50 H100"></path>${isLast ? nothing : svg`<path class="past" d="M50 50 V100"></path>`}`
      : when === undefined
        ? svg`<path d="M50 0 V100 M50 50 H100"></path>`
        : svg`<path d="M50 0 C50 25 80 25 80 50 C80 75 50 75 50 100 M80 50 H100"></path><path class="past" d="M50 0 C50 25 20 25 20 50 C20 75 50 75 50 100"></path>`
    return html`<svg viewBox="0 0 100 100" preserveAspectRatio="none" aria-hidden="true">${lines}</svg>`
  }

  #nameOf({ kind, name }: MapStep): string {
    if (kind === 'documents') return say('part.documents')
    if (kind === 'check') return say('map.check')
    return sayIfKnown(`choice.${name}`) ?? name ?? ''
  }

  #step(step: MapStep, isLast: boolean, hasEarlierRoute: boolean) {
    const { kind, part, when, pointer, questions, conditional, isEnd } = step
    const { definition } = this.draft
    const name = this.#nameOf(step)
    const isOwn = kind === 'page' || (kind === 'route' && sayIfKnown(`choice.${step.name}`) === null)
    const who: [MessageKey, Record<string, string>] =
      when !== undefined
        ? [isEnd ? 'map.endsIf' : 'logic.onlyIf', { what: readerAt(definition, pointer).condition(when) }]
        : [isEnd ? (hasEarlierRoute ? 'map.endsElse' : 'map.ends') : 'map.everybody', {}]
    return html`<li data-step=${part} data-kind=${kind}>
      ${this.#way(step, isLast)}
      <div class="step ${when === undefined ? '' : 'sometimes'} ${isEnd ? 'end' : ''}">
        <button type="button" class="plain" lang=${isOwn ? definition.languages[0] : nothing} dir="auto" @click=${() => this.dispatchEvent(new SelectEvent(part, true))}>${name}</button>
        <p dir="auto">${say(...who)}</p>
        ${
          kind === 'page' || kind === 'documents'
            ? html`<p class="help">${say(kind === 'page' ? 'map.questions' : 'map.documents', { count: questions })}${conditional > 0 && kind === 'page' ? html` ${say('map.conditional', { count: conditional })}` : nothing}</p>`
            : nothing
        }
      </div>
    </li>`
  }

  protected override render() {
    const steps = mapOf(this.draft.definition)
    const isRoute = (step: MapStep | undefined) => step?.kind === 'route'
    return html`
      <h2 tabindex="-1">${say('view.map')}</h2>
      <p>${say('map.text')}</p>
      <ol>${steps.map((step, i) => this.#step(step, i === steps.length - 1, isRoute(step) && isRoute(steps[i - 1])))}</ol>
    `
  }
}
customElements.define('builder-map', MapView)

declare global {
  interface HTMLElementTagNameMap {
    'builder-map': MapView
  }
}
