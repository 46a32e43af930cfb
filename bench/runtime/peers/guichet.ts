/** The runtime as it is built and served: embed.js registers the element, which is handed its view and opens at its page. */
import type { ServiceView } from '@guichet/runtime'
import type { Handle } from '../page/handle.ts'

interface ServiceElement extends HTMLElement {
  view: ServiceView
  transport: { load(): Promise<ServiceView>; submit(): Promise<never> }
  show(step: string): void
}

export async function mount(view: ServiceView, container: HTMLElement): Promise<Handle> {
  await import(new URL('./runtime/embed.js', import.meta.url).href)
  await customElements.whenDefined('guichet-service')
  const service = document.createElement('guichet-service') as ServiceElement
  service.transport = { load: async () => view, submit: () => Promise.reject(new Error('nothing is sent here')) }
  const ready = new Promise((resolve) => service.addEventListener('guichet-ready', resolve, { once: true }))
  service.show('form')
  service.view = view
  container.append(service)
  await ready
  const root = service.shadowRoot as ShadowRoot
  return {
    control: (key, value) => root.getElementById(value && value !== 'o1' ? `f-${key}-${value.slice(1)}` : `f-${key}`),
    unmount: () => service.remove(),
  }
}
