/** Questions whose type asks for personal data by its nature, and that do not say so: nothing protects what nobody declared. */
import { type FieldSettings, type LintRule, warning } from './finding.ts'

/** As a type's schema.json says it: one kind, or by the value of a setting. */
type Natural = string | { setting: string; of: Readonly<Record<string, string>>; otherwise: string }

function kindOf(natural: Natural | undefined, field: Readonly<Record<string, unknown>>): string | undefined {
  if (natural === undefined || typeof natural === 'string') return natural
  const value = field[natural.setting]
  return typeof value === 'string' && Object.hasOwn(natural.of, value) ? natural.of[value] : natural.otherwise
}

export const unsaidPersonalData = (settings: FieldSettings): LintRule =>
  function* ({ fields }) {
    for (const { field, pointer } of fields) {
      if (field.personalData !== undefined || !Object.hasOwn(settings, field.type)) continue
      const { personalData } = (settings[field.type]?.schema ?? {}) as { personalData?: Natural }
      const kind = kindOf(personalData, field)
      if (kind && kind !== 'none') yield warning('personalData.unset', pointer, { id: field.id, suggested: kind })
    }
  }
