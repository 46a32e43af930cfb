/** The server's admin routes, and nothing else of it: docs/architecture.md. */
import type { Policy, ServiceDefinition } from '@guichet/schemas'
import { httpCaller, ifMatch, type ReportedFinding } from '@guichet/staff/http'
import { type SessionApi, sessionApi } from '@guichet/staff/session'
import { answerLines } from './answer-lines.ts'

export { ApiError, type ReportedFinding, Unreachable } from '@guichet/staff/http'
export type { Account } from '@guichet/staff/session'

export interface ServiceLine {
  id: string
  title: string | Readonly<Record<string, string>>
  revision: number
  publishedVersion: number | null
  savedAt: string
}

export interface SavedService {
  definition: ServiceDefinition
  policy: Policy | null
  revision: number
  publishedVersion: number | null
}

/** A version that waits for its day, or for somebody else to agree; docs/architecture.md. */
export interface Release {
  id: string
  state: 'asked' | 'waiting' | 'done' | 'refused' | 'withdrawn' | 'outdated' | 'failed'
  digest: string
  acknowledged: readonly string[]
  dueAt: string
  requestedBy: string
  requestedAt: string
  decidedBy: string | null
  decidedAt: string | null
  version: number | null
  /** Codes of the findings for which it did not go live. */
  reasons: readonly string[] | null
}

export interface VersionCount {
  version: number
  count: number
}

/** How many saved drafts and open cases there are, newest version first, each counted up to `most`. */
export interface Begun {
  drafts: VersionCount[]
  openCases: VersionCount[]
  most: number
}

export type PublishOutcome = { version: number; findings: ReportedFinding[] } | { release: Release; findings: ReportedFinding[] }

/** A multiple of five; `some`: from 1 to 4. */
export type ShadowCount = number | 'some'

export interface ShadowReport {
  looked: number
  sealed: number
  unreadable: number
  refused: ShadowCount
  reasons: readonly { path: string; code: string; count: ShadowCount }[]
  unasked: readonly { path: string; count: ShadowCount }[]
  fee: { higher: ShadowCount; lower: ShadowCount }
  routes: readonly { from: string | null; to: string | null; count: ShadowCount }[]
}

export interface VersionLine {
  version: number
  publishedAt: string
  digest: string
  /** Codes of the warnings that it was published with; null: nobody was asked then. */
  acknowledged: readonly string[] | null
}

export interface OpenedVersion extends VersionLine {
  definition: ServiceDefinition
  policy: Policy
}

/** A policy in words: docs/architecture.md. */
export interface PolicyReview {
  preset: string
  presets: readonly string[]
  rules: readonly { rule: string; title: string; citizen: readonly string[]; author: readonly string[]; options: object; preset: object; schema: object }[]
  findings: readonly { code: string; severity: 'error' | 'warning'; pointer: string; detail: string }[]
}

/** A tag for one element and one kind of page, in the pieces that are put in different places. */
export interface EmbedTag {
  element: 'service' | 'guide' | 'status' | 'catalog'
  host: 'html' | 'cms' | 'react' | 'vue' | 'frame'
  pinned: boolean
  pieces: readonly { place: 'page' | 'site' | 'component'; code: string }[]
  /** Content-Security-Policy of the page. */
  policy: string
}

/** What would keep a service from working on a page, in the language that was asked for. */
export interface PageReport {
  address: string
  findings: readonly { level: 'wrong' | 'careful' | 'fine'; code: string; says: string; change: string | null }[]
}

export type KeptKind = 'base' | 'block' | 'template'

/** The newest version of what the agency keeps. */
export interface KeptLine {
  id: string
  version: number
  title: Readonly<Record<string, string>>
  /** Of examples that come with the server. */
  summary?: Readonly<Record<string, string>>
}

/** A service whose draft has a shared block, and in which versions. */
export interface BlockService {
  service: string
  title: Readonly<Record<string, string>>
  versions: readonly number[]
}

