/**
 * Every route, asked by everybody about everything: what is one's own, what is of another service, of another agency, of one
 * that was deleted, and what never was. Who may is written here by hand and not taken from the routes, so that a route that
 * asks for too little shows.
 */
import { newAttachmentId, newId, newTrackingCode } from '../codes.ts'
import { digestOf } from '../digest.ts'
import type { Route } from '../routes/route.ts'
import type { AgencyStore } from '../store/store.ts'
import { movingDefinition } from '../testing/cases.ts'
import { agencyOf, ours, type Person, personIn } from '../testing/people.ts'
import { createWorld, pdf, plainPolicy, type TestResponse, type World } from '../testing/world.ts'
import { keyPermissions } from './permissions.ts'

/** Everything in an agency that has a name somebody could write into a request. */
export interface Ids {
  agency: string
  service: string
  case: string
  attachment: string
  person: string
  invitation: string
  key: string
  passkey: string
  session: string
  reference: string
}

const people = ['owner', 'editor', 'publisher', 'officer', 'auditor'] as const
export type Who = (typeof people)[number] | 'operator' | 'key' | 'townOwner'
export const actors = [...people, 'operator', 'key', 'townOwner', 'suspended', 'anonymous', 'citizen'] as const
export type ActorName = (typeof actors)[number]

interface Entry {
  /** Of whom it is at all; the owner of the other agency may there what the owner may here. */
  who: readonly Who[]
  /** What `{id}` names. */
  id?: keyof Ids
  query?(ids: Ids): string
  body?(ids: Ids): unknown
  headers?: Record<string, string>
  /** What an actor who may gets about their own. */
  reached?: readonly number[]
  /** It is made in one's own agency, whatever others call theirs; or it is a list. Nothing of others may stand in it. */
  sameForAll?: false
}

const self = [...people, 'operator'] as const
const ifMatch = { 'If-Match': '"999"' }
const purpose = () => 'purpose=test'
const readers = ['owner', 'editor', 'publisher', 'officer', 'auditor', 'key'] as const
const caseReaders = ['owner', 'officer', 'key'] as const

