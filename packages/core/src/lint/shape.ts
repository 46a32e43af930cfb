/** The shape of a definition: the published schema first, then each field's settings, in the words of an author. */
import type { Json } from '@guichet/schemas'
import { type ShapeError, serviceDefinition } from '@guichet/schemas/validators'
import { nearest } from '../nearest.ts'
import { walkFields } from './context.ts'
import { error, type FieldSettings, type LintFinding, step, suggesting } from './finding.ts'
import { knownProperties } from './known-properties.ts'

export interface Shape {
  findings: LintFinding[]
  /** Whether the rest of lint can rely on the parts it walks. */
  holds: boolean
  /** Fields whose settings are wrong, so that their types are not asked about them. */
  faulty: ReadonlySet<unknown>
}

/** Patterns of the schema that deserve a sentence of their own. */
const patterns: Readonly<Record<string, string>> = {
  '^[a-z][a-z0-9_]{0,39}$': 'id',
  '^[a-z][a-z0-9-]{0,59}$': 'slug',
  '^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$': 'language',
  '^\\d{4}-\\d{2}-\\d{2}$': 'date',
  '^\\d{4}-\\d{2}-\\d{2}(T\\d{2}:\\d{2})?$': 'moment',
  '^#[0-9a-fA-F]{6}$': 'colour',
  '^[A-Z]{3}$': 'currency',
  '^[A-Za-z0-9_.-]+$': 'optionValue',
  '^(Mon|Tue|Wed|Thu|Fri|Sat|Sun) \\d{2}:\\d{2}-\\d{2}:\\d{2}$': 'openTimes',
  '^\\d{2}:\\d{2}-\\d{2}:\\d{2}$': 'hours',
  '^(data:image/(png|jpeg|webp);base64,[A-Za-z0-9+/=]+|/[^/].*)$': 'image',
}

/** Limits of JSON Schema, and the sentence about each. */
const limits: Readonly<Record<string, string>> = {
  minLength: 'tooShort',
  maxLength: 'tooLong',
  minItems: 'tooFew',
  maxItems: 'tooMany',
  minimum: 'tooSmall',
  maximum: 'tooLarge',
}

/** What may be wrong without a walk over the definition tripping over it. */
const harmless = new Set(['pattern', 'items', 'enum', 'uniqueItems', 'unevaluatedProperties', 'additionalProperties', ...Object.keys(limits)])
const harmlessIfMissing = new Set(['label', 'title', 'message', 'name', 'alt', 'source', 'minutes', 'capacity', 'open', 'timeZone'])
/** What every field has, and groups: lint itself walks these. The rest is the type's. */
const walked = new Set('id type label hint when optional rules unique agreesWith from purpose legalBasis personalData fields repeat'.split(' '))
const isHarmless = ({ keyword, params, instancePath }: ShapeError) =>
  keyword === 'required'
    ? harmlessIfMissing.has(String(params.missingProperty)) && instancePath !== '/locale'
    : harmless.has(keyword) && !/^\/(pages$|languages)/.test(instancePath)

const at = (value: unknown, pointer: string): unknown => {
  let found = value
  for (const key of pointer.split('/').slice(1)) found = (found as Record<string, unknown> | null)?.[key.replaceAll('~1', '/').replaceAll('~0', '~')]
  return found
}

/** One Ajv error as a finding; null for those that only repeat another. */
function inWords(failure: ShapeError & { propertyName?: string }, base: string, definition: unknown, settings: FieldSettings): LintFinding | null {
  const { keyword, params, propertyName } = failure
  const pointer = base + failure.instancePath
  const found = at(definition, pointer)
  if (propertyName !== undefined) {
    const name = patterns[String(params.pattern)]
    return error(name === 'language' ? 'shape.language' : 'shape.name', step(pointer, propertyName), { value: propertyName })
  }
  switch (keyword) {
    case 'propertyNames':
    case 'items': // maxItems says it as well
      return null
    case 'type': {
      const wanted = Array.isArray(params.type) ? params.type : String(params.type).split(',')
      return error('shape.kind', pointer, { wanted: wanted.map((name) => `json-${name}`) })
    }
    case 'required': {
      const property = String(params.missingProperty)
      return error(property === 'label' || property === 'title' ? 'label.missing' : 'shape.missing', pointer, { property })
    }
    case 'unevaluatedProperties':
    case 'additionalProperties': {
      const property = String(params.unevaluatedProperty ?? params.additionalProperty)
      return error('shape.unknown', step(pointer, property), suggesting({ property }, nearest(property, knownProperties(definition, pointer, settings))))
    }
    case 'pattern':
      return error(`shape.${patterns[String(params.pattern)] ?? 'pattern'}`, pointer, { value: String(found) })
    case 'enum': {
      const options = (params.allowedValues as Json[]).map(String)
      return error('shape.oneOf', pointer, suggesting({ value: String(found), options }, nearest(String(found), options)))
    }
    case 'const':
      return error(pointer === '/format' ? 'shape.format' : 'shape.exact', pointer, { value: params.allowedValue as Json })
    case 'minProperties':
      return error('shape.empty', pointer)
    case 'uniqueItems':
      return error('shape.repeated', pointer, { value: String((found as unknown[])[params.i as number]) })
  }
  const limit = limits[keyword]
  return limit ? error(`shape.${limit}`, pointer, { count: params.limit as number }) : error('shape.wrong', pointer)
}

