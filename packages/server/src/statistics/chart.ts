/**
 * Charts as SVG, drawn on the server: no script, no style attribute, nothing from elsewhere. Lengths along the page are
 * shares, so that a chart fits any width without its letters growing small; words stand in HTML around it, where they can
 * be enlarged, translated and mirrored. Bars differ by pattern as well as by colour.
 */
import { html } from 'hono/html'

type Html = ReturnType<typeof html>

export interface Bar {
  label: string
  /** Of a chart in columns: where there is no room. */
  shortLabel?: string
  /** A second line under it. */
  under?: string
  /** Null: it is not shown; `said` says so. */
  count: number | null
  /** The number in words of the reader. */
  said: string
}

/** 1, 2 or 5 times a power of ten: a round number at or above, in at most `steps` equal steps. */
export function niceTop(most: number, steps = 4): { top: number; step: number } {
  const rough = Math.max(1, most / steps)
  const power = 10 ** Math.floor(Math.log10(rough))
  const step = Math.max(1, [1, 2, 5, 10].map((times) => times * power).find((each) => each >= rough) ?? power * 10)
  return { top: Math.max(step, Math.ceil(most / step) * step), step }
}

const share = (part: number, whole: number) => `${Math.round((whole === 0 ? 0 : part / whole) * 10_000) / 100}%`

/** The fills of all charts of a page, once. */
export const chartPatterns = html`<svg class="unseen" width="1" height="1" aria-hidden="true" focusable="false"><defs>
<pattern id="fill-0" width="8" height="8" patternUnits="userSpaceOnUse"><rect class="ink" width="8" height="8"/></pattern>
<pattern id="fill-1" width="8" height="8" patternUnits="userSpaceOnUse"><rect class="ground" width="8" height="8"/><path class="stroke" d="M-2 10 10 -2M-2 2 2 -2M6 10 10 6"/></pattern>
<pattern id="fill-2" width="8" height="8" patternUnits="userSpaceOnUse"><rect class="ground" width="8" height="8"/><circle class="ink" cx="4" cy="4" r="2.4"/></pattern>
<pattern id="fill-3" width="8" height="8" patternUnits="userSpaceOnUse"><rect class="ground" width="8" height="8"/><path class="stroke" d="M0 4H8M4 0V8"/></pattern>
</defs></svg>`
const fills = 4

const height = 220
const headroom = 20

/** Columns side by side, as for time. `rtl`: the first stands on the right, and so does the scale. */
export function columnChart(id: string, title: string, description: string, bars: readonly Bar[], say: (n: number) => string, rtl: boolean): Html {
  const { top, step } = niceTop(Math.max(0, ...bars.map(({ count }) => count ?? 0)))
  const yOf = (count: number) => headroom + (height - headroom) * (1 - count / top)
  const ticks = Array.from({ length: Math.round(top / step) + 1 }, (_, i) => i * step)
  const slot = 100 / Math.max(1, bars.length)
  const wide = Math.min(slot * 0.68, 12)
  const middle = (i: number) => (rtl ? 100 - (i + 0.5) * slot : (i + 0.5) * slot)
  return html`<div class="columns">
<svg class="scale" aria-hidden="true" width="56" height="${height + 44}">${ticks.map(
    (tick) => html`<text x="${rtl ? 8 : 48}" y="${yOf(tick) + 4}" text-anchor="end">${say(tick)}</text>`,
  )}</svg>
<svg class="plot" role="img" aria-labelledby="${id}-title ${id}-description" width="100%" height="${height + 44}">
<title id="${id}-title">${title}</title><desc id="${id}-description">${description}</desc>
${ticks.map((tick) => html`<line class="${tick === 0 ? 'base' : 'grid'}" x1="0" x2="100%" y1="${yOf(tick)}" y2="${yOf(tick)}"/>`)}
${bars.map(({ label, shortLabel, under, count, said }, i) => {
  const x = `${middle(i) - wide / 2}%`
  return html`<g>${
    count === null
      ? html`<rect class="missing" x="${x}" y="${height - 14}" width="${wide}%" height="14" fill="url(#fill-1)"><title>${label}: ${said}</title></rect>`
      : html`<rect x="${x}" y="${yOf(count)}" width="${wide}%" height="${height - yOf(count)}" fill="url(#fill-0)"><title>${label}: ${said}</title></rect>`
  }<text class="${i % 2 === 1 ? 'every-other' : 'each'}" x="${middle(i)}%" y="${height + 20}" text-anchor="middle">${shortLabel ?? label}</text>${
    under ? html`<text class="each" x="${middle(i)}%" y="${height + 38}" text-anchor="middle">${under}</text>` : ''
  }</g>`
})}
</svg>
</div>`
}

/** Bars below each other, with their words and numbers beside them: it is its own table. */
export function barList(title: string, bars: readonly Bar[], head: { what: string; count: string }, rtl: boolean): Html {
  const most = Math.max(0, ...bars.map(({ count }) => count ?? 0))
  return html`<table class="bars">
<caption>${title}</caption>
<thead class="unseen"><tr><th scope="col">${head.what}</th><th scope="col">${head.count}</th><td></td></tr></thead>
<tbody>${bars.map(({ label, count, said }, i) => {
    const [width, x] = count === null ? ['5%', rtl ? '95%' : '0'] : [share(count, most), rtl ? share(most - count, most) : '0']
    return html`<tr><th scope="row">${label}</th><td class="number">${said}</td><td class="drawn"><svg aria-hidden="true" focusable="false" width="100%" height="22"><rect class="${
      count === null ? 'missing' : 'bar'
    }" x="${x}" y="1" width="${width}" height="20" fill="url(#fill-${count === null ? 1 : i % fills})"/></svg></td></tr>`
  })}</tbody>
</table>`
}
