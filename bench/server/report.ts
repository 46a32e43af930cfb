/** The figures as tables, each beside what is demanded of it. */
import type { FloorFigures } from './floors.ts'
import type { GrowthFigures } from './growth.ts'
import type { parts } from './parts.ts'
import type { PeerFigures } from './peers.ts'
import { type Manner, type Measured, ratio } from './rounds.ts'
import type { Sample } from './samples.ts'
import type { SoakFigures } from './soak.ts'
import type { StartFigures } from './start.ts'
import type { TrustFigures } from './trust.ts'
import type { UploadFigures } from './uploads.ts'

interface Circumstances {
  when: string
  machine: string
  node: string
  commit: string
  load: number
  loadAfter: number
  minutes: number
  note: string
}

export type Results = { [Name in keyof typeof parts]?: Circumstances & { figures: Awaited<ReturnType<(typeof parts)[Name]>> } }

const table = (head: readonly string[], rows: readonly (readonly string[])[]) =>
  [head, head.map((_, i) => (i === 0 ? '---' : '---:')), ...rows].map((row) => `| ${row.join(' | ')} |`).join('\n')
const whole = (value: number) => Math.round(value).toLocaleString('en')
const ms = (value: number) => (value >= 100 ? value.toFixed(0) : value >= 10 ? value.toFixed(1) : value.toFixed(2))
const times = (value: number) => `${value.toFixed(2)}×`
/** A figure beside its bound, and whether it holds. */
const held = (value: number, bound: number, atLeast: boolean, write: (value: number) => string) => [
  write(value),
  `${atLeast ? '≥' : '≤'} ${write(bound)}`,
  (atLeast ? value >= bound : value <= bound) ? 'yes' : '**no**',
]

/** 150 million cases in six months. */
const needed = 9.6

/** What the arithmetic of cost takes for granted; not measured. */
const prices = { machineMonth: 40, gigabyteMonth: 0.1, copies: 3, currency: 'EUR' }

function contenders(measured: Record<string, Measured>, own: string) {
  const ours = measured[own] as Measured
  return table(
    ['', 'a second', 'of each round', 'Guichet does', 'p50, ms', 'p99, ms', 'processor a request, ms'],
    Object.entries(measured).map(([name, one]) => [
      one.title,
      whole(one.perSecond),
      one.rounds.map(whole).join(', '),
      name === own ? '–' : times(ratio(ours, one)),
      ms(one.p50),
      ms(one.p99),
      one.processorMs.toFixed(2),
    ]),
  )
}

const mannerOf = ({ rounds, seconds, warmSeconds, connections }: Manner) =>
  `${rounds} rounds of ${seconds} s each after ${warmSeconds} s that do not count, in turn; ${connections} connections, each asking again when it has its answer.`

function peers({ manner, measured }: PeerFigures): string[] {
  const [ours, strapi, written] = [measured.guichet, measured.strapi, measured.written] as [Measured, Measured, Measured]
  return [
    mannerOf(manner),
    '',
    contenders(measured, 'guichet'),
    '',
    table(
      ['', 'measured', 'demanded', 'holds'],
      [
        [`throughput, to ${strapi.title}`, ...held(ratio(ours, strapi), 5, true, times)],
        ['throughput, to the hand-written one', ...held(ratio(ours, written), 1, true, times)],
      ],
    ),
    '',
    'Strapi validates types and lengths; it neither makes an item sent twice one, nor seals, signs or logs it. The hand-written one',
    'validates by the same schema, is as durable and makes what is sent twice one; it has none of the rest (hand-written.ts).',
  ]
}

const asked: Record<string, string> = { submit: 'a submission', status: 'where a case stands, by its code', list: 'a page of the list of cases' }
const megabytes = (bytes: number) => `${whole(bytes / 1e6)} MB`

function growth({ few, many, rounds, seconds, asked: figures, exported }: GrowthFigures): string[] {
  const made = ({ submissions, bytes, made: count, seconds: took }: GrowthFigures['few']) =>
    `${whole(submissions)} (${(bytes / 1e9).toFixed(2)} GB; ${whole(count / took)} a second while they were made)`
  return [
    `With ${made(few)} stored and with ${made(many)}, on SQLite; ${rounds} rounds of ${seconds} s each in turn, sent by the clock. Medians of the rounds.`,
    'Tracking codes are of the whole time, in no order; the pages of the list are the first ten of all cases, of the service, of a status and of a stage.',
    '',
    table(
      ['', 'a second', 'p50 few, ms', 'p50 many, ms', 'p99 few, ms', 'p99 many, ms', 'p99, many to few', 'demanded', 'holds'],
      Object.entries(figures).map(([name, one]) => [
        asked[name] ?? name,
        whole(one.rate),
        ms(one.few.p50),
        ms(one.many.p50),
        ms(one.few.p99),
        ms(one.many.p99),
        ...held(one.many.p99 / one.few.p99, 1.2, false, times),
      ]),
    ),
    '',
    `${whole(exported.rows)} rows of the export as CSV, ${megabytes(exported.bytes)}, in ${whole(exported.seconds)} s (${whole(exported.rows / exported.seconds)} a second):`,
    '',
    table(
      ['', 'measured', 'demanded', 'holds'],
      [['memory while it runs, above what it was before', ...held(exported.memoryMost - exported.memoryBefore, 100e6, false, megabytes)]],
    ),
  ]
}

