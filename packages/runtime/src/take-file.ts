/** A file that was chosen: sent, noted, and what went wrong in words. */
import type { Uploader } from '@guichet/fields/field-view'
import { partBytes } from './send-file.ts'
import { Refused, sentenceOf } from './transport.ts'
import type { Visit } from './visit.ts'

/** @throws Error with a sentence for the person; an AbortError as it is */
export async function takeFile({ transport, words, files, typed }: Visit, ...[file, target, progress, signal]: Parameters<Uploader['upload']>) {
  try {
    const tell = file.size > partBytes ? (await import('./upload-told.ts')).teller(words, file.name) : null
    let begun = false
    const told: typeof progress = (done, state) => {
      progress(done, tell ? tell(done, state?.waiting ?? false) : state)
      // Where it goes is known now, and a draft keeps it.
      if (tell && !begun) transport.drafts?.keep()
      begun = true
    }
    const arrived = await (transport.upload as Uploader['upload'])(file, target, told, signal)
    files.set(arrived.id, arrived)
    typed()
    return arrived
  } catch (error) {
    if (signal.aborted) throw error
    throw new Error((error instanceof Refused && sentenceOf(error)) || words.message(error instanceof Refused ? 'upload.failed' : 'upload.unreachable'))
  }
}