/** What the shared properties ask of a field whose type is unknown: they are the same whichever type it is held against. */
function withoutType(field: Record<string, unknown>, settings: FieldSettings): ShapeError[] {
  const { type } = field
  const wrong: ShapeError[] = []
  if (type === undefined) wrong.push({ instancePath: '', schemaPath: '', keyword: 'required', params: { missingProperty: 'type' } })
  else if (typeof type !== 'string') wrong.push({ instancePath: '/type', schemaPath: '', keyword: 'type', params: { type: 'string' } })
  const [known] = Object.entries(settings)
  if (!known) return wrong
  const [name, { validate }] = known
  const failures = validate({ ...field, type: name }) ? [] : (validate.errors ?? [])
  return [
    ...wrong,
    ...failures.filter(({ instancePath, keyword, params }) =>
      instancePath === '' ? keyword === 'required' && params.missingProperty === 'id' : walked.has(instancePath.split('/')[1] as string),
    ),
  ]
}

/** Fields inside a field are walked whatever its type says of them, so they must be fields. */
function insideOf({ fields }: Record<string, unknown>): ShapeError[] {
  const wrong = (instancePath: string, type: string): ShapeError => ({ instancePath, schemaPath: '', keyword: 'type', params: { type } })
  if (fields === undefined) return []
  if (!Array.isArray(fields)) return [wrong('/fields', 'array')]
  return fields.flatMap((field, i) => (typeof field === 'object' && field !== null && !Array.isArray(field) ? [] : [wrong(`/fields/${i}`, 'object')]))
}

/** What compares and prints objects calls what stands under these keys, and would throw: JSON holds no functions. */
const calledKeys = ['toString', 'valueOf']

function* calledIn(value: unknown, pointer: string): Generator<LintFinding> {
  if (typeof value !== 'object' || value === null) return
  for (const property of calledKeys) if (Object.hasOwn(value, property)) yield error('shape.unknown', step(pointer, property), { property })
  for (const [key, inner] of Object.entries(value)) yield* calledIn(inner, step(pointer, key))
}

export function shapeOf(definition: unknown, settings: FieldSettings): Shape {
  const called = [...calledIn(definition, '')]
  if (called.length > 0) return { findings: called, holds: false, faulty: new Set() }
  const found = new Map<string, LintFinding>()
  let holds = true
  const faulty = new Set<unknown>()
  const add = (failure: ShapeError, base: string) => {
    if (!isHarmless({ ...failure, instancePath: base + failure.instancePath })) holds = false
    const finding = inWords(failure, base, definition, settings)
    if (finding) found.set(`${finding.code} ${finding.pointer} ${finding.params.property ?? ''}`, finding)
  }

  if (!serviceDefinition(definition)) {
    for (const failure of serviceDefinition.errors ?? []) {
      // What stands in a field is said by its own settings' validator, which knows the type.
      const [, field] = /^(\/pages\/\d+\/fields\/\d+)(\/|$)/.exec(failure.instancePath) ?? []
      const value = field === undefined ? null : at(definition, field)
      if (typeof value !== 'object' || value === null || Array.isArray(value)) add(failure, '')
    }
  }
  walkFields(definition, (field, pointer) => {
    const type: unknown = field.type
    const validate = typeof type === 'string' && Object.hasOwn(settings, type) ? settings[type]?.validate : undefined
    const failures = validate ? (validate(field) ? [] : (validate.errors ?? [])) : withoutType(field, settings)
    for (const failure of [...failures, ...insideOf(field)]) {
      // Fields inside are walked themselves.
      if (/^\/fields\/\d+\//.test(failure.instancePath)) continue
      const [, setting = ''] = failure.instancePath.split('/')
      const ofType = failure.instancePath !== '' && !walked.has(setting)
      if (ofType || (failure.keyword === 'required' && !['id', 'type', 'fields', 'value'].includes(String(failure.params.missingProperty)))) {
        // Wrong settings of one field do not keep the rest of the definition from being looked at.
        if (!isHarmless(failure)) faulty.add(field)
        const finding = inWords(failure, pointer, definition, settings)
        if (finding) found.set(`${finding.code} ${finding.pointer} ${finding.params.property ?? ''}`, finding)
      } else add(failure, pointer)
    }
  })
  return { findings: [...found.values()], holds, faulty }
}
