/** The definition a new service starts from: everything the format needs, and one page with one question. */
import type { Locale } from '@guichet/schemas'
import type { Definition } from './editor/edit.ts'
import { slugFrom } from './editor/ids.ts'
import presets from './locale-presets.json' with { type: 'json' }

export interface LocalePreset {
  region: string
  language: string
  locale: Locale
}

export const localePresets = presets as unknown as readonly LocalePreset[]

export interface NewService {
  title: string
  languages: readonly string[]
  region: string
  agency: string
  takenIds: ReadonlySet<string>
  /** Title of the first page, in the builder's language: the author's first edit. */
  pageTitle: string
}

export function newService({ title, languages, region, agency, takenIds, pageTitle }: NewService): Definition {
  const { locale } = localePresets.find((preset) => preset.region === region) ?? (localePresets[0] as LocalePreset)
  const [first = 'en', ...rest] = languages
  return {
    format: 1,
    id: slugFrom(title, takenIds),
    languages: [first, ...rest],
    title: { [first]: title },
    agency: { name: { [first]: agency } },
    locale,
    pages: [{ id: 'page_1', title: { [first]: pageTitle }, fields: [] }],
  }
}
