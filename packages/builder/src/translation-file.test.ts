import { fieldTypes } from '@guichet/fields/field-types'
import { fieldSettings } from '@guichet/fields/settings-schemas'
import { parseXml } from '@rgrove/parse-xml'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import heating from '../../../examples/el-heating/definition.json' with { type: 'json' }
import street from '../../../examples/en-street-use/definition.json' with { type: 'json' }
import course from '../../../examples/hu-kurzus/definition.json' with { type: 'json' }
import { type Definition, isRefused } from './editor/edit.ts'
import { permit } from './editor/permit.test-helper.ts'
import { completeness, textsOf, withTexts } from './editor/texts.ts'
import { translate } from './editor/translate.ts'
import { fromCsv, fromXliff, readTranslation, type TranslationFile, TranslationFileError, toCsv, toXliff } from './translation-file.ts'
import { brokenRules } from './xliff-rules.ts'

const anyText = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.string({ unit: fc.constantFrom('"', ',', ';', '\n', '\r', '\t', '<', '&', ']]>', 'ά', 'پ', '\u0000', ' ', '{code}', '{x', '}', '=1+1', '\u202e', '<b>') }),
)
const file: fc.Arbitrary<TranslationFile> = fc.record(
  {
    service: fc.constantFrom('rent', 'a-b-2'),
    from: fc.constantFrom('en', 'zh-Hant'),
    to: fc.constantFrom('fa', 'el'),
    rows: fc.array(fc.record({ id: anyText, source: anyText, target: anyText }), { minLength: 1, maxLength: 6 }),
  },
  { requiredKeys: ['from', 'to', 'rows'] },
)

