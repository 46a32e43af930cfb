/** The measurements as tables: medians, and how many times the floors they are. */

import type { Behaviour, Left } from './checks.ts'
import type { Metric } from './measure.ts'
import { floor, litFloor } from './peers.ts'
import type { Spread } from './spread.ts'

export interface Cell {
  numbers: Partial<Record<Metric, Spread>>
  faults: string[]
}

interface Circumstances {
  when: string
  machine: string
  chromium: string
  node: string
  load: number
  note: string
}

export interface Results {
  titles: Record<string, string>
  versions: Record<string, string>
  /** By form: when and where, and by peer and throttle what was measured. */
  forms: Record<string, Circumstances & { loadAfter: number; runs: string | number; cells: Record<string, Record<string, Cell>> }>
  /** By peer and form. */
  weights: Record<string, { raw: number; brotli: number; definition: number }>
  policies: Record<string, { strict: Behaviour; trustedTypes: Behaviour }>
  left: Record<string, Left | { fault: string }>
}

const table = (head: readonly string[], rows: readonly (readonly string[])[]) =>
  [head, head.map((_, i) => (i === 0 ? '---' : '---:')), ...rows].map((row) => `| ${row.join(' | ')} |`).join('\n')
const short = (value: number) => (value >= 100 ? value.toFixed(0) : value.toFixed(1))
const thousands = (value: number) => (Number.isNaN(value) ? '–' : Math.round(value).toLocaleString('en'))

/** A median, and its ratio to that of a floor in the same run. */
function told(results: Results, form: string, throttle: string, peer: string, metric: Metric, against: string, scale = 1): string {
  const cells = results.forms[form]?.cells
  const own = cells?.[peer]?.[throttle]
  const spread = own?.numbers[metric]
  if (!own || !spread) return own?.faults.length ? 'failed' : '–'
  const base = cells?.[against]?.[throttle]?.numbers[metric]
  const ratio = base && peer !== against ? ` (${(spread.median / base.median).toFixed(2)}×)` : ''
  return `${short(spread.median / scale)}${ratio}${own.faults.length > 0 ? ' !' : ''}`
}

