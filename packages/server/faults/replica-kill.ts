/**
 * T4: one of two replicas dies under load. Its clients go on with the other one, under the same keys, and what it had begun
 * to deliver the other one delivers.
 */
import type { ServerResponse } from 'node:http'
import { type HookReceiver, openHookReceiver } from '../src/testing/hook-receiver.ts'
import { type Acknowledged, newKey, newSending, post, readAcknowledged, type Sending } from './citizen.ts'
import { compareOnPostgres } from './compare.ts'
import type { Oddities } from './oddities.ts'
import type { Outcome } from './outcome.ts'
import { onPostgresPlace, type PostgresPlace } from './postgres-place.ts'
import { sleep, until } from './wait.ts'

const clients = 16
/** Once more by a client who takes a new key: the control. */
const impatient = 20
const short: Oddities = { outbox: { leaseMs: 3000, tryMs: 2900, lookEveryMs: 500 } }

/** `quick`: leases are short, for a test; else they are the real server's. */
export async function replicaKill({ quick = false } = {}): Promise<Outcome> {
  const hook = await openHookReceiver()
  try {
    return await onPostgresPlace({ deliveries: { webhook: { endpoints: [{ url: hook.url, events: ['submission.received'] }] } } }, async (place) => {
      const start = (odd?: Oddities) => place.start({ odd: odd ?? (quick ? short : undefined), env: { EGRESS_ALLOW: hook.place } })
      const effects = countEffects(hook)
      const real = await killOne(place, start, effects)
      const control = await withoutTakeOver(start, effects)
      const good =
        real.lost + real.duplicates === 0 && real.chainBreak === null && real.acknowledged > 2 * clients && real.leased > 0 && real.once === real.acknowledged
      return {
        good: good && real.doubled === impatient && control.stayed === control.sent,
        slow: real.windowMs > 3000 || real.takenOverMs > 30_000,
        line: `T4 one of two replicas killed: trials 1, acknowledged ${real.acknowledged}, lost ${real.lost}, duplicates ${real.duplicates}, chain ${real.chainBreak === null ? 'holds' : 'BROKEN'}, longest wait of a client ${real.windowMs} ms, effects exactly once ${real.once} of ${real.acknowledged}, ${real.leased} that the dead one held taken over within ${real.takenOverMs} ms; control (a client that tries again under a new key): duplicates ${real.doubled} of ${impatient}; control (nobody looks for what was left): effects that stayed ${control.stayed} of ${control.sent}`,
      }
    })
  } finally {
    await hook.close()
  }
}

type Start = (odd?: Oddities) => ReturnType<PostgresPlace['start']>

interface Effects {
  /** Ids under which a submission was told, of those that were answered. */
  of: Map<string, Set<string>>
  /** From now on nothing is answered. */
  hold(): void
  held(): number
  /** Answers whoever is still there. Gives the ids of which nobody was, and answers at once from now on. */
  release(): Set<string>
  /** When an id was first answered, of `performance.now()`. */
  at: Map<string, number>
}

function countEffects(hook: HookReceiver): Effects {
  const of: Effects['of'] = new Map()
  const at = new Map<string, number>()
  let held: { id: string; body: string; response: ServerResponse }[] | null = null
  const take = ({ id, body }: { id: string; body: string }) => {
    const submission: string = JSON.parse(body).data.submission
    of.set(submission, (of.get(submission) ?? new Set()).add(id))
    if (!at.has(id)) at.set(id, performance.now())
  }
  hook.answer = ({ id, body }, response) => {
    if (held) {
      held.push({ id, body, response })
      return false
    }
    take({ id, body })
    return 200
  }
  return {
    of,
    at,
    hold: () => (held = []),
    held: () => held?.length ?? 0,
    release() {
      const orphans = new Set<string>()
      for (const { id, body, response } of held ?? []) {
        if (response.destroyed || response.socket?.destroyed !== false) orphans.add(id)
        else {
          take({ id, body })
          response.writeHead(200).end()
        }
      }
      held = null
      return orphans
    },
  }
}

