import { asciiDigits, type Field, type FieldType } from '@guichet/core'

export interface LicencePlateField extends Field {
  type: 'licence-plate'
  vehicle?: 'car' | 'motorcycle'
}

/** Plates carry only the letters that Greek and Latin share; people type either, and they look the same. */
const greek = 'ΑΒΕΖΗΙΚΜΝΟΡΤΥΧ'
const latin = 'ABEZHIKMNOPTYX'

const patterns = {
  car: `^[${latin}]{3}-[1-9][0-9]{3}$`,
  motorcycle: `^(?:[${latin}]{2}-[1-9][0-9]{0,3}|[${latin}]{3}-[1-9][0-9]{0,2})$`,
}
const patternOf = ({ vehicle = 'car' }: LicencePlateField) => patterns[vehicle]

export const licencePlate: FieldType<LicencePlateField> = {
  name: 'licence-plate',
  kind: () => 'text',
  parse(input) {
    if (input === null) return { value: null }
    if (typeof input !== 'string') return { finding: { code: 'format' } }
    const plain = [
      ...asciiDigits(input)
        .toUpperCase()
        .replace(/[\s.-]/g, ''),
    ]
      .map((letter) => latin[greek.indexOf(letter)] ?? letter)
      .join('')
    if (plain === '') return { value: null }
    const parts = /^([A-Z]{2,3})([0-9]{1,4})$/.exec(plain)
    return parts ? { value: `${parts[1]}-${parts[2]}` } : { finding: { code: 'format' } }
  },
  check: (value, settings) => (typeof value === 'string' && new RegExp(patternOf(settings)).test(value) ? null : { code: settings.vehicle ?? 'car' }),
  show: (value) => (typeof value === 'string' ? value : ''),
  schema: (settings) => ({ type: 'string', pattern: patternOf(settings) }),
}
