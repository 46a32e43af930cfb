/**
 * One request to an object store: signed (AWS Signature Version 4, with the digest of the body in it), sent through the
 * one way out, and sent again after a pause where that may help.
 */
import { createHash } from 'node:crypto'
import { AwsV4Signer } from 'aws4fetch'
import { type Egress, EgressError, type EgressResponse } from '../../egress/egress.ts'
import { addressOf, type S3Place } from './place.ts'

export interface S3Request {
  method: 'GET' | 'PUT' | 'POST' | 'DELETE' | 'HEAD'
  /** Null: about the bucket. */
  key: string | null
  query?: Readonly<Record<string, string>>
  headers?: Readonly<Record<string, string>>
  body?: readonly Uint8Array[]
  /** Bytes of the answer that are read. */
  maxBytes?: number
  /** Statuses besides 2xx that are an answer and no failure. */
  expect?: readonly number[]
  /** Nobody depends on it: it is tried once, and not for long. */
  inPassing?: true
}

export interface Patience {
  /** Times that a request is sent at most. */
  tries: number
  /** Milliseconds before the second try; twice that before the next, and so on. */
  pauseMs: number
  /** For one try. */
  timeoutMs: number
  /** After this long it is not tried again. */
  totalMs: number
}

/** With jitter at most 3 seconds of pauses: a citizen waits. */
export const usualPatience: Patience = { tries: 4, pauseMs: 250, timeoutMs: 30_000, totalMs: 20_000 }
const longestPause = 5000
const inPassingMs = 5000

/** The object store could not do it. The message has its code, and neither key nor secret. */
export class S3Failure extends Error {
  readonly code = 'FILES_UNREACHABLE'
  readonly status: number | null
  /** S3's name for it, or ours. */
  readonly reason: string
  constructor(doing: string, status: number | null, reason: string) {
    super(`The object store failed to ${doing}: ${status === null ? reason : `${status} ${reason}`}`)
    this.status = status
    this.reason = reason
  }
}

export type Send = (request: S3Request) => Promise<EgressResponse>

/** Busy, restarting or cut off: a moment later it may be well. */
const mayPass = (status: number, code: string) => [429, 500, 502, 503, 504].includes(status) || code === 'RequestTimeout' || code === 'OperationAborted'
const egressPasses = ['name', 'connection', 'timeout']

export function createSend(place: S3Place, egress: Egress, now: () => Date, { tries, pauseMs, timeoutMs, totalMs }: Patience = usualPatience): Send {
  const { accessKeyId, secretAccessKey, region } = place
  // The signing key of the day takes four digests to make.
  let day = ''
  let cache = new Map<string, ArrayBuffer>()

  const once = async ({ method, key, query = {}, headers = {}, body, maxBytes, inPassing }: S3Request): Promise<EgressResponse> => {
    const url = addressOf(place, key)
    for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value)
    const datetime = now()
      .toISOString()
      .replace(/[:-]|\.\d{3}/g, '')
    if (datetime.slice(0, 8) !== day) {
      day = datetime.slice(0, 8)
      cache = new Map()
    }
    const signer = new AwsV4Signer({
      method,
      url: url.href,
      service: 's3',
      region,
      accessKeyId,
      secretAccessKey,
      datetime,
      cache,
      // A store takes no other body than the one whose digest was signed.
      headers: {
        ...headers,
        'X-Amz-Content-Sha256': digestOf('sha256', body ?? []).toString('hex'),
      },
    })
    const signed = await signer.sign()
    return egress.call({
      url: signed.url.href,
      method,
      headers: Object.fromEntries(signed.headers),
      pieces: body,
      timeoutMs: inPassing ? Math.min(timeoutMs, inPassingMs) : timeoutMs,
      maxBytes,
    })
  }

  return async (request) => {
    const began = performance.now()
    const doing = `${request.method} ${request.key === null ? 'the bucket' : 'a file'}`
    for (let tried = 1; ; tried++) {
      let failure: S3Failure
      let again: boolean
      try {
        const response = await once(request)
        if ((response.status >= 200 && response.status < 300) || request.expect?.includes(response.status)) return response
        const code = /<Code>([A-Za-z0-9.]{1,64})<\/Code>/.exec(Buffer.from(response.body).toString('utf8', 0, 4096))?.[1] ?? meaningOf(response.status)
        failure = new S3Failure(doing, response.status, code)
        again = mayPass(response.status, code)
      } catch (error) {
        if (!(error instanceof EgressError)) throw error
        failure = new S3Failure(doing, null, error.failure)
        again = egressPasses.includes(error.failure)
      }
      if (!again || request.inPassing || tried >= tries || performance.now() - began > totalMs) throw failure
      await new Promise((resolve) => setTimeout(resolve, Math.min(pauseMs * 2 ** (tried - 1), longestPause) * (0.5 + Math.random() / 2)))
    }
  }
}

export function digestOf(algorithm: 'sha256' | 'md5', pieces: readonly Uint8Array[]): Buffer {
  const hash = createHash(algorithm)
  for (const piece of pieces) hash.update(piece)
  return hash.digest()
}

/** An answer to HEAD has no body that would say more. */
const meaningOf = (status: number) => (status >= 300 && status < 400 ? 'redirected, the bucket is elsewhere' : status === 403 ? 'refused' : 'no reason given')
