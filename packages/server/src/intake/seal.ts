import type { SealedPart } from '@guichet/schemas'
import { type ClearPart, clearPart } from '@guichet/sealing/envelope'
import { newId, newIdEnding } from '../codes.ts'
import { canonical } from '../digest.ts'
import { newBox, openBox } from '../keys/seal-box.ts'
import type { Level } from '../sign-in/sign-in.ts'
import { placesOf } from './places.ts'
import type { Clean, Sealed } from './stages.ts'

/** Makes the box that the policy chooses, and what goes into it. It is closed where it is written (store.ts): many at once on another thread. */
export function seal(clean: Clean): Sealed {
  const { intake, answers, outcome, submission, verified, proved } = clean
  const { signedIn } = intake
  const { agency, policy, version } = intake.service
  const { sealed } = submission
  const id = sealed ? newIdEnding(intake.now, sealed.manifest.case) : newId(intake.now)
  const box = policy.seal({
    atRest: () => newBox(intake.adapters.keys.currentKek(agency.id, intake.now), `${agency.id}|${version.service}|${id}`),
    asIs: () => openBox,
  })
  const places = placesOf(intake.service, answers, intake.now, signedIn, intake.adapters.keys.pepper)
  const givesBack = places.flatMap(({ counter, givenBack }) => (givenBack ? [counter] : []))
  const kept: KeptOutcome = {
    documents: outcome.documents.map(({ document, copies }) => ({ id: document.id, copies })),
    computed: outcome.computed,
    fee: outcome.fee,
    route: outcome.route?.to ?? null,
    atDesk: submission.atDesk ?? [],
    ...(signedIn !== null && signedIn !== 'ended' ? { signIn: { provider: signedIn.provider, level: signedIn.level, fields: [...verified] } } : {}),
    ...(proved.length > 0 ? { proved: [...proved] } : {}),
    ...(givesBack.length > 0 ? { givesBack } : {}),
    ...(sealed ? { sealed: { part: sealed, clear: clearPart(submission) } } : {}),
  }
  return {
    clean,
    id,
    box,
    places,
    answers: canonical(answers),
    outcome: canonical(kept),
  } as unknown as Sealed
}

/** What is kept of the outcome; the rest stands in the version. */
export interface KeptOutcome {
  documents: { id: string; copies: number }[]
  computed: Record<string, unknown>
  fee: { lines: { id: string; amount: number; refundable: boolean }[]; total: number }
  route: string | null
  atDesk: string[]
  /** How the sender was signed in, and which answers come from there. */
  signIn?: { provider: string; level: Level; fields: string[] }
  /** Pointers of addresses and numbers that a code has shown to be the citizen's. */
  proved?: string[]
  /** Places that are free again when the case is rejected. Nobody's to read. */
  givesBack?: string[]
  /** Ids of files in whose place the citizen has handed in others since. */
  replaced?: string[]
  /** Of a sealed service: what only officers open, and what goes with it in the clear. In the same box as the rest, so that it is erased with it. */
  sealed?: { part: SealedPart; clear: ClearPart }
}
