/** The one road in. There is no other way to a row in `submissions`. */
import { type ProblemCode, Refused } from '../problem.ts'
import { Conflict } from '../store/store.ts'
import { admit, isKey, readSubmission } from './admit.ts'
import { wholeAnswer } from './answer.ts'
import { type IdempotencyKey, idempotencyKey } from './idempotency.ts'
import { inspect } from './inspect.ts'
import { record } from './record.ts'
import { seal } from './seal.ts'
import type { Intake } from './stages.ts'
import { validateAnswers } from './validate.ts'

/**
 * A request that has not ended after this long has probably died with its process, and the key is free for whoever asks
 * again. Should it live: of two that work on one key only one is recorded, and the other is told to ask for its answer.
 */
const deadAfter = 2_000

/** Refusals that an earlier try of the same may not have met. */
const passing: ReadonlySet<ProblemCode> = new Set(['closed', 'proof-needed', 'sign-in-ended', 'sign-in-needed'])

/** Gives the bytes of the 201. @throws Refused */
export async function submit(intake: Intake): Promise<Uint8Array> {
  const { agency, version } = intake.service
  const keyOf = (key: string, bytes: Uint8Array) => idempotencyKey(key, `${agency.id}|${version.service}`, bytes, intake.adapters.keys.pepper)

  const { stage } = intake.adapters.traces
  let admitted: Awaited<ReturnType<typeof admit>>
  try {
    admitted = await stage('admit', () => admit(intake))
  } catch (error) {
    // What was taken before the window closed, or while somebody was still signed in, is answered again after it: a lost
    // answer is not the citizen's fault.
    const given = intake.idempotencyKey
    if (!(error instanceof Refused) || !passing.has(error.code) || !given) throw error
    const earlier = await claim(intake, keyOf(given, await readSubmission(intake)))
    if (earlier) return earlier
    await agency.releaseKey(version.service, keyOf(given, await readSubmission(intake)).hash)
    throw error
  }

  const key = keyOf(admitted.key, admitted.bytes)
  const earlier = await claim(intake, key)
  if (earlier) return earlier
  try {
    await intake.adapters.quotas.submission(agency, version.definition.locale.timeZone, intake.now)
    const valid = await stage('validate', () => validateAnswers(admitted))
    const clean = await stage('inspect', () => inspect(valid))
    const sealed = await stage('seal', () => seal(clean))
    const { answer } = await stage('record', () => record(sealed, key))
    return answer
  } catch (error) {
    // Refused answers are corrected and sent again, with the same key if the client likes.
    await agency.releaseKey(version.service, key.hash)
    if (error instanceof Conflict) {
      if (error.kind === 'claimed') throw new Refused(422, 'answers', { errors: [{ pointer: '/documents', code: 'file.missing' }] })
      throw new Refused(409, 'key-running')
    }
    throw error
  }
}

/**
 * Sees to it that what was sent under a key, and got no answer, is not recorded later: the citizen has changed it, and
 * sends something else instead. Gives the bytes of its 201 if it has been recorded already. @throws Refused
 */
export async function withdraw(intake: Pick<Intake, 'adapters' | 'service' | 'now' | 'idempotencyKey'>): Promise<Uint8Array | null> {
  const { agency, version } = intake.service
  const given = intake.idempotencyKey
  if (!isKey(given)) throw new Refused(400, 'key-missing')
  const key = idempotencyKey(given, `${agency.id}|${version.service}`, new Uint8Array(), intake.adapters.keys.pepper)
  const state = await agency.withdrawKey(
    { service: version.service, keyHash: key.hash, at: intake.now.toISOString() },
    new Date(intake.now.getTime() - deadAfter).toISOString(),
  )
  if (state.state === 'running') throw new Refused(409, 'key-running', { headers: { 'Retry-After': '1' } })
  return state.state === 'done' ? wholeAnswer(key.open(state.answer).toString()) : null
}

/** The answer given before, or null: the key is ours now. @throws Refused */
async function claim({ service, now }: Intake, key: IdempotencyKey): Promise<Uint8Array | null> {
  const state = await service.agency.claimKey(
    { service: service.version.service, keyHash: key.hash, bodyMac: key.bodyMac, at: now.toISOString() },
    new Date(now.getTime() - deadAfter).toISOString(),
  )
  if (state.state === 'running') throw new Refused(409, 'key-running', { headers: { 'Retry-After': '1' } })
  if (state.state === 'other-body') throw new Refused(422, 'key-reused')
  return state.state === 'done' ? wholeAnswer(key.open(state.answer).toString()) : null
}
