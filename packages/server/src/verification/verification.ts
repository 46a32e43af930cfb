/**
 * Whether an address or a telephone is the citizen's: a code is sent there, and whoever sends it back gets a proof, which the
 * submission carries. A verification is named by a secret that only the browser that asked has; the code is short, so it lives
 * for minutes, has few tries, and is kept as a keyed digest. Every answer is the same whether anybody has the address.
 */
import { type FieldNode, pickText } from '@guichet/core'
import type { Adapters } from '../adapters.ts'
import { newId, newSecret } from '../codes.ts'
import type { Config } from '../config.ts'
import { oneLine } from '../deliveries/email/mail.ts'
import { digestOf } from '../digest.ts'
import { languages } from '../messages.ts'
import type { Limited } from '../policy/rate/rates.ts'
import { Refused } from '../problem.ts'
import type { LiveService } from '../services/live.ts'
import { resendSeconds } from './rates.ts'
import { isSame, newCode, secretsOf } from './secrets.ts'
import { type Way, wayOf } from './verified-fields.ts'

const minutes = 10
const tries = 5

/** An id has 256 bits, so no slow hash is needed. */
const hashOf = (id: string) => digestOf('guichet verification|', id)

export interface Asker {
  adapters: Adapters
  config: Config
  live: LiveService
  client: string | null
  now: Date
}

export interface Question {
  /** Path of the field in the definition, `members.email`. */
  field: string
  /** As it was typed. */
  value: string
}

/** @throws Refused where the field asks for no code, or this is no address */
function addressOf({ adapters, live, now }: Asker, { field, value: typed }: Question): { node: FieldNode; way: Way; value: string } {
  const node = live.program.nodes.get(field)
  const way = node ? wayOf(node) : null
  if (!node || !way || !adapters.verifying.ways.has(way)) throw new Refused(404, 'not-found')
  const context = { locale: live.version.definition.locale, today: now.toISOString().slice(0, 10), tables: {} }
  const parsed = node.type.parse(typed, node.field as never, context)
  const finding = 'finding' in parsed ? parsed.finding : parsed.value === null ? null : node.type.check?.(parsed.value, node.field as never, context)
  const value = 'value' in parsed ? parsed.value : null
  if (finding || typeof value !== 'string')
    throw new Refused(422, 'answers', { errors: [{ pointer: '/value', code: finding ? `${node.field.type}.${finding.code}` : 'required' }] })
  return { node, way, value }
}

const wait = (milliseconds: number) => new Refused(429, 'rate', { headers: { 'Retry-After': String(Math.ceil(milliseconds / 1000)) } })

async function take(limit: Limited, name: string, now: Date) {
  const milliseconds = await limit.take(name, now.getTime())
  if (milliseconds > 0) throw wait(milliseconds)
}

/** Sends a code. Gives the secret name of the verification, and the seconds that follow from it. @throws Refused */
export async function sendCode(asker: Asker, question: Question, language: string) {
  const { adapters, live, client, now } = asker
  const { agency, version } = live
  const { rates } = adapters.verifying
  await take(rates.asked, client ?? '', now)
  const { way, value } = addressOf(asker, question)
  const proved = { service: version.service, way, value }
  const secrets = secretsOf(adapters.keys.pepper, agency.id)
  const address = secrets.valueMac({ ...proved, service: '' })
  await take(rates.again, `${client ?? ''}/${agency.id}/${address}`, now)
  await take(rates.address, `${client ?? ''}/${agency.id}/${address}`, now)
  const silent = (await rates.everybody.take(`${agency.id}/${address}`, now.getTime())) > 0
  if (!silent) {
    const spent = await rates.budget(agency.id, way, now.getTime())
    if (spent > 0) throw wait(spent)
  }

  const id = newSecret()
  const idHash = hashOf(id)
  const code = newCode()
  const { definition } = version
  const text = (texts: Parameters<typeof pickText>[0]) => oneLine(pickText(texts, [language, ...definition.languages]).text)
  const message = { way, to: value, code, language: languages.includes(language) ? language : 'en', title: text(definition.title), minutes }
  await agency.addVerification({
    idHash,
    service: version.service,
    valueMac: secrets.valueMac(proved),
    codeMac: secrets.codeMac(idHash, code),
    message: secrets.seal(idHash, { ...message, agency: text(definition.agency.name) }),
    triesLeft: tries,
    expiresAt: new Date(now.getTime() + minutes * 60_000).toISOString(),
    // Nothing personal: what is to be sent is read when it is sent, and gone by itself when it is too old.
    outbox: silent
      ? null
      : { id: newId(now), kind: verificationKind, destination: way === 'sms' ? 'sms' : 'mail', payload: Buffer.from(JSON.stringify({ verification: idHash })) },
    at: now.toISOString(),
  })
  if (!silent) adapters.bell.ring(agency.id)
  return { verification: id, expiresInSeconds: minutes * 60, resendInSeconds: resendSeconds }
}

export const verificationKind = 'verification'

export interface Answer extends Question {
  verification: string
  code: string
}

/** Gives the proof that goes with a submission. @throws Refused; the same whether the code was never sent, has expired, or was used */
export async function checkCode(asker: Asker, answer: Answer) {
  const { adapters, config, live, client, now } = asker
  const { agency, version } = live
  await take(adapters.verifying.rates.tried, client ?? '', now)
  const { way, value } = addressOf(asker, answer)
  const proved = { service: version.service, way, value }
  const secrets = secretsOf(adapters.keys.pepper, agency.id)
  const idHash = hashOf(answer.verification)
  const held = await agency.tryVerification(version.service, idHash, now.toISOString())
  // The code was for another address: it proves nothing of this one.
  if (!held || !isSame(held.valueMac, secrets.valueMac(proved))) throw new Refused(422, 'verification-over')
  if (!isSame(held.codeMac, secrets.codeMac(idHash, answer.code)))
    throw new Refused(422, held.triesLeft > 0 ? 'verification-wrong' : 'verification-over', { params: { count: held.triesLeft } })
  // Of two that come at once with the same code one is late.
  if (!(await agency.endVerification(idHash))) throw new Refused(422, 'verification-over')
  // Whoever saves what is not finished need not do it again.
  const until = new Date(now.getTime() + (config.draftDays + 1) * 24 * 3600_000)
  return { proof: secrets.prove(proved, until), expiresAt: until.toISOString() }
}
