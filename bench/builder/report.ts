/** The tables of the bench of builders, in Markdown, with the figures that are demanded. */
import { spreadOf } from '../runtime/spread.ts'
import type { Metric, Sample } from './measure.ts'

export interface Circumstances {
  when: string
  machine: string
  chromium: string
  versions: readonly string[]
  load: readonly string[]
  rounds: number
  /** How often Chromium went away, and a measurement was made again. */
  lost: number
  /** What else the machine was doing. */
  note: string
  /** What the bench of commands printed. */
  commands: string | null
}

const rows: readonly [Metric, string][] = [
  ['open', 'open to usable, ms'],
  ['openWork', 'its work on the main thread, ms'],
  ['choose', 'choose a question until its settings are there, ms'],
  ['edit', 'one letter more in a label until the canvas shows it, ms'],
  ['editScript', 'its script until then, ms'],
  ['editAll', 'its script with all that it causes, ms'],
  ['undo', 'undo until the canvas shows it, ms'],
  ['undoScript', 'its script until then, ms'],
  ['undoAll', 'its script with all that it causes, ms'],
]
const isOurs = (builder: string) => builder === 'guichet' || builder === 'pages'
const digits = (value: number) => (Number.isNaN(value) ? '–' : value >= 100 ? value.toFixed(0) : value.toFixed(1))

export function tablesOf(samples: readonly Sample[], about: Circumstances): string {
  const builders = [...new Map(samples.map(({ builder, title }) => [builder, title]))]
  const throttles = [...new Set(samples.map(({ throttle }) => throttle))]
  const median = (builder: string, throttle: number, metric: Metric) =>
    spreadOf(samples.filter((one) => one.builder === builder && one.throttle === throttle).map(({ numbers }) => numbers[metric] ?? Number.NaN))?.median
  const best = (throttle: number, metric: Metric) => {
    const found = builders.flatMap(([name]) => (isOurs(name) ? [] : [median(name, throttle, metric) ?? Number.POSITIVE_INFINITY]))
    const least = Math.min(...found)
    return Number.isFinite(least) ? least : undefined
  }
  const table = (throttle: number) => {
    const cell = (name: string, metric: Metric) => {
      const value = median(name, throttle, metric)
      if (value === undefined) return '–'
      const rival = best(throttle, metric)
      return `${digits(value)}${isOurs(name) && rival !== undefined ? ` (${(rival / value).toFixed(1)}×)` : ''}`
    }
    return [
      `| | ${builders.map(([, title]) => title).join(' | ')} |`,
      `|---|${builders.map(() => '---:').join('|')}|`,
      ...rows.map(([metric, title]) => `| ${title} | ${builders.map(([name]) => cell(name, metric)).join(' | ')} |`),
    ].join('\n')
  }
  const demanded = throttles.flatMap((throttle) =>
    builders
      .filter(([name]) => isOurs(name))
      .flatMap(([name, title]) => {
        const of = (metric: Metric) => median(name, throttle, metric) ?? Number.NaN
        const line = (what: string, value: string, limit: string, holds: boolean) =>
          `| ${title}, processor ${throttle === 1 ? 'as it is' : `slowed ${throttle} times`}: ${what} | ${value} | ${limit} | ${holds ? 'yes' : '**no**'} |`
        const times = (best(throttle, 'open') ?? Number.NaN) / of('open')
        return [
          ...(throttle > 1
            ? [
                line(
                  'open to usable',
                  `${digits(of('open'))} ms, ${times.toFixed(1)} times faster than the best rival`,
                  '≤ 1000 ms or ≥ 5×',
                  of('open') <= 1000 || times >= 5,
                ),
              ]
            : []),
          line('script of an edit', `${digits(of('editScript'))} ms`, '< 50 ms', of('editScript') < 50),
          line('script of an undo', `${digits(of('undoScript'))} ms`, '< 50 ms', of('undoScript') < 50),
        ]
      }),
  )
  const faults = [...new Set(samples.flatMap(({ title, throttle, fault }) => (fault ? [`- ${title}, slowed ${throttle} times: ${fault.split('\n')[0]}`] : [])))]
  return `# Builders, measured side by side

Made by \`npm run bench:builder -- --write\` (bench/builder/README.md says how). The same form of 500 fields in each; medians of
${about.rounds} rounds in turn (of Form.io's builder, which takes minutes, one), and in a round of four questions. In brackets: how many times faster than the best rival. Ratios hold,
milliseconds are those of one machine.

| measured | Chromium | load before / after | what else ran |
|---|---|---|---|
| ${about.when} | ${about.chromium} | ${about.load.join(' / ')} | ${about.note || 'not told'} |

Machine: ${about.machine}. Versions: ${about.versions.join(', ')}.${about.lost > 0 ? ` Chromium went away ${about.lost} times; what was under way was measured again in another.` : ''}

${throttles.map((throttle) => `## ${throttle === 1 ? 'Processor as it is' : `Processor slowed ${throttle} times`}\n\n${table(throttle)}`).join('\n\n')}

A dash: it has no undo, or did not get so far.
${faults.length > 0 ? `\n${faults.join('\n')}\n` : ''}
## What is demanded

| | measured | demanded | holds |
|---|---:|---:|---:|
${demanded.join('\n')}
${about.commands ? `\n## Commands, undo and redo\n\n\`\`\`\n${about.commands.trim()}\n\`\`\`\n` : ''}`
}
