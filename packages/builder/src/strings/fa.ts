import core from '@guichet/core/messages/fa.json' with { type: 'json' }
import fields from '@guichet/fields/messages/fa.json' with { type: 'json' }
import runtime from '@guichet/runtime/messages/fa.json' with { type: 'json' }
import staff from '@guichet/staff/messages/fa.json' with { type: 'json' }
import builder from '../../generated/messages/fa.json' with { type: 'json' }

export const forAuthors: object = { ...builder, ...staff, ...core }
export const forCitizens: object = { ...core, ...fields, ...runtime }
