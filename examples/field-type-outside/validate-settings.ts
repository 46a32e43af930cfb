import published from '@guichet/schemas/service-definition.schema.json' with { type: 'json' }
import { Ajv2020 } from 'ajv/dist/2020.js'
import settings from './schema.json' with { type: 'json' }

/** An e-mail field has no settings of its own: what it may have is what every field may have. */
const { properties: shared, patternProperties } = published.$defs['field-email']

/** Checks a whole field: the shared properties, and this type's settings. */
export const validateSettings = new Ajv2020({ strict: false, allErrors: true }).compile({
  type: 'object',
  required: ['id', 'type', ...settings.required],
  properties: { ...shared, ...settings.properties, type: { const: 'licence-plate' } },
  patternProperties,
  unevaluatedProperties: false,
  $defs: published.$defs,
})
