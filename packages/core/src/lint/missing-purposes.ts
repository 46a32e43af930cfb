/** Personal data that the form does not say the purpose of. */
import { type LintRule, step, warning } from './finding.ts'

export const missingPurposes: LintRule = function* ({ definition, fields }) {
  const documents = (definition.documents ?? []).map((document, i) => ({ field: document, pointer: `/documents/${i}` }))
  for (const { field, pointer } of [...fields, ...documents]) {
    if (field.personalData && field.personalData !== 'none' && !field.purpose) yield warning('purpose.missing', step(pointer, 'personalData'), { id: field.id })
  }
}
