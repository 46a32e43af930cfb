import { serviceDefinition } from '@guichet/schemas/validators'
import { type Edit, refuse } from './edit.ts'
import type { SettingsSchemas } from './references.ts'
import { withTexts } from './texts.ts'

/** Puts texts of one language in, each at its place. What the file knows and the service does not is left out. */
export const translate =
  ({ language, texts, settings, part }: { language: string; texts: Iterable<readonly [string, string]>; settings: SettingsSchemas; part: string }): Edit =>
  (definition) => {
    if (!definition.languages.includes(language)) return refuse('noSuchLanguage', { language })
    const list = [...texts]
    const outcome = withTexts(definition, settings, language, list)
    if (!serviceDefinition(outcome.definition)) return refuse('shape', { pointer: serviceDefinition.errors?.[0]?.instancePath ?? '' })
    const [only] = list
    return {
      definition: outcome.definition,
      part,
      words: { key: 'translate', params: { language } },
      ...(list.length === 1 && only ? { merge: `translate:${language}:${only[0]}` } : {}),
    }
  }
