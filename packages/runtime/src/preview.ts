/** A server that is not there: a preview sends nothing, and confirms what a real server would. */
import { compile, computedValues, createSession, type FieldTypes, feeOf, requiredDocuments, routeOf } from '@guichet/core'
import type { ServiceView } from './service-view.ts'
import type { Transport } from './transport.ts'

export function sampleTransport(viewNow: () => ServiceView | null, types: FieldTypes): Transport {
  const view = () => {
    const now = viewNow()
    if (!now) throw new Error('a preview must be handed a view first')
    return now
  }
  let uploads = 0
  return {
    load: async () => view(),
    upload: async (file, _target, progress) => {
      progress(1)
      return { id: `sample-${++uploads}`, name: file.name, size: file.size, type: file.type }
    },
    submit: async ({ answers, documents, atDesk }) => {
      const { definition, today } = view()
      const session = createSession(compile(definition, types), { today, answers, documents, atDesk })
      const route = routeOf(session)
      return {
        reference: '0000000000000000',
        submission: 'sample',
        receivedAt: new Date().toISOString(),
        documents: requiredDocuments(session).map(({ document, copies }) => ({ id: document.id, copies })),
        computed: computedValues(session),
        fee: feeOf(session),
        ...(route ? { route: { to: route.to, reason: route.reason, remedy: route.remedy } } : {}),
      }
    },
  }
}
