/** Security headers by what an address is. Browsers are told the strictest that still works there. */
import type { MiddlewareHandler } from 'hono'
import { secureHeaders } from 'hono/secure-headers'
import type { Config } from './config.ts'
import type { AppContext } from './routes/route.ts'

const nothing = ["'none'"]
const self = ["'self'"]

/** `data`: answers for programs; `page`: our pages; `frame`: one that other pages may show in a frame; `builder`: the same with pictures being edited; `file`: built files that other pages load. */
type Face = 'data' | 'page' | 'frame' | 'builder' | 'file'

const data = ['/v1/', '/.well-known/', '/openapi.json', '/healthz', '/readyz', '/dev/']

/** What is neither data nor a file is a page, if only one that says that there is none. */
export const faceOf = (path: string): Face =>
  /^\/(?:embed|guide|status|catalog)\.js$/.test(path) || path === '/pages.css' || path.startsWith('/assets/')
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
  const framed = secureHeaders({ ...common, xFrameOptions: false, crossOriginResourcePolicy: 'cross-origin', contentSecurityPolicy: ownPage })
  const faces: Record<Face, MiddlewareHandler> = {
    data: secureHeaders({ ...common, crossOriginResourcePolicy: 'same-origin', contentSecurityPolicy: { ...closed, sandbox: [] } }),
    page: secureHeaders({ ...common, crossOriginResourcePolicy: 'same-origin', contentSecurityPolicy: ownPage }),
    frame: async (c, next) => {
      await framed(c, next)
      const embedders = (c as AppContext).get('embedders')
      const policy = c.res.headers.get('Content-Security-Policy')
      if (embedders && policy) c.res.headers.set('Content-Security-Policy', policy.replace("frame-ancestors 'none'", `frame-ancestors ${embedders}`))
    },
    builder: secureHeaders({ ...common, crossOriginResourcePolicy: 'same-origin', contentSecurityPolicy: { ...ownPage, imgSrc: [...self, 'data:', 'blob:'] } }),
    file: secureHeaders({ ...common, crossOriginResourcePolicy: 'cross-origin', contentSecurityPolicy: closed }),
  }
  return (c, next) => faces[faceOf(c.req.path)](c, next)
}
