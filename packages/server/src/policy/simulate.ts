/**
 * Puts what is known of past submissions before another policy. Known is what was kept when they came, none of it personal:
 * the audit event says when, from which page and how many bytes; the files’ rows say how large and of which type they are.
 * No answer is opened. The address of the client is never kept, so that what looks at it cannot be put to the test.
 */
import { compile, type FieldTypes, upgrade } from '@guichet/core'
import { fieldTypes } from '@guichet/fields/field-types'
import type { Policy } from '@guichet/schemas'
import { localMoment } from '../clock.ts'
import type { Progress } from '../commands/progress.ts'
import { mediaTypes } from '../files/file-kind.ts'
import { limitsAt } from '../files/limits.ts'
import { placesOf } from '../intake/places.ts'
import type { AgencyStore, VersionRecord } from '../store/store.ts'
import { capacity } from './capacity/rule.ts'
import { encryption } from './encryption/rule.ts'
import { origins } from './origins/rule.ts'
import type { AdmitEvidence, FileEvidence, RequestBody, Rule } from './rule.ts'
import { rules } from './rules.ts'
import { settlePolicy } from './settle.ts'
import { size } from './size/rule.ts'
import { uploads } from './uploads/rule.ts'
import { openingWindow } from './window/rule.ts'

export interface WouldBeRefused {
  submission: string
  receivedAt: string
  rule: string
  code: string
}

export interface Simulation {
  looked: number
  refused: readonly WouldBeRefused[]
  /** Rules that would be asked about a submission, and that nothing kept can say anything about. */
  untested: readonly string[]
}

interface Facts {
  submission: string
  receivedAt: string
  /** Null: a program sent it. Undefined: not kept, as of submissions before it was. */
  origin: string | null | undefined
  sameOrigin: boolean
  bytes: number | undefined
}

/** What can be put to the test; a slot is an answer, and what is nested how deep is not kept. */
const testable: readonly Rule[] = [origins, size, openingWindow, uploads, capacity, encryption]

/** Of the service’s last submissions, oldest first. */
export async function simulate(
  agency: AgencyStore,
  version: VersionRecord,
  policy: Policy,
  last: number,
  progress: Progress['show'] = () => {},
): Promise<Simulation> {
  const known = Object.fromEntries(Object.entries(policy.rules ?? {}).filter(([name]) => testable.some((rule) => rule.name === name)))
  const settled = settlePolicy({ ...policy, rules: known }, testable)
  const definition = upgrade(version.definition)
  const program = compile(definition, fieldTypes as unknown as FieldTypes)
  const { timeZone } = definition.locale
  const taken = new Map<string, number>()
  const refused: WouldBeRefused[] = []
  const facts = await factsOf(agency, version.service, last, progress)
  for (const [i, { submission, receivedAt, origin, sameOrigin, bytes }] of facts.entries()) {
    progress(i, facts.length, 'submissions')
    const now = new Date(receivedAt)
    const refuse = (rule: string, code: string) => refused.push({ submission, receivedAt, rule, code })
    const evidence: AdmitEvidence = {
      purpose: 'submit',
      agency: agency.id,
      service: version.service,
      origin: origin ?? null,
      sameOrigin,
      client: null,
      signedIn: null,
      proved: async () => false,
      trap: null,
      now,
      localNow: localMoment(now, timeZone),
      window: definition.window,
      body: bytes === undefined ? null : bodyOf(bytes),
    }
    const asked = [...(origin === undefined ? [] : [origins.name]), ...(bytes === undefined ? [] : [size.name]), openingWindow.name]
    const turnedAway = (await settled.admit(evidence, asked)) ?? (await settled.inspect({ files: await filesOf(agency, submission, program) }))
    if (turnedAway) {
      refuse(turnedAway.rule, turnedAway.code)
      continue
    }
    // Answers stay closed: only what counts them all, or those of a day, can be told.
    const places = placesOf({ agency, version: { ...version, definition }, policy: settled }, {}, now)
    const full = places.find(({ counter, most }) => (taken.get(counter) ?? 0) >= most)
    if (full) refuse(capacity.name, full.full.code)
    else for (const { counter } of places) taken.set(counter, (taken.get(counter) ?? 0) + 1)
  }
  const untested = rules
    .filter(({ name, stage }) => ['admit', 'inspect', 'claim'].includes(stage) && !testable.some((rule) => rule.name === name))
    .map(({ name }) => name)
  return { looked: facts.length, refused, untested }
}

const atOnce = 500

async function factsOf(agency: AgencyStore, service: string, last: number, progress: Progress['show']): Promise<Facts[]> {
  const found: Facts[] = []
  const end = (await agency.auditHead())?.sequence ?? 0
  for (let after = 0; ; ) {
    const events = await agency.auditEvents(after, atOnce)
    for (const { action, object, time, details = {}, sequence } of events) {
      after = sequence
      if (action !== 'submission.received' || details.service !== service) continue
      const { channel, origin, bytes } = details
      found.push({
        submission: object.replace(/^submission:/, ''),
        receivedAt: time,
        origin: typeof origin === 'string' ? origin : channel === 'embedded' || channel === 'assisted' ? undefined : null,
        sameOrigin: channel === 'web',
        bytes: typeof bytes === 'number' ? bytes : undefined,
      })
    }
    if (found.length > last) found.splice(0, found.length - last)
    progress(after, end, 'audit log')
    if (events.length < atOnce) return found
  }
}

/** As large as it was, with nothing in it: the size that is declared decides before it is read. */
const bodyOf = (declared: number): RequestBody => ({ declared, read: async () => new TextEncoder().encode('{}') })

async function filesOf(agency: AgencyStore, submission: string, program: Parameters<typeof limitsAt>[0]): Promise<FileEvidence[]> {
  return (await agency.attachmentsOf(submission)).map((row) => {
    const { accept, maxBytes } = limitsAt(program, row.target) ?? {}
    const kind = Object.keys(mediaTypes).find((name) => mediaTypes[name]?.includes(row.type)) ?? null
    return { size: row.size, kind, declared: row.type, name: '', accept, maxBytes, picture: null }
  })
}
