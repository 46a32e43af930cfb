/** What an agency publishes, and the one thing that the runtime tells: that somebody has begun. */
import { chooseLanguage } from '../language.ts'
import { statisticsPage } from '../pages/statistics-page.ts'
import { Refused } from '../problem.ts'
import { entityTag } from '../services/view-service.ts'
import { serveText } from '../static.ts'
import { csvMetadata, type Selection, statisticsCsv, statisticsJson, statisticsSchema } from '../statistics/open-data.ts'
import { type Grain, grains } from '../statistics/period.ts'
import type { Published } from '../statistics/publish.ts'
import { countView } from '../statistics/viewed.ts'
import type { Call, Route } from './route.ts'

const agency = { agency: 'Name of the agency.' }
const period = { type: 'string', pattern: '^\\d{4}(-(\\d{2}|Q[1-4]))?$' }
const selection = {
  grain: { description: 'Of months, quarters or years only.', schema: { enum: [...grains] } },
  service: { description: 'Of this service only.', schema: { type: 'string' } },
  from: { description: 'First period, such as 2026-01.', schema: period },
  to: { description: 'Last period, such as 2026-12 or 2026.', schema: period },
}
const lang = { lang: { description: 'Language of names and explanations.', schema: { type: 'string' } } }

async function published(call: Call): Promise<Published> {
  const found = await call.adapters.statistics.publications.of(call.param('agency'), call.now)
  if (!found) throw new Refused(404, 'not-found')
  return found
}

/** What is asked for in a way that is not understood is as if it were not asked for: the numbers say which they are. */
function selected(call: Call): Selection {
  const grain = grains.find((each) => each === call.query('grain')) as Grain | undefined
  const at = (name: string) => (new RegExp(period.pattern).test(call.query(name) ?? '') ? call.query(name) : undefined)
  return { grain, service: call.query('service') || undefined, from: at('from'), to: at('to') }
}

const answer = (call: Call, text: string, type: string) => serveText(call.c, text, type, entityTag(text))

export const statisticsRoutes: readonly Route[] = [
  {
    method: 'GET',
    path: '/v1/statistics/{agency}',
    id: 'getStatistics',
    tag: 'statistics',
    summary: 'Numbers that the agency publishes: by month, quarter and year, with small ones taken out.',
    access: 'public',
    params: agency,
    query: { ...selection, ...lang },
    answers: { 200: { description: 'The numbers.', schema: statisticsSchema }, 404: { description: 'No such agency, or it does not publish.' } },
    async handle(call) {
      const all = await published(call)
      call.c.header('Content-Language', call.language)
      call.c.header('Vary', 'Accept-Language', { append: true })
      return answer(call, JSON.stringify(statisticsJson(all, selected(call), call.language, call.config)), 'application/json; charset=utf-8')
    },
  },
  {
    method: 'GET',
    path: '/v1/statistics/{agency}/figures.csv',
    id: 'getStatisticsCsv',
    tag: 'statistics',
    summary: 'The same as a table, a line for each number.',
    access: 'public',
    params: agency,
    query: selection,
    answers: { 200: { type: 'text/csv', description: 'The numbers.' }, 404: { description: 'No such agency, or it does not publish.' } },
    async handle(call) {
      const all = await published(call)
      call.c.header('Link', '<figures.csv-metadata.json>; rel="describedby"; type="application/csvm+json"')
      call.c.header('Content-Disposition', `attachment; filename="statistics-${all.agency.id}.csv"`)
      return answer(call, statisticsCsv(all, selected(call)), 'text/csv; charset=utf-8; header=present')
    },
  },
  {
    method: 'GET',
    path: '/v1/statistics/{agency}/figures.csv-metadata.json',
    id: 'getStatisticsCsvMetadata',
    tag: 'statistics',
    summary: 'What the columns of the table mean (CSV on the Web).',
    access: 'public',
    params: agency,
    query: lang,
    answers: { 200: { type: 'application/csvm+json', description: 'The description.', schema: { type: 'object' } }, 404: { description: 'No such agency.' } },
    handle: async (call) =>
      answer(call, JSON.stringify(csvMetadata(await published(call), call.language, call.config)), 'application/csvm+json; charset=utf-8'),
  },
  {
    method: 'POST',
    path: '/v1/services/{agency}/{service}/started',
    id: 'noteStarted',
    tag: 'statistics',
    summary: 'Somebody has answered a first question. Adds one to a number, and keeps nothing else.',
    access: 'service',
    params: { ...agency, service: 'Name of the service.' },
    query: { lang: { description: 'Language in which it is filled in.', schema: { type: 'string' } } },
    answers: { 204: { description: 'Whether or not it was counted.' }, 404: { description: 'No such service.' } },
    handle(call) {
      const { languages } = call.live().version.definition
      countView(call, call.live(), 'started', chooseLanguage(call.query('lang'), undefined, languages))
      return call.c.body(null, 204)
    },
  },
  {
    method: 'GET',
    path: '/statistics/{agency}',
    id: 'statisticsPage',
    tag: 'pages',
    summary: 'The numbers, drawn.',
    access: 'anyone',
    params: agency,
    query: {
      ...lang,
      grain: selection.grain,
      service: selection.service,
      period: { description: 'The period that is shown; the last one if absent.', schema: period },
    },
    answers: { 200: { type: 'text/html', description: 'A page.' }, 404: { description: 'No such agency, or it does not publish.' } },
    async handle(call) {
      const all = await published(call)
      const { grain, service } = selected(call)
      call.c.header('Content-Language', call.language)
      return call.c.html(await statisticsPage(all, { language: call.language, grain, service, period: call.query('period') }, call.config))
    },
  },
]
