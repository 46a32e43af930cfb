/** One file to the server. XMLHttpRequest, because fetch tells nothing about how far a request has come. */
import type { UploadedFile } from '@guichet/fields/field-view'
import { trusts } from './along.ts'
import { refusalOf } from './transport.ts'

/** `service`: the service's address, ending in a slash. */
export const sendFile = (service: string, file: File, target: string, progress: (done: number) => void, signal: AbortSignal) =>
  new Promise<UploadedFile>((resolve, reject) => {
    const request = new XMLHttpRequest()
    const abort = () => request.abort()
    request.open('POST', `${service}attachments?${new URLSearchParams({ target, name: file.name })}`)
    request.setRequestHeader('content-type', file.type || 'application/octet-stream')
    const trust = trusts.get(service)
    for (const [name, value] of Object.entries(trust?.along() ?? {})) request.setRequestHeader(name, value)
    request.upload.onprogress = (event) => progress(event.lengthComputable && event.total > 0 ? event.loaded / event.total : 0)
    request.onload = () => {
      if (request.status === 201) resolve(JSON.parse(request.responseText))
      else {
        const refused = refusalOf(request.status, request.responseText)
        trust?.refused(refused)
        reject(refused)
      }
    }
    request.onerror = () => reject(new TypeError('network'))
    request.onabort = () => reject(new DOMException('aborted', 'AbortError'))
    request.onloadend = () => signal.removeEventListener('abort', abort)
    signal.addEventListener('abort', abort)
    if (signal.aborted) reject(new DOMException('aborted', 'AbortError'))
    else request.send(file)
  })
