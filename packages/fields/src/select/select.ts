import type { FieldType } from '@guichet/core'
import type { SelectField } from '../../generated/settings.ts'
import { oneOf } from '../radio/radio.ts'

export const select: FieldType<SelectField> = oneOf('select')
