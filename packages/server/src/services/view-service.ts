/** A published service as the runtime gets it: one language, today, and whether it is open. */
import { localise, type Program, pickText } from '@guichet/core'
import { lookOf } from '@guichet/core/theme'
import { saidLater } from '@guichet/fields/usual'
import { localDate, localMoment } from '../clock.ts'
import { digestOf } from '../digest.ts'
import { chooseLanguage } from '../language.ts'
import { fieldMessages, readMessages, type TypeMessages } from '../messages.ts'
import { openingAt } from '../policy/window/opening.ts'
import { offeredBy } from '../sign-in/road.ts'
import type { SignIns } from '../sign-in/sign-ins.ts'
import { verifiedFields } from '../verification/verified-fields.ts'
import type { WebFolders } from '../web.ts'
import { withoutPictures } from './example-picture.ts'
import { isPaged, withoutLists } from './list-page.ts'
import type { LiveService } from './live.ts'

export function viewService(
  live: LiveService,
  asked: string | undefined,
  accepts: string | undefined,
  now: Date,
  web: WebFolders,
  outside: TypeMessages = {},
  signIns: SignIns | null = null,
) {
  const { agency, version, whole, sealed } = live
  const { definition } = version
  const language = chooseLanguage(asked, accepts, definition.languages)
  const { timeZone } = definition.locale
  const open = openingAt(definition.window, localMoment(now, timeZone))
  return {
    agency: agency.id,
    service: version.service,
    version: version.version,
    digest: version.digest,
    language,
    languages: definition.languages,
    today: localDate(now, timeZone),
    ...(sealed ? { sealed: { clear: sealed.clear } } : {}),
    open,
    ...asksOf(live, signIns, [language, ...definition.languages]),
    definition: localise(withoutPictures(withoutLists(definition, whole.nodes.values()), { agency: agency.id, version: version.version }), language),
    ...(definition.agency.colours || definition.agency.theme ? { look: lookOf(definition.agency) } : {}),
    messages: messagesFor(language, whole, open.state === 'open', web, outside),
  }
}

/** What the policy wants the page to bring along; nothing, where it wants nothing. */
function asksOf(live: LiveService, signIns: SignIns | null, order: readonly string[]) {
  const { signIn, proofOfWork, honeypot } = live.policy.asks
  const asks = {
    ...(verifiedFields(live.whole).length > 0 ? { codes: true } : {}),
    ...([...live.whole.nodes.values()].some(isPaged) ? { lists: true } : {}),
    ...(proofOfWork === undefined ? {} : { proofOfWork: true }),
    ...(honeypot ? { honeypot } : {}),
    ...(signIn
      ? {
          signIn: {
            demand: signIn.demand,
            level: signIn.level,
            providers: (signIns ? offeredBy({ signIns }, live) : []).map(({ id, title }) => ({ id, title: pickText(title, order).text })),
            fields: Object.keys(signIn.fills),
          },
        }
      : {}),
  }
  return Object.keys(asks).length > 0 ? { asks } : {}
}

/**
 * Strings of the runtime, and of the field types that the service uses, without those that it cannot come to as it is today:
 * the first page waits for all of them. The runtime brings those of its later screens and of wrong answers.
 */
function messagesFor(language: string, { nodes, definition }: Program, open: boolean, web: WebFolders, outside: TypeMessages) {
  const types = new Set([...nodes.values()].map(({ field }) => field.type))
  const ofTypes = Object.entries(fieldMessages(language, outside)).filter(([key]) => types.has(key.split('.')[0] as string) && !saidLater(key))
  const all = [...nodes.values()]
  const { stages = [], documents = [], languages, locale, fee, guide } = definition
  const terms = new Set(stages.flatMap(({ term }) => (term ? [term.unit] : [])))
  const lists = documents.length > 0 || guide?.questions?.length
  const unsaid = [
    !all.some(({ rows }) => rows) && /^rows\./,
    !locale.shownUnit && /^money\.alsoShown$/,
    open && /^start\.(closed|notYet|opens)$/,
    !all.some(({ field: { purpose, legalBasis } }) => purpose || legalBasis) && /^why$/,
    ![...all.map(({ field }) => field), ...documents].some(({ optional }) => optional) && /^optional$/,
    languages.length < 2 && /^languages$/,
    !guide?.audience && /^start\.audience$/,
    documents.length === 0 && !all.some(({ type }) => type.attachments) && /^upload\.unreachable$/,
    stages.length === 0 && /^next\.title$/,
    ...['hours', 'days', 'workingDays'].map((unit) => !terms.has(unit as never) && new RegExp(`^term\\.${unit}$`)),
    terms.size === 0 && /^start\.handling$/,
    !lists && /^start\.documents/,
    !fee?.lines?.length && /^start\.costDepends$/,
    !(open && definition.window) && /^start\.closes$/,
    locale.calendar !== 'persian' && !all.some(({ field }) => field.calendar === 'persian') && /^date.*\.(?:meant|labelPicker)$/,
  ].filter((pattern) => pattern !== false)
  const ofAll = Object.entries(readMessages(web.runtimeMessages, language))
  return Object.fromEntries([...ofAll, ...ofTypes].filter(([key]) => !unsaid.some((pattern) => pattern.test(key))))
}

/** Changes when anything a reader sees does. */
export const entityTag = (text: string) => `W/"${digestOf(text).slice('sha256-'.length, 'sha256-'.length + 22)}"`