async function killOne(place: PostgresPlace, start: Start, effects: Effects) {
  // The first makes the tables and publishes the service.
  const [dying, other] = [await start(), await start()]
  const acknowledged: Acknowledged[] = []
  let windowMs = 0
  let stopping = false
  let dead = false
  let failure: unknown = null
  const servedAfter = new Set<number>()

  /** Sends until there is an answer, to the one and the other in turn. */
  const send = async (sending: Sending, first: string, second: string) => {
    let failedAt: number | null = null
    for (let i = 0; ; i++) {
      const answer = await post(i % 2 === 0 ? first : second, sending).catch(() => null)
      if (answer?.status === 201) {
        acknowledged.push(readAcknowledged(answer))
        if (failedAt !== null) windowMs = Math.max(windowMs, performance.now() - failedAt)
        return
      }
      if (answer && ![409, 503].includes(answer.status)) throw new Error(`unexpected ${answer.status} ${answer.text}`)
      failedAt ??= performance.now()
      await sleep(50)
    }
  }
  const citizens = Array.from({ length: clients }, async (_, client) => {
    try {
      for (let i = client; !stopping; i++) {
        const before = dead
        await send(newSending(), ...((i % 2 === 0 ? [dying.url, other.url] : [other.url, dying.url]) as [string, string]))
        if (before) servedAfter.add(client)
      }
    } catch (error) {
      failure ??= error
    }
  })
  const going = (holds: () => boolean) => () => failure !== null || holds()

  await until(
    'everybody is served',
    going(() => acknowledged.length > 2 * clients),
  )
  effects.hold()
  await until(
    'deliveries of both are under way',
    going(() => effects.held() >= 8),
  )
  const killedAt = performance.now()
  await dying.kill()
  dead = true
  await until(
    'everybody is served by the other one',
    going(() => servedAfter.size === clients),
  )
  stopping = true
  await Promise.all(citizens)
  if (failure) throw failure
  const orphans = effects.release()
  await until('every effect came', () => effects.of.size >= acknowledged.length, 90_000)
  const { lost, duplicates, chainBreak } = await compareOnPostgres(place.database, place.data, acknowledged)
  const once = acknowledged.filter(({ submission }) => effects.of.get(submission)?.size === 1).length
  const takenOverMs = Math.round(Math.max(...[...orphans].map((id) => (effects.at.get(id) ?? Infinity) - killedAt)))

  // A client that takes a lost answer for a failure, and begins anew.
  const again: Acknowledged[] = []
  for (let i = 0; i < impatient; i++) {
    const sending = newSending()
    await post(other.url, sending)
    again.push(readAcknowledged(await post(other.url, { ...sending, key: newKey() })))
  }
  const doubled = (await compareOnPostgres(place.database, place.data, [...acknowledged, ...again])).duplicates
  await other.stop()
  return {
    acknowledged: acknowledged.length,
    lost,
    duplicates,
    chainBreak,
    windowMs: Math.round(windowMs),
    once,
    leased: orphans.size,
    takenOverMs,
    doubled,
  }
}

/** The same, but the other replica never looks for what somebody else left. */
async function withoutTakeOver(start: Start, effects: Effects) {
  const lease = short.outbox?.leaseMs ?? 0
  const [dying, other] = [await start(short), await start({ outbox: { ...short.outbox, lookEveryMs: 3600_000 } })]
  const sent: Acknowledged[] = []
  effects.hold()
  while (sent.length < 6) sent.push(readAcknowledged(await post(dying.url, newSending())))
  await until('deliveries are under way', () => effects.held() >= 4)
  await dying.kill()
  effects.release()
  await sleep(lease + 2000)
  const stayed = sent.filter(({ submission }) => !effects.of.has(submission)).length
  await other.stop()
  return { sent: sent.length, stayed }
}
