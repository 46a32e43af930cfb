/** The server's own pages, and the built files that browsers load. */
import { readFileSync } from 'node:fs'
import { html } from 'hono/html'
import { mapOrigins } from '../embedding/map-tiles.ts'
import { interfaceLanguage } from '../language.ts'
import { say } from '../messages.ts'
import { cataloguePage } from '../pages/catalogue-page.ts'
import { embedders, framePage } from '../pages/frame-page.ts'
import { layout } from '../pages/layout.ts'
import { referencePage } from '../pages/reference-page.ts'
import { servicePage } from '../pages/service-page.ts'
import { casePage, statusPage } from '../pages/status-page.ts'
import { Refused } from '../problem.ts'
import { catalogueLine, eventsOf } from '../services/catalogue.ts'
import { entityTag } from '../services/view-service.ts'
import { serveFile, serveText } from '../static.ts'
import { countView } from '../statistics/viewed.ts'
import { findCase, statusView } from '../submissions/follow.ts'
import { openApi } from './openapi.ts'
import { requestBody } from './request-body.ts'
import type { Call, Route } from './route.ts'
import { guessing } from './service-routes.ts'

const page = { type: 'text/html', description: 'A page.' }
const lang = { lang: { description: 'Language of the page.', schema: { type: 'string' } } }
const css = readFileSync(new URL('../pages/pages.css', import.meta.url), 'utf8')
/** What our own pages load beside that, from files of their folder. */
const pageFiles = {
  'status-code.js': 'Script of the status page, which works without it: takes the tracking code from the fragment of the address.',
  'frame.js': 'Script of a framed service: tells the page around how high it is, and which step is shown.',
  'frame.css': 'Style sheet of a framed service.',
}
const pageFile = ([file, summary]: [string, string]): Route => {
  const text = readFileSync(new URL(`../pages/${file}`, import.meta.url), 'utf8')
  const type = file.endsWith('.css') ? 'text/css' : 'text/javascript'
  return {
    method: 'GET',
    path: `/${file}`,
    id: file.replace(/\W(\w)/g, (_, letter: string) => letter.toUpperCase()),
    tag: 'pages',
    summary,
    access: 'anyone',
    answers: { 200: { type, description: 'The file.' } },
    handle: (call) => serveText(call.c, text, `${type}; charset=utf-8`, entityTag(text)),
  }
}

async function show(call: Call, language: string, content: ReturnType<typeof html>, status: 200 | 404 | 429 = 200): Promise<Response> {
  call.c.header('Content-Language', language)
  return call.c.html(await content, status)
}

/** Modules with stable names, which pages of agencies load. Their parts lie under `/assets/`. */
const embedModules = {
  'embed.js': 'The module that a page embeds services with.',
  'guide.js': 'The module that a page embeds the guide of a service with.',
  'status.js': 'The module that a page lets people follow a case with.',
  'catalog.js': 'The module that a page lists services with.',
}
const embedModule = (file: string, summary: string): Route => ({
  method: 'GET',
  path: `/${file}`,
  id: `${file.slice(0, -'.js'.length)}Script`,
  tag: 'pages',
  summary,
  access: 'public',
  answers: { 200: { type: 'text/javascript', description: 'The module.' }, 404: { description: 'Not built.' } },
  handle: async (call) => (await serveFile(call.c, call.web.runtime, file, 'no-cache')) ?? missing(),
})

/** What those who work for an agency use: a built page, and the files that it loads. */
const staffPages = (name: 'builder' | 'desk', summary: string): readonly Route[] => [
  {
    method: 'GET',
    path: `/${name}/`,
    id: name,
    tag: 'pages',
    summary,
    access: 'anyone',
    answers: { 200: page },
    async handle(call) {
      const built = await serveFile(call.c, call.web[name], 'index.html', 'no-cache')
      if (built) return built
      const language = interfaceLanguage(call.query('lang'), call.header('accept-language'))
      return show(
        call,
        language,
        layout({ language, title: 'Guichet', path: `/${name}/`, content: html`<h1>Guichet</h1><p>${say(language, `${name}.missing`)}</p>` }),
      )
    },
  },
  {
    method: 'GET',
    path: `/${name}/{file+}`,
    id: `${name}File`,
    tag: 'pages',
    summary: `What the ${name} loads.`,
    access: 'anyone',
    params: { file: 'Name of the file.' },
    answers: { 200: { type: 'text/javascript', description: 'The file.' }, 404: { description: 'No such file.' } },
    async handle(call) {
      const file = call.param('file')
      return (await serveFile(call.c, call.web[name], file, file.startsWith('assets/') ? 'public, max-age=31536000, immutable' : 'no-cache')) ?? missing()
    },
  },
]

