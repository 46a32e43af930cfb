/** Sealing as the embedding script has it: with one file of strings for each language. */
import { strings } from 'virtual:guichet-sealed-strings'
import { type Sealing, sealingFor } from './sealing.ts'
import type { ServiceView } from './service-view.ts'
import type { Words } from './words.ts'

export const sealingOf = async (address: string, view: ServiceView, pins: string | null, words: Words): Promise<Sealing> =>
  sealingFor(address, view, pins, words, (await (strings[words.language.split('-')[0] as string] ?? strings.en)()).default)
