/**
 * The contract of a delivery: one way of telling the outside what happened. It is opened once, when the server starts, and
 * returns named functions: `fault` looks over a service's settings before they are published, `plan` says in the
 * transaction that made something happen what is to be sent where, and `deliver` sends it, later and perhaps more than once.
 * schema.json says its settings, which stand in the policy of
 * a service under `deliveries`.
 */
import type { Program } from '@guichet/core'
import type { Answers, Json, Stage, WebhookEvent } from '@guichet/schemas'
import type { Config } from '../config.ts'
import type { Egress } from '../egress/egress.ts'
import type { Keys } from '../keys/key-folder.ts'

/** What a delivery may use of the server. */
export interface DeliveryTools {
  config: Config
  /** The only way to call another server. */
  egress: Egress
  keys: Keys
}

export type DeliveryKind<Settings extends object = never> = (tools: DeliveryTools) => Delivery<Settings>
/** Every kind that the server knows, by the name it has in policies. Names from outside this repository begin with `x-`. */
export type DeliveryKinds = Readonly<Record<string, DeliveryKind>>

export interface Delivery<Settings extends object = never> {
  /** Why a version with these settings cannot be published: the key of a message is `policy.<code>`; null: it can. */
  fault(settings: Settings, program: Program): string | null
  /** Fields outside repeated groups whose answers it cannot do without. */
  needs?(settings: Settings): readonly string[]
  /** What the settings mean: asked once for each published version. */
  plan(settings: Settings, program: Program): Plan
  deliver: Deliver
}
export type Deliveries = Readonly<Record<string, Delivery>>

/** What to send about something that happened, from the answers that deliveries are shown; it only looks, and calls nobody. */
export type Plan = (happening: Happening) => readonly Effect[]

export interface Happening {
  event: WebhookEvent
  /** Where people follow a case. */
  statusUrl: string
  /** What was sent in; null if it is the service itself that changed. */
  submission: { language: string; answers: Answers; program: Program } | null
  /** Where a decision led: only with `submission.changed`. `stage`: where it stands now. */
  change?: { status: string; stage: Stage | null; closed: boolean }
}

export interface Effect {
  /** What is slow or down as one: a host, a mail server. Logs and lists show it, so nothing secret or personal. */
  destination: string
  /** Kept sealed until it is delivered. */
  payload: Json
}

/** Must end by itself, soon after `signal` says so at the latest. What it throws counts as `retry`. */
export type Deliver = (payload: Json, context: DeliveryContext) => Promise<Delivered>

export interface DeliveryContext {
  /** The same on every try: whoever receives it can tell that it is the same thing. */
  id: string
  agency: string
  /** The way out that the service's policy leaves it: for addresses that the service names. */
  egress: Egress
  now: Date
  /** 1 on the first try. */
  attempt: number
  signal: AbortSignal
}

/** `reason` is a short code of small letters, digits and dashes: it is logged, and must not quote what anybody wrote. */
export type Delivered = { state: 'done' } | { state: 'retry'; reason: string; after: Date | null } | { state: 'permanent'; reason: string }

export const done: Delivered = { state: 'done' }
/** Not now. `after`: not before then, if the other side said so. */
export const retry = (reason: string, after: Date | null = null): Delivered => ({ state: 'retry', reason, after })
/** Never: it becomes a dead letter at once. */
export const permanent = (reason: string): Delivered => ({ state: 'permanent', reason })
