import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fieldSchemas } from '@guichet/fields/field-schemas'
import policySchema from '@guichet/schemas/policy.schema.json' with { type: 'json' }
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { type Control, choicesOf, controlOf, controlsOf, type Defs, itemOf } from './control.ts'
import { definitionSchema, fieldSchema, type Schema, serviceSchema } from './editor/references.ts'
import { allMessages, languages, useLanguage } from './language.ts'
import { choiceName, settingHelp, settingName, typeHelp, typeName } from './names.ts'
import { sectionProperties } from './outline.ts'
import { agencyProperties, documentGroups, fieldGroups, ownProperties, pageProperties } from './setting-groups.ts'

/** What of a page the words look at. Any language but English: there, what is only the schema's is marked. */
beforeAll(async () => {
  vi.stubGlobal('localStorage', { setItem() {}, getItem: () => null })
  vi.stubGlobal('document', { documentElement: {}, dispatchEvent: () => true })
  await useLanguage('hu')
})
afterAll(() => void vi.unstubAllGlobals())

const rootOf = (schema: Schema) => controlOf({ type: 'object', ...schema }, '', '', (schema.$defs ?? {}) as Defs)
const properties = (schema: Schema) => (schema.properties ?? {}) as Record<string, Schema>

/** Every form that the panel and the policy screen draw: which settings of which schema. */
function drawnForms(): [Control, readonly string[] | undefined][] {
  const fields = Object.entries(fieldSchemas).map(([type, { schema }]): [Control, string[]] => [
    rootOf(fieldSchema(type, fieldSchemas)),
    [...Object.values(fieldGroups).flat(), ...ownProperties(schema)],
  ])
  const { rules } = properties(policySchema as unknown as Schema)
  return [
    ...fields,
    [rootOf(definitionSchema('page')), pageProperties],
    [rootOf(definitionSchema('document')), Object.values(documentGroups).flat()],
    [rootOf(definitionSchema('agency')), agencyProperties],
    [rootOf(definitionSchema('logo')), ['alt']],
    [rootOf(definitionSchema('picture')), ['alt']],
    [rootOf(definitionSchema('locale')), undefined],
    [
      rootOf(serviceSchema),
      // How the agency and the place of the service are set is said above.
      Object.entries(sectionProperties).flatMap(([section, names]) => (['@branding', '@languages'].includes(section) ? [] : names)),
    ],
    ...Object.values(properties(rules as Schema)).map((rule): [Control, undefined] => [
      controlOf(rule, '', '', policySchema.$defs as unknown as Defs),
      undefined,
    ]),
    [rootOf(policySchema as unknown as Schema), ['deliveries']],
  ]
}

/** Every control of a form, those inside others as well, as the form asks for their names. */
function* drawnIn(control: Control, only?: readonly string[]): Generator<Control> {
  for (const inner of controlsOf(control, only)) yield* drawn(inner)
}
function* drawn(control: Control): Generator<Control> {
  yield control
  if (control.kind === 'object') yield* drawnIn(control)
  if (control.kind !== 'list' && control.kind !== 'map') return
  // An object in a list has a frame of the list's: its settings alone are named.
  const item = itemOf(control)
  if (item.kind === 'object') yield* drawnIn(item)
  else yield* drawn(item)
}

const all = () => drawnForms().flatMap(([control, only]) => [...drawnIn(control, only)])
const placeOf = ({ owner, property }: Control) => `${owner}.${property}`
/** Known by these letters in every language. */
const letters = ['pdf', 'jpg', 'png', 'heic', 'webp', 'docx', 'xlsx', 'odt', 'csv', 'txt', 'ics', 'json']

test('every form that is drawn is looked at', () => {
  const places = new Set(all().map(placeOf))
  for (const place of [
    'Map.tiles',
    'Country.only',
    'Stage.term',
    'Sight.see',
    'Proof of work rule.effort',
    'Option.value',
    'Locale.timeZone',
    'Webhook endpoint.events',
  ])
    expect(places).toContain(place)
})

