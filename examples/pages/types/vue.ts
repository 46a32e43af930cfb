// What the compiler says yes and no to: compiled by a test, run by nobody. Templates are checked by the same types.
import type {} from '@guichet/runtime/types/vue'
import type { GlobalComponents } from 'vue'

type Props<Name extends keyof GlobalComponents> = InstanceType<GlobalComponents[Name]>['$props']

export const right: Props<'guichet-service'> = {
  service: 'agency/service',
  isolation: 'iframe',
  onGuichetSubmitted: (event) => event.detail.reference.toUpperCase(),
}
export const status: Props<'guichet-status'> = { lang: 'el', onGuichetCase: ({ detail }) => detail.stage?.length }

// @ts-expect-error: attributes are texts
export const value: Props<'guichet-service'> = { service: 1 }
// @ts-expect-error: there is no such detail
export const detail: Props<'guichet-service'> = { onGuichetSubmitted: (event) => event.detail.referenz }
// @ts-expect-error: there is no such element
export type Element = Props<'guichet-form'>
