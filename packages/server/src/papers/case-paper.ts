/**
 * A case as a paper: what an officer sees of it when they open it, and nothing besides. It is made from the opened case alone,
 * from which the policy has already left out what is not theirs to see.
 */
import { createSession, directionOf, type FieldNode, type Json, pickText, type Session, type ShowContext, type Text } from '@guichet/core'
import { namedRows } from '@guichet/core/named-rows'
import type { Answers, ComputedValue, Locale, ServiceDefinition } from '@guichet/schemas'
import type { CaseView, StepView } from '../cases/open-case.ts'
import { say } from '../messages.ts'
import type { LiveService } from '../services/live.ts'
import type { Block, Pair, Paper, Said } from './paper.ts'

export interface CasePaperOf {
  opened: CaseView
  live: Pick<LiveService, 'program' | 'whole'>
  agency: string
  /** The reader's. */
  language: string
  now: Date
}

export function casePaper(asked: CasePaperOf): Paper {
  const { opened, live, agency, language, now } = asked
  const { definition } = live.whole
  const words = wordsFor(language, definition)
  const title = words.text(definition.title)
  const number = opened.submission.slice(-8)
  return {
    title: `${title.text} · ${number}`,
    author: agency,
    language,
    direction: directionOf(language),
    made: now.toISOString(),
    foot: `${agency} · ${title.text} · ${opened.submission}`,
    pageOf: words.say('page', { page: '{page}', pages: '{pages}' }),
    blocks: [
      { kind: 'heading', level: 1, said: { ...title, text: `${title.text} · ${number}` } },
      { kind: 'pairs', pairs: factsOf(asked, words) },
      ...(opened.sealed || live.whole !== live.program ? [{ kind: 'text' as const, said: { text: words.say('sealedNote') } }] : []),
      ...(opened.hidden.length > 0 ? [{ kind: 'text' as const, said: { text: words.say('hiddenNote') } }] : []),
      ...filledIn(asked, words, opened.answers, opened.outcome),
      ...earlierVersions(asked, words),
      { kind: 'heading', level: 2, said: { text: words.say('history') } },
      {
        kind: 'pairs',
        pairs: [
          { label: plain(words.moment(opened.receivedAt)), values: [plain(words.say('received'))] },
          ...opened.history.map((step) => stepPair(step, asked, words)),
        ],
      },
    ],
  }
}

/** How things are called in the reader's language. */
interface Words {
  language: string
  locale: Locale
  say(key: string, params?: Record<string, Json>): string
  /** A text of the service, in the reader's language or marked with the one it is in. */
  text(text: Text | undefined): Said
  moment(iso: string): string
  money(minor: number): string
}

function wordsFor(language: string, { languages, locale }: ServiceDefinition): Words {
  return {
    language,
    locale,
    say: (key, params = {}) => say(language, `paper.${key}`, params),
    text: (text) => pickText(text, [language, ...languages]),
    // With its zone: who reads a paper does not know where it was printed.
    moment: (iso) =>
      new Intl.DateTimeFormat(language, { dateStyle: 'long', timeStyle: 'long', timeZone: locale.timeZone, calendar: locale.calendar }).format(new Date(iso)),
    money: (minor) =>
      new Intl.NumberFormat(language, {
        style: 'currency',
        currency: locale.currency,
        minimumFractionDigits: locale.decimals,
        maximumFractionDigits: locale.decimals,
      }).format(minor / 10 ** locale.decimals),
  }
}

const plain = (text: string): Said => ({ text })
const quiet = (text: string): Said => ({ text, quiet: true })

function factsOf({ opened, live, agency, language, now }: CasePaperOf, words: Words): Pair[] {
  const { definition } = live.whole
  const stage = definition.stages?.find(({ id }) => id === opened.stage)
  const fact = (key: string, ...values: Said[]): Pair => ({ label: plain(words.say(key)), values })
  const languageName = new Intl.DisplayNames([language], { type: 'language' }).of(opened.language) ?? opened.language
  return [
    fact('agency', plain(agency)),
    fact('service', words.text(definition.title)),
    fact('version', plain(new Intl.NumberFormat(language, { useGrouping: false }).format(opened.version))),
    fact('number', plain(opened.submission)),
    fact('received', plain(words.moment(opened.receivedAt))),
    fact('language', plain(languageName)),
    fact('status', plain(statusName(opened.status, language)), ...(stage ? [words.text(stage.label)] : [])),
    ...(opened.dueAt === null || opened.closedAt !== null ? [] : [fact('due', plain(words.moment(opened.dueAt)))]),
    ...(opened.closedAt === null ? [] : [fact('closed', plain(words.moment(opened.closedAt)))]),
    ...(opened.assignee === null ? [] : [fact('assignee', plain(opened.assignee.name))]),
    fact('made', plain(words.moment(now.toISOString()))),
  ]
}

