/** One file to the server: in one request, or a large one in parts. */
import type { Progress, UploadedFile } from '@guichet/fields/field-view'
import { type Exchanged, exchange } from './exchange.ts'
import { aborted, isFull, line, mayComeThrough, mostRefusals } from './line.ts'
import { Refused, refusalOf } from './transport.ts'

/** Bytes of a part, and of what still goes in one request: a break of the line costs no more than this. */
export const partBytes = 1_048_576

/** Without a sign of life for so long the line is gone, whatever the browser thinks. */
const patience = 60_000

/** While there is no line it waits, and goes on by itself. @throws Refused; AbortError */
export async function sendFile(service: string, file: File, target: string, progress: Progress, signal: AbortSignal): Promise<UploadedFile> {
  if (file.size > partBytes) return (await import('./send-parts.ts')).sendInParts(service, file, target, progress, signal)
  let refusals = 0
  for (let breaks = 0; ; breaks++) {
    try {
      return arrivedFrom(
        await exchange(
          {
            service,
            method: 'POST',
            address: attachmentAt(service, file, target),
            headers: { 'content-type': typeOf(file) },
            body: file,
            sent: (bytes, total) => progress(total > 0 ? bytes / total : 0),
            patience,
          },
          signal,
        ),
      )
    } catch (error) {
      if (signal.aborted || !mayComeThrough(error) || isFull(error) || (error instanceof Refused && ++refusals > mostRefusals)) throw error
      progress(0, { waiting: true })
      await Promise.race([line(breaks), aborted(signal)])
      if (signal.aborted) throw new DOMException('aborted', 'AbortError')
    }
  }
}

/** Where a file is begun. `service`: the service's address, ending in a slash. */
export const attachmentAt = (service: string, { name }: File, target: string) => `${service}attachments?${new URLSearchParams({ target, name })}`
export const typeOf = ({ type }: File) => type || 'application/octet-stream'

/** @throws Refused */
export function arrivedFrom({ status, text }: Pick<Exchanged, 'status' | 'text'>): UploadedFile {
  if (status !== 201) throw refusalOf(status, text)
  return JSON.parse(text)
}
