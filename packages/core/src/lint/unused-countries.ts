/** A country on an identifier that is no bank account: all other schemes belong to one country already. */
import { type LintRule, warning } from './finding.ts'

export const unusedCountries: LintRule = function* ({ fields }) {
  for (const { field, pointer } of fields)
    if (field.type === 'identifier' && field.country !== undefined && field.scheme !== 'iban')
      yield warning('identifier.country', `${pointer}/country`, { id: field.id, scheme: field.scheme ?? null })
}
