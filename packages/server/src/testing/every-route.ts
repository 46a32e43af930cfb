/**
 * How each route is reached, so that a test can ask all of them the same: an address that exists, the headers that let the
 * request in, and for a route that takes a body one that it takes. The tests that use it go through the table of routes and
 * fail on one that is not here.
 */
import { createHash } from 'node:crypto'
import { largestPart } from '../files/upload-in-parts.ts'
import type { Route } from '../routes/route.ts'
import { answersOf, newKey, own, pdf, setupToken, type World } from './world.ts'

export interface Reach {
  address: string
  headers: Record<string, string>
  /** A body that the route takes; null: it takes none. */
  body: string | Uint8Array<ArrayBuffer> | null
  /** Most bytes of a body that the route takes. */
  limit: number
  /** What is answered before a byte of the body is read; null: the body is read first. */
  unread: number | null
}

const draftId = createHash('sha256').update('a draft').digest('base64url')

/** What stands in the braces of a path. */
const parameters: Record<string, string> = {
  agency: 'city',
  service: 'library-card',
  version: '1',
  'file+': 'nothing.js',
  file: 'index.js',
  'path+': '0/000',
  first: '1',
  second: '1',
  provider: 'national',
  upload: draftId,
  field: 'name',
  document: 'card',
  release: '0'.repeat(26),
  kind: 'block',
  name: 'contact',
  attachment: '0'.repeat(26),
  submission: '0'.repeat(26),
}
/** Of routes whose `{id}` is no service. */
const ids: Record<string, string> = { saveApplication: draftId, openApplication: draftId, deleteApplication: draftId, mailApplication: draftId }
/** What the definition of the fixture allows for its document. */
const largestFile = 50_000

const json = (value: unknown, headers: Record<string, string> = {}) => ({
  body: JSON.stringify(value),
  headers: { 'Content-Type': 'application/json', ...headers },
})

interface Entry {
  body: string | Uint8Array<ArrayBuffer>
  headers: Record<string, string>
  query?: string
  /** Of routes that read their body themselves. */
  limit?: number
  /** Answered before a byte of the body is read: there is nothing that it could be added to. */
  unread?: number
}

