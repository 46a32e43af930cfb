/**
 * What is mutated, and by which tests it must be caught. An area names the source files that decide something and the
 * quick tests that say what they must decide: no browser, and PostgreSQL only where nothing else can tell.
 */
import { globSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

export interface Area {
  name: string
  what: string
  /** Paths or globs from the root of the repository. */
  files: readonly string[]
  tests: readonly string[]
}

export const root = join(dirname(fileURLToPath(import.meta.url)), '../..')

const server = (...paths: string[]) => paths.map((path) => `packages/server/src/${path}`)

export const areas: readonly Area[] = [
  {
    name: 'policy',
    what: 'policies: how they are settled and asked, explained, checked and simulated',
    files: server('policy/*.ts'),
    tests: server('policy/{settle,explain,lint,simulate-kept,read-policy-file}.test.ts'),
  },
  {
    name: 'policy-rules',
    what: 'each rule of a policy',
    files: server('policy/*/*.ts'),
    tests: server('policy/table.test.ts', 'policy/*/rule.test.ts', 'policy/proof-of-work/proofs.test.ts', 'policy/rate/rates.test.ts'),
  },
  {
    name: 'access',
    what: 'who may do what: roles, permissions, sessions, keys of programs',
    files: server('access/{permissions,may,key-actor,api-keys}.ts', 'users/session.ts'),
    tests: server('access/{may,table,keys}.test.ts', 'users/session.test.ts'),
  },
  {
    name: 'agency-guard',
    what: 'what keeps somebody from what is not theirs: guards of routes, limits within an agency',
    files: server('access/limited.ts', 'agencies/*.ts', 'routes/{guard,client}.ts'),
    tests: server('access/limited-store.test.ts', 'agencies/*.test.ts', 'routes/{guard,client}.test.ts'),
  },
  {
    name: 'intake-guards',
    what: 'what is asked before a submission is read, of its files, and into which box it goes',
    files: server('intake/{admit,inspect,seal}.ts'),
    // Over a whole server it is submit.test.ts.
    tests: server('intake/guards.test.ts'),
  },
  {
    name: 'case-sight',
    what: 'what officers and programs see of a case: reading as the policy says, answers and outcomes without what is not theirs',
    files: server('cases/{reading,revealed}.ts'),
    // Over every way out of a server it is revealed.test.ts, which takes too long here.
    tests: server('cases/{reading,revealed-parts}.test.ts'),
  },
  {
    name: 'citizen-sessions',
    what: 'who of the citizens is signed in: sessions, how they end, the sealed words that they are',
    files: server('sign-in/{sessions,sealed-words}.ts'),
    // With a provider and a whole server it is sessions.test.ts, sign-in.test.ts and openid-connect/*.test.ts.
    tests: server('sign-in/{session-tokens,sealed-words}.test.ts'),
  },
  {
    name: 'citizen-sign-in',
    what: 'how citizens sign in: the way to a provider and back, its codes, which providers there are and what is asked of them',
    files: server('sign-in/{provider-kinds,rates,read-providers,road,sign-in,sign-ins}.ts', 'sign-in/openid-connect/settings.ts'),
    // With a provider and a whole server it is sign-in.test.ts.
    tests: server('sign-in/{providers,road-parts}.test.ts'),
  },
  {
    name: 'openid-connect',
    what: 'what is believed of a provider: statements about who somebody is, and that they have signed out',
    files: server('sign-in/openid-connect/{id-token,logout-token}.ts'),
    // From a provider it is statements.test.ts, through a whole server forged.test.ts and real.test.ts.
    tests: server('sign-in/openid-connect/id-token.test.ts'),
  },
  {
    name: 'staff-sign-in',
    what: 'how staff sign in: passwords, second factors, passkeys, invitations, who they are from then on',
    files: server('users/{account,invitations,passkeys,password,people,second-factor,sign-in,totp}.ts'),
    // Through the routes it is people.test.ts and admin.test.ts.
    tests: server('users/{invited,passkeys,password,staff-sign-in,totp}.test.ts'),
  },
  {
    name: 'boxes',
    what: 'what lies in which box: cases, their versions and notes, files, deliveries, codes by mail',
    files: server('cases/case-box.ts', 'files/attachment.ts', 'outbox/payload.ts', 'verification/secrets.ts', 'drafts/mail-key.ts'),
    tests: server('cases/case-box.test.ts', 'verification/secrets.test.ts'),
  },
  {
    name: 'egress',
    what: 'the one way out: whom the server calls, and whom never',
    files: server('egress/*.ts'),
    tests: server('egress/egress.test.ts'),
  },
  {
    name: 'keys',
    what: 'encryption at rest: keys of months and their files, roots, boxes, signing keys',
    files: server('keys/**/*.ts'),
    // What two processes do to each other is in month-files.test.ts, and takes too long here.
    tests: server('keys/{hmac,key-folder,key-marks,known-answers,month-files-races,month-key,seal-box}.test.ts', 'keys/roots/roots.test.ts'),
  },
  {
    name: 'erasure',
    what: 'erasing cases: what takes two people, holds, retention, the destruction of keys, certificates',
    files: server('erasure/*.ts'),
    // Over a whole server it is erasure.test.ts and restore.test.ts, which take too long here.
    tests: server('erasure/{approvals,certificate,erase-cases,holds,retention,shred,terms}.test.ts'),
  },
  {
    name: 'sealed-services',
    what: 'sealed services on the server: whose keys there are, what is taken, what can be published',
    files: server('sealing/*.ts'),
    tests: server('sealing/{check,findings,officers-keys,recipients}.test.ts'),
  },
  {
    name: 'audit-log',
    what: 'the audit log: its chain, tree and checkpoints, and whether all of it is there',
    files: server('audit/{audit-log,chain,check-log,tree}.ts'),
    // audit-log.test.ts has the same with a whole server, and 10,000 changes: both take too long here.
    tests: server('audit/{chain,check-log,growing,tree}.test.ts'),
  },
  {
    name: 'audit-reading',
    what: 'what auditors read of the log: lists, exports, the words that go with events, and how it is kept',
    files: server('audit/{export-events,list-events,note,upkeep}.ts'),
    tests: server('audit/{export-events,list-events,note,upkeep}.test.ts'),
  },
  {
    name: 'witnesses',
    what: 'who else signs the log: what a witness takes, and what the server makes of its answers',
    files: server('audit/{witness,witnesses}.ts'),
    tests: server('audit/{witness,witnesses}.test.ts'),
  },
  {
    name: 'server-receipts',
    what: 'receipts as the server signs them and hands them out',
    files: server('receipts/*.ts'),
    tests: server('receipts/{receipt,receipt-file}.test.ts'),
  },
  {
    name: 'receipts',
    what: 'what anybody checks a receipt and a log with: proofs, notes, keys',
    files: ['packages/receipts/src/*.ts'],
    tests: ['packages/receipts/src/*.test.ts'],
  },
  {
    name: 'sealing',
    what: 'what is sealed in the browser: envelopes, files, keys on paper and behind words',
    files: ['packages/sealing/src/*.ts'],
    tests: ['packages/sealing/src/*.test.ts'],
  },
]

/** Folders of which every file is in exactly one area, or in `leftOut`. */
export const guarded: readonly string[] = [
  ...server('policy', 'access', 'agencies', 'keys', 'erasure', 'sealing', 'audit', 'receipts', 'users', 'sign-in'),
  'packages/receipts/src',
  'packages/sealing/src',
]

/** Files of guarded folders that are in no area, and why. */
export const leftOut: Readonly<Record<string, string>> = {
  'packages/server/src/sign-in/openid-connect/kind.ts': 'brings to and fro what id-token.ts and logout-token.ts judge: statements.test.ts',
  'packages/server/src/sign-in/openid-connect/openid-connect.ts': 'brings to and fro what id-token.ts and logout-token.ts judge: statements.test.ts',
  'packages/server/src/users/invitation-mail.ts': 'decides nothing: a mail to whoever was invited',
  'packages/server/src/users/label.ts': 'decides nothing: a name by which somebody knows a session of theirs again',
  'packages/receipts/src/page/page.ts': 'runs in a browser: tests/receipts.browser.test.ts',
  'packages/receipts/src/page/log.ts': 'runs in a browser: tests/receipts.browser.test.ts',
}

const isSource = (path: string) => path.endsWith('.ts') && !/\.(test|test-helper)\.ts$/.test(path)

const found = (patterns: readonly string[]) => [...new Set(patterns.flatMap((pattern) => globSync(pattern, { cwd: root })))].sort()

export const sourcesOf = ({ files }: Area): string[] => found(files).filter(isSource)
export const testsOf = ({ tests }: Area): string[] => found(tests).filter((path) => !path.includes('.postgres.test.'))
export const sourcesIn = (folder: string): string[] => found([`${folder}/**/*.ts`]).filter(isSource)
