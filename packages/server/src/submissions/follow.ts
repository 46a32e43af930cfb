/** What whoever has the tracking code may see of a case. */
import { type Locale, pickText } from '@guichet/core'
import type { Adapters } from '../adapters.ts'
import { caseBox, openOutcome } from '../cases/case-box.ts'
import { readCode } from '../codes.ts'
import { digestOf } from '../digest.ts'
import type { KeptOutcome } from '../intake/seal.ts'
import { chooseLanguage } from '../language.ts'
import { Refused } from '../problem.ts'
import type { LiveService } from '../services/live.ts'
import type { SubmissionRecord } from '../store/store.ts'

export interface StatusView {
  agency: string
  service: string
  title: string
  /** Language of the texts. */
  language: string
  submission: string
  receivedAt: string
  status: string
  stage?: { id: string; label: string; unit?: string }
  stages: { id: string; label: string; state: 'done' | 'current' | 'ahead' | 'skipped' }[]
  fee?: KeptOutcome['fee']
  /** How dates and money of the service are written. */
  locale: Pick<Locale, 'timeZone' | 'calendar' | 'currency' | 'decimals'>
}

/** The case of a code, whichever agency it is with. A wrong code and an unknown one are the same answer. @throws Refused */
export async function findCase(adapters: Adapters, typed: string): Promise<{ live: LiveService; submission: SubmissionRecord }> {
  const code = readCode(typed)
  const hash = digestOf(code ?? '')
  for (const { id } of await adapters.store.agencies()) {
    const submission = await adapters.store.agency(id).submissionByReference(hash)
    const live = submission && code && (await adapters.live.find(id, submission.service, submission.version))
    if (live) return { live, submission }
  }
  throw new Refused(404, 'code-unknown')
}

export function statusView(
  adapters: Adapters,
  { live, submission }: { live: LiveService; submission: SubmissionRecord },
  asked: string | undefined,
  accepts: string | undefined,
): StatusView {
  const { definition } = live.version
  const language = chooseLanguage(asked, accepts, definition.languages)
  const text = (value: Parameters<typeof pickText>[0]) => pickText(value, [language, ...definition.languages]).text
  const { fee } = openOutcome(caseBox(adapters, live.agency.id, submission), submission)
  const stages = definition.stages ?? []
  const { timeZone, calendar, currency, decimals } = definition.locale
  const at = stages.findIndex(({ id }) => id === submission.stage)
  const current = stages[at]
  const unit = current?.unit ? definition.agency.units?.[current.unit] : undefined
  return {
    agency: live.agency.id,
    service: live.version.service,
    title: text(definition.title),
    language,
    submission: submission.id,
    receivedAt: submission.receivedAt,
    status: submission.status,
    ...(current ? { stage: { id: current.id, label: text(current.label), ...(unit ? { unit: text(unit) } : {}) } } : {}),
    // Nothing has moved yet: what stands before the first stage was passed over by the route.
    stages: stages.map(({ id, label }, i) => ({ id, label: text(label), state: at < 0 || i < at ? 'skipped' : i === at ? 'current' : 'ahead' })),
    ...(definition.fee ? { fee } : {}),
    locale: { timeZone, calendar, currency, decimals },
  }
}
