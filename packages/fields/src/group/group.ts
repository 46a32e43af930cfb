import type { FieldType } from '@guichet/core'
import type { GroupField } from '../../generated/settings.ts'

/**
 * Core walks groups and makes their rows, their limits and their schema itself; what stands here serves those who look
 * at a group as at any other field.
 */
export const group: FieldType<GroupField> = {
  name: 'group',
  kind: ({ repeat }) => (repeat ? 'rows' : 'none'),
  parse: (input, { repeat }) => ({ value: repeat && Array.isArray(input) ? input : null }),
  show: (value, _, { language }) => new Intl.NumberFormat(language).format(Array.isArray(value) ? value.length : 0),
  schema: () => ({ type: 'array' }),
}