const statusName = (status: string, language: string) => say(language, `status.is.${status}`)

type Outcome = CaseView['outcome']

/** All that was asked, page by page, with what was answered. */
function filledIn(asked: CasePaperOf, words: Words, answers: Answers, outcome: Outcome, level: 2 | 3 = 2): Block[] {
  const { opened, live } = asked
  const { definition } = live.whole
  // As it was on the day on which it was sent: conditions on dates do not change their minds since.
  const session = createSession(live.whole, { today: dayIn(opened.receivedAt, words.locale.timeZone), answers })
  const pages = definition.pages.flatMap((page) => {
    const parts = partsOf(asked, words, session, outcome, live.whole.pages.get(page.id) ?? [], level + 1)
    return parts.length === 0 ? [] : [heading(level, words.text(page.title)), ...parts]
  })
  return [...pages, ...documentsOf(asked, words, outcome, level), ...resultsOf(definition, outcome, words, level), ...feeOf(definition, outcome, words, level)]
}

const heading = (level: number, said: Said): Block => ({ kind: 'heading', level: Math.min(6, level) as 2, said })
const dayIn = (iso: string, timeZone: string) => new Intl.DateTimeFormat('en-CA', { timeZone, calendar: 'iso8601' }).format(new Date(iso))

function partsOf(asked: CasePaperOf, words: Words, session: Session, outcome: Outcome, top: readonly FieldNode[], first: number): Block[] {
  const { opened, live } = asked
  const hidden = new Set(opened.hidden)
  const context: ShowContext = { ...session.context, language: words.language, fallback: [opened.language, ...live.whole.definition.languages] }

  const said = (node: FieldNode, at: string): Said[] => {
    if (hidden.has(node.path)) return [quiet(words.say('hidden'))]
    if (!live.program.nodes.has(node.path)) return [quiet(words.say('sealed'))]
    const held = node.field.type === 'computed' ? session.value(node, at) : session.input(at + node.field.id)
    if (held === null) return [quiet(words.say('none'))]
    const files = node.type.attachments?.(held as never)
    if (files) return fileLines(opened, outcome, words, (file) => files.includes(file.id))
    const shown = node.type.show(held as never, node.field as never, context)
    if (shown === '') return [quiet(words.say('none'))]
    // What somebody typed is in their language, whatever the labels are in.
    return [{ text: shown, language: opened.language }, ...(outcome.proved?.includes(`/${at}${node.field.id}`) ? [quiet(words.say('proved'))] : [])]
  }

  const parts = (nodes: readonly FieldNode[], at: string, level: number): Block[] => {
    const out: Block[] = []
    let pairs: Pair[] = []
    const close = () => {
      if (pairs.length > 0) out.push({ kind: 'pairs', pairs })
      pairs = []
    }
    const rowsOf = (node: FieldNode) => {
      const label = words.text(node.field.label)
      const isSealed = !live.program.nodes.has(node.path)
      const rows = session.input(at + node.field.id)
      const count = Array.isArray(rows) ? rows.length : 0
      const inside = [...(node.rows?.values() ?? [])]
      const allHidden = inside.length > 0 && inside.every(({ path, field, type }) => hidden.has(path) || 'fields' in field || type.answers === false)
      pairs.push({
        label,
        values: [isSealed ? quiet(words.say('sealed')) : count > 0 ? plain(words.say('rows', { count })) : quiet(words.say(allHidden ? 'hidden' : 'none'))],
      })
      if (isSealed || count === 0) return
      close()
      const item = (node.field.repeat as { item?: Text } | undefined)?.item
      const named = namedRows(node, context)
      for (let i = 0; i < count; i++) {
        const row = `${at}${node.field.id}/${i}/`
        const name = named && !hidden.has(named.name.path) ? said(named.name, row)[0] : undefined
        const itemName = item ? words.text(item) : plain(words.say('row'))
        out.push(
          heading(level, name ?? { ...itemName, text: `${itemName.text} ${words.say('place', { number: i + 1 })}` }),
          ...parts(
            node.children.filter((child) => child !== named?.name),
            row,
            level + 1,
          ),
        )
      }
    }
    const add = (list: readonly FieldNode[]) => {
      for (const node of list) {
        const { field } = node
        const answered = session.input(at + field.id) !== null && !('fields' in field && !node.rows)
        // An answer is there to be read also where what its question depends on is hidden.
        if (!answered && !session.isRelevant(node, at)) continue
        if (node.rows) rowsOf(node)
        else if (node.children.length > 0) add(node.children)
        else if (field.type === 'computed' || node.type.answers !== false)
          pairs.push({ label: words.text(field.label ?? (field.statement as Text | undefined)), values: said(node, at) })
      }
    }
    add(nodes)
    close()
    return out
  }
  return parts(top, '', first)
}

