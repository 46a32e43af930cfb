/** The numbers for programs: JSON, and CSV with its description for machines (CSV on the Web, W3C, 2015). */
import { pickText } from '@guichet/core'
import type { Config } from '../config.ts'
import { say } from '../messages.ts'
import type { Schema } from '../routes/route.ts'
import { type Grain, grains } from './period.ts'
import { dimensions, type Figure, type PublishedMeasure, published } from './publication.ts'
import { type Published, titleOf } from './publish.ts'
import { threshold } from './suppress.ts'

export interface Selection {
  grain?: Grain | undefined
  service?: string | undefined
  from?: string | undefined
  to?: string | undefined
}

export const select = (figures: readonly Figure[], { grain, service, from, to }: Selection): Figure[] =>
  figures.filter(
    (figure) =>
      (grain === undefined || figure.grain === grain) &&
      (service === undefined || figure.service === service) &&
      (from === undefined || figure.period >= from) &&
      (to === undefined || figure.period.slice(0, to.length) <= to),
  )

/** How each number is made, in words. */
export const formulaOf = (language: string, measure: PublishedMeasure) => say(language, `statistics.formula.${measure}`)

export function statisticsJson(all: Published, selection: Selection, language: string, config: Config) {
  const address = `${config.baseUrl}/v1/statistics/${all.agency.id}`
  return {
    agency: { id: all.agency.id, name: all.agency.title },
    language,
    until: all.until,
    licence: config.statisticsLicence,
    csv: `${address}/figures.csv`,
    page: `${config.baseUrl}/statistics/${all.agency.id}`,
    suppression: { below: threshold, text: say(language, 'statistics.method.small', { count: threshold }) },
    growth: {
      text: say(language, 'statistics.formula.growth'),
      compound: all.compound && { ...all.compound, text: say(language, 'statistics.formula.compound') },
    },
    measures: published.map((id) => ({ id, title: say(language, `statistics.measure.${id}`), formula: formulaOf(language, id) })),
    services: all.services.map((service) => ({
      id: service.id,
      title: titleOf(service, language).text,
      visitsPerCase: service.visitsPerCase,
      visitsSource: service.visitsSource ? pickText(service.visitsSource, [language, ...service.languages]).text : say(language, 'statistics.visits.assumed'),
    })),
    figures: select(all.figures, selection),
  }
}

/** Columns of the CSV, in order. */
const columns = [
  { name: 'period', type: 'string', of: (figure: Figure) => figure.period },
  { name: 'grain', type: 'string', of: (figure: Figure) => figure.grain },
  { name: 'service', type: 'string', of: (figure: Figure) => figure.service ?? '' },
  { name: 'measure', type: 'string', of: (figure: Figure) => figure.measure },
  { name: 'dimension', type: 'string', of: (figure: Figure) => figure.dimension },
  { name: 'value', type: 'string', of: (figure: Figure) => figure.value },
  { name: 'count', type: 'integer', of: (figure: Figure) => (figure.count === null ? '' : String(figure.count)) },
  { name: 'note', type: 'string', of: (figure: Figure) => (figure.mark === 'small' ? `<${threshold}` : (figure.mark ?? (figure.least ? 'least' : ''))) },
  { name: 'growth', type: 'number', of: (figure: Figure) => (figure.growth === null ? '' : String(Math.round(figure.growth * 10_000) / 10_000)) },
] as const

/** No value has a comma, a quote or a line's end in it: ids, numbers and our own words. */
export const statisticsCsv = (all: Published, selection: Selection) =>
  [columns.map(({ name }) => name), ...select(all.figures, selection).map((figure) => columns.map(({ of }) => of(figure)))]
    .map((row) => `${row.join(',')}\r\n`)
    .join('')

/** What the columns mean. */
export const csvMetadata = (all: Published, language: string, config: Config) => ({
  '@context': ['http://www.w3.org/ns/csvw', { '@language': language }],
  url: `${config.baseUrl}/v1/statistics/${all.agency.id}/figures.csv`,
  'dc:title': say(language, 'statistics.title', { agency: all.agency.title }),
  'dc:publisher': all.agency.title,
  'dc:license': { '@id': config.statisticsLicence },
  'dc:description': published.map((id) => `${say(language, `statistics.measure.${id}`)} (${id}): ${formulaOf(language, id)}`).join('\n'),
  dialect: { header: true, delimiter: ',', encoding: 'utf-8' },
  tableSchema: {
    columns: columns.map(({ name, type }) => ({
      name,
      titles: name,
      datatype: type,
      'dc:description': say(language, `statistics.column.${name}`, { count: threshold }),
      required: !['service', 'dimension', 'value', 'count', 'note', 'growth'].includes(name),
    })),
  },
})

const text = { type: 'string' }
const whole = { type: 'integer' }
const object = (properties: Record<string, Schema>): Schema => ({ type: 'object', properties, required: Object.keys(properties), additionalProperties: false })
const list = (items: Schema): Schema => ({ type: 'array', items })
const orNull = (schema: Schema): Schema => ({ anyOf: [{ type: 'null' }, schema] })

export const statisticsSchema = object({
  agency: object({ id: text, name: text }),
  language: text,
  until: orNull({ type: 'string', description: 'The last month that is in it.' }),
  licence: { type: 'string', format: 'uri' },
  csv: { type: 'string', format: 'uri' },
  page: { type: 'string', format: 'uri' },
  suppression: object({ below: whole, text }),
  growth: object({ text, compound: orNull(object({ first: text, last: text, share: { type: 'number' }, text })) }),
  measures: list(object({ id: { enum: [...published] }, title: text, formula: text })),
  services: list(object({ id: text, title: text, visitsPerCase: { type: 'number' }, visitsSource: text })),
  figures: list(
    object({
      period: { type: 'string', description: 'Such as 2026-03, 2026-Q1 or 2026.' },
      grain: { enum: [...grains] },
      service: orNull({ type: 'string', description: 'Null: the agency as a whole.' }),
      measure: { enum: [...published] },
      dimension: { enum: [...dimensions] },
      value: text,
      count: orNull(whole),
      mark: orNull({ enum: ['small', 'hidden'] }),
      growth: orNull({ type: 'number', description: 'Share, against the same period a year before.' }),
      least: { type: 'boolean', description: 'The true number is this or more.' },
    }),
  ),
})
