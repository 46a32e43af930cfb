/** Registers `<guichet-service>` for pages that embed it: served by `base`, rarer field types loaded on first use. */
import { fields } from 'virtual:guichet-fields'
import { rare, rest } from 'virtual:guichet-operations'
import { operations } from '@guichet/core'
import { loadFieldsFrom } from './load-fields.ts'
import { GuichetService, type Surroundings } from './service-element.ts'
import { httpTransport } from './transport.ts'

/** What the embedding script, which is there first, brings along. */
export interface Embed extends Pick<Surroundings, 'unreachable'> {
  base: string
  ask(base: string, service: string, language: string | undefined): Promise<Response>
}

export function register({ base, ask, unreachable }: Embed) {
  // Two servers' scripts on one page: the first one's element serves both, by its `base` attribute.
  if (customElements.get('guichet-service')) return
  const from = (given: string | null) => (given ? `${given.replace(/\/*$/, '')}/` : base)
  GuichetService.surroundings = {
    unreachable,
    laterStrings: async (language) => (await import('./later-embedded.ts')).laterStrings(language),
    loadFields: loadFieldsFrom(
      (name, outside) => fields[name] ?? import('./rare-fields.ts').then(({ rareField }) => rareField(name, outside)),
      // The language of expressions learns once and for all, and so do the boxes of a day.
      async (definition, text = JSON.stringify(definition)) => {
        if (/"persian"/.test(text)) await import('@guichet/fields/date/persian-day.view')
        return rare.test(text) && Object.assign(operations, await rest())
      },
    ),
    isolate: async (element, root) => (await import('./isolated.ts')).isolate(element, root, from(element.getAttribute('base')), unreachable),
    drafts: () => import('./drafts-embedded.ts'),
    sealing: () => import('./sealing-embedded.ts'),
    connect: (given, service) => {
      const server = from(given)
      return httpTransport(server, service, (language) => ask(server, service, language))
    },
  }
  // A mailed link that is opened where the service stands already changes the address alone. Loading anew takes it up; whoever has
  // typed something that is not kept is asked by the browser first.
  addEventListener('hashchange', () => /guichet-draft/.test(location.hash) && location.reload())
  customElements.define('guichet-service', GuichetService)
}
