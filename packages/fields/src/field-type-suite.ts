/**
 * Conformance of one field type, driven by its examples file. Field types written outside this package run it too:
 *
 *   fieldTypeSuite({ type: rating, view: async () => view, examples, messages, validateSettings })
 *
 * An examples file:
 *   examples[].name          what the group of answers shows
 *   examples[].settings      a whole field, valid against the type's settings
 *   examples[].context       locale, today or tables, where the usual ones below do not do
 *   examples[].accepted[]    { input, stored?, shown? }; `stored` is the input itself if absent; `shown` by language
 *   examples[].refused[]     { input, code }, the code without the type's name
 *   wrongSettings[]          { settings, at }: refused, with an error at (or missing from) the place `at`
 */
import { asciiDigits, type Field, type FieldContext, type FieldType, type Finding, formatMessage, type Json, type Message } from '@guichet/core'
import { sampleOf } from '@guichet/core/paths'
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js'
import addFormats from 'ajv-formats'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { FieldView, FieldViewProps } from './field-view.ts'
import { flatten } from './flatten.test-helper.ts'

export const languages = ['en', 'el', 'vi', 'hu', 'fa'] as const

export interface Examples {
  examples: {
    name: string
    settings: Record<string, unknown>
    context?: Partial<FieldContext>
    accepted?: { input: Json; stored?: Json; shown?: Record<string, string> }[]
    refused?: { input: Json; code: string }[]
  }[]
  wrongSettings?: { settings: Record<string, unknown>; at: string }[]
}

export interface Candidate {
  // biome-ignore lint/suspicious/noExplicitAny: a suite over types whose settings it does not know
  type: FieldType<any>
  /** Absent for a type that the runtime draws by itself. */
  // biome-ignore lint/suspicious/noExplicitAny: as above
  view?: () => Promise<FieldView<any>>
  examples: Examples
  messages: Readonly<Record<string, Readonly<Record<string, Message>>>>
  validateSettings: { (value: unknown): boolean; errors?: { instancePath: string; params: Record<string, unknown> }[] | null }
}

const usual: FieldContext = {
  locale: { timeZone: 'Europe/Athens', calendar: 'gregory', currency: 'EUR', decimals: 2 },
  today: '2026-01-05',
  tables: {},
}

const withDigits = (zero: number, input: string) => input.replace(/[0-9]/g, (digit) => String.fromCodePoint(zero + Number(digit)))

/** Names in `{}` of a message, in any of its plural forms. */
const places = (message: Message) =>
  new Set((typeof message === 'string' ? [message] : Object.values(message)).flatMap((form) => [...form.matchAll(/\{(\w+)\}/g)].map((m) => m[1] as string)))

const typed = (fields: string[]) =>
  fc.oneof(
    fc.jsonValue({ maxDepth: 2 }) as fc.Arbitrary<Json>,
    fc.string({ unit: 'binary', maxLength: 30 }),
    fc.string({ unit: fc.constantFrom(...'0123456789۰۴۹٠٥٩ .,٫٬،+-−/()@:eE\n\u200e\u200c\ud83dأيكé'), maxLength: 30 }),
    fc.double({ noNaN: true, noDefaultInfinity: true }),
    fc.integer(),
    fc.dictionary(
      fc.constantFrom('toString', 'valueOf', 'id', 'name', 'size', 'type', 'digest', 'lat', 'lon', 'street', 'year', 'month', 'day', ...fields),
      fc.jsonValue({ maxDepth: 1 }),
      {
        maxKeys: 5,
        noNullPrototype: true,
      },
    ) as fc.Arbitrary<Json>,
  )

