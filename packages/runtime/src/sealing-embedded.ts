/** Sealing as the embedding script has it: with one file of strings for each language. */
import { strings } from 'virtual:guichet-sealed-strings'
import { sealingFor } from './sealing.ts'
import type { GuichetService } from './service-element.ts'
import type { ServiceView } from './service-view.ts'
import type { Words } from './words.ts'

/** From now on the element's transport seals what it sends. */
export async function sealFor({ transport, attributes }: GuichetService, view: ServiceView, words: Words): Promise<void> {
  if (!transport?.address) throw new TypeError('a sealed service needs a server')
  const { default: said } = await (strings[words.language.split('-')[0] as string] ?? strings.en)()
  transport.sealing = await sealingFor(transport.address, view, attributes.getNamedItem('keys')?.value ?? null, words, said)
  transport.upload = transport.sealing.upload
}
