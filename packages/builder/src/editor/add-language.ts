import { type Edit, refuse } from './edit.ts'

/** Offers the service in one more language; its texts are still to be written. */
export const addLanguage =
  ({ language }: { language: string }): Edit =>
  (definition) => {
    if (!/^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$/.test(language)) return refuse('languageForm', { language })
    if (definition.languages.includes(language)) return refuse('languageTaken', { language })
    return {
      definition: { ...definition, languages: [...definition.languages, language] },
      part: '/languages',
      words: { key: 'addLanguage', params: { language } },
    }
  }
