import { pickText } from '@guichet/core'
import { chooseLanguage } from '../language.ts'
import type { LiveService } from './live.ts'

export interface CatalogueLine {
  agency: string
  service: string
  title: string
  summary: string
  /** Language of title and summary. */
  language: string
  languages: readonly string[]
  url: string
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
    url: `${baseUrl}/s/${agency.id}/${service}`,
  }
}
