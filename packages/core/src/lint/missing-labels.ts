/** Texts without which nobody knows what is asked, that are empty in every language of the service. */
import { error, type LintRule } from './finding.ts'

const needed = new Set(['label', 'title', 'message', 'statement', 'name', 'alt'])

export const missingLabels: LintRule = function* ({ definition, texts }) {
  for (const { text, property, pointer } of texts) {
    // A text without any language is said by the shape already.
    if (Object.keys(text).length > 0 && needed.has(property) && definition.languages.every((language) => !text[language]?.trim()))
      yield error('label.empty', pointer, { property })
  }
}
