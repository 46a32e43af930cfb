import { type FieldType, roundTo } from '@guichet/core'
import { pickText } from '@guichet/core/text'
import type { ComputedField } from '../../generated/settings.ts'
import { showMoney } from '../money/money.ts'
import { yesNo } from '../yes-no.ts'

/** Core evaluates `value`; nothing is typed, so that whatever is handed in passes through. */
export const computed: FieldType<ComputedField> = {
  name: 'computed',
  answers: false,
  kind: (settings) => settings.as,
  parse: (input) => ({ value: input }),
  show(value, settings, { locale, language, fallback }) {
    if (typeof value === 'boolean') return yesNo(value, [language, ...fallback])
    if (typeof value === 'number') {
      if (settings.as === 'money') return showMoney(roundTo(value, 0), locale, language, fallback)
      const shown = new Intl.NumberFormat(language, { maximumFractionDigits: 10 }).format(value)
      return settings.unit ? `${shown}\u00a0${pickText(settings.unit, [language, ...fallback]).text}` : shown
    }
    if (typeof value !== 'string') return ''
    const time = settings.as === 'date' && /^\d{4}-\d\d-\d\d/.test(value) ? Date.parse(value.slice(0, 10)) : Number.NaN
    if (Number.isNaN(time)) return value
    const calendar = locale.calendar === 'persian' ? 'persian' : 'gregory'
    return new Intl.DateTimeFormat(language, { calendar, dateStyle: 'long', timeZone: 'UTC' }).format(time)
  },
  schema: () => ({ type: ['null', 'boolean', 'number', 'string'] }),
}