/** Routes that ask for somebody who is signed in. */
const entries: Record<string, Entry> = {
  getOfficerKey: { who: self },
  keepOfficerKey: {
    who: self,
    body: () => ({ number: 1, publicKey: 'A'.repeat(43), locked: 'A'.repeat(200) }),
    reached: [204, 400, 409, 422],
    sameForAll: false,
  },
  listOfficerKeys: { who: ['owner'] },
  publishRecoveryKey: { who: ['owner'], body: () => ({}), reached: [201, 204, 400, 409, 422] },
  getServiceKeys: { who: readers, id: 'service', reached: [200, 404] },
  publishEpoch: { who: ['owner'], id: 'service', body: () => ({}), reached: [201, 204, 400, 409, 422] },
  shareEpoch: { who: ['owner'], id: 'service', body: () => ({}), reached: [201, 204, 400, 409, 422] },
  whoAmI: { who: self },
  signOut: { who: self },
  listDrafts: { who: readers },
  createDraft: {
    who: ['owner', 'editor', 'key'],
    body: ({ service }) => ({ definition: { id: `new-${service}` } }),
    reached: [201, 403, 409],
    sameForAll: false,
  },
  openDraft: { who: readers, id: 'service' },
  saveDraft: { who: ['owner', 'editor', 'key'], id: 'service', headers: ifMatch, body: ({ service }) => ({ definition: { id: service } }), reached: [412] },
  publish: { who: ['owner', 'publisher', 'key'], id: 'service', headers: ifMatch, body: () => ({}), reached: [412] },
  listVersions: { who: readers, id: 'service' },
  shadowRun: { who: ['owner', 'publisher', 'key'], id: 'service', query: purpose, reached: [200, 404, 422] },
  listReleases: { who: readers, id: 'service' },
  listFindings: { who: readers, id: 'service' },
  openRelease: { who: readers, id: 'service', reached: [404] },
  decideRelease: { who: ['owner', 'publisher'], id: 'service', body: () => ({ decision: 'refuse', digest: 'd' }), reached: [404] },
  withdrawRelease: { who: ['owner', 'publisher', 'key'], id: 'service', reached: [404] },
  listLibrary: { who: readers, sameForAll: false },
  openKept: { who: readers, reached: [404] },
  keepInLibrary: {
    who: ['owner', 'editor', 'key'],
    body: () => ({ id: 'contact', after: 0, title: {}, content: {} }),
    reached: [201, 403, 412],
    sameForAll: false,
  },
  removeFromLibrary: { who: ['owner', 'editor', 'key'], reached: [204, 403, 404], sameForAll: false },
  usesOfBlock: { who: readers, sameForAll: false },
  registerJson: { who: readers, sameForAll: false },
  registerCsv: { who: readers, sameForAll: false },
  registerPage: { who: readers, sameForAll: false },
  checkPage: { who: ['owner', 'editor', 'key'], id: 'service', body: () => ({ address: 'no address' }) },
  reviewPolicy: { who: readers, body: ({ service }) => ({ definition: { id: service }, policy: {} }), reached: [200, 400, 422], sameForAll: false },
  openVersion: { who: readers, id: 'service' },
  proveAgain: { who: self, body: () => ({ password: 'not the password' }), reached: [403, 429] },
  proveWithPasskey: { who: self, body: ({ passkey }) => ({ response: { id: passkey } }), reached: [403, 429] },
  changePassword: { who: self, body: () => ({ password: 'another horse battery' }) },
  listOwnSessions: { who: self, sameForAll: false },
  endOwnSession: { who: self, id: 'session', reached: [404] },
  offerTotp: { who: self, body: () => ({}), sameForAll: false },
  confirmTotp: { who: self, body: () => ({ sealed: 'AAAA', code: '000000' }), reached: [400] },
  removeTotp: { who: self, reached: [204, 403] },
  renewRecoveryCodes: { who: self, body: () => ({}), reached: [404] },
  listPasskeys: { who: self },
  offerPasskey: { who: self, body: () => ({}), sameForAll: false },
  addPasskey: { who: self, body: ({ passkey }) => ({ response: { id: passkey } }), reached: [403] },
  removePasskey: { who: self, id: 'passkey', reached: [404] },
  listPeople: { who: ['owner', 'auditor', 'operator'] },
  invitePerson: {
    who: ['owner', 'operator'],
    body: () => ({ email: 'new@elsewhere.example', memberships: [{ role: 'editor' }] }),
    reached: [201, 400],
    sameForAll: false,
  },
  withdrawInvitation: { who: ['owner', 'operator'], id: 'invitation' },
  changeMemberships: { who: ['owner', 'operator'], id: 'person', body: () => ({ memberships: [{ role: 'editor' }] }), reached: [204, 400] },
  changePersonState: { who: ['owner', 'operator'], id: 'person', body: () => ({ state: 'suspended' }) },
  listKeys: { who: ['owner'] },
  makeKey: { who: ['owner'], body: ({ service }) => ({ name: 'P', permissions: ['case.list'], services: [service], days: 1 }), sameForAll: false },
  revokeKey: { who: ['owner'], id: 'key' },
  openAgency: { who: people },
  saveAgency: { who: ['owner'], headers: ifMatch, body: () => ({}), reached: [412] },
  deleteOwnAgency: { who: ['owner'], body: () => ({ confirm: 'not its name' }), reached: [422] },
  listAgencies: { who: ['operator'], sameForAll: false },
  addAgency: { who: ['operator'], body: ({ agency }) => ({ id: agency, title: 'T', owner: 'new@elsewhere.example' }), reached: [201, 409], sameForAll: false },
  setQuotas: { who: ['operator'], body: () => ({}), sameForAll: false },
  deleteAgency: { who: ['operator'], body: () => ({ confirm: 'not its name' }), reached: [422], sameForAll: false },
  listCases: { who: caseReaders, query: ({ service }) => `service=${service}` },
  openCase: { who: caseReaders, id: 'case' },
  printCase: { who: caseReaders, id: 'case' },
  openDesk: { who: caseReaders },
  countCases: { who: caseReaders, query: ({ service }) => `service=${service}` },
  openOfficerMail: { who: self },
  saveOfficerMail: { who: self, body: () => ({ assigned: true, days: 0, digest: false }), reached: [200, 409], sameForAll: false },
  findCase: { who: caseReaders, body: ({ case: id }) => ({ text: id }) },
  assignCase: { who: caseReaders, id: 'case', body: ({ person }) => ({ from: person, to: null }), reached: [409, 412, 422] },
  noteCase: { who: caseReaders, id: 'case', body: () => ({ text: 'A note.' }), reached: [201] },
  // Without a reason nothing is erased: the case is asked about again.
  askErasure: { who: ['owner'], id: 'case', body: () => ({ reason: '' }), reached: [400, 422] },
  readHold: { who: ['owner'], id: 'case' },
  setHold: { who: ['owner'], id: 'case', body: () => ({ reason: 'Because.' }), reached: [201, 409] },
  askRelease: { who: ['owner'], id: 'case', body: () => ({ reason: 'Because.' }), reached: [202, 404, 409] },
  askExport: { who: caseReaders, id: 'service', body: () => ({ purpose: 'A count' }), reached: [202, 409] },
  listApprovals: { who: ['owner'] },
  decideApproval: { who: ['owner'], id: 'case', body: () => ({ decision: 'refuse' }), reached: [404] },
  listSignIns: { who: ['owner'] },
  endSignIns: { who: ['owner'], body: () => ({ provider: 'none' }) },
  listCertificates: { who: ['owner', 'auditor', 'operator'] },
  readCertificate: { who: ['owner', 'auditor', 'operator'], id: 'case', reached: [404] },
  readAttachment: { who: caseReaders, id: 'case' },
  decideCase: { who: caseReaders, id: 'case', headers: ifMatch, body: () => ({ decision: 'accept' }), reached: [412] },
  decideCases: {
    who: caseReaders,
    id: 'case',
    headers: { 'Idempotency-Key': 'matrix-together' },
    body: ({ case: submission }) => ({ cases: [{ submission, revision: 999 }], decision: 'accept' }),
  },
  exportCsv: { who: caseReaders, id: 'service', query: purpose },
  exportJsonLines: { who: caseReaders, id: 'service', query: purpose },
  listAuditEvents: { who: ['owner', 'auditor', 'operator'], query: ({ case: id }) => `object=submission:${id}` },
  exportAudit: { who: ['owner', 'auditor', 'operator'], reached: [200, 409] },
}