/** What must not grow. */
const growing = ({ bytesPerMinute, filesPerMinute }: Pick<SoakFigures, 'bytesPerMinute' | 'filesPerMinute'>) => [
  ['memory, a minute, in the last two thirds', ...held(bytesPerMinute, 1e6, false, (value) => `${(value / 1e6).toFixed(2)} MB`)],
  ['open files, a minute, in the last two thirds', ...held(filesPerMinute, 0.1, false, (value) => value.toFixed(2))],
]
const endsOf = ({ samples }: Pick<SoakFigures, 'samples'>) => {
  const [first, last] = [samples[0], samples.at(-1)] as [Sample, Sample]
  return `At the beginning ${megabytes(first[1])} and ${first[2]} files, at the end ${megabytes(last[1])} and ${last[2]} files.`
}

function uploads(figures: UploadFigures): string[] {
  const { minutes, rate, acknowledged, inTime, withFile, answerBytes, fileBytes, submitted, uploaded } = figures
  return [
    `${minutes} minutes, sent by the clock: ${whole(acknowledged)} submissions with ${whole(answerBytes)} bytes of answers each, ${whole(withFile)} of them with a file of ${megabytes(fileBytes)}.`,
    '',
    table(
      ['', 'measured', 'demanded', 'holds'],
      [
        ['submissions a second', ...held(Math.round(inTime / (minutes * 60)), rate, true, whole)],
        ['a submission, p99', ...held(submitted.p99, 250, false, (value) => `${ms(value)} ms`)],
        ...growing(figures),
      ],
    ),
    '',
    `A submission: p50 ${ms(submitted.p50)} ms, longest ${ms(submitted.max)} ms. A file: p50 ${ms(uploaded.p50)} ms, p99 ${ms(uploaded.p99)} ms.`,
    endsOf(figures),
  ]
}

function soak(figures: SoakFigures): string[] {
  const { minutes, rates, submitted, latency } = figures
  const load = Object.entries(rates)
    .map(([name, rate]) => `${name} ${rate}`)
    .join(', ')
  return [
    `${minutes} minutes, a second: ${load}. ${whole(submitted)} submissions; p50 ${ms(latency.p50)} ms, p99 ${ms(latency.p99)} ms, longest ${ms(latency.max)} ms.`,
    '',
    table(['', 'measured', 'demanded', 'holds'], growing(figures)),
    '',
    endsOf(figures),
  ]
}

function start({ ready, processor, median, submissions }: StartFigures): string[] {
  return [
    `Median of ${ready.length} starts of \`guichet serve\` over a database with ${whole(submissions)} submissions, from the start of the process to the first good \`/readyz\`.`,
    '',
    table(['', 'measured', 'demanded', 'holds'], [['start to ready', ...held(median, 500, false, (value) => `${whole(value)} ms`)]]),
    '',
    `Each: ${ready.join(', ')} ms, of which processor time ${processor.join(', ')} ms.`,
  ]
}

function floors({ manner, measured, half, bytesPerCase }: FloorFigures): string[] {
  const [ours, single, group] = [measured.guichet, measured.single, measured.group] as [Measured, Measured, Measured]
  // By the worse of the two ways to count: waiting for a connection lengthens both, but not alike.
  const tail = Math.max(half.latency.p99 / half.latency.p50, half.sinceSent.p99 / half.sinceSent.p50)
  const million = bytesPerCase * 1e6
  const hours = 1e6 / ours.perSecond / 3600
  const stored = (million / 1e9) * prices.gigabyteMonth * prices.copies
  return [
    mannerOf(manner),
    '',
    contenders(measured, 'guichet'),
    '',
    table(
      ['', 'measured', 'demanded', 'holds'],
      [
        ['throughput, to a commit a request', ...held(ratio(ours, single), 1, true, times)],
        ['throughput, to group commit', ...held(ratio(ours, group), 0.5, true, times)],
        [`p99 to p50 at half of it (${whole(half.rate)} a second)`, ...held(tail, 3, false, times)],
      ],
    ),
    '',
    `At half of its throughput, sent by the clock for ${half.seconds} s: p50 ${ms(half.latency.p50)} ms, p99 ${ms(half.latency.p99)} ms, longest ${ms(half.latency.max)} ms`,
    `from when a request was due; p50 ${ms(half.sinceSent.p50)} ms, p99 ${ms(half.sinceSent.p99)} ms from when it was written. The clock itself is late by ${ms(half.lateness.p50)} ms`,
    `(p50) and ${ms(half.lateness.p99)} ms (p99), which is in the first two.${half.unsent > 0 ? ` **${whole(half.unsent)} requests found no free connection in time.**` : ''}`,
    '',
    `${needed} a second are 150 million in six months: this machine holds ${whole(ours.perSecond / needed)} times that. A case is ${whole(bytesPerCase)} bytes of database; a million are`,
    `${(million / 1e9).toFixed(1)} GB and ${hours.toFixed(2)} hours of this machine at full speed. At ${prices.gigabyteMonth} ${prices.currency} a GB and month in ${prices.copies} copies and ${prices.machineMonth} ${prices.currency} a machine and month that is`,
    `${stored.toFixed(2)} ${prices.currency} a month to keep and ${((hours / 730) * prices.machineMonth).toFixed(2)} ${prices.currency} to take in. The prices are assumed (\`prices\` in report.ts).`,
  ]
}

