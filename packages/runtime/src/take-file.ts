/** A file that was chosen: sent, noted, and what went wrong in words. */
import type { Uploader } from '@guichet/fields/field-view'
import { isFull } from './line.ts'
import { partBytes } from './send-file.ts'
import { Refused, sentenceOf } from './transport.ts'
import type { Visit } from './visit.ts'

/** @throws Error with a sentence for the person; an AbortError as it is */
export async function takeFile({ transport, words, files, typed }: Visit, ...[file, target, progress, signal]: Parameters<Uploader['upload']>) {
  const isLarge = file.size > partBytes
  try {
    // Now, while there is a line: what is said when it is gone cannot be fetched then.
    const tell = await import('./upload-told.ts').then(
      ({ teller }) => teller(words, file.name, isLarge),
      () => null,
    )
    let begun = false
    const told: typeof progress = (done, state) => {
      progress(done, tell ? tell(done, state?.waiting ?? false) : state)
      // Where it goes is known now, and a draft keeps it.
      if (isLarge && !begun) transport.drafts?.keep()
      begun = true
    }
    const arrived = await (transport.upload as Uploader['upload'])(file, target, told, signal)
    files.set(arrived.id, arrived)
    typed()
    return arrived
  } catch (error) {
    if (signal.aborted) throw error
    // It is not gone on with: the draft need not keep where it was.
    if (isLarge) transport.drafts?.keep()
    if (isFull(error)) throw new Error(words.message('upload.full'))
    throw new Error((error instanceof Refused && sentenceOf(error)) || words.message(error instanceof Refused ? 'upload.failed' : 'upload.unreachable'))
  }
}
