/**
 * A large file, part by part, as "Resumable Uploads for HTTP" (draft-ietf-httpbis-resumable-upload) has it. What the server
 * has acknowledged is never sent again: when the line is gone, or the server is being started anew, it is asked how far it
 * has come, and goes on from there.
 */
import type { Progress, UploadedFile } from '@guichet/fields/field-view'
import { type Asked, type Exchanged, exchange } from './exchange.ts'
import { aborted, isFull, line, mayComeThrough, mostRefusals } from './line.ts'
import { arrivedFrom, attachmentAt, partBytes, typeOf } from './send-file.ts'
import { Refused, refusalOf } from './transport.ts'
import { keepUnfinished, takeUnfinished } from './unfinished.ts'

/** Without a sign of life for so long the line is gone, whatever the browser thinks. */
const patience = 30_000
/** The last part is answered when the file was put together and looked at. */
const lastPatience = 180_000
/** Times that it is begun again. */
const mostAnew = 2
/** The least that the server takes of all parts but the last. */
const leastPart = 65_536
/** Milliseconds within which a part has arrived on a line that bears larger ones. */
const quick = 8000
/** Of a larger file no digest is made: it would have to be in memory as a whole. */
const largestDigested = 134_217_728

/** How far the server says that it has come. */
interface State {
  offset: number
  arrived?: UploadedFile
}

/** @throws Refused; AbortError, and then nothing of the file is left */
export async function sendInParts(service: string, file: File, target: string, progress: Progress, signal: AbortSignal): Promise<UploadedFile> {
  const ask = (asked: Omit<Asked, 'service' | 'patience'>, last = false) => exchange({ service, ...asked, patience: last ? lastPatience : patience }, signal)
  const tell = (offset: number, waiting = false) => progress(file.size > 0 ? offset / file.size : 0, { waiting })
  let place = takeUnfinished(service, target, file)
  // Gone on with from an earlier visit: of how much, the server says.
  let known = place === null
  let offset = 0
  let [breaks, refusals, anew] = [0, 0, 0]
  /** Of the next part: a slow line gets smaller ones, so that each arrives in the time that a request has. */
  let size = partBytes
  try {
    for (;;) {
      try {
        if (place === null) {
          place = await begin(ask, service, file, target)
          offset = 0
        } else if (!known) {
          const state: State = await look(ask, place)
          if (state.arrived) return state.arrived
          offset = state.offset
        }
        known = true
        keepUnfinished(service, { target, name: file.name, size: file.size, modified: file.lastModified, place, done: offset / file.size })
        tell(offset)
        const from: number = offset
        const began = performance.now()
        const answer = await append(ask, place, file, [from, Math.min(file.size, from + size)], (bytes) => tell(Math.min(file.size, from + bytes)))
        if (answer.status === 201) return arrivedFrom(answer)
        if (answer.status !== 204) throw refusalOf(answer.status, answer.text)
        offset = Number(answer.header('upload-offset') ?? Number.NaN)
        known = Number.isSafeInteger(offset)
        breaks = refusals = 0
        if (performance.now() - began < quick) size = Math.min(partBytes, size * 2)
      } catch (error) {
        if (signal.aborted) throw error
        known = false
        const kind = error instanceof Refused ? error.problem.type.split(/[/#]/).at(-1) : ''
        // Its time was over, or it was not this file after all: once more from the beginning.
        if (place !== null && (kind === 'upload-unknown' || (kind === 'digest' && error instanceof Refused && error.problem.status === 422))) {
          if (++anew > mostAnew) throw error
          place = null
          continue
        }
        const goesOn = ['mismatching-upload-offset', 'completed-upload', 'digest', 'incomplete'].includes(kind ?? '')
        if (!goesOn && (!mayComeThrough(error) || isFull(error))) throw error
        if (error instanceof Refused && ++refusals > mostRefusals) throw error
        if (goesOn) continue
        size = Math.max(leastPart, size / 2)
        tell(offset, true)
        await Promise.race([line(breaks++), aborted(signal)])
        if (signal.aborted) throw error
      }
    }
  } catch (error) {
    if (signal.aborted && place) void giveUp(service, place)
    throw signal.aborted ? new DOMException('aborted', 'AbortError') : error
  } finally {
    takeUnfinished(service, target, file)
  }
}

type Ask = (asked: Omit<Asked, 'service' | 'patience'>, last?: boolean) => Promise<Exchanged>

/** Gives its address. @throws Refused */
async function begin(ask: Ask, service: string, file: File, target: string): Promise<string> {
  const headers = { 'content-type': typeOf(file), 'upload-complete': '?0', 'upload-length': String(file.size) }
  const { status, text, header } = await ask({ method: 'POST', address: attachmentAt(service, file, target), headers })
  const place = header('location')
  if (status !== 201 || place === null) throw refusalOf(status, text)
  return new URL(place, new URL(service, document.baseURI)).href
}

/** @throws Refused */
async function look(ask: Ask, place: string): Promise<State> {
  const { status, text } = await ask({ method: 'GET', address: place })
  if (status !== 200) throw refusalOf(status, text)
  const { offset, attachment } = JSON.parse(text) as { offset: number; attachment?: UploadedFile }
  return { offset, arrived: attachment }
}

async function append(ask: Ask, place: string, file: File, [offset, end]: [from: number, end: number], sent: (bytes: number) => void): Promise<Exchanged> {
  const body = file.slice(offset, end)
  const last = end === file.size
  const headers: Record<string, string> = {
    'content-type': 'application/partial-upload',
    'upload-offset': String(offset),
    'upload-complete': last ? '?1' : '?0',
  }
  // The browser's cryptography is there in secure contexts only.
  if (crypto.subtle) {
    headers['content-digest'] = await digestOf(body)
    if (last && file.size <= largestDigested) headers['repr-digest'] = await digestOf(file)
  }
  return ask({ method: 'PATCH', address: place, headers, body, sent }, last)
}

/** As RFC 9530 writes it. */
async function digestOf(blob: Blob): Promise<string> {
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', await blob.arrayBuffer()))
  return `sha-256=:${btoa(String.fromCharCode(...digest))}:`
}

/** What it says does not matter: what is not given up here goes by its time. */
const giveUp = (service: string, address: string) => exchange({ service, method: 'DELETE', address, patience }, new AbortController().signal).catch(() => {})
