/** The whole server as a function from requests to answers: tests call `app.request()`, no port needed. */
import { Hono } from 'hono'
import type { ContentfulStatusCode } from 'hono/utils/http-status'
import type { Adapters } from './adapters.ts'
import type { Config } from './config.ts'
import { faceOf, securityHeaders } from './headers.ts'
import { interfaceLanguage } from './language.ts'
import { coreMessages, fieldMessages, readMessages } from './messages.ts'
import { problemPage } from './pages/problem-page.ts'
import { Refused } from './problem.ts'
import { requestLimits } from './request-limits.ts'
import { additionRoutes } from './routes/addition-routes.ts'
import { adminRoutes } from './routes/admin-routes.ts'
import { auditRoutes } from './routes/audit-routes.ts'
import { caseRoutes } from './routes/case-routes.ts'
import { draftRoutes } from './routes/draft-routes.ts'
import { embeddingRoutes } from './routes/embedding-routes.ts'
import { erasureRoutes } from './routes/erasure-routes.ts'
import { exportRoutes } from './routes/export-routes.ts'
import { install } from './routes/install.ts'
import { logRoutes } from './routes/log-routes.ts'
import { officerMailRoutes } from './routes/officer-mail-routes.ts'
import { pageRoutes } from './routes/page-routes.ts'
import { paperRoutes } from './routes/paper-routes.ts'
import { peopleRoutes } from './routes/people-routes.ts'
import { policyRoutes } from './routes/policy-routes.ts'
import { privacyRoutes } from './routes/privacy-routes.ts'
import type { AppContext, Bindings, Route, Variables } from './routes/route.ts'
import { sealingRoutes } from './routes/sealing-routes.ts'
import { serviceRoutes } from './routes/service-routes.ts'
import { signInRoutes } from './routes/sign-in-routes.ts'
import { statisticsRoutes } from './routes/statistics-routes.ts'
import { systemRoutes } from './routes/system-routes.ts'
import { trustPageRoutes } from './routes/trust-page-routes.ts'
import { uploadRoutes } from './routes/upload-routes.ts'
import { verificationRoutes } from './routes/verification-routes.ts'
import { diskFailed, readError, writeProblem } from './routes/write-problem.ts'
import { requestIdOf } from './telemetry/request-id.ts'
import { builtFolders, type WebFolders } from './web.ts'

export type App = Hono<{ Bindings: Bindings; Variables: Variables }>

/** Every route there is: the app, the OpenAPI document and the reference come from this list. */
export const routes: readonly Route[] = [
  ...serviceRoutes,
  ...additionRoutes,
  ...uploadRoutes,
  ...draftRoutes,
  ...verificationRoutes,
  ...signInRoutes,
  ...sealingRoutes,
  ...policyRoutes,
  ...statisticsRoutes,
  ...adminRoutes,
  ...peopleRoutes,
  ...caseRoutes,
  ...officerMailRoutes,
  ...exportRoutes,
  ...paperRoutes,
  ...auditRoutes,
  ...logRoutes,
  ...erasureRoutes,
  ...systemRoutes(() => routes),
  ...trustPageRoutes,
  ...privacyRoutes,
  ...embeddingRoutes,
  ...pageRoutes(() => routes),
]

/** `list`: other routes than those there are, for tests. */
export function createApp(adapters: Adapters, config: Config, web: WebFolders = builtFolders, list: readonly Route[] = routes): App {
  const app: App = new Hono()

  const answer = async (c: AppContext, refused: Refused) => {
    const language = interfaceLanguage(c.req.query('lang'), c.req.header('accept-language'))
    // Browsers say that they would rather have a page; programs do not.
    if (c.req.method === 'GET' && faceOf(c.req.path) !== 'data' && (c.req.header('accept') ?? '').includes('text/html')) {
      c.header('Cache-Control', 'no-store')
      c.header('Content-Language', language)
      return c.html(await problemPage(language, refused), refused.status as ContentfulStatusCode, refused.extras.headers)
    }
    const messages = { ...coreMessages(language), ...fieldMessages(language, adapters.messages), ...readMessages(web.runtimeMessages, language) }
    const { body, status, headers } = writeProblem(refused, { language, messages, program: c.get('live')?.program, requestId: c.get('requestId') })
    return c.body(body, status, { 'Cache-Control': 'no-store', ...headers })
  }

  app.use('*', async (c, next) => {
    const began = performance.now()
    const requestId = requestIdOf(c.req.header('x-request-id'), config)
    c.set('requestId', requestId)
    const { method } = c.req
    const parent = config.trustProxy > 0 ? c.req.header('traceparent') : undefined
    await adapters.traces.request({ method, requestId, parent }, async () => {
      await next()
      if (!c.get('whole')) {
        if (!c.res.headers.has('Cache-Control')) c.res.headers.set('Cache-Control', 'no-store')
        c.res.headers.set('X-Request-Id', requestId)
      }
      // The pattern, not the address: queries hold names of files, and nobody needs to know who asked.
      const [route, status, ms] = [c.req.routePath, c.res.status, performance.now() - began]
      adapters.log.answered({ method, route, status, ms: Math.round(ms), request: requestId })
      adapters.metrics.answered({ method, route, status, seconds: ms / 1000 })
      return { route, status }
    })
  })
  app.use('*', securityHeaders(config))
  app.use('*', requestLimits())
  app.use('*', async (c, next) => {
    if (adapters.disk.failed) throw diskFailed()
    await next()
    await adapters.store.settled()
    // What succeeded beside the failure is not acknowledged either: whoever sends it again gets its answer then.
    if (!adapters.disk.failed || c.req.method === 'GET') return
    c.res.headers.delete('Content-Length')
    c.set('whole', false)
    c.res = await answer(c, diskFailed())
  })
  install(app, list, adapters, config, web)
  for (const page of ['/builder', '/desk']) app.get(page, (c) => c.redirect(`${page}/`, 308))

  app.notFound((c) => answer(c, new Refused(404, 'not-found')))
  app.onError((error, c) => {
    const { refused, expected } = readError(error, c.env?.incoming)
    if (!expected) adapters.log.error({ err: error, route: c.req.routePath, request: c.get('requestId') }, 'request failed')
    adapters.disk.report(error)
    return answer(c, refused)
  })
  return app
}
