// What the compiler says yes and no to: compiled by a test, run by nobody.
import type {} from '@guichet/runtime/types/elements'

document.querySelector('guichet-service')?.show('check')
document.createElement('guichet-service').addEventListener('guichet-page', ({ detail }) => detail.page.length)
document.addEventListener('guichet-submitted', ({ detail }) => detail.reference.length)
document.querySelector('guichet-status')?.addEventListener('guichet-case', ({ detail }) => detail.stage?.length)

// @ts-expect-error: there is no such method
document.querySelector('guichet-service')?.open('check')
// @ts-expect-error: only a service has pages
document.querySelector('guichet-status')?.show('check')
// @ts-expect-error: there is no such detail
document.addEventListener('guichet-submitted', ({ detail }) => detail.referenz)