export interface Api extends SessionApi {
  blockServices(block: string): Promise<BlockService[]>
  /** Removes a block or a template with all its versions; what was made from it stays as it is. */
  forget(kind: 'block' | 'template', id: string): Promise<void>
  library(kind: KeptKind): Promise<KeptLine[]>
  kept(kind: KeptKind, id: string, version: number): Promise<KeptLine & { content: object }>
  /** The next version after the one that was looked at; of a base its content, whose id is its digest. */
  keep(
    kind: KeptKind,
    kept: { id?: string; after?: number; title: Readonly<Record<string, string>>; content: object },
  ): Promise<{ id: string; version: number }>
  setUp(account: { token: string; email: string; name: string; password: string }): Promise<void>
  services(): Promise<ServiceLine[]>
  /** What new services of the agency start with. */
  agencySettings(): Promise<{ languages?: readonly string[] }>
  create(definition: ServiceDefinition): Promise<{ id: string; revision: number }>
  open(id: string): Promise<SavedService>
  save(id: string, revision: number, draft: { definition: ServiceDefinition; policy: Policy | null }): Promise<{ revision: number }>
  /** At once (`version`), or later or when somebody else agrees (`release`). `acknowledged`: codes of the warnings it is published with. */
  publish(id: string, revision: number, order: { acknowledged: readonly string[]; from?: string }): Promise<PublishOutcome>
  /** What publishing the saved draft would find: what the server alone knows is among it. */
  findings(id: string, language: string): Promise<{ revision: number; findings: ReportedFinding[]; begun: Begun }>
  /** What waits, and what became of what did; newest first. */
  releases(id: string): Promise<Release[]>
  /** Agrees to what somebody else wants to publish, or refuses it. */
  decideRelease(id: string, release: Release, decision: 'approve' | 'refuse'): Promise<Release>
  withdrawRelease(id: string, release: string): Promise<void>
  /** Tries the saved draft on the last submissions; nothing but counts comes back. */
  /** `told`: how far it is. */
  shadow(id: string, purpose: string, language: string, told: (progress: { tried: number; of: number }) => void): Promise<ShadowReport>
  /** What a policy means for the service; nothing is stored. */
  review(id: string, policy: Policy, language: string): Promise<PolicyReview>
  /** Tags of a service (`agency/service`), for every kind of page. */
  embedding(service: string, language: string): Promise<{ release: string | null; tags: readonly EmbedTag[] }>
  /** Has the server look at a page. */
  checkPage(id: string, address: string, language: string): Promise<PageReport>
  /** What was published, newest first. */
  versions(id: string): Promise<VersionLine[]>
  version(id: string, version: number): Promise<OpenedVersion>
}

export function httpApi(base = '/v1/admin/', request: typeof fetch = fetch): Api {
  const call = httpCaller(base, request)
  /** What anybody may ask. */
  const open = httpCaller('/v1/', request)
  const service = (id: string) => `services/${encodeURIComponent(id)}`

  return {
    ...sessionApi(call),
    library: async (kind) => (await call<{ items: KeptLine[] }>('GET', `library/${kind}`)).items,
    kept: (kind, id, version) => call('GET', `library/${kind}/${encodeURIComponent(id)}/${version}`),
    blockServices: async (block) => (await call<{ uses: BlockService[] }>('GET', `library/block/${encodeURIComponent(block)}/uses`)).uses,
    forget: (kind, id) => call('DELETE', `library/${kind}/${encodeURIComponent(id)}`),
    keep: (kind, kept) => call('POST', `library/${kind}`, kept),
    setUp: (account) => call('POST', 'setup', account),
    services: async () => (await call<{ services: ServiceLine[] }>('GET', 'services')).services,
    agencySettings: async () => (await call<{ settings: { languages?: string[] } }>('GET', 'agency')).settings,
    create: (definition) => call('POST', 'services', { definition }),
    open: (id) => call('GET', service(id)),
    save: (id, revision, draft) => call('PUT', service(id), draft, ifMatch(revision)),
    publish: (id, revision, order) => call('POST', `${service(id)}/publish`, order, ifMatch(revision)),
    findings: (id, language) => call('GET', `${service(id)}/findings?lang=${encodeURIComponent(language)}`),
    releases: async (id) => (await call<{ releases: Release[] }>('GET', `${service(id)}/releases`)).releases,
    decideRelease: (id, release, decision) => call('POST', `${service(id)}/releases/${release.id}/decision`, { decision, digest: release.digest }),
    shadow: (id, purpose, language, told) =>
      answerLines(request, `${base}${service(id)}/shadow?${new URLSearchParams({ lang: language, ...(purpose ? { purpose } : {}) })}`, told),
    withdrawRelease: (id, release) => call('DELETE', `${service(id)}/releases/${release}`),
    review: (id, policy, language) => call('POST', `${service(id)}/policy/review?lang=${encodeURIComponent(language)}`, { policy }),
    embedding: (name, language) => open('GET', `embedding?${new URLSearchParams({ service: name, lang: language })}`),
    checkPage: (id, address, language) => call('POST', `${service(id)}/page-check?lang=${encodeURIComponent(language)}`, { address }),
    versions: async (id) => (await call<{ versions: VersionLine[] }>('GET', `${service(id)}/versions`)).versions,
    version: (id, version) => call('GET', `${service(id)}/versions/${version}`),
  }
}