/** `all` gives every route of the app, this list included, for the reference. */
export const pageRoutes = (all: () => readonly Route[]): readonly Route[] => [
  {
    method: 'GET',
    path: '/',
    id: 'cataloguePage',
    tag: 'pages',
    summary: 'The catalogue.',
    access: 'anyone',
    query: lang,
    answers: { 200: page },
    async handle(call) {
      const lines = (await call.adapters.live.all()).map((live) => catalogueLine(live, call.query('lang'), call.header('accept-language'), call.config.baseUrl))
      const events = eventsOf(lines, call.language, undefined)
      return show(call, call.language, cataloguePage(call.language, lines, events, await call.adapters.statistics.publications.agencies()))
    },
  },
  {
    method: 'GET',
    path: '/s/{agency}/{service}',
    id: 'servicePage',
    tag: 'pages',
    summary: 'A service on a page of this server.',
    access: 'anyone',
    params: { agency: 'Name of the agency.', service: 'Name of the service.' },
    query: lang,
    answers: { 200: page, 404: { description: 'No such service.' } },
    async handle(call) {
      const live = await call.adapters.live.find(call.param('agency'), call.param('service'))
      if (!live) throw new Refused(404, 'not-found')
      const { languages } = live.version.definition
      // The page follows the service: a reader of none of its languages gets its first.
      const asked = catalogueLine(live, call.query('lang'), call.header('accept-language'), '').language
      const language = languages.includes(asked) ? asked : languages[0]
      call.c.set('pictures', mapOrigins(live.whole.nodes.values()))
      return show(call, language, servicePage(live, language, call.adapters.outside.modulesFor(live.whole.nodes.values())))
    },
  },
  {
    method: 'GET',
    path: '/frame/{agency}/{service}',
    id: 'framePage',
    tag: 'pages',
    summary: 'A service alone, for a frame on the pages that may embed it.',
    access: 'anyone',
    params: { agency: 'Name of the agency.', service: 'Name of the service.' },
    query: { ...lang, scheme: { description: 'Colour schemes of the page around, as `color-scheme` has them.', schema: { type: 'string' } } },
    answers: { 200: page, 404: { description: 'No such service.' } },
    async handle(call) {
      const live = await call.adapters.live.find(call.param('agency'), call.param('service'))
      if (!live) throw new Refused(404, 'not-found')
      call.c.set('embedders', embedders(live))
      call.c.set('pictures', mapOrigins(live.whole.nodes.values()))
      const { languages } = live.version.definition
      const asked = catalogueLine(live, call.query('lang'), call.header('accept-language'), '').language
      const scheme = call.query('scheme') ?? ''
      return show(
        call,
        languages.includes(asked) ? asked : languages[0],
        framePage(
          live,
          languages.includes(asked) ? asked : languages[0],
          /^(?:light|dark|only|normal| )+$/.test(scheme) ? scheme : 'normal',
          call.adapters.outside.modulesFor(live.whole.nodes.values()),
        ),
      )
    },
  },
  {
    method: 'GET',
    path: '/status',
    id: 'statusPage',
    tag: 'pages',
    summary: 'Asks for a tracking code.',
    access: 'anyone',
    query: lang,
    answers: { 200: page },
    handle: (call) => show(call, call.language, statusPage(call.language, { typed: '' })),
  },
  {
    method: 'POST',
    path: '/status',
    id: 'statusPageOf',
    tag: 'pages',
    summary: 'Shows where a case stands, without JavaScript.',
    access: 'anyone',
    query: lang,
    body: { stream: 'application/x-www-form-urlencoded', schema: { type: 'object', properties: { reference: { type: 'string' } }, required: ['reference'] } },
    answers: { 200: page, 404: page, 429: page },
    async handle(call) {
      const bytes = await requestBody(call.c).read(4096)
      if (bytes === 'too-large') throw new Refused(413, 'too-large', { params: { count: 4096 } })
      const typed = (new URLSearchParams(new TextDecoder().decode(bytes)).get('reference') ?? '').slice(0, 200)
      try {
        await guessing(call)
        const found = await findCase(call.adapters, typed)
        countView(call, found.live, 'looked_up', '')
        const view = await statusView(call.adapters, found, call.language, undefined, call.now)
        return show(call, call.language, casePage(call.language, view, found.live.version.definition.locale, typed))
      } catch (error) {
        if (!(error instanceof Refused) || (error.code !== 'code-unknown' && error.code !== 'rate')) throw error
        return show(
          call,
          call.language,
          statusPage(call.language, { typed, problem: say(call.language, `problem.${error.code}`) }),
          error.status === 429 ? 429 : 404,
        )
      }
    },
  },
  {
    method: 'GET',
    path: '/reference',
    id: 'referencePage',
    tag: 'pages',
    summary: 'These routes, for people.',
    access: 'anyone',
    query: lang,
    answers: { 200: page },
    handle: (call) => show(call, call.language, referencePage(call.language, openApi(all(), call.config.baseUrl))),
  },
  {
    method: 'GET',
    path: '/pages.css',
    id: 'pageStyles',
    tag: 'pages',
    summary: 'Style sheet of the pages, and of the demo page.',
    access: 'public',
    answers: { 200: { type: 'text/css', description: 'The style sheet.' } },
    handle: (call) => serveText(call.c, css, 'text/css; charset=utf-8', entityTag(css)),
  },
  ...Object.entries(pageFiles).map(pageFile),
  ...Object.entries(embedModules).map(([file, summary]) => embedModule(file, summary)),
  {
    method: 'GET',
    path: '/assets/{file+}',
    id: 'asset',
    tag: 'pages',
    summary: 'What the module loads. The names hold digests: what is loaded once never changes.',
    access: 'public',
    params: { file: 'Name of the file.' },
    answers: { 200: { type: 'text/javascript', description: 'The file.' }, 404: { description: 'No such file.' } },
    handle: async (call) => (await serveFile(call.c, call.web.runtime, `assets/${call.param('file')}`, 'public, max-age=31536000, immutable')) ?? missing(),
  },
  {
    method: 'GET',
    path: '/types/{file}',
    id: 'fieldType',
    tag: 'pages',
    summary: 'The module of a field type that was made outside; `index.js` tells the builder of all of them.',
    access: 'public',
    params: { file: 'Name of the type, with `.js`.' },
    answers: { 200: { type: 'text/javascript', description: 'The module.' }, 404: { description: 'No such type.' } },
    async handle(call) {
      const text = (await call.adapters.outside.file(call.param('file'))) ?? missing()
      return serveText(call.c, text, 'text/javascript; charset=utf-8', entityTag(text))
    },
  },
  ...staffPages('builder', 'The builder.'),
  ...staffPages('desk', 'The desk.'),
]

function missing(): never {
  throw new Refused(404, 'not-found')
}
