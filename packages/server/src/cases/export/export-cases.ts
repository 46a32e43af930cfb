/**
 * All cases of a service as a stream. Rows are fetched when the reader asks for more, a few megabytes at a time, so that a
 * million of them need no more room than a thousand. The audit log says who took how many and what for before the first row
 * goes out, whether or not the last one does.
 */
import type { Program } from '@guichet/core'
import type { Adapters } from '../../adapters.ts'
import { sealAuditNote } from '../../audit/note.ts'
import { takeExport } from '../../erasure/approvals.ts'
import { exportTakesTwo } from '../../erasure/terms.ts'
import { Refused } from '../../problem.ts'
import type { AgencyStore, Deed, ExportedSubmission } from '../../store/store.ts'
import { caseBox, openAnswers, openOutcome } from '../case-box.ts'
import { lineOf } from '../open-case.ts'
import { askToRead, type Reading, type Sight } from '../reading.ts'
import { revealedAnswers, revealedOutcome } from '../revealed.ts'
import { type Column, columnsOf, type ExportRow } from './columns.ts'
import { csvLine } from './csv.ts'

export type ExportFormat = 'csv' | 'jsonl'

export interface ExportRequest {
  service: string
  format: ExportFormat
  purpose: string | undefined
  /** A mark at the start by which some spreadsheet programs know UTF-8. */
  byteOrderMark: boolean
}

/** Sealed bytes fetched at once, about. */
const bytesAtOnce = 250_000
const mostRows = 200
const longestPurpose = 200

/** @throws Refused 400 without a purpose; 404 for a service that was never published */
export async function exportCases(
  adapters: Adapters,
  agency: AgencyStore,
  request: ExportRequest,
  by: Deed,
  reading: Reading,
): Promise<ReadableStream<Uint8Array>> {
  const { service, format, byteOrderMark } = request
  const purpose = request.purpose?.trim() ?? ''
  if (purpose === '' || purpose.length > longestPurpose || /\p{Cc}/u.test(purpose))
    throw new Refused(400, 'shape', { errors: [{ pointer: '/purpose', code: purpose === '' ? 'shape.missing' : 'shape.invalid' }] })
  const versions = (await agency.versions(service)).toReversed()
  if (versions.length === 0) throw new Refused(404, 'not-found')
  const { sees } = await askToRead(adapters, agency, service, 'export', reading, by)
  const programs = new Map<number, Program>()
  for (const { version } of versions) {
    const live = await adapters.live.find(agency.id, service, version)
    if (live) programs.set(version, live.program)
  }
  // The right of one person to look is no right to carry everything away.
  if (exportTakesTwo(await adapters.live.find(agency.id, service))) await takeExport(agency, service, by)
  const columns = columnsOf([...programs.values()], sees)
  const { count, last } = await agency.exportScope(service)
  // The words of an officer may name somebody: the log holds a commitment to them.
  const { commitment, note } = sealAuditNote(adapters, agency.id, purpose, new Date(by.at))
  await agency.audit('submission.exported', `service:${service}`, { ...by, details: { count, format, purpose: commitment }, note })

  const encoder = new TextEncoder()
  const head = format === 'csv' ? `${byteOrderMark ? '\ufeff' : ''}${csvLine(columns.map(({ name }) => name))}` : ''
  const rows = last === null ? null : batches(agency, service, last)
  return new ReadableStream<Uint8Array>(
    {
      start(controller) {
        if (head !== '') controller.enqueue(encoder.encode(head))
      },
      async pull(controller) {
        const next = rows ? await rows.next() : null
        if (!next || next.done) return controller.close()
        const text = next.value.map((row) => lineIn(format, columns, open(adapters, agency, row, programs.get(row.version), sees))).join('')
        await adapters.store.settled()
        controller.enqueue(encoder.encode(text))
      },
      async cancel() {
        await rows?.return(undefined)
      },
    },
    // One portion in hand at most, and none before it is asked for.
    { highWaterMark: 1 },
  )
}

/** Fewer rows at once where rows are large. */
async function* batches(agency: AgencyStore, service: string, last: string): AsyncGenerator<ExportedSubmission[]> {
  let after = ''
  for (let size = 20; ; ) {
    const rows = await agency.submissionsBetween(service, after, last, size)
    if (rows.length > 0) yield rows
    if (rows.length < size) return
    after = rows.at(-1)?.id ?? last
    const largest = Math.max(...rows.map(({ answers, outcome }) => answers.byteLength + outcome.byteLength))
    size = Math.max(1, Math.min(mostRows, 2 * size, Math.floor(bytesAtOnce / largest)))
  }
}

function open(adapters: Adapters, agency: AgencyStore, submission: ExportedSubmission, program: Program | undefined, sees: Sight['sees']): ExportRow {
  const { decidedAt, amendments, amendedAt } = submission
  const line = { ...lineOf(submission), decidedAt, amendments, amendedAt }
  try {
    const box = caseBox(adapters, agency.id, submission)
    if (!program) throw new Error('A case is of a version that is not there.')
    return {
      line,
      content: { answers: revealedAnswers(program, openAnswers(box, submission), sees), outcome: revealedOutcome(program, openOutcome(box, submission), sees) },
    }
  } catch (error) {
    // Erased ones are told as such; one that was tampered with stops the export.
    if (error instanceof Refused && error.code === 'erased') return { line, content: null }
    throw error
  }
}

function lineIn(format: ExportFormat, columns: readonly Column[], row: ExportRow): string {
  if (format === 'csv') return csvLine(columns.map(({ value }) => value(row)))
  const { line, content } = row
  return `${JSON.stringify({ ...line, answers: content?.answers ?? null, computed: content?.outcome.computed ?? null, fee: content?.outcome.fee ?? null })}\n`
}
