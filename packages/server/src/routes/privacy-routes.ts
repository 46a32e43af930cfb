/** What services do with personal data, for citizens and for the agency. */
import { activityOf, registerCsv, registerOf } from '../data-protection/register.ts'
import { noticePage, registerPage } from '../pages/privacy-page.ts'
import { Refused } from '../problem.ts'
import type { Route } from './route.ts'

const page = { type: 'text/html', description: 'A page.' }
const lang = { lang: { description: 'Language to answer in.', schema: { type: 'string' } } }
const signedOut = { 401: { description: 'Nobody is signed in.' }, 403: { description: 'Not from this server’s own pages.' } }

export const privacyRoutes: readonly Route[] = [
  {
    method: 'GET',
    path: '/privacy/{agency}/{service}',
    id: 'privacyPage',
    tag: 'pages',
    summary: 'What a service does with personal data, for who is about to give it.',
    access: 'anyone',
    params: { agency: 'Name of the agency.', service: 'Name of the service.' },
    query: lang,
    answers: { 200: page, 404: { description: 'No such service.' } },
    async handle(call) {
      const live = await call.adapters.live.find(call.param('agency'), call.param('service'))
      if (!live) throw new Refused(404, 'not-found')
      call.c.header('Content-Language', call.language)
      return call.c.html(await noticePage(call.language, live, await activityOf(live, call.language)))
    },
  },
  {
    method: 'GET',
    path: '/register',
    id: 'registerPage',
    tag: 'pages',
    summary: 'The agency’s register of processing activities (GDPR Art. 30), of the services that the reader may see.',
    access: 'user',
    permission: 'service.read',
    query: lang,
    answers: { 200: page, ...signedOut },
    async handle(call) {
      const { agency, agencyTitle } = call.actor()
      call.c.header('Content-Language', call.language)
      call.c.header('Cache-Control', 'no-store')
      return call.c.html(await registerPage(call.language, agencyTitle, await registerOf(call.adapters, agency, call.language)))
    },
  },
  {
    method: 'GET',
    path: '/v1/admin/register.json',
    id: 'registerJson',
    tag: 'builder',
    summary: 'The same register for programs.',
    access: 'user',
    permission: 'service.read',
    query: lang,
    answers: {
      200: { description: 'An activity for each published service.', schema: { type: 'object', properties: { activities: { type: 'array' } } } },
      ...signedOut,
    },
    handle: async (call) => call.c.json({ activities: await registerOf(call.adapters, call.actor().agency, call.language) }),
  },
  {
    method: 'GET',
    path: '/v1/admin/register.csv',
    id: 'registerCsv',
    tag: 'builder',
    summary: 'The same register as a table, safe to open in a spreadsheet.',
    access: 'user',
    permission: 'service.read',
    query: lang,
    answers: { 200: { description: 'A line for each published service.', type: 'text/csv', schema: { type: 'string' } }, ...signedOut },
    async handle(call) {
      const text = registerCsv(call.language, await registerOf(call.adapters, call.actor().agency, call.language))
      return call.c.body(text, 200, { 'Content-Type': 'text/csv; charset=utf-8; header=present', 'Content-Disposition': 'attachment; filename="register.csv"' })
    },
  },
]
