/** Texts that lack one of the service's languages: people would read them in another. */
import { type LintRule, warning } from './finding.ts'

export const missingTranslations: LintRule = function* ({ definition, texts }) {
  for (const { text, pointer } of texts) {
    const missing = definition.languages.filter((language) => !text[language]?.trim())
    if (missing.length > 0 && missing.length < definition.languages.length) yield warning('translation.missing', pointer, { languages: missing })
  }
}
