/** The agency's register of processing activities (GDPR Art. 30(1)), made of what its published services say. */
import { pickText, type Text, upgrade } from '@guichet/core'
import { dataSheet, type SheetChange, sheetChanges } from '@guichet/core/data-sheet'
import type { Adapters } from '../adapters.ts'
import { csvLine } from '../cases/export/csv.ts'
import { say } from '../messages.ts'
import type { LiveService } from '../services/live.ts'
import type { AgencyStore } from '../store/store.ts'

/** One activity; the letters are those of Art. 30(1). What nobody has said is an empty list or null, and shown as missing. */
export interface Activity {
  service: string
  version: number
  publishedAt: string
  /** (a) */
  controller: { name: string; contact: string | null; officer: string | null }
  title: string
  /** (b) */
  purposes: string[]
  legalBases: string[]
  /** (c) */
  people: string | null
  data: { kind: string; items: string[] }[]
  /** (d) */
  recipients: string[]
  /** (e) */
  transfers: { to: string; country: string; safeguards: string | null }[]
  /** (f) */
  erased: { months: number; because: string | null } | null
  /** (g) */
  security: string[]
  /** Since the version before, in words. */
  changes: string[]
}

const text = (value: Text | null | undefined, languages: readonly string[]): string | null => {
  const said = value ? pickText(value, languages).text : ''
  return said === '' ? null : said
}
const texts = (values: readonly Text[], languages: readonly string[]) => values.flatMap((value) => text(value, languages) ?? [])

/** The sentence of a change. */
export const sayChange = (language: string, { code, label }: SheetChange, languages: readonly string[]) =>
  say(language, `privacy.change.${code}`, { name: text(label, languages) ?? '' })

/** How what is sent in is kept: follows from the policy and from what nobody can switch off. */
export function securityOf(language: string, live: LiveService): string[] {
  const mode = live.sealed ? 'sealed' : encryptionOf(live)
  return [`privacy.security.${mode}`, 'privacy.security.access', 'privacy.security.log'].map((key) => say(language, key))
}
function encryptionOf({ version }: LiveService): 'none' | 'at-rest' {
  const rules = (version.policy.rules ?? {}) as { encryption?: { mode?: string } }
  return rules.encryption?.mode === 'none' ? 'none' : 'at-rest'
}

function contactOf(live: LiveService, languages: readonly string[]): string | null {
  const contact = live.version.definition.agency.contact as Record<string, unknown> | undefined
  const parts = Object.values(contact ?? {}).flatMap((value) =>
    typeof value === 'string' ? [value] : typeof value === 'object' && value !== null ? (text(value as Text, languages) ?? []) : [],
  )
  return parts.length > 0 ? parts.join(', ') : null
}

export async function activityOf(live: LiveService, language: string): Promise<Activity> {
  const { definition, service, version, publishedAt } = live.version
  const languages = [language, ...definition.languages]
  const sheet = dataSheet(definition)
  const before = version > 1 ? await live.agency.version(service, version - 1) : null
  return {
    service,
    version,
    publishedAt,
    controller: { name: text(definition.agency.name, languages) ?? '', contact: contactOf(live, languages), officer: text(sheet.officer, languages) },
    title: text(definition.title, languages) ?? service,
    purposes: texts(sheet.purposes, languages),
    legalBases: texts(sheet.legalBases, languages),
    people: text(sheet.people, languages),
    data: sheet.kinds.map((kind) => ({
      kind: say(language, `privacy.kind.${kind}`),
      items: sheet.items.filter((item) => item.kind === kind).map(({ label, id }) => text(label, languages) ?? id),
    })),
    recipients: texts(
      sheet.recipients.map(({ name }) => name),
      languages,
    ),
    transfers: sheet.recipients.flatMap(({ name, country, safeguards }) =>
      country ? [{ to: text(name, languages) ?? '', country, safeguards: text(safeguards, languages) }] : [],
    ),
    erased: sheet.keptMonths === null ? null : { months: sheet.keptMonths, because: text(sheet.keptBecause, languages) },
    security: securityOf(language, live),
    changes: before ? sheetChanges(dataSheet(upgrade(before.definition)), sheet).map((change) => sayChange(language, change, languages)) : [],
  }
}

/** Every published service that the reader may see, in order of its name. */
export async function registerOf({ live }: Pick<Adapters, 'live'>, agency: AgencyStore, language: string): Promise<Activity[]> {
  const activities: Activity[] = []
  for (const { service } of await agency.published()) {
    const found = await live.find(agency.id, service)
    if (found) activities.push(await activityOf(found, language))
  }
  return activities
}

export const columns = ['title', 'controller', 'purposes', 'legalBases', 'people', 'data', 'recipients', 'transfers', 'erased', 'security', 'changes'] as const

/** A cell of the register, in words. */
export function cellOf(language: string, activity: Activity, column: (typeof columns)[number]): string[] {
  const { controller, data, transfers, erased, people, title } = activity
  if (column === 'title') return [title]
  if (column === 'controller')
    return [controller.name, ...(controller.contact ? [controller.contact] : []), ...(controller.officer ? [controller.officer] : [])]
  if (column === 'people') return people === null ? [] : [people]
  if (column === 'data') return data.map(({ kind, items }) => `${kind}: ${items.join(', ')}`)
  if (column === 'transfers') return transfers.map(({ to, country, safeguards }) => [`${to} (${country})`, ...(safeguards ? [safeguards] : [])].join(': '))
  if (column === 'erased')
    return erased === null ? [] : [say(language, 'privacy.months', { count: erased.months }), ...(erased.because ? [erased.because] : [])]
  return activity[column]
}

export const registerCsv = (language: string, activities: readonly Activity[]): string =>
  [
    csvLine(
      ['service', 'version', ...columns].map((name) =>
        name === 'service' || name === 'version' || name === 'title' ? name : say(language, `privacy.${name}`),
      ),
    ),
    ...activities.map((activity) => csvLine([activity.service, activity.version, ...columns.map((column) => cellOf(language, activity, column).join('; '))])),
  ].join('')