/** Routes that ask for nobody: of an agency that was deleted they say what they say of one that never was. */
const open: Record<string, { body?(ids: Ids): unknown } | string> = {
  stopOfficerMail: { body: ({ agency, person }) => ({ token: `${agency}.${person}.${'A'.repeat(43)}` }) },
  followCase: { body: ({ reference }) => ({ reference }) },
  receiptOfCase: { body: ({ reference }) => ({ reference }) },
  openAddition: { body: ({ reference }) => ({ reference }) },
  addToCase: { body: ({ reference }) => ({ reference, number: 1, answers: {} }) },
  submit: { body: () => ({ version: 1, language: 'en', answers: {} }) },
  withdrawAttempt: { body: () => ({}) },
  uploadAttachment: { body: () => ({}) },
  uploadAddition: { body: () => ({}) },
  appendToUpload: { body: () => ({}) },
  sendCode: { body: () => ({ field: 'email', value: 'sam@example.org' }) },
  checkCode: { body: () => ({ field: 'email', value: 'sam@example.org', verification: 'A'.repeat(43), code: '000000' }) },
  saveApplication: { body: () => ({ version: 1, content: 'AAAA', attachments: [] }) },
  mailApplication: { body: () => ({ code: '0'.repeat(26), to: 'sam@example.org', return: 'https://elsewhere.example/' }) },
  beginSignIn: { body: () => ({}) },
  exchangeSignIn: { body: () => ({}) },
  providerLogout: 'a form that is no JSON, with a token that the provider has signed; who holds none ends nothing',
  lookAtInvitation: { body: ({ agency }) => ({ token: `${agency}.${'A'.repeat(43)}` }) },
  acceptInvitation: { body: ({ agency }) => ({ token: `${agency}.${'A'.repeat(43)}`, name: 'E', password: 'correct horse battery' }) },
  signIn: { body: ({ agency }) => ({ email: 'victim@elsewhere.example', password: 'correct horse battery', agency }) },
  setUp: { body: () => ({ token: 'none', email: 'e@elsewhere.example', name: 'E', password: 'correct horse battery' }) },
  challengePasskey: 'the same for everybody, but for a number that is new each time',
  signInWithPasskey: { body: ({ passkey }) => ({ response: { id: passkey } }) },
  statusPageOf: 'a form that is no JSON; what it finds is what followCase finds',
  saveReceipt: { body: ({ reference }) => ({ reference }) },
  logPage: 'a page about a public log, which stays what it was',
  logCheckpoint: 'a log says for ever what it said: it holds digests alone',
  logTile: 'a log says for ever what it said: it holds digests alone',
  logGrowth: 'a log says for ever what it said: it holds digests alone',
  webhookKeys: 'public keys, by which what was signed before can still be checked',
}

