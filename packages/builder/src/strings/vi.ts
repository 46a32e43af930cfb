import core from '@guichet/core/messages/vi.json' with { type: 'json' }
import fields from '@guichet/fields/messages/vi.json' with { type: 'json' }
import runtime from '@guichet/runtime/messages/vi.json' with { type: 'json' }
import staff from '@guichet/staff/messages/vi.json' with { type: 'json' }
import builder from '../../generated/messages/vi.json' with { type: 'json' }

export const forAuthors: object = { ...builder, ...staff, ...core }
export const forCitizens: object = { ...core, ...fields, ...runtime }
