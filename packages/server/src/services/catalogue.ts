import { pickText } from '@guichet/core'
import events from '@guichet/core/life-events.json' with { type: 'json' }
import { chooseLanguage } from '../language.ts'
import { languages } from '../messages.ts'
import type { LiveService } from './live.ts'

export interface CatalogueLine {
  agency: string
  service: string
  title: string
  summary: string
  /** Language of title and summary. */
  language: string
  languages: readonly string[]
  /** Codes of its life and business events. */
  lifeEvents: readonly string[]
  url: string
}

export interface CatalogueEvent {
  code: string
  kind: 'life' | 'business'
  label: string
}

export function catalogueLine({ agency, version }: LiveService, asked: string | undefined, accepts: string | undefined, baseUrl: string): CatalogueLine {
  const { definition, service } = version
  const order = [chooseLanguage(asked, accepts, definition.languages), ...definition.languages]
  const title = pickText(definition.title, order)
  return {
    agency: agency.id,
    service,
    title: title.text,
    summary: pickText(definition.summary, [title.language, ...order]).text,
    language: title.language,
    languages: definition.languages,
    lifeEvents: definition.lifeEvents ?? [],
    url: `${baseUrl}/s/${agency.id}/${service}`,
  }
}

/** The events that any of these lines belongs to, in the order of the list, named in the reader's language. */
export function eventsOf(lines: readonly Pick<CatalogueLine, 'lifeEvents'>[], asked: string | undefined, accepts: string | undefined): CatalogueEvent[] {
  const used = new Set(lines.flatMap(({ lifeEvents }) => lifeEvents))
  const language = chooseLanguage(asked, accepts, languages)
  return Object.entries(events)
    .filter(([code]) => used.has(code))
    .map(([code, { kind, label }]) => ({ code, kind: kind as CatalogueEvent['kind'], label: pickText(label, [language, 'en']).text }))
}
