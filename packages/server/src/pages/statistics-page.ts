/** The numbers of an agency, for people: drawn and as tables, without scripts. */
import { directionOf, type Json, pickText } from '@guichet/core'
import { html } from 'hono/html'
import type { Config } from '../config.ts'
import { say } from '../messages.ts'
import { type Bar, barList, chartPatterns, columnChart } from '../statistics/chart.ts'
import { channels } from '../statistics/count.ts'
import { formulaOf } from '../statistics/open-data.ts'
import { type Grain, grainOf, grains, spanOf, yearOf } from '../statistics/period.ts'
import { type Dimension, type Figure, type PublishedMeasure, published } from '../statistics/publication.ts'
import { type CountedService, type Published, titleOf } from '../statistics/publish.ts'
import { threshold } from '../statistics/suppress.ts'
import { layout } from './layout.ts'

interface Wanted {
  language: string
  grain: Grain | undefined
  service: string | undefined
  period: string | undefined
}

/** What is counted, but is no transaction of a citizen. */
const apart: readonly PublishedMeasure[] = ['looked_up', 'citizens_signed_in', 'signed_in', 'people', 'exchanged']
const shownPeriods: Record<Grain, number> = { month: 12, quarter: 8, year: 6 }

export function statisticsPage(all: Published, wanted: Wanted, config: Config) {
  const { language } = wanted
  const rtl = directionOf(language) === 'rtl'
  const tell = (key: string, params?: Record<string, Json>) => say(language, `statistics.${key}`, params)
  const numbers = new Intl.NumberFormat(language)
  const shares = new Intl.NumberFormat(language, { style: 'percent', maximumFractionDigits: 1 })
  const growths = new Intl.NumberFormat(language, { style: 'percent', maximumFractionDigits: 1, signDisplay: 'exceptZero' })
  const compact = new Intl.NumberFormat(language, { notation: 'compact', maximumFractionDigits: 1 })

  const moment = (month: string) => new Date(`${month}-15T12:00:00Z`)
  const byMonth = (style: 'long' | 'short') =>
    new Intl.DateTimeFormat(language, { month: style, ...(style === 'long' ? { year: 'numeric' } : {}), timeZone: 'UTC', calendar: 'gregory' })
  const [longMonth, shortMonth] = [byMonth('long'), byMonth('short')]
  const justYear = new Intl.DateTimeFormat(language, { year: 'numeric', timeZone: 'UTC', calendar: 'gregory' })
  const digits = new Intl.NumberFormat(language, { useGrouping: false })
  const nameOf = (period: string, short = false): string => {
    const grain = grainOf(period)
    if (grain === 'month') return (short ? shortMonth : longMonth).format(moment(period))
    if (grain === 'year') return justYear.format(moment(`${period}-06`))
    return tell(short ? 'quarter.short' : 'quarter', { number: digits.format(Number(period.slice(6))), year: digits.format(Number(yearOf(period))) })
  }
  /** Where the agency counts in another calendar: which of its days the period has. */
  const ownDays = (period: string): string => {
    if (all.calendar === 'gregory') return ''
    const { first, last } = spanOf(period)
    const end = new Date(Date.UTC(Number(last.slice(0, 4)), Number(last.slice(5)), 0, 12))
    const days = new Intl.DateTimeFormat(language, { dateStyle: 'long', timeZone: 'UTC', calendar: all.calendar })
    return days.formatRange(new Date(`${first}-01T12:00:00Z`), end)
  }

  const title = tell('title', { agency: all.agency.title })
  const path = `/statistics/${all.agency.id}`
  const frame = (content: ReturnType<typeof html>) => layout({ language, title, path, wide: true, content: html`<h1>${title}</h1>${content}` })
  if (all.until === null || all.figures.length === 0) return frame(html`<p>${tell('none')}</p>${method()}`)

  const service = all.services.find(({ id }) => id === wanted.service) ?? null
  const grain = wanted.grain ?? 'month'
  const own = all.figures.filter((figure) => figure.service === (service?.id ?? null))
  const periods = [...new Set(all.figures.filter((figure) => figure.grain === grain).map(({ period }) => period))].sort()
  const period = periods.find((each) => each === wanted.period) ?? periods.at(-1) ?? null

  const find = (at: string, measure: PublishedMeasure, dimension: Dimension = '', value = '', of = service?.id ?? null) =>
    all.find(of, at, measure, dimension, value)
  const said = (figure: Figure | undefined): string => {
    if (!figure) return numbers.format(0)
    if (figure.mark === 'small') return tell('small', { count: threshold })
    if (figure.count === null) return tell('hidden')
    return figure.least ? tell('least', { count: figure.count }) : numbers.format(figure.count)
  }
  const barOf = (label: string, figure: Figure | undefined, shortLabel = label): Bar => ({
    label,
    shortLabel,
    count: figure ? figure.count : 0,
    said: said(figure),
  })
  const serviceName = (each: CountedService) => {
    const { text, language: of } = titleOf(each, language)
    return html`<span lang="${of}" dir="${directionOf(of)}">${text}</span>`
  }

  const form = html`<form class="choice" method="get" action="${path}" aria-label="${tell('filter')}">
<input type="hidden" name="lang" value="${language}">
<div><label for="service">${tell('filter.service')}</label><select id="service" name="service"><option value="">${tell('filter.all')}</option>${all.services.map(
    (each) =>
      html`<option value="${each.id}" lang="${titleOf(each, language).language}" ${each.id === service?.id ? 'selected' : ''}>${titleOf(each, language).text}</option>`,
  )}</select></div>
<div><label for="grain">${tell('filter.grain')}</label><select id="grain" name="grain">${grains.map(
    (each) => html`<option value="${each}" ${each === grain ? 'selected' : ''}>${tell(`grain.${each}`)}</option>`,
  )}</select></div>
<div><label for="period">${tell('filter.period')}</label><select id="period" name="period"><option value="">${tell('filter.last')}</option>${periods
    .toReversed()
    .map((each) => html`<option value="${each}" ${each === wanted.period ? 'selected' : ''}>${nameOf(each)}</option>`)}</select></div>
<button>${tell('filter.show')}</button>
</form>`
  const lead = html`<p>${tell('lead', { period: nameOf(all.until) })}</p>${form}`
  if (period === null) return frame(html`${lead}<p>${tell('nothing')}</p>${method()}`)

  const name = nameOf(period)
  const heading = (key: string) => tell(`heading.${key}`, { period: name })
  const inTerm = (of = service?.id ?? null): number | null => {
    const [good, late] = ['in', 'late'].map((value) => find(period, 'finished', 'term', value, of))
    if ((!good && !late) || good?.count === null || late?.count === null) return null
    return (good?.count ?? 0) / ((good?.count ?? 0) + (late?.count ?? 0))
  }
  const tile = (measure: PublishedMeasure) => {
    const figure = find(period, measure)
    const term = measure === 'finished' ? inTerm() : null
    return html`<div><dt>${tell(`measure.${measure}`)}</dt><dd><strong>${said(figure)}</strong>${
      figure?.growth == null ? '' : html`<span>${tell('growth', { share: growths.format(figure.growth) })}</span>`
    }${term === null ? '' : html`<span>${tell('withinTerm', { share: shares.format(term) })}</span>`}</dd></div>`
  }
  const compounded =
    all.compound && !service
      ? html`<p>${tell('measure.sent')}: ${tell('compound', { share: growths.format(all.compound.share), first: nameOf(all.compound.first), last: nameOf(all.compound.last) })}</p>`
      : ''

  const recent = periods.filter((each) => each <= period).slice(-shownPeriods[grain])
  const columns = recent.map((each, i) => ({
    ...barOf(nameOf(each), find(each, 'sent'), nameOf(each, true)),
    // Where a year begins.
    under: grain === 'month' && (i === 0 || each.endsWith('-01')) ? nameOf(yearOf(each)) : '',
  }))
  const counts = columns.flatMap(({ count }) => (count === null ? [] : [count]))
  const described = tell('describe', {
    title: tell('heading.time'),
    least: numbers.format(Math.min(...counts, Number.POSITIVE_INFINITY) === Number.POSITIVE_INFINITY ? 0 : Math.min(...counts)),
    most: numbers.format(Math.max(0, ...counts)),
  })
  const overTime = html`<section><h2 id="time">${tell('heading.time')}</h2>
${columnChart('over-time', tell('heading.time'), described, columns, (n) => compact.format(n), rtl)}
<details><summary>${tell('table')}: ${tell('heading.time')}</summary>
<div class="scroll" tabindex="0" role="region" aria-label="${tell('table')}: ${tell('heading.time')}"><table><caption class="unseen">${tell('heading.time')}</caption><thead><tr><th scope="col">${tell('filter.period')}</th>${[
    'opened',
    'started',
    'sent',
    'finished',
    'returned',
  ].map((measure) => html`<th scope="col" class="number">${tell(`measure.${measure}`)}</th>`)}</tr></thead>
<tbody>${recent.map(
    (each) =>
      html`<tr><th scope="row">${nameOf(each)}</th>${(['opened', 'started', 'sent', 'finished', 'returned'] as const).map((measure) => html`<td class="number">${said(find(each, measure))}</td>`)}</tr>`,
  )}</tbody></table></div></details></section>`

  const languageNames = new Intl.DisplayNames([language], { type: 'language' })
  const values = (dimension: Dimension) => own.filter((figure) => figure.period === period && figure.measure === 'sent' && figure.dimension === dimension)
  const list = (id: string, key: string, bars: readonly Bar[], what: string) =>
    bars.length === 0 ? '' : html`<section><h2 id="${id}">${heading(key)}</h2>${barList(heading(key), bars, { what, count: tell('count') }, rtl)}</section>`
  const funnel = (['opened', 'started', 'sent'] as const).map((measure) => barOf(tell(`measure.${measure}`), find(period, measure)))
  const byChannel = channels.flatMap((channel) => {
    const figure = find(period, 'sent', 'channel', channel)
    return figure ? [barOf(tell(`channel.${channel}`), figure)] : []
  })
  const byLanguage = values('language')
    .toSorted((a, b) => (b.count ?? -1) - (a.count ?? -1))
    .map((figure) => barOf(languageNames.of(figure.value) ?? figure.value, figure))
  const byTerm = ['in', 'late', 'none'].flatMap((value) => {
    const figure = find(period, 'finished', 'term', value)
    return figure ? [barOf(tell(`term.${value}`), figure)] : []
  })

  const shownMeasures = ['opened', 'started', 'sent', 'finished', 'returned', 'visits_avoided'] as const
  const services = service
    ? ''
    : html`<section><h2 id="services">${heading('services')}</h2>
<div class="scroll" tabindex="0" role="region" aria-label="${heading('services')}"><table><caption class="unseen">${heading('services')}</caption>
<thead><tr><th scope="col">${tell('filter.service')}</th>${shownMeasures.map((measure) => html`<th scope="col" class="number">${tell(`measure.${measure}`)}</th>`)}<th scope="col" class="number">${tell('term.in')}</th></tr></thead>
<tbody>${all.services.map((each) => {
        const term = inTerm(each.id)
        return html`<tr><th scope="row"><a href="${path}?lang=${language}&amp;service=${each.id}&amp;grain=${grain}&amp;period=${period}">${serviceName(each)}</a></th>${shownMeasures.map(
          (measure) => html`<td class="number">${said(find(period, measure, '', '', each.id))}</td>`,
        )}<td class="number">${term === null ? '–' : shares.format(term)}</td></tr>`
      })}</tbody></table></div></section>`

  const others = apart.filter((measure) => find(period, measure))
  const separately =
    others.length === 0
      ? ''
      : html`<section><h2 id="apart">${heading('apart')}</h2><p>${tell('apart')}</p>
<dl class="tiles small">${others.map((measure) => tile(measure))}</dl></section>`

  const days = ownDays(period)
  return frame(html`${chartPatterns}${lead}
<section><h2 id="brief">${heading('brief')}</h2>${service ? html`<p><strong>${serviceName(service)}</strong></p>` : ''}${days ? html`<p class="aside">${days}</p>` : ''}
<dl class="tiles">${(['sent', 'finished', 'returned', 'visits_avoided'] as const).map(tile)}</dl>${compounded}</section>
${overTime}
<div class="pair">${list('funnel', 'funnel', funnel, tell('column.measure'))}${list('channel', 'channel', byChannel, tell('filter.service'))}</div>
<div class="pair">${list('language', 'language', byLanguage, tell('filter.service'))}${list('term', 'term', byTerm, tell('filter.service'))}</div>
${services}
${separately}
${method()}`)

  /** How everything above was made, and where it can be had. */
  function method() {
    const address = `/v1/statistics/${all.agency.id}`
    return html`<section><h2 id="method">${tell('heading.method')}</h2>
<p>${tell('method.small', { count: threshold })}</p><p>${tell('method.days')}</p><p>${tell('formula.growth')} ${tell('formula.compound')}</p>
<dl>${published.map((measure) => html`<dt>${tell(`measure.${measure}`)}</dt><dd>${formulaOf(language, measure)}</dd>`)}</dl>
${
  all.services.length > 0
    ? html`<details><summary>${tell('visits')}</summary><div class="scroll" tabindex="0" role="region" aria-label="${tell('visits')}"><table><caption class="unseen">${tell('visits')}</caption><thead><tr><th scope="col">${tell('filter.service')}</th><th scope="col" class="number">${tell('visits')}</th><th scope="col">${tell('visits.source')}</th></tr></thead>
<tbody>${all.services.map((each) => {
        const source = each.visitsSource ? pickText(each.visitsSource, [language, ...each.languages]) : { text: tell('visits.assumed'), language }
        return html`<tr><th scope="row">${serviceName(each)}</th><td class="number">${numbers.format(each.visitsPerCase)}</td><td lang="${source.language}">${source.text}</td></tr>`
      })}</tbody></table></div></details>`
    : ''
}</section>
<section><h2 id="data">${tell('heading.data')}</h2>
<ul><li><a href="${address}/figures.csv">${tell('csv')}</a></li><li><a href="${address}/figures.csv-metadata.json?lang=${language}">${tell('dictionary')}</a></li><li><a href="${address}?lang=${language}">${tell('json')}</a></li></ul>
<p>${tell('licence')}: <a href="${config.statisticsLicence}" rel="license"><bdi dir="ltr">${config.statisticsLicence}</bdi></a></p></section>`
  }
}