export function fieldTypeSuite({ type, view, examples, messages, validateSettings }: Candidate) {
  const ajv = new Ajv2020({ strict: true, strictTypes: false, strictTuples: false, allErrors: true })
  addFormats.default(ajv)

  const params = (finding: Finding) => ({ ...finding.params })
  const sayable = (finding: Finding) => {
    const message = messages[finding.code]
    expect(message, `messages: ${finding.code}`).toBeDefined()
    for (const language of languages) {
      const said = formatMessage(message?.[language], params(finding), language)
      expect(said, `${finding.code} in ${language}`).toMatch(/\S{2}/)
      for (const place of places(message?.[language] as Message)) expect(Object.keys(params(finding)), `{${place}} of ${finding.code}`).toContain(place)
    }
  }

  describe(`field type ${type.name}`, () => {
    test('says every message in every language, with the same places and all plural forms', () => {
      for (const [key, byLanguage] of Object.entries(messages)) {
        expect(Object.keys(byLanguage).sort(), key).toEqual([...languages].sort())
        for (const language of languages) {
          const message = byLanguage[language] as Message
          if (typeof message === 'object') {
            const forms = new Intl.PluralRules(language).resolvedOptions().pluralCategories
            expect(Object.keys(message).sort(), `${key} in ${language}`).toEqual([...forms].sort())
            const other = places(message.other as string)
            expect([...places(message)].sort(), key).toEqual([...other].sort())
          }
          expect([...places(message)].sort(), `${key} in ${language}`).toEqual([...places(byLanguage.en as Message)].sort())
        }
      }
    })

    if ((examples.wrongSettings ?? []).length > 0)
      test.each((examples.wrongSettings ?? []).map((wrong) => [wrong.at, wrong.settings] as const))('refuses wrong settings at %s', (at, settings) => {
        expect(validateSettings(settings)).toBe(false)
        const found = (validateSettings.errors ?? []).map((error) => {
          const name = error.params.missingProperty ?? error.params.unevaluatedProperty ?? error.params.additionalProperty
          return error.instancePath + (name === undefined ? '' : `/${name}`)
        })
        expect(found).toContain(at)
      })

    for (const example of examples.examples) {
      const settings = example.settings as unknown as Field
      const context: FieldContext = { ...usual, ...example.context }
      let compiled: ValidateFunction | undefined
      const isStorable = (value: Json) => {
        compiled ??= ajv.compile(type.schema(settings, context))
        expect(compiled(value), `${JSON.stringify(value)}: ${ajv.errorsText(compiled.errors)}`).toBe(true)
      }
      if (type.answers !== false && type.name !== 'group' && example.accepted?.some(({ input, stored = input }) => stored !== null))
        test(`an answer can be made up for ${example.name}`, () => {
          const node = { path: settings.id, field: settings, type, rows: null, children: [] } as never
          for (const number of [0, 1]) {
            const sample = sampleOf(node, context, number)
            if (number === 0) expect(sample).toBeDefined()
            if (sample !== undefined) isStorable(sample)
          }
        })
      const parsed = (input: Json) => type.parse(input, settings, context)
      const valueFor = (input: Json): Json => {
        const result = parsed(input)
        if ('finding' in result) throw new Error(`refused: ${JSON.stringify(result.finding)}`)
        return result.value
      }
      const findingOf = (input: Json): Finding | null => {
        const result = parsed(input)
        return 'finding' in result ? result.finding : result.value === null ? null : (type.check?.(result.value, settings, context) ?? null)
      }

      describe(example.name, () => {
        test('has settings that the generated validator accepts', () => {
          expect(validateSettings(settings), JSON.stringify(validateSettings.errors)).toBe(true)
        })

        for (const { input, stored = input, shown } of example.accepted ?? [])
          test(`accepts ${JSON.stringify(input)}`, () => {
            const value = valueFor(input)
            expect(value).toEqual(stored)
            expect(valueFor(value), 'parse again').toEqual(value)
            if (value === null) return
            expect(type.check?.(value, settings, context) ?? null).toBeNull()
            isStorable(value)
            for (const language of languages) {
              const text = type.show(value, settings, { ...context, language, fallback: ['en'] })
              if (shown?.[language] !== undefined) expect(text, language).toBe(shown[language])
              else expect(text, language).toMatch(/\S/)
            }
            if (type.answers === false || typeof input !== 'string' || !/[0-9]/.test(input)) return
            expect(valueFor(withDigits(0x6f0, input)), 'Persian digits').toEqual(value)
            expect(valueFor(withDigits(0x660, input)), 'Arabic digits').toEqual(value)
          })

        for (const { input, code } of example.refused ?? [])
          test(`refuses ${JSON.stringify(input)} as ${code}`, () => {
            const finding = findingOf(input)
            expect(finding?.code).toBe(code)
            sayable(finding as Finding)
            if (typeof input === 'string') expect(findingOf(withDigits(0x6f0, input))?.code, 'Persian digits').toBe(code)
          })

        test('has an answer to any JSON', { timeout: 60_000 }, () => {
          fc.assert(
            fc.property(typed(Object.keys(settings)), (input) => {
              const result = parsed(input)
              if ('finding' in result) return sayable(result.finding)
              expect(result.value).not.toBe(undefined)
              expect(valueFor(result.value)).toEqual(result.value)
              const finding = result.value === null ? null : (type.check?.(result.value, settings, context) ?? null)
              if (finding) sayable(finding)
              else if (result.value !== null && type.answers !== false) {
                isStorable(result.value)
                // The name of a file is its own.
                if (!type.attachments) expect(asciiDigits(JSON.stringify(result.value)), 'digits are stored as ASCII').toBe(JSON.stringify(result.value))
              }
              const shown = type.show(result.value, settings, { ...context, language: 'fa', fallback: ['en'] })
              expect(typeof shown).toBe('string')
              return undefined
            }),
            { numRuns: 150 },
          )
          // A stored value of an earlier version of the service may be of any shape.
          fc.assert(
            fc.property(typed(Object.keys(settings)), (value) => {
              expect(typeof type.show(value, settings, { ...context, language: 'hu', fallback: [] })).toBe('string')
              expect(type.check?.(value, settings, context)).not.toBe(type.check ? undefined : null)
            }),
            { numRuns: 100 },
          )
        })

        if (view)
          test('is drawn', async () => {
            const { layout, render } = await view()
            expect(['label', 'group', 'own', 'bare']).toContain(layout)
            const inputs: Json[] = [null, ...(example.accepted ?? []).map((answer) => answer.input), ...(example.refused ?? []).map((answer) => answer.input)]
            for (const input of inputs)
              for (const language of ['en', 'fa']) {
                const result = parsed(input)
                const drawn = flatten(render(propsOf({ settings, context, language, input, value: 'value' in result ? result.value : null })))
                expect(drawn).not.toMatch(/\sstyle=|\son\w+=|undefined|\[object /)
                const holdsInput = /<(input|select|textarea)\b/.test(drawn)
                if (layout === 'bare') expect(holdsInput).toBe(false)
                else expect(drawn, 'the error summary leads to the id').toContain('id="q1"')
                if (layout === 'label' && holdsInput) expect(drawn).toMatch(/aria-describedby="[^"]*q1-hint q1-error/)
                if (layout === 'label' && holdsInput) expect(drawn).toContain('aria-invalid="true"')
              }
          })
      })
    }

    test('knows its kind and its choices', () => {
      for (const { settings, context, accepted } of examples.examples) {
        const kind = type.kind(settings)
        expect(['text', 'number', 'money', 'boolean', 'date', 'time', 'month', 'choice', 'list', 'rows', 'object', 'none']).toContain(kind)
        // Of a list that stays on the server nobody else knows what there is to choose.
        if (kind === 'choice' && !(settings.paged && !context)) expect(type.choices?.(settings, { ...usual, ...context }).length).toBeGreaterThan(0)
        const parts = type.parts?.(settings)
        if (!parts) continue
        expect(['object', 'list']).toContain(kind)
        for (const { input, stored = input } of accepted ?? [])
          for (const item of Array.isArray(stored) ? stored : [stored]) for (const part of Object.keys(item ?? {})) expect(Object.keys(parts)).toContain(part)
      }
    })
  })

  function propsOf(given: Pick<FieldViewProps, 'context' | 'language' | 'input' | 'value'> & { settings: Field }): FieldViewProps {
    const { settings: field, language, ...rest } = given
    return {
      ...rest,
      field,
      language,
      id: 'q1',
      name: 'q1',
      describedBy: 'q1-hint q1-error',
      invalid: true,
      required: true,
      text: (text) => ({ text: text?.[language] ?? text?.en ?? '', language }),
      message: (key, params = {}) => {
        const message = messages[key]
        if (!message) throw new Error(`the view asks for "${key}", which the messages file does not have`)
        return formatMessage(message[language], params, language)
      },
      onInput: () => {},
      redraw: () => {},
    }
  }
}
