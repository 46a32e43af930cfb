/**
 * The second wall: stored answers are checked against the version's submission schema by Ajv, which knows nothing of core.
 *
 * The schema of each question is compiled by itself, when the first answer to it comes, and those that are the same once.
 * The whole at once would hold the server up for seconds, and Ajv makes one nested function of it, which for some thousand
 * questions is deeper than a stack. What is around the questions (which there are, which must be there, how many rows) is
 * checked here.
 */
import { compilePattern } from '@guichet/fields/text/pattern-engine.re2'
import type { Ajv2020, ValidateFunction } from 'ajv/dist/2020.js'

export interface AnswersFault {
  instancePath: string
  /** Keyword that refuses it, for the log. */
  keyword: string
}
/** Null: the answers fit. */
export type AnswersCheck = (answers: unknown) => Promise<AnswersFault | null>

interface Properties {
  type: 'object'
  properties: Record<string, Schema>
  required: string[]
}
interface Rows {
  minItems: number
  maxItems?: number
  items: Properties
}
type Schema = Record<string, unknown>

/** Compiled without a break. */
const atOnce = 16
const has = (schema: object, allowed: readonly string[]) => Object.keys(schema).every((key) => allowed.includes(key))

const isProperties = (schema: unknown): schema is Properties =>
  typeof schema === 'object' &&
  schema !== null &&
  'properties' in schema &&
  'required' in schema &&
  has(schema, ['type', 'properties', 'required', 'additionalProperties'])
/** Repeated groups, as core's submissionSchema writes them. */
const isRows = (schema: Schema): schema is Schema & Rows =>
  schema.type === 'array' && isProperties(schema.items) && has(schema, ['title', 'type', 'minItems', 'maxItems', 'items'])

/** For Ajv, which takes any engine as a function with its code; the code is for schemas that are written to files. */
const linear = Object.assign((source: string) => compilePattern(source), { code: 'new RegExp' })

/** Loaded with the first answers: nothing that a start needs. */
async function newAjv(): Promise<Ajv2020> {
  const [{ Ajv2020: Ajv }, { default: formats }] = await Promise.all([import('ajv/dist/2020.js'), import('ajv-formats')])
  // Without $data no answer can bring a pattern of its own (CVE-2025-69873).
  const ajv = new Ajv({ strict: false, allErrors: false, ownProperties: true, $data: false, code: { regExp: linear } })
  formats.default(ajv)
  // Ajv counts the characters of each text, twice. Its units tell most of them apart at a glance: a character has one or two.
  for (const [keyword, fits] of [
    ['minLength', (text: string, least: number) => text.length >= 2 * least || lengthOf(text) >= least],
    ['maxLength', (text: string, most: number) => text.length <= most || lengthOf(text) <= most],
  ] as const) {
    ajv.removeKeyword(keyword)
    ajv.addKeyword({ keyword, type: 'string', schemaType: 'number', compile: (limit: number) => (text: string) => fits(text, limit) })
  }
  return ajv
}

/** In characters, as JSON Schema counts. */
const lengthOf = (text: string) => [...text].length
/** A JSON Pointer to a property. */
const under = (at: string, name: string) => `${at}/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`

/** The schema comes from our own compiler, never from a citizen, but patterns in it come from authors: they are matched in linear time. */
export function answersCheck(schema: object): AnswersCheck {
  let loading: Promise<Ajv2020> | null = null
  const byText = new Map<string, ValidateFunction>()
  const compiled = new Map<Schema, ValidateFunction>()
  const compile = (ajv: Ajv2020, one: Schema) => {
    const { title: _title, ...meaning } = one
    const text = JSON.stringify(meaning)
    let validate = byText.get(text)
    if (!validate) byText.set(text, (validate = ajv.compile(meaning)))
    compiled.set(one, validate)
  }

  const checkObject = (value: unknown, { properties, required }: Properties, at: string, uncompiled: Set<Schema>): AnswersFault | null => {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return { instancePath: at, keyword: 'type' }
    for (const name of required) if (!Object.hasOwn(value, name)) return { instancePath: at, keyword: 'required' }
    for (const name of Object.keys(value)) {
      if (!Object.hasOwn(properties, name)) return { instancePath: under(at, name), keyword: 'additionalProperties' }
      const fault = checkValue((value as Record<string, unknown>)[name], properties[name] as Schema, uncompiled)
      if (fault) return { ...fault, instancePath: under(at, name) + fault.instancePath }
    }
    return null
  }
  /** Where the fault is, seen from the value. */
  const checkValue = (value: unknown, one: Schema, uncompiled: Set<Schema>): AnswersFault | null => {
    if (isRows(one)) {
      if (!Array.isArray(value)) return { instancePath: '', keyword: 'type' }
      if (value.length < one.minItems) return { instancePath: '', keyword: 'minItems' }
      if (one.maxItems !== undefined && value.length > one.maxItems) return { instancePath: '', keyword: 'maxItems' }
      for (let i = 0; i < value.length; i++) {
        const fault = checkObject(value[i], one.items, `/${i}`, uncompiled)
        if (fault) return fault
      }
      return null
    }
    const validate = compiled.get(one)
    if (!validate) {
      uncompiled.add(one)
      return null
    }
    if (validate(value)) return null
    const error = validate.errors?.[0]
    return { instancePath: error?.instancePath ?? '', keyword: error?.keyword ?? '' }
  }

  return async (answers) => {
    const uncompiled = new Set<Schema>()
    const fault = checkObject(answers, schema as Properties, '', uncompiled)
    if (fault || uncompiled.size === 0) return fault
    loading ??= newAjv()
    const ajv = await loading
    let count = 0
    for (const one of uncompiled) {
      compile(ajv, one)
      // Others have their turn in between.
      if (++count % atOnce === 0) await new Promise((resolve) => setImmediate(resolve))
    }
    return checkObject(answers, schema as Properties, '', new Set())
  }
}
