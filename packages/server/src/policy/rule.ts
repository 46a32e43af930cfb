/**
 * The contract of a policy rule. A rule settles its options once, when a service version is first used, and returns one
 * named function that is asked each time. It denies where the evidence is missing; a rule that throws denies as well
 * (settle.ts). schema.json says its options: the builder shows them as a form.
 */
import type { OpeningWindow } from '@guichet/schemas'
import type { Pixels } from '../files/picture-size.ts'
import type { SealBox } from '../keys/seal-box.ts'
import type { ProblemCode } from '../problem.ts'
import type { AgencyId } from '../store/store.ts'
import type { Rates } from './rate/rates.ts'

export type Preset = 'strict' | 'open'

/** What a request wants. */
export type Purpose = 'view' | 'upload' | 'submit'

/** Why not. */
export interface Refusal {
  status: number
  code: ProblemCode
  params?: Record<string, string | number>
  headers?: Record<string, string>
}

/** The bytes of a request, read at most once and never beyond the limit asked for. */
export interface RequestBody {
  /** Size the client declared; null if it did not. */
  readonly declared: number | null
  read(limit: number): Promise<Uint8Array | 'too-large'>
}

export interface AdmitEvidence {
  purpose: Purpose
  agency: AgencyId
  service: string
  /** Origin of the page that asks; null if the client sent none. */
  origin: string | null
  /** Whether the page is this server's own. */
  sameOrigin: boolean
  /** Address of the client; null if it is not known. */
  client: string | null
  now: Date
  /** Local date and time of the service, `2026-01-05T23:59:07`. */
  localNow: string
  window: OpeningWindow | undefined
  /** Null where nothing is sent that has to be read. */
  body: RequestBody | null
}

/** One file, as it was declared and as its content shows it. */
export interface FileEvidence {
  size: number
  /** Type by content; null if it is none we know. */
  kind: string | null
  declared: string
  name: string
  /** What the definition allows at this place. */
  accept: readonly string[] | undefined
  maxBytes: number | undefined
  /** Its size, where the place asks for a least one. `pixels` is null if it cannot be told. */
  picture: { pixels: Pixels | null; least: Pixels } | null
}

export interface InspectEvidence {
  files: readonly FileEvidence[]
}

export interface SealEvidence {
  /** A box whose key is wrapped for this agency and month. */
  atRest(): SealBox
  asIs(): SealBox
}

/** What a rule may use of the server. */
export interface Means {
  rates: Rates
}

interface RuleOf<Stage extends string, Ask> {
  readonly name: string
  readonly stage: Stage
  readonly presets: Readonly<Record<Preset, object>>
  /** @throws PolicyError when the options make no sense under this preset */
  settle(options: never, preset: Preset, means: Means): Ask
}

export type Admit = (evidence: AdmitEvidence) => Refusal | null | Promise<Refusal | null>
export type Inspect = (evidence: InspectEvidence) => Refusal | null
export type Seal = (evidence: SealEvidence) => SealBox

export interface AdmitRule<Options extends object> extends RuleOf<'admit', Admit> {
  readonly presets: Readonly<Record<Preset, Options>>
  settle(options: Options, preset: Preset, means: Means): Admit
}
export interface InspectRule<Options extends object> extends RuleOf<'inspect', Inspect> {
  readonly presets: Readonly<Record<Preset, Options>>
  settle(options: Options, preset: Preset, means: Means): Inspect
}
export interface SealRule<Options extends object> extends RuleOf<'seal', Seal> {
  readonly presets: Readonly<Record<Preset, Options>>
  settle(options: Options, preset: Preset, means: Means): Seal
}

export type Rule = RuleOf<'admit', Admit> | RuleOf<'inspect', Inspect> | RuleOf<'seal', Seal>

/** A policy that cannot be meant; `part` and `rule` (or the kind of delivery) say where. */
export class PolicyError extends Error {
  readonly rule: string
  readonly code: string
  readonly part: 'rules' | 'deliveries'
  constructor(rule: string, code: string, part: 'rules' | 'deliveries' = 'rules') {
    super(`${rule}: ${code}`)
    this.rule = rule
    this.code = code
    this.part = part
  }
}
