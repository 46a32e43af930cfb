/** A request that tells how far it has come, which fetch does not. */
import { trusts } from './along.ts'
import { refusalOf } from './transport.ts'

export interface Asked {
  /** The service's address, ending in a slash: what it asks to come along goes along. */
  service: string
  method: string
  address: string
  headers?: Readonly<Record<string, string>>
  body?: Blob
  /** Told as bytes leave. */
  sent?(bytes: number, total: number): void
  /** Milliseconds without a sign of life after which the line counts as gone. Absent: the browser decides. */
  patience?: number
}

export interface Exchanged {
  status: number
  text: string
  header(name: string): string | null
}

/** Rejects with a TypeError when there was no answer, with an AbortError when it was called off. */
export const exchange = ({ service, method, address, headers = {}, body, sent, patience }: Asked, signal: AbortSignal) =>
  new Promise<Exchanged>((resolve, reject) => {
    const request = new XMLHttpRequest()
    const trust = trusts.get(service)
    let timer = 0
    let late = false
    const alive = () => {
      if (patience === undefined) return
      clearTimeout(timer)
      timer = setTimeout(() => {
        late = true
        request.abort()
      }, patience) as unknown as number
    }
    const abort = () => request.abort()
    request.open(method, address)
    for (const [name, value] of Object.entries({ ...headers, ...trust?.along() })) request.setRequestHeader(name, value)
    request.upload.onprogress = ({ loaded, total, lengthComputable }) => {
      alive()
      sent?.(lengthComputable ? loaded : 0, total)
    }
    request.onload = () => {
      if (request.status >= 400) trust?.refused(refusalOf(request.status, request.responseText))
      resolve({ status: request.status, text: request.responseText, header: (name) => request.getResponseHeader(name) })
    }
    request.onerror = () => reject(new TypeError('network'))
    request.onabort = () => reject(late ? new TypeError('network') : new DOMException('aborted', 'AbortError'))
    request.onloadend = () => {
      clearTimeout(timer)
      signal.removeEventListener('abort', abort)
    }
    signal.addEventListener('abort', abort)
    if (signal.aborted) reject(new DOMException('aborted', 'AbortError'))
    else {
      alive()
      request.send(body ?? null)
    }
  })
