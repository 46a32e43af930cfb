import { type Edit, refuse } from './edit.ts'
import { isObject, type Value } from './pointer.ts'
import { mapReferences, type SettingsSchemas } from './references.ts'

/** Takes a language off the offer, and its texts with it (undo brings both back). */
export const removeLanguage =
  ({ language, settings }: { language: string; settings: SettingsSchemas }): Edit =>
  (definition) => {
    if (!definition.languages.includes(language)) return refuse('noSuchPart', { pointer: language })
    const [first, ...rest] = definition.languages.filter((other) => other !== language)
    if (first === undefined) return refuse('lastLanguage')
    const without = (text: Value): Value => {
      if (!isObject(text) || !Object.hasOwn(text, language)) return text
      const { [language]: _removed, ...others } = text
      // A text is never without any language.
      return Object.keys(others).length > 0 ? others : { [first]: '' }
    }
    const next = mapReferences(definition, settings, (value, { kind }) => (kind === 'text' ? without(value) : value))
    const { completeLanguages, ...kept } = next
    const complete = completeLanguages?.filter((other) => other !== language) ?? []
    return {
      definition: { ...kept, languages: [first, ...rest], ...(complete.length > 0 ? { completeLanguages: complete } : {}) },
      part: '/languages',
      words: { key: 'removeLanguage', params: { language } },
    }
  }
