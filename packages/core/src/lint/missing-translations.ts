/** Texts that lack one of the service's languages: people would read them in another, which an author may rule out. */
import type { Json } from '@guichet/schemas'
import { error, type LintRule, step, warning } from './finding.ts'

type Cells = Readonly<Record<string, Json>>

/** A column named `<label>_<language>` holds a label in that language; the bare one that of the first. */
const columnOf = (label: string, language: string) => `${label}_${language.toLowerCase().replaceAll('-', '_')}`

export const missingTranslations: LintRule = function* ({ definition, texts, fields }) {
  const { languages, completeLanguages = [] } = definition
  const demanded = languages.filter((language) => completeLanguages.includes(language))
  for (const { text, pointer } of texts) {
    const missing = languages.filter((language) => !text[language]?.trim())
    // A text that is there in no language is said to be empty, where it is needed.
    if (missing.length === 0 || missing.length === languages.length) continue
    const refused = missing.filter((language) => demanded.includes(language))
    if (refused.length > 0) yield error('translation.demanded', pointer, { languages: refused })
    else yield warning('translation.missing', pointer, { languages: missing })
  }
  // Options out of a table have their words in its columns.
  const looked = new Set<string>()
  for (const { field } of fields) {
    const from = field.optionsFrom as { table?: Json; label?: Json } | undefined
    if (typeof from?.table !== 'string' || typeof from.label !== 'string' || looked.has(`${from.table} ${from.label}`)) continue
    looked.add(`${from.table} ${from.label}`)
    for (const [row, cells] of Object.entries((definition.tables?.[from.table] ?? {}) as Readonly<Record<string, Cells>>)) {
      const has = (column: string) => Object.hasOwn(cells, column) && String(cells[column]).trim() !== ''
      const label = from.label
      const refused = demanded.filter((language) => !has(columnOf(label, language)) && !(language === languages[0] && has(label)))
      if (refused.length > 0) yield error('translation.demanded', step(step(step('/tables', from.table), row), label), { languages: refused })
    }
  }
}