/** Routes without an entry, and entries without a route. */
export function unlisted(routes: readonly Route[]): string[] {
  const missing = routes.filter(({ access, id, body }) => (access === 'user' ? !Object.hasOwn(entries, id) : body !== undefined && !Object.hasOwn(open, id)))
  const gone = [...Object.keys(entries), ...Object.keys(open)].filter((id) => !routes.some((route) => route.id === id))
  return [...missing.map(({ id }) => id), ...gone]
}

export interface Place {
  world: World
  own: Ids
  /** Of the same agency, but of a service that is not the officer's. */
  sibling: Ids
  other: Ids
  gone: Ids
  random: Ids
  /** Headers that prove who somebody is, new each time. */
  enter(actor: ActorName): Promise<{ Cookie?: string; Authorization?: string }>
  /** Words that nobody but their own agency may ever read. */
  secretsOf: { city: readonly string[]; others: readonly string[] }
  /** How many events each of the other agencies has had. */
  happened(): Promise<number[]>
}

const randomIds = (now: Date): Ids => ({
  agency: 'no-such-agency',
  service: 'no-such-service',
  case: newId(now),
  attachment: newAttachmentId(),
  person: newId(now),
  invitation: newId(now),
  key: newId(now),
  passkey: 'bm8tc3VjaC1wYXNza2V5',
  session: digestOf('no such session').slice(-22),
  reference: newTrackingCode(),
})

async function furnish(world: World, name: string, service: string, victim: string): Promise<Ids> {
  const now = world.adapters.clock.now()
  const at = now.toISOString()
  const definition = movingDefinition((given) => {
    given.id = service
    given.title = { en: `Canary of ${name}`, el: `Canary of ${name}` }
  })
  await world.offer(definition, plainPolicy, name)
  const agency = await agencyOf(world, name)
  const uploaded = await world.request(`/v1/services/${name}/${service}/attachments?target=student_id&name=a.pdf`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/pdf' },
    body: pdf,
  })
  const { id: attachment } = await uploaded.json()
  const answers = { name: `Canary of ${name} ${service}`, student: true, school: 'S', cards: [] }
  const sent = await world.send({ version: 1, language: 'en', answers, documents: { student_id: [attachment] } }, { service: `${name}/${service}` })
  const { submission, reference } = await sent.json()
  const person = await personIn(world, agency, victim, [{ role: 'editor' }])
  const passkey = Buffer.from(`passkey of ${victim}`).toString('base64url')
  const key = { id: passkey, userId: person.id, name: '', publicKey: Buffer.from('none'), counter: 0, createdAt: at, usedOn: null }
  await agency.addPasskey(key, { actor: 'system', at })
  const { Cookie } = await person.enter()
  const expiresAt = '2026-02-01T00:00:00.000Z'
  const invitation = { id: newId(now), tokenHash: digestOf(victim), email: `invited-${victim}`, memberships: [{ role: 'editor' as const }] }
  await agency.invite({ ...invitation, invitedBy: 'system', createdAt: at, expiresAt }, { actor: 'system', at })
  const apiKey = { id: newId(now), secretHash: digestOf(`key of ${victim}`), name: `Key of ${victim}`, permissions: [], services: null }
  await agency.makeKey({ ...apiKey, madeBy: 'system', createdAt: at, expiresAt, usedOn: null, revokedAt: null }, { actor: 'system', at })
  return {
    agency: name,
    service,
    case: submission,
    attachment,
    person: person.id,
    invitation: invitation.id,
    key: apiKey.id,
    passkey,
    session: digestOf(`session|${digestOf(Cookie.split('.')[1] as string)}`).slice(-22),
    reference,
  }
}