test('every setting that is drawn has a name of ours, and its help is ours', () => {
  const messages = allMessages()
  const gaps = all().flatMap((control) => {
    const { property, owner, given, isItem } = control
    const isNamed = Object.hasOwn(messages, `setting.${owner}.${property}`) || Object.hasOwn(messages, `setting.${property}`)
    const help = isItem ? null : settingHelp(property, owner, given)
    return [...(isNamed ? [] : [`setting.${placeOf(control)}`]), ...(help?.lang ? [`setting.${placeOf(control)}.help`] : [])]
  })
  expect([...new Set(gaps)]).toEqual([])
})

test('every type of ours has a name and a help of ours', () => {
  const gaps = Object.entries(fieldSchemas).flatMap(([type, { schema }]) => [
    ...(typeName(type, schema).lang ? [`type.${type}`] : []),
    ...(typeHelp(type, schema)?.lang ? [`type.${type}.help`] : []),
  ])
  expect(gaps).toEqual([])
})

test('every choice that is drawn is named in words', () => {
  const raw = all()
    .filter(({ kind }) => kind === 'choice' || kind === 'choices')
    .flatMap((control) => choicesOf(control).map((choice) => ({ place: placeOf(control), choice: String(choice), name: choiceName(choice, control) })))
    .filter(({ choice, name }) => name === choice && !letters.includes(choice) && !/^\d+$/.test(choice))
  expect([...new Set(raw.map(({ place, choice }) => `${place}: ${choice}`))]).toEqual([])
})

test('days of the week are named, not numbered', () => {
  const [weekend] = controlsOf(rootOf(definitionSchema('locale')), ['weekend']) as [Control]
  expect(choicesOf(weekend).map((day) => choiceName(day, weekend))).toEqual(['hétfő', 'kedd', 'szerda', 'csütörtök', 'péntek', 'szombat', 'vasárnap'])
})

test('a type of somebody else’s is named by its own schema, which is marked as English', () => {
  const schema = {
    title: 'Water meter',
    properties: { dials: { title: 'Dials', description: 'How many there are.', type: 'integer' }, serialPlate: { type: 'string' } },
  }
  const [dials, serialPlate] = controlsOf(rootOf(fieldSchema('water-meter', { 'water-meter': { schema } })), ['dials', 'serialPlate']) as [Control, Control]
  expect(settingName(dials.property, dials.owner, dials.given)).toEqual({ text: 'Dials', lang: 'en' })
  expect(settingHelp(dials.property, dials.owner, dials.given)).toEqual({ text: 'How many there are.', lang: 'en' })
  expect(settingName(serialPlate.property, serialPlate.owner, serialPlate.given)).toEqual({ text: 'Serial plate', lang: undefined })
  expect(settingHelp(serialPlate.property, serialPlate.owner, serialPlate.given)).toBeNull()
})

test('what is said of settings is there in every language, with the same examples', () => {
  const bracketed = (text: string) => [...text.matchAll(/\{\w+\}/g)].map(([place]) => place).sort()
  for (const file of ['settings.messages.json', 'settings.policy.messages.json']) {
    const messages: Record<string, Record<string, string>> = JSON.parse(readFileSync(join(import.meta.dirname, file), 'utf8'))
    for (const [key, texts] of Object.entries(messages)) {
      expect(Object.keys(texts).sort(), key).toEqual([...languages].sort())
      for (const text of Object.values(texts)) {
        expect(text.trim(), key).not.toBe('')
        expect(bracketed(text), key).toEqual(bracketed(texts.en ?? ''))
      }
    }
  }
})

test('among Persian letters dates and hours are set apart, as a hyphen between numbers turns them around', () => {
  const {
    'setting.holidays.help': help,
    ...messages
  }: Record<string, Record<string, string>> = JSON.parse(readFileSync(join(import.meta.dirname, 'settings.messages.json'), 'utf8'))
  expect(help?.fa).toContain('\u20662026-12-25\u2069')
  const turned = Object.entries(messages).filter(([, { fa = '' }]) => /\d-\w/.test(fa.replaceAll(/\u2066[^\u2069]*\u2069/g, '')))
  expect(turned.map(([key]) => key)).toEqual([])
})

test('what an author has to type in brackets stays as it is', () => {
  const [tiles] = all().filter((control) => placeOf(control) === 'Map.tiles') as [Control]
  expect(settingHelp(tiles.property, tiles.owner, tiles.given)?.text).toContain('https://tiles.example.org/{z}/{x}/{y}.png')
})