describe('round trips', () => {
  test('CSV', () => {
    fc.assert(
      fc.property(file, (given) => {
        expect(readTranslation(toCsv(given))).toEqual(given)
      }),
    )
  })
  test.each(['=HYPERLINK("https://elsewhere.example")', '+1', '-1', '@SUM(A1)', ' =1', '\u{ff1d}1', "'", "'=1", '\t=1'])(
    'no spreadsheet takes %j for a formula',
    (text) => {
      const given = { from: 'en', to: 'el', rows: [{ id: '/title', source: text, target: text }] }
      const csv = toCsv(given)
      expect(csv.split('\r\n')[1]).toMatch(/^"\/title","'.*","'.*"$/s)
      expect(fromCsv(csv)).toEqual(given)
    },
  )
  test("an apostrophe of a translator's own stays", () => {
    expect(fromCsv("id,en,el\r\n/title,'tis,'s avonds\r\n").rows).toEqual([{ id: '/title', source: "'tis", target: "'s avonds" }])
  })
  test('XLIFF 2', () => {
    // An attribute cannot hold what XML cannot say; ids are pointers, which never do.
    const speakable = file.map((given) => ({
      ...given,
      rows: given.rows.map((row) => ({ ...row, id: row.id.replaceAll(/[^\t\n\r -\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu, '') })),
    }))
    fc.assert(
      fc.property(speakable, (given) => {
        const noted = { ...given, rows: given.rows.map((row) => ({ ...row, note: `Label: ${row.source}`, longest: 20_000 })) }
        for (const one of [given, noted]) {
          const written = toXliff(one)
          expect(brokenRules(parseXml(written).root)).toEqual([])
          expect(readTranslation(written)).toEqual(one)
        }
      }),
    )
  })

  test.each([
    ['street', street],
    ['heating', heating],
    ['course', course],
  ])('every text of %s comes back through both formats', (_, example) => {
    const definition = example as unknown as Definition
    const [from, to = from] = definition.languages
    const texts = textsOf(definition, fieldSettings)
    expect(texts.length).toBeGreaterThan(50)
    const rows = texts.map(({ id, text }) => ({ id, source: text[from] ?? '', target: text[to] ?? '' }))
    const emptied = withTexts(
      definition,
      fieldSettings,
      to,
      rows.map(({ id }) => [id, '']),
    ).definition
    expect(completeness(textsOf(emptied, fieldSettings), [to])[0]?.done).toBe(0)
    for (const text of [toCsv({ from, to, rows }), toXliff({ from, to, rows })]) {
      const back = readTranslation(text)
      const filled = withTexts(
        emptied,
        fieldSettings,
        back.to,
        back.rows.filter(({ target }) => target !== '').map(({ id, target }) => [id, target]),
      )
      expect(filled.unknown).toEqual([])
      expect(filled.definition).toEqual(definition)
    }
  })
})

test('files as others write them', () => {
  expect(fromCsv('id;en;fa\n/title;"a; ""b""";x\n/other;;\n')).toEqual({
    from: 'en',
    to: 'fa',
    rows: [
      { id: '/title', source: 'a; "b"', target: 'x' },
      { id: '/other', source: '', target: '' },
    ],
  })
  expect(fromCsv('id\ten\tfa\r\n/t\ta\tb')).toMatchObject({ rows: [{ id: '/t', source: 'a', target: 'b' }] })
  expect(() => fromCsv('a,b\n1,2')).toThrow(expect.objectContaining({ code: 'columns' }))
  expect(() => fromCsv('id,en,fa\n"open,1,2')).toThrow(expect.objectContaining({ code: 'quote' }))
  const inline = `<?xml version="1.0"?><xliff xmlns="urn:oasis:names:tc:xliff:document:2.0" version="2.1" srcLang="en" trgLang="el"><file id="f"><group id="g">
    <unit id="1" name="/title"><segment><source>Hello <pc id="1">you</pc>.</source><target>Γεια <mrk id="m" type="term">σου</mrk>.</target></segment><ignorable><source> </source></ignorable><segment><source>Bye</source><target>Αντίο</target></segment></unit>
    <unit id="2" name="/none"><segment><source>No</source></segment></unit></group></file></xliff>`
  expect(fromXliff(inline).rows).toEqual([
    { id: '/title', source: 'Hello you. Bye', target: 'Γεια σου. Αντίο' },
    { id: '/none', source: 'No', target: '' },
  ])
  for (const wrong of [
    '<xliff',
    '<xliff version="1.2"/>',
    '<html/>',
    '<!DOCTYPE x [<!ENTITY a "b">]><xliff version="2.0" srcLang="en" trgLang="el">&a;</xliff>',
  ])
    expect(() => readTranslation(wrong)).toThrow(expect.objectContaining({ code: 'xliff' }))
})

test('texts in tables are texts too', () => {
  const definition = permit()
  definition.tables = { zones: { n: { name: 'North', name_fa: 'شمال' }, s: { name: 'South' } } }
  definition.pages[0].fields.push({ id: 'zone', type: 'radio', label: { en: 'Zone', fa: 'منطقه' }, optionsFrom: { table: 'zones', label: 'name' } } as never)
  expect(Object.hasOwn(fieldTypes, 'radio')).toBe(true)
  const cells = textsOf(definition, fieldSettings).filter(({ property }) => property === 'cell')
  expect(cells.map(({ id, text }) => [id, text])).toEqual([
    ['/tables/zones/n/name', { en: 'North', fa: 'شمال' }],
    ['/tables/zones/s/name', { en: 'South' }],
  ])
  const outcome = translate({
    language: 'fa',
    texts: [
      ['/tables/zones/s/name', 'جنوب'],
      ['/title', 'پروانه'],
    ],
    settings: fieldSettings,
    part: '@languages',
  })(definition)
  expect(isRefused(outcome)).toBe(false)
  expect('definition' in outcome && outcome.definition).toMatchObject({
    title: { en: 'Permit', fa: 'پروانه' },
    tables: { zones: { s: { name: 'South', name_fa: 'جنوب' } } },
  })
  expect(withTexts(definition, fieldSettings, 'fa', [['/gone', 'x']]).unknown).toEqual(['/gone'])
  expect(translate({ language: 'de', texts: [], settings: fieldSettings, part: '' })(definition)).toMatchObject({ refused: 'noSuchLanguage' })
})

test('places that are filled in are kept from translators, under the same id on both sides', () => {
  const written = toXliff({ service: 'rent', from: 'en', to: 'el', rows: [{ id: '/a', source: '{code}: at {unit}, {code}', target: 'Στο {unit}: {code}' }] })
  expect(written).toContain(
    '<ph id="1" equiv="{code}" disp="{code}"/>: at <ph id="2" equiv="{unit}" disp="{unit}"/>, <ph id="3" equiv="{code}" disp="{code}"/>',
  )
  expect(written).toContain('<target>Στο <ph id="2" equiv="{unit}" disp="{unit}"/>: <ph id="1" equiv="{code}" disp="{code}"/></target>')
})

test('a file says of which service it is; older ones say nothing', () => {
  const given = { service: 'rent', from: 'en', to: 'el', rows: [{ id: '/a', source: 'A', target: '' }] }
  expect(fromXliff(toXliff(given)).service).toBe('rent')
  expect(fromCsv(toCsv(given)).service).toBe('rent')
  expect(fromCsv('id,en,el\r\n/a,A,Α\r\n').service).toBeUndefined()
  expect(() => fromCsv('identity,en,el\r\n')).toThrow()
})

describe('rules of XLIFF 2.1', () => {
  const right = `<xliff xmlns="urn:oasis:names:tc:xliff:document:2.0" version="2.1" srcLang="en" trgLang="el"><file id="rent">
    <unit id="u1" name="/title"><notes><note category="context">Title: Rent</note></notes><segment id="s1" state="translated"><source>Rent <ph id="1" equiv="{a}"/></source><target><ph id="1" equiv="{a}"/> Ενοίκιο</target></segment></unit>
    <unit id="u2" name="/summary"><segment><source>Sum</source></segment></unit></file></xliff>`
  const faults = (text: string) => brokenRules(parseXml(text).root).map(({ rule }) => rule)

  test('a file that keeps them is read', () => {
    expect(faults(right)).toEqual([])
    expect(fromXliff(right).rows).toEqual([
      { id: '/title', source: 'Rent {a}', target: '{a} Ενοίκιο', note: 'Title: Rent' },
      { id: '/summary', source: 'Sum', target: '' },
    ])
  })
  test.each([
    ['namespace', 'urn:oasis:names:tc:xliff:document:2.0', 'urn:oasis:names:tc:xliff:document:1.2'],
    ['version', 'version="2.1"', 'version="2.9"'],
    ['language', 'srcLang="en"', 'srcLang="e n"'],
    ['id', 'id="u2"', 'id="u1"'],
    ['id', 'file id="rent"', 'file'],
    ['id', 'unit id="u2"', 'unit'],
    ['id', '<target><ph id="1" equiv="{a}"/>', '<target><ph id="1" equiv="{a}"/><ph id="1" equiv="{a}"/>'],
    ['state', 'state="translated"', 'state="done"'],
    ['state', '<segment><source>Sum', '<segment state="final"><source>Sum'],
    ['state', 'state="translated"', 'state="translated" subState="x"'],
    ['order', '<source>Sum</source>', '<target>Άθροισμα</target><source>Sum</source>'],
    ['order', '<source>Sum</source></segment>', '<source>Sum</source></segment><notes><note>late</note></notes>'],
    ['unit', '<segment><source>Sum</source></segment>', '<ignorable><source>Sum</source></ignorable>'],
    ['inline', 'Sum', '<b>Sum</b>'],
    ['character', 'Sum', '<cp hex="0041"/>'],
    ['target', ' trgLang="el"', ''],
  ])('one that breaks that of %s is refused', (rule, from, to) => {
    const wrong = right.replace(from, to)
    expect(wrong).not.toBe(right)
    expect(faults(wrong)).toContain(rule)
    expect(() => readTranslation(wrong)).toThrow(TranslationFileError)
  })
  test('the original that a tool has put in place of a translation is none; what was written there is one, whatever the state', () => {
    const initial = right.replace('state="translated"', 'state="initial"')
    expect(fromXliff(initial).rows[0]?.target).toBe('{a} Ενοίκιο')
    const copied = initial.replace('<ph id="1" equiv="{a}"/> Ενοίκιο', 'Rent <ph id="1" equiv="{a}"/>')
    expect(fromXliff(copied).rows[0]?.target).toBe('')
    expect(fromXliff(copied.replace('state="initial"', 'state="final"')).rows[0]?.target).toBe('Rent {a}')
  })
})
