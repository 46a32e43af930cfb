/**
 * Whether agencies are apart: what one of them does and is told must be the same whether or not another one does the like
 * under the same names. The calls of store-suite.ts are written down, and made again for two agencies of which the second
 * differs in its times, its people's words and its bytes, but in no id.
 */
import { isDeepStrictEqual } from 'node:util'
import type { AgencyStore, Store } from './store.ts'

interface Call {
  agency: string
  /** Null: the agency itself is made. */
  method: string | null
  args: readonly unknown[]
}

/** A call that is not made. */
const left = '-'

/** The calls of one test. */
export type Trace = readonly Call[]

const isPlain = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && [Object.prototype, null].includes(Object.getPrototypeOf(value))

/** A copy, with functions as they are: they are asked again. */
function copyOf(value: unknown, leaf: (value: unknown, name: string) => unknown = (it) => it, name = ''): unknown {
  if (Array.isArray(value)) return value.map((part) => copyOf(part, leaf, name))
  if (value instanceof Map) return new Map([...value].map(([key, part]) => [key, copyOf(part, leaf, name)]))
  if (value instanceof Set) return new Set(value)
  if (isPlain(value)) return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, copyOf(part, leaf, key)]))
  return leaf(value instanceof Uint8Array ? new Uint8Array(value) : value, name)
}

/** A store that does what the other one does, and writes down what it is asked. `keep` is told of each trace when it begins. */
export function recorded(store: Store, keep: (trace: Trace) => void): Store {
  const trace: Call[] = []
  keep(trace)
  const note = (agency: string, method: string | null, args: readonly unknown[]) => trace.push({ agency, method, args: copyOf(args) as unknown[] })
  return {
    ...store,
    async ensureAgency(name, ...more) {
      note(name, null, more)
      return store.ensureAgency(name, ...more)
    },
    agency: (id) =>
      new Proxy(store.agency(id), {
        get(target, name, receiver) {
          const method = Reflect.get(target, name, receiver)
          if (typeof method !== 'function') return method
          return (...args: unknown[]) => {
            note(id, String(name), args)
            return method.apply(target, args)
          }
        },
      }),
  }
}

const words = new Set(['title', 'name', 'label', 'passwordHash', 'bodyMac', 'valueMac', 'codeMac', 'reason', 'digest', 'definition'])
const moment = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z$/
const date = /^(20\d{2})(-\d{2}(?:-\d{2}(?:T.*)?)?)$/

/**
 * How the other agency differs: `years` it lives later, so that what is old for one is not for the other; zero: a second.
 * `before`: it has done all when the first begins; else they take turns. `leaves`: some of the calls it does not make, others
 * with each number; zero: it makes all; the name of a method: none of that.
 */
export interface Manner {
  years: number
  before: boolean
  leaves: number | string
}
/** Without these calls the other agency has what the first one has no more, or has not what the first one has. */
const telling = ['setHold', 'assignCase', 'claimDeliveries', 'remove', 'moveCase']
export const manners: readonly Manner[] = [
  { years: 0, before: false, leaves: 0 },
  { years: -1, before: true, leaves: 0 },
  { years: 1, before: true, leaves: 1 },
  { years: 0, before: true, leaves: 0 },
  { years: -1, before: false, leaves: 0 },
  { years: 1, before: false, leaves: 0 },
  ...Array.from({ length: 6 }, (_, i) => ({ years: 0, before: i % 2 === 0, leaves: i + 2 })),
  ...telling.flatMap((leaves) => [true, false].map((before) => ({ years: 0, before, leaves }))),
]

/** What the other agency says instead: at another time, in other words and other bytes, about things of the same names. */
const otherwise = (years: number) => (value: unknown, name: string) => {
  if (value instanceof Uint8Array) return new Uint8Array([...value, 126])
  if (typeof value !== 'string') return value
  if (years === 0 && moment.test(value)) return new Date(Date.parse(value) + 1000).toISOString()
  const [, year, rest] = date.exec(value) ?? []
  if (year !== undefined) return `${Number(year) + years}${rest}`
  return words.has(name) ? `${value}~` : value
}

/** In the order of the alphabet behind any other: it is not what is found first. */
const otherName = (agency: string) => `${agency}~`
export const other = (trace: Trace, { years, leaves }: Pick<Manner, 'years' | 'leaves'>): Trace =>
  trace.map(({ agency, method, args }, i) => ({
    agency: otherName(agency),
    // The first ones make what all others are about.
    method: (typeof leaves === 'string' ? method === leaves : leaves > 0 && i > 5 && (i * 7919 + leaves * 104_729) % 11 < 4) ? left : method,
    args: args.map((arg, at) => copyOf(arg, otherwise(years), method === null && at === 0 ? 'title' : '')),
  }))

/** What a call came to: what it gave, or why it failed. */
export type Outcome = { gave: unknown } | { failed: string }

async function make({ agency, method, args }: Call, place: Place): Promise<Outcome> {
  try {
    if (method === left) return { gave: null }
    if (method === null) {
      await place.make(agency, ...(args as [string, string]))
      return { gave: null }
    }
    const target = place.agency(agency) as AgencyStore & Record<string, (...given: unknown[]) => Promise<unknown>>
    // What was written down is not to be changed by whoever gets it.
    return { gave: copyOf(await target[method]?.(...(copyOf(args) as unknown[]))) }
  } catch (error) {
    return { failed: `${(error as Error).name} ${(error as { kind?: string }).kind ?? ''} ${(error as Error).message}` }
  }
}

/** A database with nothing in it. */
export interface Place {
  make(name: string, title: string, at: string): Promise<void>
  agency(name: string): AgencyStore
  /** Before each call: whose it is. */
  acting?(agency: string): void
  /** Rows of others that were touched, by table. */
  strays?(): readonly string[]
}

/** Makes the calls one after the other. */
export async function replay(trace: Trace, place: Place): Promise<Outcome[]> {
  const outcomes: Outcome[] = []
  for (const call of trace) {
    place.acting?.(call.agency)
    outcomes.push(await make(call, place))
  }
  return outcomes
}

/** Where the first difference is that one agency makes to the other; null: none. */
export async function interference(
  trace: Trace,
  alone: { first: readonly Outcome[]; second: readonly Outcome[] },
  manner: Manner,
  place: Place,
): Promise<string | null> {
  const second = other(trace, manner)
  const turn = async (call: Call, expected: Outcome | undefined) => {
    place.acting?.(call.agency)
    const outcome = await make(call, place)
    const where = `${call.method ?? 'ensureAgency'} of ${call.agency}`
    if (!isDeepStrictEqual(outcome, expected)) return `${where} comes to something else`
    const strays = place.strays?.() ?? []
    return strays.length > 0 ? `${where} touches rows of others in ${strays.join(', ')}` : null
  }
  const turns = trace.map((call, i) => [() => turn(second[i] as Call, alone.second[i]), () => turn(call, alone.first[i])] as const)
  const order = manner.before ? [...turns.map(([theirs]) => theirs), ...turns.map(([, ours]) => ours)] : turns.flat()
  for (const next of order) {
    const found = await next()
    if (found) return found
  }
  return null
}
