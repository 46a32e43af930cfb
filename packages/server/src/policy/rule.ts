/**
 * The contract of a policy rule. A rule settles its options once, when a service version is first used, and returns one
 * named function that is asked each time. It denies where the evidence is missing; a rule that throws, or answers what is
 * no answer, denies as well (settle.ts). schema.json says its options: the builder shows them as a form. `explain` says
 * them to people, in the words of `<rule>.messages.json`: once for citizens and once for the author of the service.
 *
 * The stage says when a rule is asked:
 * - admit: before anything of a request is read
 * - inspect: the files, once they are known
 * - claim: which places a submission takes of those there are, counted in the transaction that records it
 * - seal: how it is kept; exactly one rule
 * - read: before an officer is shown, handed out or may change anything
 * - reveal: which fields whoever reads may see
 * - terms: never; another part of the server reads its options (`Settled.terms`)
 */
import type { Message } from '@guichet/core'
import type { Answers, Field, Json, OpeningWindow } from '@guichet/schemas'
import type { Pixels } from '../files/picture-size.ts'
import type { SealBox } from '../keys/seal-box.ts'
import type { ProblemCode } from '../problem.ts'
import type { SignedIn } from '../sign-in/sign-in.ts'
import type { AgencyId } from '../store/store.ts'
import type { Preset } from './preset.ts'
import type { Rates } from './rate/rates.ts'
import type { SignInAsk } from './sign-in/rule.ts'

export type { Preset } from './preset.ts'

/** What a request wants. */
export type Purpose = 'view' | 'upload' | 'submit'

