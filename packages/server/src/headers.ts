/** Security headers by what an address is. Browsers are told the strictest that still works there. */
import type { MiddlewareHandler } from 'hono'
import { secureHeaders } from 'hono/secure-headers'
import type { Config } from './config.ts'

const nothing = ["'none'"]
const self = ["'self'"]

/** `data`: answers for programs; `page`: our pages; `builder`: the same with pictures being edited; `file`: built files that other pages load. */
type Face = 'data' | 'page' | 'builder' | 'file'

const data = ['/v1/', '/.well-known/', '/openapi.json', '/healthz', '/readyz', '/dev/']

/** What is neither data nor a file is a page, if only one that says that there is none. */
export const faceOf = (path: string): Face =>
  /^\/(?:embed|guide|status|catalog)\.js$/.test(path) || path === '/pages.css' || path.startsWith('/assets/')
    ? 'file'
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
  const faces: Record<Face, MiddlewareHandler> = {
    data: secureHeaders({ ...common, crossOriginResourcePolicy: 'same-origin', contentSecurityPolicy: { ...closed, sandbox: [] } }),
    page: secureHeaders({ ...common, crossOriginResourcePolicy: 'same-origin', contentSecurityPolicy: ownPage }),
    builder: secureHeaders({ ...common, crossOriginResourcePolicy: 'same-origin', contentSecurityPolicy: { ...ownPage, imgSrc: [...self, 'data:', 'blob:'] } }),
    file: secureHeaders({ ...common, crossOriginResourcePolicy: 'cross-origin', contentSecurityPolicy: closed }),
  }
  return (c, next) => faces[faceOf(c.req.path)](c, next)
}
