import type { FieldType } from '@guichet/core'
import type { ContentField } from '../../generated/settings.ts'

export const content: FieldType<ContentField> = {
  name: 'content',
  answers: false,
  kind: () => 'none',
  parse: () => ({ value: null }),
  show: () => '',
  schema: () => ({ type: 'null' }),
}
