/**
 * A route is said once: address, who may call it, what it takes and gives, and what it does. The app is made from the
 * list, and so is the OpenAPI document.
 */
import type { IncomingMessage } from 'node:http'
import type { Context } from 'hono'
import type { Actor } from '../access/may.ts'
import type { Permission } from '../access/permissions.ts'
import type { Adapters } from '../adapters.ts'
import type { Reading } from '../cases/reading.ts'
import type { Config } from '../config.ts'
import type { PlainHeaders } from '../headers.ts'
import type { LiveService } from '../services/live.ts'
import type { AgencyStore, Deed, UserRecord } from '../store/store.ts'
import type { WebFolders } from '../web.ts'

export interface Bindings {
  incoming?: IncomingMessage
  /** Set by tests, where there is no socket. */
  client?: string
}

export interface Variables {
  /** Names this request in the log and in its answer. */
  requestId: string
  live?: LiveService
  /** What every answer at this kind of address says (headers.ts). */
  faceHeaders: PlainHeaders
  /** What tells browsers which pages may read the answer. */
  readers?: PlainHeaders
  /** The answer has all of its headers (`wholeAnswer`). */
  whole?: boolean
  /** Sources of `frame-ancestors` of a page that may stand in a frame. */
  embedders?: string
  /** Origins whose pictures a page shows: those of its maps. */
  pictures?: readonly string[]
}

export type AppContext = Context<{ Bindings: Bindings; Variables: Variables }>

/**
 * - `anyone`: no cross-origin access and no cookies.
 * - `public`: may be read from any page: keys, built files.
 * - `service`: the service's `origins` rule decides which pages may read the answer.
 * - `some-service`: pages that some service of this server lets in.
 * - `first-party`: this server's own pages alone; changes nothing when another site asks.
 * - `user`: first party, signed in, and with the route's permission.
 */
export type Access = 'anyone' | 'public' | 'service' | 'some-service' | 'first-party' | 'user'

export type Schema = Readonly<Record<string, unknown>>

interface Parameter {
  description: string
  required?: boolean
  schema: Schema
}

export interface Answer {
  description: string
  type?: string
  schema?: Schema
}

export interface Call {
  c: AppContext
  adapters: Adapters
  config: Config
  web: WebFolders
  /** Interface language of the reader. */
  language: string
  now: Date
  param(name: string): string
  query(name: string): string | undefined
  header(name: string): string | undefined
  /** The JSON body, checked against the route's schema. */
  body<T>(): T
  /** The published service in the address. Only on routes of access `service`. */
  live(): LiveService
  /** Only on routes of access `user`. */
  actor(): SignedIn
  /** Who does it and when, for the audit log. Only on routes of access `user`. */
  deed(): Pick<Deed, 'actor' | 'at'>
  /** What rules about reading look at. Only on routes of access `user`. */
  reading(): Reading
}

/** Whoever is behind a request to a route of access `user`, as the store has them at this moment. */
export interface SignedIn extends Actor {
  /** As much of the agency as the route's permission reaches: what is beyond it is not found (access/limited.ts). */
  agency: AgencyStore
  agencyTitle: string
  /** Null: a program with a key. Who needs the person asks `personOf` (users/session.ts). */
  user: UserRecord | null
  session: {
    tokenHash: string
    /** When the user last proved who they are. */
    provedAt: string
    /** With more than a password. */
    strong: boolean
    /** The agency asks for a second factor, and the user has shown none: nothing is allowed but to add one. */
    mustSecure: boolean
  } | null
}

/**
 * Routes of access `user` say what is asked for; who does not have it is refused before anything is read. `fresh`: only to
 * somebody who has proved who they are in the last ten minutes, and to no program.
 */
export type Route = RouteBase &
  ({ access: 'user'; permission: Permission; fresh?: true } | { access: Exclude<Access, 'user'>; permission?: never; fresh?: never })

interface RouteBase {
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  /** `{name}` stands for a parameter. */
  path: string
  id: string
  tag:
    | 'services'
    | 'submissions'
    | 'drafts'
    | 'sign-in'
    | 'status'
    | 'statistics'
    | 'builder'
    | 'account'
    | 'people'
    | 'agencies'
    | 'cases'
    | 'system'
    | 'pages'
  summary: string
  params?: Readonly<Record<string, string>>
  query?: Readonly<Record<string, Parameter>>
  headers?: Readonly<Record<string, Parameter>>
  /** A JSON body that is read and checked before `handle`; `stream`: the route reads it itself. */
  body?: { schema: Schema; limit: number; keys?: number } | { stream: string; schema: Schema }
  /** Media type of parts that are appended to it, or to what it makes (RFC 5789, 3.1). */
  acceptPatch?: string
  answers: Readonly<Record<number, Answer>>
  handle(call: Call): Response | Promise<Response>
}