/** A file by its name, size, type and digest: it comes with the case, not with the paper. */
function fileLines(opened: CaseView, outcome: Outcome, words: Words, isMeant: (file: CaseView['attachments'][number]) => boolean): Said[] {
  const files = opened.attachments.filter(isMeant)
  if (files.length === 0) return [quiet(words.say('none'))]
  return files.flatMap(({ id, name, type, size, digest }) => [
    { text: name, language: opened.language },
    quiet(
      [
        new Intl.NumberFormat(words.language, { style: 'unit', unit: 'byte', unitDisplay: 'long' }).format(size),
        type,
        ...(outcome.replaced?.includes(id) ? [words.say('replaced')] : []),
      ].join(' · '),
    ),
    quiet(digest),
  ])
}

function documentsOf({ opened, live }: CasePaperOf, words: Words, outcome: Outcome, level: number): Block[] {
  const { documents = [] } = live.whole.definition
  const hidden = documents.filter(({ id }) => opened.hidden.includes(`documents.${id}`))
  if (outcome.documents.length + hidden.length === 0) return []
  const label = (id: string): Said => {
    const said = words.text(documents.find((one) => one.id === id)?.label)
    return said.text === '' ? plain(id) : said
  }
  const pairs = outcome.documents.map(({ id, copies }): Pair => {
    const files = opened.attachments.some(({ target }) => target === id)
    return {
      label: label(id),
      values: [
        ...(copies > 1 ? [quiet(words.say('copies', { count: copies }))] : []),
        ...(files ? fileLines(opened, outcome, words, ({ target }) => target === id) : [quiet(words.say(outcome.atDesk.includes(id) ? 'atDesk' : 'missing'))]),
      ],
    }
  })
  return [
    heading(level, plain(words.say('documents'))),
    { kind: 'pairs', pairs: [...pairs, ...hidden.map(({ id }): Pair => ({ label: label(id), values: [quiet(words.say('hidden'))] }))] },
  ]
}

function resultsOf({ computed = [] }: ServiceDefinition, outcome: Outcome, words: Words, level: number): Block[] {
  const pairs = computed.flatMap((one): Pair[] => {
    const value = outcome.computed[one.id] as Json | undefined
    return one.label && value !== null && value !== undefined ? [{ label: words.text(one.label), values: [plain(computedText(one, value, words))] }] : []
  })
  return pairs.length === 0 ? [] : [heading(level, plain(words.say('results'))), { kind: 'pairs', pairs }]
}

function computedText({ type }: ComputedValue, value: Json, { language, locale, money, say }: Words): string {
  if (type === 'money' && typeof value === 'number') return money(value)
  if (type === 'number' && typeof value === 'number') return new Intl.NumberFormat(language).format(value)
  if (type === 'boolean') return say(value === true ? 'yes' : 'no')
  if (type === 'date' && typeof value === 'string')
    return new Intl.DateTimeFormat(language, { dateStyle: 'long', timeZone: 'UTC', calendar: locale.calendar }).format(new Date(value.slice(0, 10)))
  return String(value)
}

function feeOf({ fee: asked }: ServiceDefinition, { fee }: Outcome, words: Words, level: number): Block[] {
  if (!asked || fee.lines.length === 0) return []
  const label = (id: string): Said => {
    const said = words.text(asked.lines.find((one) => one.id === id)?.label)
    return said.text === '' ? plain(id) : said
  }
  return [
    heading(level, plain(words.say('fee'))),
    {
      kind: 'pairs',
      pairs: [
        ...fee.lines.map(({ id, amount }): Pair => ({ label: label(id), values: [plain(words.money(amount))] })),
        { label: plain(words.say('total')), values: [plain(words.money(fee.total))] },
      ],
    },
  ]
}

/** What was sent in before the citizen was asked and changed it. */
const earlierVersions = (asked: CasePaperOf, words: Words): Block[] =>
  asked.opened.earlier.flatMap(({ at, answers, outcome }) => [
    heading(2, plain(words.say('before', { date: words.moment(at) }))),
    ...filledIn(asked, words, answers, outcome, 3),
  ])

function stepPair(step: StepView, { opened, live }: CasePaperOf, words: Words): Pair {
  const stage = step.to.stage === step.from.stage ? undefined : live.whole.definition.stages?.find(({ id }) => id === step.to.stage)
  const who = step.actor === 'citizen' ? words.say('applicant') : (opened.names[step.actor] ?? words.say('someone'))
  return {
    label: plain(words.moment(step.at)),
    values: [
      plain(`${words.say(`decision.${step.decision}`)} · ${statusName(step.to.status, words.language)}`),
      ...(stage ? [words.text(stage.label)] : []),
      quiet(who),
      ...(step.note ? [plain(step.note)] : []),
    ],
  }
}
