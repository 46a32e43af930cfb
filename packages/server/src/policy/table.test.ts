/** What each rule is under each preset, what it says to whom, what it wants of the page, and when it calls itself too weak. */
import { describe, expect, it } from 'vitest'
import { additions } from './additions/rule.ts'
import { capacity } from './capacity/rule.ts'
import { encryption } from './encryption/rule.ts'
import { fields } from './fields/rule.ts'
import { fourEyes } from './four-eyes/rule.ts'
import { honeypot } from './honeypot/rule.ts'
import { networks } from './networks/rule.ts'
import { onePerPerson } from './one-per-person/rule.ts'
import { origins } from './origins/rule.ts'
import { outgoing } from './outgoing/rule.ts'
import { proofOfWork } from './proof-of-work/rule.ts'
import { purpose } from './purpose/rule.ts'
import { rate } from './rate/rule.ts'
import { retention } from './retention/rule.ts'
import type { Asks, DataKind, Preset, Rule, Said } from './rule.ts'
import { signIn } from './sign-in/rule.ts'
import { size } from './size/rule.ts'
import { uploads } from './uploads/rule.ts'
import { openingWindow } from './window/rule.ts'

/** A sentence: its key, and what stands in its places. */
type Sentence = string | readonly [string, Said['params']]
interface Says {
  options: object
  preset?: Preset
  citizen?: readonly Sentence[]
  author: readonly Sentence[]
}
interface Weak {
  options: object
  of: readonly DataKind[]
  not: readonly (readonly DataKind[])[]
  key: string | null
}
/** Rules of every kind of options stand in one table. */
interface AnyRule {
  explain(options: object, preset: Preset): unknown
  weakness?(options: object, data: ReadonlySet<DataKind>, preset: Preset): Said | null
  asks?(options: object): Asks
}
interface Row {
  rule: Pick<Rule, 'name' | 'stage' | 'presets'>
  stage: string
  /** Under open, standard, confidential, sealed; one alone is that of all. */
  presets: readonly object[]
  says: readonly Says[]
  weak?: readonly Weak[]
  asks?: readonly (readonly [object, Asks])[]
}

const everything = { see: ['*'] }
const shown = { owner: everything, officer: everything, key: everything, delivery: everything }
const toPeople = { owner: everything, officer: everything, key: { see: [] }, delivery: { see: [] } }
const careful = { types: ['pdf', 'jpg', 'png', 'heic', 'webp'], maxBytes: 10_485_760, maxFiles: 50 }
const upper = ['PDF', 'JPG', 'PNG', 'HEIC', 'WEBP']
const nobody = { demand: 'none', level: 'low', providers: [], fills: {} }
const grave: readonly DataKind[] = ['special', 'criminal', 'child']
const light: readonly (readonly DataKind[])[] = [[], ['contact', 'ordinary']]

