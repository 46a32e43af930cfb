/** What the app needs from outside, handed in so that a test brings its own. */
import { join } from 'node:path'
import type { FieldTypes } from '@guichet/core'
import type { LintFinding } from '@guichet/core/lint/finding'
import { fieldTypes } from '@guichet/fields/field-types'
import { type QuotaWatch, watchQuotas } from './agencies/quotas.ts'
import { type AuditLog, createAuditLog } from './audit/audit-log.ts'
import { createWitnesses, type Witnesses } from './audit/witnesses.ts'
import { type Clock, systemClock } from './clock.ts'
import type { Config } from './config.ts'
import { createLinter } from './definitions/linter.ts'
import { deliveryKinds } from './deliveries/deliveries.ts'
import type { Deliveries, DeliveryKinds } from './deliveries/delivery.ts'
import { openDeliveries } from './deliveries/settle.ts'
import { type Disk, watchDisk } from './disk-failure.ts'
import { type DraftRates, draftRates } from './drafts/drafts.ts'
import { draftLinkDelivery, draftMailKind } from './drafts/mail-link.ts'
import { createEgress, type Egress } from './egress/egress.ts'
import type { Files } from './files/files.ts'
import { createInspector, type Inspect } from './files/inspector.ts'
import { openFiles } from './files/open-files.ts'
import { uploadPartRate } from './files/upload-in-parts.ts'
import { type Keys, openKeyFolder } from './keys/key-folder.ts'
import { createRemoteLists, type RemoteLists } from './lists/remote-lists.ts'
import { createLivedTime, type LivedTime } from './lived-time.ts'
import { createLog, type Log } from './log.ts'
import { noRegisters, type Registers } from './lookups/evidence.ts'
import type { TypeMessages } from './messages.ts'
import { openGateway } from './messengers/gateway/gateway.ts'
import type { Messenger } from './messengers/messenger.ts'
import { officerMailDelivery, officerMailKind } from './officer-mail/officer-mail.ts'
import { type Bell, createBell } from './outbox/bell.ts'
import type { OutboxOptions } from './outbox/worker.ts'
import { type OutsideType, type OutsideTypes, openOutsideTypes } from './outside-types.ts'
import { type Limited, limited, memoryRates, type Rates } from './policy/rate/rates.ts'
import { sharedRates } from './policy/rate/shared-rates.ts'
import type { Rule } from './policy/rule.ts'
import { rules as builtInRules } from './policy/rules.ts'
import type { Scanner } from './scanners/scanner.ts'
import { openScanner } from './scanners/scanners.ts'
import { type LiveServices, liveServices } from './services/live.ts'
import { type SignInRates, signInRates } from './sign-in/rates.ts'
import { openSignIns, type SignIns } from './sign-in/sign-ins.ts'
import { createPublications, type Publications } from './statistics/publish.ts'
import { createTally, type Tally } from './statistics/tally.ts'
import { openStore } from './store/open-store.ts'
import type { Store } from './store/store.ts'
import { type Metrics, noMetrics, noTraces, type Traces } from './telemetry/telemetry.ts'
import { type Passwords, scryptPasswords } from './users/password.ts'
import { type SignInTries, signInTries } from './users/sign-in.ts'
import { verificationDelivery } from './verification/delivery.ts'
import { type VerificationRates, verificationRates } from './verification/rates.ts'
import { verificationKind } from './verification/verification.ts'
import type { Way } from './verification/verified-fields.ts'

export interface Adapters {
  store: Store
  files: Files
  keys: Keys
  clock: Clock
  log: Log
  types: FieldTypes
  /** Field types made outside, which are among `types`. */
  outside: OutsideTypes
  /** The strings of types that are not built in. */
  messages: TypeMessages
  /** Registers that vouch for looked-up values. */
  registers: Registers
  /** Lists of options that are kept at addresses. */
  lists: RemoteLists
  live: LiveServices
  deliveries: Deliveries
  /** Every rule that a policy may name: the built-in ones, and those that were handed in. */
  rules: readonly Rule[]
  /** The only way to call another server. */
  egress: Egress
  /** Rung when there is something to deliver. */
  bell: Bell
  /** Counted by all replicas together, where there may be several. */
  rates: Rates
  tries: SignInTries
  passwords: Passwords
  /** Look-ups of tracking codes, by client. */
  lookUps: Limited
  /** Drafts made, saved and opened, by client. */
  drafts: DraftRates
  /** Requests about files that arrive in parts, by client. */
  uploadParts: Limited
  /** Who citizens sign in with. */
  signIns: SignIns
  signInRates: SignInRates
  /** How codes are sent to see whether an address is the citizen's, and how often. */
  verifying: { ways: ReadonlySet<Way>; rates: VerificationRates }
  /** Challenges of proofs of work made, by client. */
  challenges: Limited
  statistics: { tally: Tally; publications: Publications }
  /** What operators allow each agency. */
  quotas: QuotaWatch
  /** The hash tree over the audit events. */
  auditLog: AuditLog
  /** Who signs outside that the log only grows. */
  witnesses: Witnesses
  metrics: Metrics
  traces: Traces
  /** What a file is, and what is wrong with it. */
  inspect: Inspect
  /** Null: none is set up. */
  scanner: Scanner | null
  /** What is wrong with a definition of an agency. */
  lint(definition: unknown, agency?: string): LintFinding[] | Promise<LintFinding[]>
  /** What is destroyed because it is old is judged by this alone. */
  lived: LivedTime
  /** True once the server was told to stop: it still answers, but is not ready for more. */
  stopping: boolean
  /** Whether the disk still keeps what it is given: nothing may be acknowledged after it did not. */
  disk: Disk
}