function trust({ rounds, submissions, rows, looks, alone }: TrustFigures): string[] {
  const of = (name: string) => rows.find((row) => row.name === name) as TrustFigures['rows'][number]
  return [
    `Processor time of the app in one process, without sockets: ${rounds} rounds of ${submissions} submissions each, 32 at once, the bare road before and`,
    'after each of the others. Answers of 4 KB; a sealed one is sent as its ciphertext. Medians.',
    '',
    table(
      ['', 'µs a submission', 'more than the bare road, µs', 'bytes of database', 'throughput, to the bare road'],
      rows.map(({ title, micros, more, bytes, ratio: to }) => [title, whole(micros), whole(more), whole(bytes), times(to)]),
    ),
    '',
    table(
      ['', 'measured', 'demanded', 'holds'],
      [
        ['standard preset, throughput to the bare road', ...held(of('standard').ratio, 0.6, true, times)],
        ['sealed, µs, to standard at rest', ...held(of('sealed').micros / of('standard').micros, 1, false, times)],
      ],
    ),
    '',
    'What is asked when an officer opens a case; each look leaves its event in the audit log.',
    '',
    table(
      ['', 'µs a look', 'more than the bare one, µs', 'bytes of database'],
      looks.map(({ title, micros, more, bytes }) => [title, whole(micros), whole(more), whole(bytes)]),
    ),
    '',
    'Each rule asked by itself, with something to do: what of the above is the rule alone. Rules of stage `terms` are asked by nobody',
    '(others keep to what they say). What it costs to check a proof of work is measured with the proof, further down.',
    '',
    table(
      ['rule', 'stage', 'µs each time'],
      alone.map(({ rule, stage, micros }) => [`\`${rule}\``, stage, micros === null ? '–' : micros.toFixed(2)]),
    ),
  ]
}

const sections: { [Name in keyof Results]-?: { title: string; write(figures: NonNullable<Results[Name]>['figures']): string[] } } = {
  floors: { title: 'The whole road and its floors, on SQLite', write: floors },
  postgres: { title: 'The same on PostgreSQL', write: floors },
  peers: { title: 'Next to what one would use instead, on SQLite', write: peers },
  growth: { title: 'Growth, on SQLite', write: growth },
  soak: { title: 'Memory and open files over time', write: soak },
  uploads: { title: 'Long answers and files', write: uploads },
  trust: { title: 'What trust costs', write: trust },
  start: { title: 'Start to ready', write: start },
}

export function tablesOf(results: Results): string {
  const names = (Object.keys(sections) as (keyof Results)[]).filter((name) => results[name])
  const of = (name: keyof Results) => results[name] as Circumstances
  const write = <Name extends keyof Results>(name: Name) => sections[name].write((results[name] as NonNullable<Results[Name]>).figures as never)
  return [
    '# Intake, measured side by side',
    '',
    'Made by `npm run bench:server` (bench/server/README.md says how, and what is fair about it and what is not). Ratios hold,',
    'figures a second and milliseconds are those of one machine.',
    '',
    table(
      ['part', 'measured', 'commit', 'minutes', 'load before / after', 'what else ran'],
      names.map((name) => {
        const { when, commit, minutes, load, loadAfter, note } = of(name)
        return [name, when, commit, String(minutes), `${load} / ${loadAfter}`, note || 'nothing that we started']
      }),
    ),
    '',
    `Machine: ${[...new Set(names.map((name) => `${of(name).machine}, Node ${of(name).node}`))].join('; ')}.`,
    ...names.flatMap((name) => ['', `## ${sections[name].title}`, '', ...write(name)]),
    '',
  ].join('\n')
}