/** The routes that take a body. */
const entries: Record<string, () => Entry> = {
  saveOfficerMail: () => json({ assigned: false, days: 0, digest: false }),
  stopOfficerMail: () => json({ token: 'city.nobody.none' }),
  findCase: () => json({ text: 'nothing' }),
  assignCase: () => json({ from: null, to: null }),
  noteCase: () => json({ text: 'A note.' }),
  askErasure: () => json({ reason: 'Because.' }),
  setHold: () => json({ reason: 'Because.' }),
  askRelease: () => json({ reason: 'Because.' }),
  decideRelease: () => json({ decision: 'refuse', digest: 'd' }),
  askExport: () => json({ purpose: 'A count' }),
  decideApproval: () => json({ decision: 'refuse' }),
  checkPage: () => json({ address: 'no address' }),
  keepInLibrary: () => json({ id: 'contact', after: 0, title: {}, content: {} }),
  reviewPolicy: () => json({ policy: {} }),
  // Neither of these two is taken: that would end the session that the next request comes with.
  proveAgain: () => json({ password: 'not the password' }),
  proveWithPasskey: () => json({ response: { id: 'none' } }),
  changePassword: () => json({ password: 'short' }),
  offerTotp: () => json({}),
  confirmTotp: () => json({ sealed: 'AAAA', code: '000000' }),
  renewRecoveryCodes: () => json({}),
  offerPasskey: () => json({}),
  addPasskey: () => json({ response: { id: 'none' } }),
  challengePasskey: () => json({}),
  signInWithPasskey: () => json({ response: { id: 'none' } }),
  lookAtInvitation: () => json({ token: 'city.none' }),
  acceptInvitation: () => json({ token: 'city.none', name: 'Eve', password: 'correct horse battery' }),
  invitePerson: () => json({ email: 'eve@city.example', memberships: [{ role: 'editor' }] }),
  changeMemberships: () => json({ memberships: [{ role: 'editor' }] }),
  changePersonState: () => json({ state: 'suspended' }),
  makeKey: () => json({ name: 'A program', permissions: ['case.list'], days: 1 }),
  saveAgency: () => json({}, { 'If-Match': '"999"' }),
  deleteOwnAgency: () => json({ confirm: 'not its name' }),
  addAgency: () => json({ id: 'village', title: 'Village', owner: 'eve@village.example' }),
  setQuotas: () => json({}),
  deleteAgency: () => json({ confirm: 'not its name' }),
  setUp: () => json({ token: setupToken, email: 'ada@city.example', name: 'Ada', password: 'correct horse battery' }),
  signIn: () => json({ email: 'ada@city.example', password: 'correct horse battery' }),
  sendCode: () => json({ field: 'email', value: 'sam@example.org' }),
  checkCode: () => json({ field: 'email', value: 'sam@example.org', verification: draftId, code: '000000' }),
  createDraft: () => json({ definition: { id: 'library-card' } }),
  saveDraft: () => json({ definition: { id: 'library-card' } }, { 'If-Match': '"999"' }),
  publish: () => json({}, { 'If-Match': '"999"' }),
  uploadAttachment: () => ({ body: pdf, headers: { 'Content-Type': 'application/pdf' }, query: '?target=student_id&name=a.pdf', limit: largestFile }),
  uploadAddition: () => ({
    body: pdf,
    headers: { 'Content-Type': 'application/pdf' },
    query: '?target=student_id&name=a.pdf',
    limit: largestFile,
    unread: 404,
  }),
  appendToUpload: () => ({
    body: pdf,
    headers: { 'Content-Type': 'application/partial-upload', 'Upload-Offset': '0', 'Upload-Complete': '?1' },
    limit: largestPart,
    unread: 404,
  }),
  submit: () => ({ ...json(answersOf(), { 'Idempotency-Key': newKey() }), limit: 262_144 }),
  followCase: () => json({ reference: '0'.repeat(26) }),
  openAddition: () => json({ reference: '0'.repeat(26) }),
  addToCase: () => json({ reference: '0'.repeat(26), number: 2, answers: {} }, { 'Idempotency-Key': newKey() }),
  receiptOfCase: () => json({ reference: '0'.repeat(26) }),
  saveApplication: () => json({ version: 1, content: 'AAAA', attachments: [] }, { 'If-Match': '"999"' }),
  mailApplication: () => json({ code: '0'.repeat(26), to: 'sam@example.org', return: `${own}/` }, { Origin: own }),
  decideCases: () => json({ cases: [{ submission: 'nothing', revision: 1 }], decision: 'approve' }, { 'Idempotency-Key': newKey() }),
  decideCase: () => json({ decision: 'approve', note: 'Good.' }, { 'If-Match': '"1"' }),
  beginSignIn: () => json({ provider: 'national', challenge: draftId, return: `${own}/`, language: 'en' }, { Origin: own }),
  exchangeSignIn: () => json({ code: 'AAAA', verifier: draftId }, { Origin: own }),
  providerLogout: () => ({ body: 'logout_token=e30.e30.e30', headers: { 'Content-Type': 'application/x-www-form-urlencoded' }, limit: 16_384 }),
  endSignIns: () => json({ provider: 'none' }),
  keepOfficerKey: () => json({ number: 1, publicKey: draftId, locked: { format: 1, kdf: 'scrypt', logN: 15, salt: draftId.slice(0, 22), key: draftId } }),
  publishRecoveryKey: () => json({ number: 1, publicKey: draftId }),
  publishEpoch: () => json({ epoch: 1, publicKey: draftId, wraps: [1, 2].map(() => ({ forKey: draftId, enc: draftId, key: 'A'.repeat(64) })) }),
  shareEpoch: () => json({ epoch: 1, forKey: draftId, enc: draftId, key: 'A'.repeat(64) }),
  saveReceipt: () => ({ body: 'reference=0', headers: { 'Content-Type': 'application/x-www-form-urlencoded' }, limit: 4096 }),
  statusPageOf: () => ({ body: 'reference=0', headers: { 'Content-Type': 'application/x-www-form-urlencoded' }, limit: 4096 }),
}

/** @throws when nobody has said how the route is reached */
export function reach(route: Route, cookie: string): Reach {
  const entry = route.body ? entries[route.id]?.() : undefined
  if (route.body && !entry) throw new Error(`${route.id} takes a body and has no entry in testing/every-route.ts`)
  const path = route.path.replace(/\{([^}]+)\}/g, (_, name: string) => {
    const value = name === 'id' ? (ids[route.id] ?? 'library-card') : parameters[name]
    if (value === undefined) throw new Error(`{${name}} of ${route.id} has no value in testing/every-route.ts`)
    return value
  })
  const limit = route.body ? ('limit' in route.body ? route.body.limit : entry?.limit) : 0
  if (limit === undefined) throw new Error(`${route.id} reads its body itself, and how far is not said in testing/every-route.ts`)
  return {
    address: path + (entry?.query ?? ''),
    headers: { Origin: own, ...(route.access === 'user' ? { Cookie: cookie } : {}), ...entry?.headers },
    body: entry?.body ?? null,
    limit,
    unread: entry?.unread ?? null,
  }
}

/** Signs the first user of a world in. Gives the cookie. */
export async function signedIn(world: World): Promise<string> {
  const answer = await world.request('/v1/admin/setup', {
    method: 'POST',
    headers: { Origin: own, 'Sec-Fetch-Site': 'same-origin', 'Content-Type': 'application/json' },
    body: JSON.stringify({ token: setupToken, email: 'ada@city.example', name: 'Ada', password: 'correct horse battery' }),
  })
  if (answer.status !== 201) throw new Error(`nobody could be signed in: ${answer.status}`)
  return (answer.headers.get('set-cookie') ?? '').split(';')[0] as string
}
