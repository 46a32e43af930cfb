/** Security headers by what an address is. Browsers are told the strictest that still works there. */
import type { MiddlewareHandler } from 'hono'
import { secureHeaders } from 'hono/secure-headers'
import type { Config } from './config.ts'
import type { AppContext } from './routes/route.ts'

const nothing = ["'none'"]
const self = ["'self'"]

/** `data`: answers for programs; `page`: our pages; `frame`: one that other pages may show in a frame; `builder`: the same with pictures being edited; `file`: what other pages load: built files, and pictures. */
type Face = 'data' | 'page' | 'frame' | 'builder' | 'file'

const data = ['/v1/', '/.well-known/', '/openapi.json', '/healthz', '/readyz', '/dev/']

/** Pages show them by an address, which asks for no more than the page's own policy. */
const isPicture = /^\/v1\/services\/[^/]+\/[^/]+\/versions\/\d+\/pictures\//

/** What is neither data nor a file is a page, if only one that says that there is none. */
export const faceOf = (path: string): Face =>
  /^\/(?:embed|guide|status|catalog)\.js$/.test(path) ||
  path === '/pages.css' ||
  path.startsWith('/assets/') ||
  path.startsWith('/pinned/') ||
  path.startsWith('/types/') ||
  isPicture.test(path)
    ? 'file'
    : path.startsWith('/frame/')
      ? 'frame'
      : path.startsWith('/builder/')
        ? 'builder'
        : data.some((prefix) => path.startsWith(prefix))
          ? 'data'
          : 'page'

export function securityHeaders(config: Config): MiddlewareHandler {
  const common = {
    referrerPolicy: 'no-referrer',
    strictTransportSecurity: config.baseUrl.startsWith('https:') ? 'max-age=31536000; includeSubDomains' : false,
    xFrameOptions: 'DENY',
    permissionsPolicy: { camera: ['self'], geolocation: ['self'], microphone: [], payment: [], usb: [] },
  }
  const ownPage = {
    defaultSrc: nothing,
    scriptSrc: self,
    styleSrc: self,
    connectSrc: self,
    imgSrc: [...self, 'data:'],
    fontSrc: self,
    formAction: self,
    baseUri: nothing,
    frameAncestors: nothing,
    requireTrustedTypesFor: ["'script'"],
  }
  const closed = { defaultSrc: nothing, frameAncestors: nothing, baseUri: nothing, formAction: nothing }
  // X-Frame-Options knows no list; every browser that runs the service follows frame-ancestors.
  const faces: Record<Face, Promise<PlainHeaders>> = {
    data: headersOf({ ...common, crossOriginResourcePolicy: 'same-origin', contentSecurityPolicy: { ...closed, sandbox: [] } }),
    page: headersOf({ ...common, crossOriginResourcePolicy: 'same-origin', contentSecurityPolicy: ownPage }),
    frame: headersOf({ ...common, xFrameOptions: false, crossOriginResourcePolicy: 'cross-origin', contentSecurityPolicy: ownPage }),
    builder: headersOf({ ...common, crossOriginResourcePolicy: 'same-origin', contentSecurityPolicy: { ...ownPage, imgSrc: [...self, 'data:', 'blob:'] } }),
    file: headersOf({ ...common, crossOriginResourcePolicy: 'cross-origin', contentSecurityPolicy: closed }),
  }
  return async function setHeaders(context, next) {
    const c = context as AppContext
    const face = await faces[faceOf(c.req.path)]
    c.set('faceHeaders', face)
    await next()
    if (c.get('whole')) return
    const { headers } = c.res
    for (const name in face) headers.set(name, face[name] as string)
    const readers = c.get('readers')
    for (const name in readers) headers.append(name, readers[name] as string)
    const embedders = c.get('embedders')
    const policy = headers.get('Content-Security-Policy')
    const pictures = c.get('pictures') ?? []
    if (policy && (embedders || pictures.length > 0))
      headers.set(
        'Content-Security-Policy',
        policy
          .replace("frame-ancestors 'none'", `frame-ancestors ${embedders ?? "'none'"}`)
          .replace("img-src 'self'", ["img-src 'self'", ...pictures].join(' ')),
      )
  }
}

export type PlainHeaders = Readonly<Record<string, string>>

/** What the middleware would set on each answer, worked out once: it is the same for all of a face. */
async function headersOf(options: Parameters<typeof secureHeaders>[0]): Promise<PlainHeaders> {
  const headers = new Headers()
  await secureHeaders(options)({ res: { headers } } as never, async () => {})
  return Object.fromEntries(headers)
}

/**
 * An answer with all of its headers at once. For the road of a submission alone: an answer whose headers are read and set one
 * after the other is turned into an object of the web platform and back, which costs as much as a row in the database.
 */
export function wholeAnswer(c: AppContext, status: number, type: string, body: Uint8Array): Response {
  c.set('whole', true)
  const headers = {
    ...c.get('faceHeaders'),
    ...c.get('readers'),
    'Content-Type': type,
    'Cache-Control': 'no-store',
    'X-Request-Id': c.get('requestId'),
  }
  return new Response(body as Uint8Array<ArrayBuffer>, { status, headers })
}
