/**
 * The way to a provider and back, by the whole page: pop-ups are blocked and frames refused, and no cookie of ours is let
 * through on a foreign page. Before the page is left, what was answered is put into a sealed box of this browser, and a secret
 * into this tab alone; the code that comes back in the address opens with that secret.
 */
import { base64url } from './draft-box.ts'
import { type DraftContent, draftContent } from './draft-content.ts'
import { dropBox, holdBox, openBoxAt } from './sealed-boxes.ts'
import { read } from './transport.ts'
import type { Visit } from './visit.ts'

export interface Session {
  session: string
  expiresAt: string
  provider: string
  level: string
  name: string | null
  fields: Readonly<Record<string, string | number | boolean>>
}

const codeParameter = 'guichet-sign-in'
const faultParameter = 'guichet-sign-in-fault'
/** What was answered is given back for so long. */
const keptFor = 60 * 60_000

interface Left {
  content: DraftContent
  at: number
}

const placeOf = (address: string) => `${address}#sign-in`

/** In our own frame the page around says what its address is, and what came back in it (isolated.ts). */
const framed = () => new URLSearchParams(location.hash.slice(1))

/** What the browser came back with; taken out of the address, which people copy and keep. */
function takeReturned() {
  const around = framed()
  const url = new URL(location.href)
  const from = around.has('page') ? around : url.searchParams
  const found = { code: from.get(codeParameter), fault: from.get(faultParameter) }
  for (const name of [codeParameter, faultParameter]) from.delete(name)
  if (around.has('page')) url.hash = around.toString()
  if (found.code !== null || found.fault !== null) history.replaceState(history.state, '', url)
  return found
}
/** Several services may stand on a page; the one that was left for it takes it up. */
let returned: ReturnType<typeof takeReturned> | undefined

/** The page that the person sees, and comes back to. */
export const pageAround = () => framed().get('page') ?? location.href

/** Leaves for the provider. @throws Refused when it cannot begin, and another error when nothing could be kept */
export async function leave(visit: Visit, provider: string): Promise<void> {
  const { address = '' } = visit.transport
  const verifier = base64url(crypto.getRandomValues(new Uint8Array(32)))
  const challenge = base64url(new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(verifier))))
  const begun = await read<{ address: string }>(
    fetch(`${address}sign-in`, {
      method: 'POST',
      credentials: 'omit',
      signal: AbortSignal.timeout(30_000),
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ provider, challenge, return: pageAround(), language: visit.words.language }),
    }),
  )
  const left: Left = { content: draftContent(visit, visit.step()), at: Date.now() }
  await holdBox(placeOf(address), left)
  sessionStorage.setItem(placeOf(address), verifier)
  visit.safe()
  if (framed().has('page')) parent.postMessage({ guichet: 'leave', address: begun.address }, '*')
  else location.assign(begun.address)
}

export interface Back {
  /** What was answered before; null: nothing was kept. */
  content: DraftContent | null
  /** Why nobody is signed in. Null: somebody may be. */
  fault: string | null
  /** Asks for the session; absent where no code has come. */
  exchange?(): Promise<Session>
}

/** Null unless this tab has left for a provider from here. */
export async function comeBack(address: string): Promise<Back | null> {
  returned ??= takeReturned()
  const place = placeOf(address)
  let verifier: string | null = null
  try {
    verifier = sessionStorage.getItem(place)
    sessionStorage.removeItem(place)
  } catch {
    // Storage is blocked: nobody has left from here.
  }
  if (verifier === null) return null
  const left = (await openBoxAt(place).catch(() => null)) as Left | null
  await dropBox(place).catch(() => {})
  const { code, fault } = returned
  returned = { code: null, fault: null }
  return {
    content: left && Math.abs(Date.now() - left.at) < keptFor ? left.content : null,
    fault,
    ...(code === null
      ? {}
      : {
          exchange: () =>
            read<Session>(
              fetch(`${address}sign-in/session`, {
                method: 'POST',
                credentials: 'omit',
                signal: AbortSignal.timeout(30_000),
                headers: { 'content-type': 'application/json' },
                body: JSON.stringify({ code, verifier }),
              }),
            ),
        }),
  }
}

/** More time, by the session that one has. @throws Refused when there is none to be had */
export const extendSession = (address: string, session: string) =>
  read<Pick<Session, 'session' | 'expiresAt'>>(
    fetch(`${address}sign-in/extension`, {
      method: 'POST',
      credentials: 'omit',
      signal: AbortSignal.timeout(30_000),
      headers: { authorization: `Bearer ${session}` },
    }),
  )

/** Signs out at the server. What does not get through ends by itself within the hour. */
export const endSession = (address: string, session: string) =>
  fetch(`${address}sign-in/end`, { method: 'POST', credentials: 'omit', keepalive: true, headers: { authorization: `Bearer ${session}` } }).catch(() => {})
