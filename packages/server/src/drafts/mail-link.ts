/**
 * The code of a draft by mail: a link that opens what was saved on any device. The code stands after the `#`, which no server
 * is sent; ours has it, and the address, for as long as the message is on its way, sealed under a key that is not in the
 * database, and both are deleted when it has arrived. Of a sealed service nothing is sent: its server must not be able to read.
 */
import { hkdfSync } from 'node:crypto'
import { pickText } from '@guichet/core'
import type { Adapters } from '../adapters.ts'
import { newId, newSecret } from '../codes.ts'
import type { Config } from '../config.ts'
import { type Delivered, type Delivery, permanent } from '../deliveries/delivery.ts'
import { oneLine, openMail } from '../deliveries/email/mail.ts'
import { digestOf } from '../digest.ts'
import type { Keys } from '../keys/key-folder.ts'
import { openBytes, sealBytes } from '../keys/seal-box.ts'
import { languages, say } from '../messages.ts'
import type { Limited } from '../policy/rate/rates.ts'
import { Refused } from '../problem.ts'
import type { LiveService } from '../services/live.ts'
import { mayReturn, type ReturnAsker } from '../sign-in/road.ts'
import type { AgencyId, Store } from '../store/store.ts'
import { draftHashOf } from './drafts.ts'
import { mailKeyOf } from './mail-key.ts'

export const draftMailKind = 'draft-link'

/** How long it is tried to be delivered; then it is deleted. */
const lasts = 60 * 60_000

export const codePattern = '^[0-9A-HJKMNP-TV-Z]{26}$'

interface Message {
  to: string
  link: string
  language: string
  title: string
  agency: string
  /** Until when the draft is kept, in words. */
  until: string
}

/** The id of the draft that a code opens, as the browser works it out. */
export const idOfCode = (code: string, agency: string, service: string): string =>
  Buffer.from(hkdfSync('sha256', code, `guichet draft|${agency}/${service}`, 'id', 32)).toString('base64url')

export interface LinkAsked {
  code: string
  /** Address to send to. */
  to: string
  /** The page that the person is on. */
  return: string
}

export interface LinkAsker extends ReturnAsker {
  config: Config
  /** Of the draft, from the address of the request. */
  id: string
}

async function take(limit: Limited, name: string, now: Date) {
  const wait = await limit.take(name, now.getTime())
  if (wait > 0) throw new Refused(429, 'rate', { headers: { 'Retry-After': String(Math.ceil(wait / 1000)) } })
}

/** Whether drafts of a service can be mailed. */
export const canMailDrafts = ({ verifying }: Pick<Adapters, 'verifying'>, { sealed }: Pick<LiveService, 'sealed'>) =>
  sealed === null && verifying.ways.has('email')

/** Puts the link into the outbox. Says the same whether anybody has the address. @throws Refused */
export async function mailDraftLink(asker: LinkAsker, { code, to, return: back }: LinkAsked, language: string): Promise<void> {
  const { adapters, service: live, client, now, id } = asker
  const { agency, version } = live
  if (!canMailDrafts(adapters, live)) throw new Refused(404, 'not-found')
  const { rates } = adapters.verifying
  await take(rates.asked, client ?? '', now)
  // What is mailed opens this very draft, and leads to a page that may show it: no stranger's words go out in our name.
  if (idOfCode(code, agency.id, version.service) !== id) throw new Refused(404, 'draft-unknown')
  const draft = await agency.savedDraft(version.service, draftHashOf(id), now.toISOString())
  if (!draft) throw new Refused(404, 'draft-unknown')
  if (!(await mayReturn(asker, back))) throw new Refused(422, 'return-address')
  const address = digestOf('guichet draft link|', adapters.keys.pepper, to.toLowerCase())
  await take(rates.again, `${client ?? ''}/${agency.id}/${address}`, now)
  await take(rates.address, `${client ?? ''}/${agency.id}/${address}`, now)
  // Told to nobody: it would say that somebody else has asked.
  const silent = (await rates.everybody.take(`${agency.id}/${address}`, now.getTime())) > 0
  const spent = silent ? 0 : await rates.budget(agency.id, 'email', now.getTime())
  if (spent > 0) throw new Refused(429, 'rate', { headers: { 'Retry-After': String(Math.ceil(spent / 1000)) } })
  if (silent) return

  const link = new URL(back)
  link.hash = `guichet-draft=${version.service}.${code}`
  const { definition } = version
  const order = [language, ...definition.languages]
  const text = (texts: Parameters<typeof pickText>[0]) => oneLine(pickText(texts, order).text)
  const spoken = languages.includes(language) ? language : 'en'
  const { calendar, timeZone } = definition.locale
  const until = new Intl.DateTimeFormat(spoken, { calendar, timeZone, dateStyle: 'long' }).format(new Date(draft.expiresAt))
  const message: Message = { to, link: link.href, language: spoken, title: text(definition.title), agency: text(definition.agency.name), until }
  const idHash = digestOf('guichet draft link|', newSecret())
  await agency.addVerification({
    idHash,
    service: version.service,
    // No code is asked for: this row is a message that is sent, and nothing else.
    valueMac: '',
    codeMac: '',
    triesLeft: 0,
    message: sealBytes(mailKeyOf(adapters.keys.pepper, agency.id), idHash, Buffer.from(JSON.stringify(message))),
    expiresAt: new Date(now.getTime() + lasts).toISOString(),
    outbox: { id: newId(now), kind: draftMailKind, destination: 'mail', payload: Buffer.from(JSON.stringify({ message: idHash })) },
    at: now.toISOString(),
  })
  adapters.bell.ring(agency.id)
}

/** Sends what stands in the outbox, and deletes it as soon as it has arrived or never will. */
export function draftLinkDelivery({ config, store, keys }: { config: Config; store: Store; keys: Keys }): Delivery {
  const mail = openMail(config)
  return {
    fault: () => 'delivery-unknown',
    plan: () => () => [],
    async deliver(payload, { agency: name, id, now, signal }): Promise<Delivered> {
      const agency = store.agency(name as AgencyId)
      const idHash = String(Object(payload).message)
      const sealed = await agency.verificationMessage(idHash, now.toISOString())
      if (!sealed) return permanent('expired')
      if (!mail) return permanent('no-mail-server')
      const { to, link, language, ...words } = JSON.parse(Buffer.from(openBytes(mailKeyOf(keys.pepper, name), idHash, sealed)).toString()) as Message
      const said = (part: string) => say(language, `draft.mail.${part}`, words)
      const text = [said('open'), link, said('until'), said('secret'), said('notYou'), said('automatic'), words.agency].join('\n\n')
      const delivered = await mail({ to, subject: said('subject'), text, language, id }, signal)
      if (delivered.state !== 'retry') await agency.endVerification(idHash)
      return delivered
    },
  }
}