const table: readonly Row[] = [
  {
    rule: origins,
    stage: 'admit',
    presets: [{ allow: ['*'] }, { allow: [] }, { allow: [] }, { allow: [] }],
    says: [
      { options: { allow: ['*'] }, citizen: ['rule.origins.any'], author: ['rule.origins.author'] },
      { options: { allow: [] }, citizen: ['rule.origins.own'], author: ['rule.origins.author'] },
      { options: { allow: ['https://a.example'] }, citizen: [['rule.origins.listed', { origins: ['https://a.example'] }]], author: ['rule.origins.author'] },
    ],
    weak: [
      { options: { allow: ['*'] }, of: grave, not: light, key: 'rule.origins.weak' },
      { options: { allow: ['https://a.example'] }, of: grave, not: light, key: null },
    ],
  },
  {
    rule: rate,
    stage: 'admit',
    presets: [{ submissionsPerHour: 120, uploadsPerHour: 600 }],
    says: [{ options: { submissionsPerHour: 1, uploadsPerHour: 2 }, citizen: [['rule.rate', { submissions: 1, uploads: 2 }]], author: ['rule.rate.author'] }],
  },
  {
    rule: signIn,
    stage: 'admit',
    presets: [nobody],
    says: [
      { options: nobody, author: ['rule.sign-in.none'] },
      {
        options: { ...nobody, demand: 'optional' },
        citizen: ['rule.sign-in.optional'],
        author: ['rule.sign-in.level.low', 'rule.sign-in.author'],
      },
      {
        options: { ...nobody, demand: 'required', level: 'high', fills: { name: 'name' } },
        citizen: ['rule.sign-in.required', 'rule.sign-in.fills'],
        author: ['rule.sign-in.level.high', 'rule.sign-in.author'],
      },
    ],
    asks: [
      [nobody, {}],
      [{ ...nobody, demand: 'optional' }, { signIn: { ...nobody, demand: 'optional' } as never }],
    ],
  },
  {
    rule: size,
    stage: 'admit',
    presets: [{ maxBytes: 262_144, maxDepth: 32, maxKeys: 2000 }],
    says: [
      {
        options: { maxBytes: 2047, maxDepth: 3, maxKeys: 4 },
        citizen: [['rule.size', { size: { number: 1, style: 'unit', unit: 'kilobyte' } }]],
        author: [['rule.size.author', { depth: 3, keys: 4 }]],
      },
    ],
  },
  {
    rule: openingWindow,
    stage: 'admit',
    presets: [{ graceMinutes: 0 }],
    says: [
      { options: { graceMinutes: 0 }, citizen: ['rule.window'], author: ['rule.window.author'] },
      { options: { graceMinutes: 1 }, citizen: ['rule.window', ['rule.window.grace', { count: 1 }]], author: ['rule.window.author'] },
    ],
  },
  {
    rule: honeypot,
    stage: 'admit',
    presets: [{ demand: 'none' }],
    says: [
      { options: { demand: 'none' }, author: ['rule.honeypot.none'] },
      { options: { demand: 'required' }, author: ['rule.honeypot.author'] },
    ],
    asks: [
      [{ demand: 'none' }, {}],
      [{ demand: 'required' }, { honeypot: true }],
    ],
  },
  {
    rule: proofOfWork,
    stage: 'admit',
    presets: [
      { demand: 'none', effort: 10 },
      { demand: 'none', effort: 10 },
      { demand: 'required', effort: 10 },
      { demand: 'required', effort: 10 },
    ],
    says: [
      { options: { demand: 'none', effort: 3 }, author: ['rule.proof-of-work.none'] },
      { options: { demand: 'required', effort: 3 }, citizen: ['rule.proof-of-work'], author: ['rule.proof-of-work.author'] },
    ],
    asks: [
      [{ demand: 'none', effort: 3 }, {}],
      [{ demand: 'required', effort: 3 }, { proofOfWork: 3 }],
    ],
  },
  {
    rule: uploads,
    stage: 'inspect',
    presets: [{ ...careful, types: [...careful.types, 'docx', 'xlsx', 'odt', 'csv', 'txt'] }, careful, careful, careful],
    says: [
      {
        options: careful,
        citizen: [['rule.uploads', { types: upper, size: { number: 10, style: 'unit', unit: 'megabyte', maximumFractionDigits: 1 }, files: 50 }]],
        author: ['rule.uploads.author'],
      },
      ...['docx', 'xlsx', 'odt'].map(
        (type): Says => ({
          options: { types: ['csv', type], maxBytes: 1_572_864, maxFiles: 1 },
          citizen: [
            [
              'rule.uploads',
              { types: ['CSV', type.toUpperCase()], size: { number: 1.5, style: 'unit', unit: 'megabyte', maximumFractionDigits: 1 }, files: 1 },
            ],
          ],
          author: ['rule.uploads.author', 'rule.uploads.office'],
        }),
      ),
    ],
  },
  {
    rule: onePerPerson,
    stage: 'claim',
    presets: [{ by: 'nobody' }],
    says: [
      { options: { by: 'nobody' }, author: ['rule.one-per-person.none'] },
      { options: { by: 'field', field: 'name' }, citizen: ['rule.one-per-person'], author: ['rule.one-per-person.field'] },
    ],
  },
  {
    rule: capacity,
    stage: 'claim',
    presets: [{}],
    says: [
      { options: {}, author: ['rule.capacity.none'] },
      { options: { total: 1 }, citizen: [['rule.capacity.total', { count: 1 }]], author: ['rule.capacity.author'] },
      { options: { perDay: 2 }, citizen: [['rule.capacity.day', { count: 2 }]], author: ['rule.capacity.author'] },
      { options: { slot: 'hour', perSlot: 3 }, citizen: [['rule.capacity.slot', { count: 3 }]], author: ['rule.capacity.author'] },
    ],
  },
  {
    rule: encryption,
    stage: 'seal',
    presets: [{ mode: 'at-rest' }, { mode: 'at-rest' }, { mode: 'at-rest' }, { mode: 'sealed' }],
    says: [
      { options: { mode: 'none' }, citizen: ['rule.encryption.none'], author: ['rule.encryption.none.author'] },
      { options: { mode: 'at-rest' }, citizen: ['rule.encryption.at-rest'], author: ['rule.encryption.at-rest.author'] },
      { options: { mode: 'sealed' }, citizen: ['rule.encryption.sealed'], author: ['rule.encryption.sealed.author'] },
      {
        options: { mode: 'sealed', clear: ['town'] },
        citizen: ['rule.encryption.sealed', 'rule.encryption.sealed.clear'],
        author: ['rule.encryption.sealed.author', ['rule.encryption.sealed.clear.author', { fields: ['town'] }]],
      },
    ],
    weak: [
      { options: { mode: 'none' }, of: ['contact'], not: [[]], key: 'rule.encryption.weak' },
      { options: { mode: 'at-rest' }, of: grave, not: [[]], key: null },
    ],
  },
  {
    rule: networks,
    stage: 'read',
    presets: [{ allow: [] }],
    says: [
      { options: { allow: [] }, author: ['rule.networks.any'] },
      { options: { allow: ['10.0.0.0/8'] }, citizen: ['rule.networks'], author: [['rule.networks.author', { networks: ['10.0.0.0/8'] }]] },
    ],
  },
  {
    rule: purpose,
    stage: 'read',
    presets: [
      { ask: ['export'], purposes: [] },
      { ask: ['export'], purposes: [] },
      { ask: ['open', 'export'], purposes: ['handling', 'complaint', 'correction', 'inspection', 'court'] },
      { ask: ['open', 'export'], purposes: ['handling', 'complaint', 'correction', 'inspection', 'court'] },
    ],
    says: [
      { options: { ask: [], purposes: [] }, author: ['rule.purpose.words'] },
      { options: { ask: ['open'], purposes: [] }, citizen: ['rule.purpose.open'], author: ['rule.purpose.words'] },
      { options: { ask: ['export'], purposes: ['court'] }, citizen: ['rule.purpose.export'], author: ['rule.purpose.listed'] },
    ],
    weak: [
      { options: { ask: ['export'], purposes: [] }, of: grave, not: light, key: 'rule.purpose.weak' },
      { options: { ask: ['open'], purposes: [] }, of: grave, not: light, key: null },
    ],
  },
  {
    rule: fields,
    stage: 'reveal',
    presets: [shown, shown, toPeople, toPeople],
    says: [
      { options: shown, citizen: ['rule.fields.all'], author: ['rule.fields.author'] },
      // What is not said is as the preset has it.
      { options: {}, preset: 'sealed', citizen: ['rule.fields.all', 'rule.fields.stay'], author: ['rule.fields.author'] },
      { options: { delivery: { see: ['mail'] } }, preset: 'sealed', citizen: ['rule.fields.all'], author: ['rule.fields.author'] },
      { options: { officer: { see: ['*'], hidden: ['iban'] } }, citizen: ['rule.fields.some'], author: ['rule.fields.author'] },
      { options: { officer: { see: ['name'] } }, citizen: ['rule.fields.some'], author: ['rule.fields.author'] },
    ],
  },
  {
    rule: outgoing,
    stage: 'terms',
    presets: [{ allow: ['*'] }, { allow: ['*'] }, { allow: [] }, { allow: [] }],
    says: [
      { options: { allow: ['*'] }, author: ['rule.outgoing.any'] },
      { options: { allow: [] }, citizen: ['rule.outgoing.none'], author: ['rule.outgoing.author'] },
      { options: { allow: ['a.example'] }, citizen: [['rule.outgoing.listed', { hosts: ['a.example'] }]], author: ['rule.outgoing.author'] },
    ],
  },
  {
    rule: retention,
    stage: 'terms',
    presets: [{ after: 'closed' }, { after: 'closed' }, { after: 'closed', months: 24 }, { after: 'closed', months: 24 }],
    says: [
      { options: { after: 'closed' }, citizen: ['rule.retention.open'], author: ['rule.retention.open.author'] },
      { options: { after: 'received', months: 6 }, citizen: [['rule.retention.received', { count: 6 }]], author: ['rule.retention.author'] },
    ],
    weak: [
      { options: { after: 'closed' }, of: ['contact'], not: [[]], key: 'rule.retention.weak' },
      { options: { after: 'closed', months: 1 }, of: ['contact'], not: [[]], key: null },
    ],
  },
  {
    rule: fourEyes,
    stage: 'terms',
    presets: [
      { export: false, erasure: false, publish: false },
      { export: false, erasure: false, publish: false },
      { export: true, erasure: true, publish: false },
      { export: true, erasure: true, publish: false },
    ],
    says: [
      { options: { export: false, erasure: false }, author: ['rule.four-eyes.none'] },
      { options: { export: true, erasure: false }, citizen: ['rule.four-eyes.export'], author: ['rule.four-eyes.author'] },
      { options: { export: false, erasure: true }, citizen: ['rule.four-eyes.erasure'], author: ['rule.four-eyes.author'] },
    ],
  },
  {
    rule: additions,
    stage: 'terms',
    presets: [
      { online: true, proof: [], prefill: [] },
      { online: true, proof: [], prefill: [] },
      { online: false, proof: [], prefill: [] },
      { online: false, proof: [], prefill: [] },
    ],
    says: [
      { options: { online: true, proof: [], prefill: [] }, citizen: ['rule.additions.code'], author: ['rule.additions.author'] },
      { options: { online: true, proof: [], prefill: ['a'] }, citizen: ['rule.additions.code'], author: ['rule.additions.shown'] },
      { options: { online: true, proof: ['b'], prefill: ['a'] }, citizen: ['rule.additions.proof'], author: ['rule.additions.author'] },
      { options: { online: false, proof: [], prefill: [] }, author: ['rule.additions.otherwise'] },
    ],
    weak: [
      { options: { online: true, proof: [], prefill: ['a'] }, of: ['contact'], not: [[]], key: 'rule.additions.weak' },
      { options: { online: true, proof: ['b'], prefill: ['a'] }, of: ['contact'], not: [[]], key: null },
    ],
  },
]