export async function furnished(): Promise<Place> {
  const world = await createWorld()
  const own = await furnish(world, 'city', 'own-card', 'victim@city.example')
  const sibling = { ...(await furnish(world, 'city', 'sibling-card', 'sibling@city.example')) }
  const other = await furnish(world, 'town', 'town-card', 'victim@town.example')
  const gone = await furnish(world, 'gone', 'gone-card', 'victim@gone.example')
  const [city, town, goneAgency] = await Promise.all(['city', 'town', 'gone'].map((name) => agencyOf(world, name)))
  const house = await world.adapters.store.house('2026-01-05T08:00:00.000Z')
  const by = { actor: 'operator', at: '2026-01-05T08:00:00.000Z' }
  const mine = { services: ['own-card'] }
  const everybody: Record<Exclude<ActorName, 'key' | 'anonymous' | 'citizen'>, Person> = {
    owner: await personIn(world, city as AgencyStore, 'owner@city.example', [{ role: 'owner' }]),
    editor: await personIn(world, city as AgencyStore, 'editor@city.example', [{ role: 'editor', ...mine }]),
    publisher: await personIn(world, city as AgencyStore, 'publisher@city.example', [{ role: 'publisher', ...mine }]),
    officer: await personIn(world, city as AgencyStore, 'officer@city.example', [{ role: 'officer', ...mine, units: ['desk'] }]),
    auditor: await personIn(world, city as AgencyStore, 'auditor@city.example', [{ role: 'auditor' }]),
    suspended: await personIn(world, city as AgencyStore, 'suspended@city.example', [{ role: 'owner' }]),
    townOwner: await personIn(world, town as AgencyStore, 'owner@town.example', [{ role: 'owner' }]),
    operator: await personIn(world, house, 'operator@house.example', [{ role: 'operator' }]),
  }
  await personIn(world, house, 'second@house.example', [{ role: 'operator' }])
  await personIn(world, city as AgencyStore, 'second@city.example', [{ role: 'owner' }])
  await (city as AgencyStore).changeUser(everybody.suspended.id, { state: 'suspended' }, by)
  await (goneAgency as AgencyStore).remove(by)
  const secret = 'A'.repeat(43)
  const key = { id: newId(new Date(by.at)), secretHash: digestOf(secret), name: 'All that keys may', permissions: keyPermissions, ...mine }
  await (city as AgencyStore).makeKey({ ...key, madeBy: 'system', createdAt: by.at, expiresAt: '2026-02-01T00:00:00.000Z', usedOn: null, revokedAt: null }, by)
  const words = (name: string, ids: Ids) => [`Canary of ${name}`, ids.case, ids.attachment, ids.person, ids.invitation, ids.key, `@${name}.example`]
  return {
    world,
    own,
    sibling,
    other,
    gone,
    random: randomIds(new Date(by.at)),
    async enter(actor) {
      if (actor === 'anonymous' || actor === 'citizen') return {}
      if (actor === 'key') return { Authorization: `Bearer guichet_city.${secret}` }
      return everybody[actor].enter()
    },
    secretsOf: { city: words('city', own), others: [...words('town', other), ...words('gone', gone)] },
    happened: () =>
      Promise.all(
        [town, goneAgency].map(async (agency) => ((await agency?.auditEvents(0, 100_000)) ?? []).filter(({ action }) => action !== 'user.signed-in').length),
      ),
  }
}

const value = (name: string, ids: Ids, entry: Entry | undefined): string => {
  const known: Record<string, string> = {
    id: ids[entry?.id ?? 'service'],
    agency: ids.agency,
    service: ids.service,
    attachment: ids.attachment,
    submission: ids.case,
    version: '1',
    provider: 'national',
    kind: 'block',
    name: 'contact',
    'file+': 'nothing.js',
  }
  return known[name] ?? '1'
}

let clients = 0

async function ask(
  { world }: Place,
  route: Route,
  ids: Ids,
  headers: { Cookie?: string; Authorization?: string },
): Promise<{ response: TestResponse; text: string }> {
  const entry = entries[route.id]
  const about = open[route.id]
  const path = route.path.replace(/\{([^}]+)\}/g, (_, name: string) => value(name, ids, entry))
  const query = entry?.query?.(ids) ?? ''
  const body = entry?.body?.(ids) ?? (typeof about === 'object' ? about.body?.(ids) : undefined)
  const { Authorization, ...rest } = headers
  // A program sends neither of the headers by which browsers say where they are.
  const from = Authorization ? { Authorization, 'Content-Type': 'application/json' } : { ...ours, ...rest }
  const extra = { ...entry?.headers, ...(['submit', 'withdrawAttempt', 'addToCase'].includes(route.id) ? { 'Idempotency-Key': `matrix-${++clients}` } : {}) }
  const address = `10.${(++clients >> 16) & 255}.${(clients >> 8) & 255}.${clients & 255}`
  const response = await world.request(path + (query ? `?${query}` : ''), {
    method: route.method,
    headers: { ...from, ...extra },
    client: address,
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  })
  return { response, text: await response.text() }
}

