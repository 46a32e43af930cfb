// What the compiler says yes and no to: compiled by a test, run by nobody.
import type {} from '@guichet/runtime/types/react'

export const right = (
  <guichet-service
    service="agency/service"
    isolation="iframe"
    className="wide"
    ref={(element) => element?.show('check')}
    onguichet-submitted={(event) => event.detail.reference.toUpperCase()}
    onguichet-failed={(event) => event.detail.status?.toFixed()}
  />
)
export const status = <guichet-status lang="el" onguichet-case={({ detail }) => detail.stage?.length} />
export const catalog = <guichet-catalog agency="city" href="/apply/{service}" onguichet-ready={(event) => 'services' in event.detail} />

// @ts-expect-error: there is no such attribute
export const attribute = <guichet-service servise="agency/service" />
// @ts-expect-error: attributes are texts
export const value = <guichet-service service={1} />
// @ts-expect-error: there is no such detail
export const detail = <guichet-service onguichet-submitted={(event) => event.detail.referenz} />
// @ts-expect-error: there is no such element
export const element = <guichet-form service="agency/service" />
