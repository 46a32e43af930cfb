/**
 * The citizen answers what an officer asked for, in the runtime's own fields. What is asked for comes as a small service,
 * which `<guichet-service>` draws, checks and sends: the same pages, uploads and errors, and the same key for each try.
 * Loaded by the status element when somebody begins.
 */
import type { Json } from '@guichet/core'
import type { ServiceView } from './service-view.ts'
import type { StatusView } from './status-element.ts'
import type { Transport } from './transport.ts'

/** What comes back when it is kept. */
export interface Added {
  receivedAt: string
  receipt: { payload: Record<string, unknown>; jws: string; checkpoint?: string }
  /** As they were sent, for the file that the citizen keeps. */
  answers: unknown
}

interface Asked {
  number: number
  view: ServiceView
  answers: Readonly<Record<string, Json>>
}

interface Service extends HTMLElement {
  view: ServiceView
  transport: Partial<Transport>
  visit: { session: { set(field: string, value: Json): unknown } }
  show(step: string): void
}

export interface Answering {
  base: string
  /** As it was typed. */
  reference: string
  language: string
  /** Called once, when it is kept. */
  done(added: Added): void
}

/** Nothing is asked for any more. */
export class Over extends Error {}

/** The element to put on the page, ready at its first step. @throws Over; whatever else: it could not be loaded */
export async function answerCase({ agency, service, submission }: StatusView, { base, reference, language, done }: Answering): Promise<HTMLElement> {
  const name = `${agency}/${service}`
  const load = async (wanted: string | undefined): Promise<Asked> => {
    const response = await fetch(`${base}v1/services/${name}/cases/${submission}/asked?lang=${encodeURIComponent(wanted ?? language)}`, {
      method: 'POST',
      credentials: 'omit',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ reference }),
      signal: AbortSignal.timeout(30_000),
    })
    if (response.status === 409 || response.status === 404) throw new Over()
    if (!response.ok) throw new Error(String(response.status))
    return response.json()
  }
  // The embedding script is another bundle; it knows where its own files are.
  const [asked] = await Promise.all([load(language), import(/* @vite-ignore */ `${base}embed.js`)])
  // What it asks for itself may still not come, and nobody would tell.
  const late = new Promise<never>((_, refuse) => setTimeout(refuse, 30_000))
  const { surroundings } = (await Promise.race([customElements.whenDefined('guichet-service'), late])) as unknown as {
    surroundings: { connect(base: string, service: string): Transport }
  }
  const ofCase = surroundings.connect(base, `${name}/cases/${submission}`)
  const { upload } = ofCase

  const element = document.createElement('guichet-service') as Service
  element.setAttribute('lang', language)
  element.transport = {
    base,
    ...(upload ? { upload } : {}),
    load: async (wanted) => (await load(wanted)).view,
    async submit({ answers, documents, atDesk }, key) {
      const content = { reference, number: asked.number, language, answers, documents, atDesk }
      const added = (await ofCase.submit(content as never, key)) as unknown as Added
      done({ ...added, answers })
      // Whoever asked takes over from here: the confirmation of a new submission would be wrong.
      return new Promise<never>(() => {})
    },
  }
  // What happens inside is no news of a service that the page around has embedded.
  for (const event of ['guichet-ready', 'guichet-page', 'guichet-failed', 'guichet-submitted'])
    element.addEventListener(event, (told) => told.stopPropagation())
  const { pages } = asked.view.definition
  const ready = new Promise<void>((resolve) => element.addEventListener('guichet-ready', () => resolve(), { once: true }))
  element.view = asked.view
  await ready
  for (const [field, value] of Object.entries(asked.answers)) element.visit.session.set(field, value)
  const shown = new Promise<void>((resolve) => element.addEventListener('guichet-page', () => resolve(), { once: true }))
  element.show(pages[0]?.id ?? '#documents')
  await shown
  return element
}