/** Adapters to replace. Kinds of delivery are handed in unopened, because they use what the server gives them. */
export type Overrides = Partial<Adapters> & {
  deliveryKinds?: DeliveryKinds
  /** Field types made outside: docs/extend/field-type.md. */
  outsideTypes?: readonly OutsideType[]
  /** What brings codes to telephones, instead of the gateway that is set. */
  messenger?: Messenger
  /** Called once, when the disk has failed: the process is to end soon. */
  fatal?: (error: unknown) => void
  outbox?: OutboxOptions
}

/** The adapters of a real server. `dataDir` holds `guichet.db`, `files/` and `keys/`. */
export function openAdapters(
  config: Config,
  { deliveryKinds: kinds = deliveryKinds, messenger: ownMessenger, fatal = () => {}, outbox: _outbox, outsideTypes = [], ...overrides }: Overrides = {},
): Adapters {
  const clock = overrides.clock ?? systemClock
  const log = overrides.log ?? createLog(config.logLevel)
  const outside = openOutsideTypes(outsideTypes)
  const types = overrides.types ?? outside.types
  const disk = overrides.disk ?? watchDisk(fatal)
  const store = disk.watch(overrides.store ?? openStore(config, () => clock.now(), log))
  const keys = overrides.keys ?? openKeyFolder(join(config.dataDir, 'keys'), clock.now(), config.rootKeys)
  const rates = overrides.rates ?? (store.counters ? sharedRates(store.counters, keys.pepper) : memoryRates())
  const egress = overrides.egress ?? createEgress(config.egressAllow)
  const messenger = ownMessenger ?? openGateway(config, egress)
  const deliveries = overrides.deliveries ?? {
    ...openDeliveries(kinds, { config, keys, egress }),
    [verificationKind]: verificationDelivery({ config, store, keys, messenger }),
    [draftMailKind]: draftLinkDelivery({ config, store, keys }),
    [officerMailKind]: officerMailDelivery({ config, store, pepper: keys.pepper }),
  }
  const rules = overrides.rules ?? builtInRules
  const live = overrides.live ?? liveServices(store, types, deliveries, rates, rules)
  return {
    files: disk.watch(openFiles(config, () => clock.now())),
    keys,
    clock,
    log,
    lived: createLivedTime({ clock, log }),
    stopping: false,
    types,
    outside,
    messages: outside.messages,
    registers: noRegisters,
    lists: createRemoteLists({ egress, clock, log }),
    live,
    quotas: watchQuotas(log),
    statistics: { tally: createTally(store, log), publications: createPublications(store, live, config) },
    deliveries,
    egress,
    rules,
    bell: createBell(),
    rates,
    tries: signInTries(rates),
    passwords: scryptPasswords(),
    lookUps: limited(rates, 'look-up', { size: 60, period: 3600_000 }),
    drafts: draftRates(rates),
    uploadParts: uploadPartRate(rates),
    auditLog: createAuditLog({ store, keys, clock, log }),
    signIns: overrides.signIns ?? openSignIns(config.signInProviders, { egress, now: () => clock.now() }),
    signInRates: signInRates(rates),
    verifying: {
      ways: new Set<Way>([...(config.smtpUrl !== null ? (['email'] as const) : []), ...(messenger ? (['sms'] as const) : [])]),
      rates: verificationRates(rates, { sms: config.smsPerHour }),
    },
    challenges: limited(rates, 'challenge', { size: 600, period: 3600_000 }),
    witnesses: createWitnesses(config.witnesses, { store, log, egress }),
    metrics: noMetrics,
    traces: noTraces,
    inspect: createInspector(),
    scanner: openScanner(config.scannerUrl),
    // A worker has the types that are built in; what else a server was given it knows only itself.
    lint: types === (fieldTypes as unknown) ? createLinter() : lintHere(types, outside),
    ...overrides,
    disk,
    store,
  }
}

/** In this thread. Loaded when first asked: a server with types of its own is rare, and so is saving. */
const lintHere = (types: FieldTypes, outside: OutsideTypes) => async (definition: unknown) => {
  const [{ lint }, { fieldSettings }, settings] = await Promise.all([
    import('@guichet/core/lint'),
    import('@guichet/fields/settings-schemas'),
    outside.settings(),
  ])
  return lint(definition, types, { ...fieldSettings, ...settings })
}