it('has every rule, by the name that policies know it by', () => {
  expect(table.map(({ rule }) => rule.name)).toEqual([
    ...['origins', 'rate', 'sign-in', 'size', 'window', 'honeypot', 'proof-of-work', 'uploads', 'one-per-person', 'capacity', 'encryption'],
    ...['networks', 'purpose', 'fields', 'outgoing', 'retention', 'four-eyes', 'additions'],
  ])
})

const names = ['open', 'standard', 'confidential', 'sealed'] as const
const said = (sentences: readonly Sentence[]): Said[] => sentences.map((one) => (typeof one === 'string' ? { key: one } : { key: one[0], params: one[1] }))

describe.each(table.map((row) => [row.rule.name, row] as const))('the rule %s', (name, { rule, stage, presets, says, weak = [], asks = [] }) => {
  const any = rule as unknown as AnyRule

  it('has its stage, and its options under each preset', () => {
    expect(rule.stage).toBe(stage)
    for (const [i, preset] of names.entries()) expect(rule.presets[preset], preset).toEqual(presets[i] ?? presets[0])
  })

  it('says what it does, to citizens and to the author', () => {
    for (const { options, preset = 'standard', citizen = [], author } of says)
      expect([options, any.explain(options, preset)]).toEqual([options, { citizen: said(citizen), author: said(author) }])
  })

  it('calls itself too weak for certain data, or never', () => {
    for (const { options, of, not, key } of weak) {
      for (const kind of of) expect(any.weakness?.(options, new Set([kind]), 'standard'), kind).toEqual(key === null ? null : { key })
      for (const kinds of not) expect(any.weakness?.(options, new Set(kinds), 'standard')).toBeNull()
    }
    expect(any.weakness === undefined, name).toBe(weak.length === 0)
  })

  it('wants of the page what it needs, or nothing', () => {
    for (const [options, wanted] of asks) expect(any.asks?.(options)).toEqual(wanted)
    expect(any.asks === undefined, name).toBe(asks.length === 0)
  })
})
