/** A case as a file to be kept, printed or handed on. Whoever takes it has opened the case: the same rules, the same entry on the audit log. */
import type { Adapters } from '../adapters.ts'
import { findSubmission, openCase, versionOf } from '../cases/open-case.ts'
import type { Reading } from '../cases/reading.ts'
import { createLimitedWorker, Overrun } from '../limited-worker.ts'
import { Refused } from '../problem.ts'
import type { AgencyStore, Deed } from '../store/store.ts'
import { casePaper } from './case-paper.ts'
import type { Paper } from './paper.ts'
import { createPlaces } from './places.ts'

/** What the worker says: the file, or null where it would have too many pages. */
export type Printed = Uint8Array<ArrayBuffer> | null

/** Fonts and shapes are in the worker alone, which is there while somebody asks. */
const inWorker = createLimitedWorker<Paper, Printed>(new URL('./print-worker.ts', import.meta.url), { cpu: 20_000, wall: 60_000, memory: 384 })

/**
 * The one worker prints one after the other, and whoever waits for it has opened a case that is held in memory meanwhile. So
 * there are few at a time, and whoever is too many is told so before the case is opened: then nothing was read.
 */
const places = createPlaces({ all: 12, ofOne: 6 })
/** Seconds after which it is worth another try: most take less than one. */
const tryAgain = 10

/** Characters of a paper that are handed to the worker at most. */
export const mostCharacters = 2_000_000

const lengthOf = ({ blocks }: Paper) => {
  let length = 0
  for (const block of blocks) {
    if (block.kind !== 'pairs') length += block.said.text.length
    else for (const { label, values } of block.pairs) length += label.text.length + values.reduce((sum, { text }) => sum + text.length, 0)
  }
  return length
}

export interface PrintedCase {
  file: Uint8Array<ArrayBuffer>
  name: string
}

/** @throws Refused, as opening the case does; 422 where it is too large for one; 503 where too many are asked for at once */
export async function printCase(
  adapters: Adapters,
  agency: AgencyStore,
  id: string,
  by: Deed,
  { reading, title, now }: { reading: Reading; title: string; now: Date },
): Promise<PrintedCase> {
  const leave = places.take(agency.id)
  if (!leave) throw new Refused(503, 'paper-busy', { headers: { 'Retry-After': String(tryAgain) } })
  try {
    const opened = await openCase(adapters, agency, id, { ...by, details: { ...by.details, format: 'pdf' } }, reading)
    const live = await versionOf(adapters, agency, await findSubmission(agency, id))
    const paper = casePaper({ opened, live, agency: title, language: reading.language, now })
    return { file: await print(paper, agency.id), name: `${opened.service}-${id.slice(-8)}.pdf` }
  } finally {
    leave()
  }
}

async function print(paper: Paper, agency: string): Promise<Uint8Array<ArrayBuffer>> {
  const tooLarge = new Refused(422, 'paper-too-large')
  if (lengthOf(paper) > mostCharacters) throw tooLarge
  try {
    const printed = await inWorker(paper, agency)
    if (printed) return printed
  } catch (error) {
    if (!(error instanceof Overrun)) throw error
  }
  throw tooLarge
}
