/** Personal data of which the service does not say what for, by which law if it is of a kind that needs one, and until when. */
import { type LintRule, step, warning } from './finding.ts'

/** GDPR Art. 9 and 10: forbidden, unless a law allows it. */
const needsLaw = new Set(['special', 'criminal'])

export const missingPurposes: LintRule = function* ({ definition, fields }) {
  const documents = (definition.documents ?? []).map((document, i) => ({ field: document, pointer: `/documents/${i}` }))
  const { dataProtection, guide } = definition
  for (const { field, pointer } of [...fields, ...documents]) {
    if (!field.personalData || field.personalData === 'none') continue
    const at = step(pointer, 'personalData')
    if (!field.purpose && !dataProtection?.purpose) yield warning('purpose.missing', at, { id: field.id })
    if (needsLaw.has(field.personalData) && !field.legalBasis && !dataProtection?.legalBasis && !guide?.legalBasis)
      yield warning('legalBasis.missing', at, { id: field.id })
  }
  if (dataProtection && dataProtection.keptMonths === undefined) yield warning('retention.missing', '/dataProtection', {})
}