/** Why not. */
export interface Refusal {
  status: number
  code: ProblemCode
  params?: Record<string, string | number>
  headers?: Record<string, string>
  /** Further members of the problem, such as what there is to choose from. */
  members?: Record<string, Json>
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
  /** Who is signed in; `ended`: what came along is no session any more. Null: nobody. */
  signedIn: SignedIn | 'ended' | null
  /** Whether a proof of work came along that counts; asking uses it up. */
  proved(): Promise<boolean>
  /** What the page says of the field that nobody sees (honeypot/rule.ts); null: nothing. */
  trap: string | null
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

export interface ClaimEvidence {
  agency: AgencyId
  service: string
  answers: Answers
  /** Who is signed in; null: nobody. */
  signedIn: SignedIn | null
  /** Names somebody or something by a digest that nobody can make without the agency's key. */
  pseudonym(of: string): string
  now: Date
  /** Today where the service is, and the moments at which that day begins and the next one does. */
  today(): { date: string; begins: string; ends: string }
}

/** One place of a number of them. The store counts it up in the transaction that records, and refuses beyond `most`. */
export interface Place {
  /** Names what is counted, within the service; nothing personal in the clear. At most 200 characters. */
  counter: string
  most: number
  /** The problem when there is none left. `pointer`: it is the fault of one answer, and `code` is said there. */
  full: { code: ProblemCode } | { code: string; pointer: string }
  /**
   * What counts as taken when the first place of this name is: the submissions received in this time (`until` is not in it),
   * because a rule may come to a service that has been open for long. Null: none.
   */
  before: { from: string; until: string } | null
  /** The place is free again when the case is rejected or refused. */
  givenBack?: true
}

export interface SealEvidence {
  /** A box whose key is wrapped for this agency and month. */
  atRest(): SealBox
  asIs(): SealBox
}

/** What somebody of the agency wants with cases. */
export type ReadDeed = 'list' | 'open' | 'attachment' | 'decide' | 'export'

export interface Reader {
  /** As the audit log names it. */
  id: string
  roles: readonly string[]
}

export interface ReadEvidence {
  deed: ReadDeed
  agency: AgencyId
  service: string
  reader: Reader
  /** Address of the client; null if it is not known. */
  client: string | null
  /** What they say it is for; null: they say nothing. */
  purpose: string | null
  now: Date
}

/** What carries answers out of the server. */
export type Way = 'case' | 'list' | 'attachment' | 'export' | 'delivery'

export interface RevealEvidence {
  roles: readonly string[]
  way: Way
}

/** Kinds of personal data that a service asks for. `none` is none of them. */
export type DataKind = NonNullable<Field['personalData']>
/** The kinds that do the most harm in the wrong hands. */
export const grave = (data: ReadonlySet<DataKind>) => data.has('special') || data.has('criminal') || data.has('child')

/** What a rule may use of the server. */
export interface Means {
  rates: Rates
}

/** A sentence: key in the messages, and what stands in its places. A list is written as the language writes lists. */
export interface Said {
  key: string
  params?: Readonly<Record<string, Json>>
}

export interface Explanation {
  /** What citizens are told; nothing, if there is nothing for them in it. */
  citizen: readonly Said[]
  /** What the author has to know besides: what it costs, and what it does not do. */
  author: readonly Said[]
}

/** Sentences by key and language, as a `messages.json` file holds them. */
export type RuleMessages = Readonly<Record<string, Readonly<Record<string, Message>>>>

/** What the page has to know of the rules before it sends, and the road besides their answers. Absent: nothing is asked. */
export interface Asks {
  signIn?: SignInAsk
  /** The effort of the proof of work. */
  proofOfWork?: number
  /** The page says whether somebody filled in the field that nobody sees. */
  honeypot?: true
}

interface RuleOf<Stage extends string, Options, Ask> {
  /** As policies name it. Rules made outside this repository begin with `x-`. */
  readonly name: string
  readonly stage: Stage
  readonly presets: Readonly<Record<Preset, Options>>
  /** What a rule with these options wants the page to bring along. */
  asks?(options: Options): Asks
  /** @throws PolicyError when the options make no sense under this preset */
  settle(options: Options, preset: Preset, means: Means): Ask
  explain(options: Options, preset: Preset): Explanation
  /** Why these options protect too little for such data, to the author before publishing; null: they do not. */
  weakness?(options: Options, data: ReadonlySet<DataKind>, preset: Preset): Said | null
  /** Paths of fields that the options name: a version whose definition lacks one is not published. */
  fields?(options: Options): readonly string[]
  /** Only of rules made outside this repository; the schemas and sentences of those inside are generated from their files. */
  readonly schema?: object
  readonly messages?: RuleMessages
}

export type Admit = (evidence: AdmitEvidence) => Refusal | null | Promise<Refusal | null>
export type Inspect = (evidence: InspectEvidence) => Refusal | null | Promise<Refusal | null>
export type Claim = (evidence: ClaimEvidence) => readonly Place[]
export type Seal = (evidence: SealEvidence) => SealBox
export type Read = (evidence: ReadEvidence) => Refusal | null | Promise<Refusal | null>
/** Given whoever reads, says of a field's definition path (`members.birth`) whether they see it. */
export type Reveal = (evidence: RevealEvidence) => (path: string) => boolean

export type AdmitRule<Options extends object = never> = RuleOf<'admit', Options, Admit>
export type InspectRule<Options extends object = never> = RuleOf<'inspect', Options, Inspect>
export type ClaimRule<Options extends object = never> = RuleOf<'claim', Options, Claim>
export type SealRule<Options extends object = never> = RuleOf<'seal', Options, Seal>
export type ReadRule<Options extends object = never> = RuleOf<'read', Options, Read>
export type RevealRule<Options extends object = never> = RuleOf<'reveal', Options, Reveal>
/** Gives the options that the other part reads. */
export type TermsRule<Options extends object = never> = RuleOf<'terms', Options, Options>

/** A rule whose options are its own affair. */
type Any<Stage extends string, Ask> = Omit<RuleOf<Stage, never, Ask>, 'presets'> & { readonly presets: Readonly<Record<Preset, object>> }
export type Rule =
  | Any<'admit', Admit>
  | Any<'inspect', Inspect>
  | Any<'claim', Claim>
  | Any<'seal', Seal>
  | Any<'read', Read>
  | Any<'reveal', Reveal>
  | Any<'terms', object>

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