export function tablesOf(results: Results): string {
  const { titles, versions, forms, weights, policies, left } = results
  const names = Object.keys(titles)
  const measured = Object.keys(forms).sort((a, b) => Number(a.slice(1)) - Number(b.slice(1)))
  const long = measured.filter((form) => names.some((name) => forms[form]?.cells[name]?.x1?.numbers.keyPaint))
  const lines = names.map((name) => ({ name, title: titles[name] as string }))
  const grid = (columns: readonly { head: string; cell(name: string): string }[]) =>
    table(
      ['', ...columns.map(({ head }) => head)],
      lines.map(({ name, title }) => [title, ...columns.map(({ cell }) => cell(name))]),
    )
  const time = (throttle: string) => grid(measured.map((form) => ({ head: form, cell: (name) => told(results, form, throttle, name, 'total', floor) })))
  const at = (metrics: readonly (readonly [head: string, metric: Metric])[]) =>
    grid(
      long.flatMap((form) =>
        metrics.map(([head, metric]) => ({ head: `${form} ${head}`, cell: (name: string) => told(results, form, 'x1', name, metric, floor) })),
      ),
    )
  const faults = measured.flatMap((form) =>
    lines.flatMap(({ name, title }) =>
      Object.entries(forms[form]?.cells[name] ?? {}).flatMap(([throttle, cell]) => cell.faults.map((fault) => `- ${title}, ${form}, ${throttle}: ${fault}`)),
    ),
  )
  // What a peer's code says may hold anything that a table or a page of Markdown would take for its own.
  const quoted = (note: string) => `\`${note.replace(/[\s`|]+/g, ' ')}\``
  const notes = (behaved: Behaviour | undefined) =>
    behaved ? [behaved.works ? 'works' : '**fails**', ...behaved.notes.slice(0, 3).map(quoted)].join(' ') : '–'

  const parts = [
    '# Form runtimes, measured side by side',
    '',
    'Made by `npm run bench:runtime` (bench/runtime/README.md says how). Medians; in brackets how many times the floor of the same',
    'run: the hand-written page, for heap the bare Lit page with one element a field. Ratios hold, milliseconds are those of one machine.',
    '',
    table(
      ['form', 'measured', 'samples a cell', 'Chromium', 'Node', 'load before / after', 'what else ran'],
      measured.map((form) => {
        const { when, runs, chromium, node, load, loadAfter, note } = forms[form] as Results['forms'][string]
        return [form, when, String(runs), chromium, node, `${load} / ${loadAfter}`, note || 'nothing that we started']
      }),
    ),
    '',
    `Machine: ${[...new Set(measured.map((form) => forms[form]?.machine))].join('; ')}.`,
    `Versions: ${Object.entries(versions)
      .map(([name, version]) => `${name} ${version}`)
      .join(', ')}.`,
    '',
    '## Bytes',
    '',
    'Scripts and styles that the page fetches until the form stands there, each compressed alone with brotli 11, and the definition.',
    '',
    grid(
      measured.flatMap((form) => {
        const of = (name: string) => weights[`${name} ${form}`]
        const own = { head: `${form} definition`, cell: (name: string) => thousands(of(name)?.definition ?? Number.NaN) }
        if (form !== 'F50' && measured.includes('F50')) return [own]
        return [{ head: 'scripts and styles', cell: (name: string) => thousands(of(name)?.brotli ?? Number.NaN) }, own]
      }),
    ),
    '',
    '## Time to interactive, ms',
    '',
    'From before the script is loaded (from cache) until the frame in which every field shows.',
    '',
    time('x1'),
    '',
    ...(measured.some((form) => names.some((name) => forms[form]?.cells[name]?.x4)) ? ['### Processor slowed four times', '', time('x4'), ''] : []),
    '### Processor time of the main thread until then, ms',
    '',
    'Not slowed. What else runs on the machine does not count, so that these ratios are the steadiest.',
    '',
    grid(measured.map((form) => ({ head: form, cell: (name) => told(results, form, 'x1', name, 'work', floor) }))),
  ]
  if (long.length > 0)
    parts.push(
      '',
      '## Key and toggle, ms',
      '',
      'A key pressed in the first text field; a click on the radio button that shows a tenth of the form. To paint: to the frame after it.',
      'Script and work: processor time of the main thread, with what is put off until typing pauses, and with what the bench itself runs there.',
      '',
      at([
        ['key to paint', 'keyPaint'],
        ['script a key', 'keyScript'],
        ['all work a key', 'keyTask'],
      ]),
      '',
      at([
        ['show to paint', 'toggleShow'],
        ['hide to paint', 'toggleHide'],
        ['script a toggle', 'toggleScript'],
        ['all work a toggle', 'toggleTask'],
      ]),
    )
  parts.push(
    '',
    '## Heap (MB, after two collections, before any key) and nodes',
    '',
    grid(
      measured.flatMap((form) => [
        { head: `${form} heap`, cell: (name) => told(results, form, 'x1', name, 'heap', litFloor, 2 ** 20) },
        { head: 'nodes', cell: (name) => thousands(forms[form]?.cells[name]?.x1?.numbers.nodes?.median ?? Number.NaN) },
        { head: 'listeners', cell: (name) => thousands(forms[form]?.cells[name]?.x1?.numbers.listeners?.median ?? Number.NaN) },
      ]),
    ),
  )
  if (Object.keys(policies).length > 0)
    parts.push(
      '',
      '## Under a strict content security policy (F50)',
      '',
      'Works: every field shows, typing works, the click shows what hangs on it.',
      '',
      grid([
        { head: 'strict', cell: (name) => notes(policies[name]?.strict) },
        { head: 'with Trusted Types', cell: (name) => notes(policies[name]?.trustedTypes) },
      ]),
    )
  if (Object.keys(left).length > 0)
    parts.push(
      '',
      '## Left behind by 50 mounts and unmounts of F50, after fifty that do not count',
      '',
      grid([
        { head: 'heap, KB', cell: (name) => kept(left[name], 'heap', 1024) },
        { head: 'listeners', cell: (name) => kept(left[name], 'listeners') },
        { head: 'nodes', cell: (name) => kept(left[name], 'nodes') },
      ]),
    )
  if (faults.length > 0) parts.push('', '## What went wrong while measuring (marked ! above)', '', ...faults)
  return `${parts.join('\n')}\n`
}

const kept = (left: Left | { fault: string } | undefined, what: keyof Left, scale = 1) =>
  !left ? '–' : 'fault' in left ? `failed: ${left.fault}` : thousands(left[what] / scale)
