/**
 * What trust costs: each preset, rule and mode beside the bare road, in processor time and bytes of database. The app is asked
 * in this process (no socket, no load from elsewhere), so that what is measured is its own work: the same services, one
 * after the other, the bare road before and after each. Processor time is hardly touched by what else the machine does.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import type { Policy, ServiceDefinition } from '@guichet/schemas'
import { createLog } from '../../packages/server/src/log.ts'
import { offerSealed, recipientsFor, sealedBody } from '../../packages/server/src/testing/sealed.ts'
import { createWorld, foreign, type World } from '../../packages/server/src/testing/world.ts'
import { median } from '../runtime/spread.ts'
import type { Tell } from './parts.ts'
import { answersOf, definition as measured } from './service.ts'

interface Variant {
  name: string
  title: string
  policy: Policy
  /** Sent from a page of another site. */
  embedded?: true
  sealed?: true
}

export interface TrustFigures {
  rounds: number
  submissions: number
  rows: { name: string; title: string; micros: number; more: number; bytes: number; ratio: number }[]
}

/** All of the load is of one machine; the rate is counted for each submission all the same. */
const rate = { submissionsPerHour: 1_000_000, uploadsPerHour: 1000 }
const policy = (preset: Policy['preset'], rules: Policy['rules'] = {}): Policy => ({ preset, rules: { rate, ...rules } }) as Policy
const bare = { encryption: { mode: 'none' } } as const
/** Solving them would be most of what is measured; checking one is two MACs. */
const noProof = { 'proof-of-work': { demand: 'none' } } as const

/** What the fee, the route and a condition read; the rest only officers open. */
const clear = ['floors', 'listed']

const variants: readonly Variant[] = [
  { name: 'bare', title: 'bare road: open preset, kept as it is', policy: policy('open', bare) },
  { name: 'at-rest', title: 'encryption: at rest (open preset)', policy: policy('open') },
  { name: 'origins', title: 'origins: sent from a page that may embed it', policy: policy('open', { ...bare, origins: { allow: [foreign] } }), embedded: true },
  { name: 'one-per-person', title: 'one per person, by a question', policy: policy('open', { ...bare, 'one-per-person': { by: 'field', field: 'plot' } }) },
  { name: 'capacity', title: 'capacity: in all and a day', policy: policy('open', { ...bare, capacity: { total: 1_000_000, perDay: 1_000_000 } }) },
  { name: 'standard', title: 'standard preset', policy: policy('standard') },
  { name: 'confidential', title: 'confidential preset, without the proof of work', policy: policy('confidential', noProof) },
  {
    name: 'sealed',
    title: 'sealed preset, without the proof of work',
    policy: policy('sealed', { ...noProof, encryption: { mode: 'sealed', clear } }),
    sealed: true,
  },
]

const agency = 'city'
const serviceOf = ({ name }: Variant) => `works-${name}`
const definitionOf = (variant: Variant): ServiceDefinition => ({ ...measured, id: serviceOf(variant) })
/** As many come in at once, so that as many are committed together. */
const together = 32

/** @throws when an answer is not 201 */
async function send(world: World, variant: Variant, bodies: readonly string[], first: number): Promise<void> {
  const path = `/v1/services/${agency}/${serviceOf(variant)}/submissions`
  for (let at = 0; at < bodies.length; at += together) {
    const sent = bodies.slice(at, at + together).map((body, i) =>
      world.request(path, {
        method: 'POST',
        body,
        client: `2001:db8::${(first + at + i).toString(16)}`,
        headers: {
          'Content-Type': 'application/json',
          'Idempotency-Key': `trust-${variant.name}-${first + at + i}`,
          ...(variant.embedded ? { Origin: foreign } : {}),
        },
      }),
    )
    for (const response of await Promise.all(sent)) if (response.status !== 201) throw new Error(`${variant.name}: ${response.status} ${await response.text()}`)
  }
}

const usedBytes = (file: string) => {
  const database = new DatabaseSync(file, { readOnly: true, timeout: 5000 })
  try {
    const of = (pragma: string) => Number(Object.values(database.prepare(`PRAGMA ${pragma}`).get() ?? {})[0])
    return (of('page_count') - of('freelist_count')) * of('page_size')
  } finally {
    database.close()
  }
}

export async function trust(rounds: number, submissions: number, tell: Tell): Promise<TrustFigures> {
  const folder = mkdtempSync(join(tmpdir(), 'guichet-bench-trust-'))
  const world = await createWorld({ DATA_DIR: folder }, { log: createLog('info', { write() {} }) })
  const file = join(folder, 'guichet.db')
  try {
    for (const variant of variants)
      if (variant.sealed) await offerSealed(world, clear, definitionOf(variant), variant.policy)
      else await world.offer(definitionOf(variant), variant.policy, agency)
    let count = 0
    /** Made before the clock runs: what the citizen's browser does costs the server nothing. */
    const bodiesFor = async (variant: Variant): Promise<string[]> => {
      const answers = Array.from({ length: submissions }, (_, i) => ({ ...answersOf(i), plot: `plot ${count + i} of the register of lands` }))
      if (!variant.sealed) return answers.map((each) => JSON.stringify({ version: 1, language: 'en', answers: each }))
      const recipients = await recipientsFor(world, `${agency}/${serviceOf(variant)}`)
      const bodies: string[] = []
      for (const each of answers) bodies.push(JSON.stringify(await sealedBody(recipients, definitionOf(variant), clear, { answers: each })))
      return bodies
    }
    /** Microseconds of processor a submission. */
    const turn = async (variant: Variant): Promise<number> => {
      const bodies = await bodiesFor(variant)
      const before = process.cpuUsage()
      await send(world, variant, bodies, count)
      const { user, system } = process.cpuUsage(before)
      count += submissions
      return (user + system) / submissions
    }
    const [base, ...others] = variants as [Variant, ...Variant[]]
    for (const variant of variants) await turn(variant)
    const figures = new Map(variants.map(({ name }) => [name, { micros: [] as number[], ratios: [] as number[], more: [] as number[], bytes: [] as number[] }]))
    const take = async (variant: Variant) => {
      const from = usedBytes(file)
      const micros = await turn(variant)
      const kept = figures.get(variant.name)
      kept?.micros.push(micros)
      kept?.bytes.push((usedBytes(file) - from) / submissions)
      return micros
    }
    for (let round = 0; round < rounds; round++) {
      for (const variant of others) {
        // The bare road before and after: what changes meanwhile, changes for both.
        const before = await take(base)
        const own = await take(variant)
        const around = (before + (await take(base))) / 2
        figures.get(variant.name)?.more.push(own - around)
        figures.get(variant.name)?.ratios.push(around / own)
      }
      tell(`round ${round + 1}: ${variants.map(({ name }) => `${name} ${Math.round(median(figures.get(name)?.micros ?? []))}`).join(', ')} µs`)
    }
    return {
      rounds,
      submissions,
      rows: variants.map(({ name, title }) => {
        const { micros, more, bytes, ratios } = figures.get(name) as NonNullable<ReturnType<typeof figures.get>>
        return {
          name,
          title,
          micros: median(micros),
          more: name === base.name ? 0 : median(more),
          bytes: Math.round(median(bytes)),
          ratio: name === base.name ? 1 : median(ratios),
        }
      }),
    }
  } finally {
    await world.close()
    rmSync(folder, { recursive: true, force: true })
  }
}
