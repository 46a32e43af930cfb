/**
 * Mails that officers asked for: when a colleague gives them a case, when terms run out, what there is to do each day. They
 * are thin: numbers and the way to the desk, nothing of any case and of nobody. Who wants which is their own setting; nobody
 * gets one who did not ask, and an agency may do without them.
 */

import { limitedTo } from '../access/limited.ts'
import { grantsOf, reachOf } from '../access/may.ts'
import type { Adapters } from '../adapters.ts'
import { countWork } from '../cases/work.ts'
import { localDate } from '../clock.ts'
import { newId } from '../codes.ts'
import type { Config } from '../config.ts'
import { type Delivered, type Delivery, done, permanent } from '../deliveries/delivery.ts'
import { openMail } from '../deliveries/email/mail.ts'
import { say } from '../messages.ts'
import type { OfficerMail } from '../store/officer-mail.ts'
import type { AgencyId, AgencyStore, Store, UserRecord } from '../store/store.ts'
import { stopToken } from './stop.ts'

export const officerMailKind = 'officer-mail'

const every = 60_000
/** Daily mails go out in the morning. */
const morning = 7
const dayMs = 86_400_000
const counted = 1000

/** What a mail tells; absent: nothing of that. No address: whoever it is for has one, or is not here any more. */
interface Told {
  user: string
  given?: number
  soon?: { count: number; days: number }
  digest?: { open: number; mine: number; free: number; overdue: number }
}

/** Whether mails are sent at all: there is a mail server, and the agency has not switched them off. */
export const sendsOfficerMail = async (agency: AgencyStore, { smtpUrl, mailFrom }: Pick<Config, 'smtpUrl' | 'mailFrom'>) =>
  smtpUrl !== null && mailFrom !== null && (await agency.profile())?.settings.officerMail !== false

/** The agency as far as somebody sees its cases; null: they work here no more, or see none. */
async function seenBy(agency: AgencyStore, user: UserRecord | null): Promise<AgencyStore | null> {
  const reach = user?.state === 'active' ? reachOf({ grants: grantsOf(user.memberships) }, 'case.list') : null
  return reach === null ? null : limitedTo(agency, reach)
}

/** Puts into the outbox what is to be told now, and gives how many mails that were. What goes wrong with one agency holds up no other. */
export async function lookForOfficerMail({ store, live, clock, log }: Pick<Adapters, 'store' | 'live' | 'clock' | 'log'>, config: Config): Promise<number> {
  let sent = 0
  for (const { id } of await store.agencies())
    try {
      sent += await lookInAgency(store.agency(id), live, config, clock.now())
    } catch (error) {
      log.error({ agency: id, err: error }, 'mails to officers were not looked at')
    }
  return sent
}

async function lookInAgency(agency: AgencyStore, live: Adapters['live'], config: Config, now: Date): Promise<number> {
  const subscribers = await agency.subscribers()
  if (subscribers.length === 0 || !(await sendsOfficerMail(agency, config))) return 0
  // An agency has no clock of its own: its first service's is looked at.
  const [first] = await agency.published()
  const service = first && (await live.find(agency.id, first.service))
  if (!first || !service) return 0
  const { timeZone } = service.version.definition.locale
  const hour = Number(new Intl.DateTimeFormat('en', { timeZone, hour: 'numeric', hourCycle: 'h23' }).format(now))
  const today = localDate(now, timeZone)
  let sent = 0
  for (const before of subscribers) {
    const daily = hour >= morning && before.toldOn < today
    if (before.given === 0 && !daily) continue
    const seen = await seenBy(agency, await agency.user(before.user))
    if (!seen) continue
    const told = { user: before.user, ...(before.given > 0 ? { given: before.given } : {}), ...(daily ? await ofTheDay(seen, before, now) : {}) }
    const after = { given: 0, toldOn: daily ? today : before.toldOn }
    const entry = { id: newId(now), kind: officerMailKind, destination: 'mail', payload: Buffer.from(JSON.stringify(told)) }
    if (await agency.tellOfficer(before, after, entry, first.service, now.toISOString())) sent++
  }
  return sent
}

/** Nothing, where there is nothing to do. */
async function ofTheDay(seen: AgencyStore, { user, days, digest }: OfficerMail, now: Date): Promise<Pick<Told, 'soon' | 'digest'>> {
  const dueBefore = new Date(now.getTime() + days * dayMs).toISOString()
  const soon = days === 0 ? 0 : await seen.countOpen({ assignee: user, dueFrom: now.toISOString(), dueBefore }, counted)
  const { open, mine, free, overdue } = digest ? await countWork(seen, user, undefined, now) : { open: 0, mine: 0, free: 0, overdue: 0 }
  return { ...(soon > 0 ? { soon: { count: soon, days } } : {}), ...(open > 0 ? { digest: { open, mine, free, overdue } } : {}) }
}

/** Sends what stands in the outbox, to whom it still is for. */
export function officerMailDelivery({ config, store, pepper }: { config: Config; store: Store; pepper: Uint8Array }): Delivery {
  const mail = openMail(config)
  return {
    fault: () => 'delivery-unknown',
    plan: () => () => [],
    async deliver(payload, { id, agency: name, signal }): Promise<Delivered> {
      const agency = store.agency(name as AgencyId)
      const { user: to, given, soon, digest } = payload as unknown as Told
      const [user, wish] = [await agency.user(to), await agency.officerMail(to)]
      // They have left, or want no mails any more, or the agency does not.
      if (!wish || !user || !(await seenBy(agency, user)) || !(await sendsOfficerMail(agency, config))) return done
      if (!mail) return permanent('no-mail-server')
      const said = (part: string, params: Parameters<typeof say>[2] = {}) => say(wish.language, `officer-mail.${part}`, params)
      const news = [...(given ? [said('given', { count: given })] : []), ...(soon ? [said('soon', soon)] : []), ...(digest ? [said('digest', digest)] : [])]
      if (news.length === 0) return done
      const stop = `${config.baseUrl}/desk/#/stop/${stopToken(pepper, name, to)}`
      const text = [...news, `${config.baseUrl}/desk/`, said('about'), `${said('stop')} ${stop}`].join('\n\n')
      return mail({ to: user.email, subject: said('subject'), text, language: wish.language, id }, signal)
    },
  }
}

/** Looks every minute until it is stopped. */
export function startOfficerMail(adapters: Adapters, config: Config): { stop(): Promise<void> } {
  let looking: Promise<unknown> = Promise.resolve()
  const timer = setInterval(() => {
    looking = looking
      .then(async () => {
        if (adapters.stopping || config.smtpUrl === null) return
        if ((await lookForOfficerMail(adapters, config)) > 0) for (const { id } of await adapters.store.agencies()) adapters.bell.ring(id)
      })
      .catch((error) => adapters.log.error({ err: error }, 'mails to officers were not looked at'))
  }, every).unref()
  return {
    async stop() {
      clearInterval(timer)
      await looking
    },
  }
}
