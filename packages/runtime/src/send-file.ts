/** One file to the server: in one request, or a large one in parts. */
import type { Progress, UploadedFile } from '@guichet/fields/field-view'
import { type Exchanged, exchange } from './exchange.ts'
import { refusalOf } from './transport.ts'

/** Bytes of a part, and of what still goes in one request: a break of the line costs no more than this. */
export const partBytes = 1_048_576

/** @throws Refused; TypeError when there was no answer; AbortError */
export async function sendFile(service: string, file: File, target: string, progress: Progress, signal: AbortSignal): Promise<UploadedFile> {
  if (file.size > partBytes) return (await import('./send-parts.ts')).sendInParts(service, file, target, progress, signal)
  const { status, text } = await exchange(
    {
      service,
      method: 'POST',
      address: attachmentAt(service, file, target),
      headers: { 'content-type': typeOf(file) },
      body: file,
      sent: (bytes, total) => progress(total > 0 ? bytes / total : 0),
    },
    signal,
  )
  return arrivedFrom({ status, text })
}

/** Where a file is begun. `service`: the service's address, ending in a slash. */
export const attachmentAt = (service: string, { name }: File, target: string) => `${service}attachments?${new URLSearchParams({ target, name })}`
export const typeOf = ({ type }: File) => type || 'application/octet-stream'

/** @throws Refused */
export function arrivedFrom({ status, text }: Pick<Exchanged, 'status' | 'text'>): UploadedFile {
  if (status !== 201) throw refusalOf(status, text)
  return JSON.parse(text)
}