const may = (entry: Entry, actor: ActorName): boolean => entry.who.includes((actor === 'townOwner' ? 'owner' : actor) as Who)

/** What is wrong with a route: a line for each cell that is not as it must be. */
export async function faultsOf(place: Place, route: Route): Promise<{ faults: string[]; cells: number }> {
  const faults: string[] = []
  let cells = 0
  const entry = entries[route.id]
  const say = (actor: ActorName, about: string, what: string) => faults.push(`${route.id} by ${actor} about ${about}: ${what}`)
  const named = entry !== undefined || route.path.includes('{') || typeof open[route.id] === 'object'
  if (!entry) {
    if (!named || typeof open[route.id] === 'string') return { faults, cells }
    // Names that the request itself holds may stand in the answer.
    const plain = (text: string, ids: Ids) => Object.values(ids).reduce((said, id) => said.replaceAll(id, '·'), text)
    const [never, gone] = [await ask(place, route, place.random, {}), await ask(place, route, place.gone, {})]
    cells += 2
    if (never.response.status !== gone.response.status || plain(never.text, place.random) !== plain(gone.text, place.gone))
      say('anonymous', 'a deleted agency', `${gone.response.status}, and ${never.response.status} about one that never was`)
    for (const secret of place.secretsOf.others.slice(7)) if (gone.text.includes(secret)) say('anonymous', 'a deleted agency', 'it says what was there')
    return { faults, cells }
  }
  for (const actor of actors) {
    const home = actor === 'townOwner' ? place.other : place.own
    const away = actor === 'townOwner' ? place.own : place.other
    const limited = !['owner', 'auditor', 'operator', 'townOwner'].includes(actor)
    const foreign = { 'another agency': away, 'a deleted agency': place.gone, ...(limited && may(entry, actor) ? { 'another service': place.sibling } : {}) }
    const secrets = actor === 'townOwner' ? place.secretsOf.city : place.secretsOf.others
    if (!may(entry, actor)) {
      const due = ['anonymous', 'citizen', 'suspended'].includes(actor) ? 401 : 403
      for (const [about, ids] of Object.entries({ 'their own': home, ...foreign, nothing: place.random })) {
        cells++
        const { response, text } = await ask(place, route, ids, await place.enter(actor))
        if (response.status !== due) say(actor, about, `${response.status}, not ${due}`)
        if (place.secretsOf.city.concat(place.secretsOf.others).some((secret) => text.includes(secret))) say(actor, about, 'it says what is there')
      }
      continue
    }
    const never = await ask(place, route, place.random, await place.enter(actor))
    for (const [about, ids] of Object.entries(foreign)) {
      cells++
      const { response, text } = await ask(place, route, ids, await place.enter(actor))
      if (entry.sameForAll !== false && (response.status !== never.response.status || text !== never.text))
        say(actor, about, `${response.status} ${text.slice(0, 120)}, and about nothing ${never.response.status} ${never.text.slice(0, 120)}`)
      // Operators see that an agency is there, its name and counts.
      if (secrets.some((secret) => text.includes(secret))) say(actor, about, 'it says what is there')
    }
    cells++
    const mine = await ask(place, route, actor === 'operator' ? { ...home, person: place.random.person } : home, await place.enter(actor))
    const reached = [...(entry.reached ?? [200, 201, 204]), ...(actor === 'operator' && entry.id ? [404] : []), ...(actor === 'townOwner' ? [404, 409] : [])]
    if (!reached.includes(mine.response.status)) say(actor, 'their own', `${mine.response.status} ${mine.text.slice(0, 160)}`)
    if (secrets.some((secret) => mine.text.includes(secret))) say(actor, 'their own', 'it says what others have')
  }
  return { faults, cells }
}
