/**
 * Delivers what stands in the outbox. Every replica runs one. A row is leased before it is touched; when a replica dies its
 * leases end and another one delivers, under the same id, by which the receiver knows it again. Deliveries to one place
 * never wait for those to another, and a place that fails is asked by one at a time until it answers.
 */
import { randomUUID } from 'node:crypto'
import type { Adapters } from '../adapters.ts'
import { type Delivered, permanent, retry } from '../deliveries/delivery.ts'
import { outgoing, within } from '../policy/outgoing/rule.ts'
import type { AgencyId, ClaimedDelivery } from '../store/store.ts'
import { longestWait, pauseAfter, pauseUntil, tries } from './back-off.ts'
import { openPayload } from './payload.ts'

export interface OutboxOptions {
  /** How often all agencies are looked at, for what other replicas left and what is due again. */
  lookEveryMs?: number
  leaseMs?: number
  /** A try that takes longer has failed. Less than the lease, so that nobody tries at the same time. */
  tryMs?: number
  /** Deliveries under way at a time: in all, and to one place. */
  atOnce?: number
  perDestination?: number
  /** Time that tries under way have to end when the worker stops. */
  patienceMs?: number
  random?: () => number
}

export interface OutboxWorker {
  /** Looks at every agency, and resolves when nothing that is due now is left or under way. */
  settle(): Promise<void>
  /** Claims no more, and resolves when nothing is under way. */
  stop(): Promise<void>
}

export function startOutbox(
  { store, keys, clock, log, deliveries, bell, live, egress }: Pick<Adapters, 'store' | 'keys' | 'clock' | 'log' | 'deliveries' | 'bell' | 'live' | 'egress'>,
  { lookEveryMs = 5_000, leaseMs = 25_000, tryMs = 20_000, atOnce = 64, perDestination = 4, patienceMs = 5_000, random = Math.random }: OutboxOptions = {},
): OutboxWorker {
  /** No more claims. */
  let closing = false
  /** Nor any more patience. */
  const stopping = new AbortController()
  /** Tries and looks that have not ended. */
  const underWay = new Set<Promise<void>>()
  let trying = 0
  /** How many tries are under way to each place of an agency. */
  const busy = new Map<string, number>()
  /** Places whose last try failed. */
  const failing = new Set<string>()
  /** Agencies that are being looked at; true: look again at the end. */
  const looking = new Map<AgencyId, boolean>()

  const placeOf = (agency: AgencyId, destination: string) => `${agency} ${destination}`

  const attempt = async (agency: AgencyId, claimed: ClaimedDelivery): Promise<Delivered> => {
    const delivery = Object.hasOwn(deliveries, claimed.kind) ? deliveries[claimed.kind] : undefined
    // A replica that is older than the one that planned it.
    if (!delivery) return retry('kind-unknown')
    let payload: ReturnType<typeof openPayload>
    try {
      payload = openPayload(keys, agency, claimed)
    } catch {
      return permanent('sealed')
    }
    const signal = AbortSignal.any([stopping.signal, AbortSignal.timeout(tryMs)])
    const ended = Promise.withResolvers<Delivered>()
    const end = () => ended.resolve(retry(stopping.signal.aborted ? 'stopped' : 'timeout'))
    signal.addEventListener('abort', end)
    if (signal.aborted) end()
    try {
      const policy = (await live.find(agency, claimed.service))?.policy
      const allowed = policy?.terms(outgoing) ?? { allow: [] }
      const context = { id: claimed.id, agency, egress: within(egress, allowed), now: clock.now(), attempt: claimed.attempts, signal }
      return await Promise.race([delivery.deliver(payload, context), ended.promise])
    } catch (error) {
      log.error({ err: error, kind: claimed.kind }, 'a delivery failed unexpectedly')
      return retry('failed')
    } finally {
      signal.removeEventListener('abort', end)
    }
  }

  const settleOne = async (agency: AgencyId, claimed: ClaimedDelivery, lease: string, result: Delivered) => {
    const { id, kind, destination, attempts } = claimed
    const now = clock.now()
    const by = { actor: 'system', at: now.toISOString() }
    const of = store.agency(agency)
    const about = { delivery: id, kind, destination, attempts }
    if (result.state === 'done') {
      await of.finishDelivery(id, lease, by)
      log.info(about, 'delivered')
      return
    }
    const reason = /^[a-z0-9-]{1,40}$/.test(result.reason) ? result.reason : 'failed'
    if (result.state === 'permanent' || attempts >= tries) {
      await of.buryDelivery(id, lease, reason, by)
      log.warn({ ...about, reason }, 'delivery given up')
      return
    }
    // When we stop, another replica need not wait.
    const pause = stopping.signal.aborted ? 0 : Math.max(result.after ? pauseUntil(result.after, now) : 0, pauseAfter(attempts, random()))
    await of.retryDelivery(id, lease, new Date(now.getTime() + pause).toISOString(), reason)
    log.info({ ...about, reason, seconds: Math.round(pause / 1000) }, 'delivery failed')
  }

  const run = async (agency: AgencyId, claimed: ClaimedDelivery, lease: string) => {
    const place = placeOf(agency, claimed.destination)
    const result = await attempt(agency, claimed)
    if (result.state === 'retry') failing.add(place)
    else failing.delete(place)
    try {
      await settleOne(agency, claimed, lease, result)
    } catch (error) {
      // The lease ends by itself, and then it is tried again.
      log.error({ err: error, kind: claimed.kind }, 'the outbox could not be written')
    }
  }

  const track = (work: Promise<void>) => {
    const tracked = work.finally(() => underWay.delete(tracked))
    underWay.add(tracked)
  }

  const start = (agency: AgencyId, claimed: ClaimedDelivery, lease: string) => {
    const place = placeOf(agency, claimed.destination)
    trying++
    busy.set(place, (busy.get(place) ?? 0) + 1)
    track(
      run(agency, claimed, lease).finally(() => {
        trying--
        const left = (busy.get(place) ?? 1) - 1
        if (left > 0) busy.set(place, left)
        else busy.delete(place)
        look(agency)
      }),
    )
  }

  /** Destinations of an agency that have all the tries they may have at a time. */
  const full = (agency: AgencyId) =>
    [...busy]
      .filter(([place, count]) => place.startsWith(`${agency} `) && count >= (failing.has(place) ? 1 : perDestination))
      .map(([place]) => place.slice(agency.length + 1))

  /** One for each place that is not full; false if there was none. */
  const claim = async (agency: AgencyId): Promise<boolean> => {
    const limit = atOnce - trying
    if (limit <= 0 || closing) return false
    const lease = randomUUID()
    const now = clock.now()
    const claimed = await store.agency(agency).claimDeliveries({
      lease,
      now: now.toISOString(),
      until: new Date(now.getTime() + leaseMs).toISOString(),
      limit,
      perDestination: 1,
      skip: full(agency),
      farAfter: new Date(now.getTime() + longestWait).toISOString(),
    })
    for (const delivery of claimed) start(agency, delivery, lease)
    return claimed.length > 0
  }

  const lookAt = async (agency: AgencyId) => {
    try {
      let found = false
      do {
        looking.set(agency, false)
        found = await claim(agency)
      } while (found || looking.get(agency))
    } catch (error) {
      log.error({ err: error }, 'the outbox could not be read')
    } finally {
      looking.delete(agency)
    }
  }

  /** One look at an agency at a time, so that the limits hold. */
  function look(agency: AgencyId) {
    if (closing) return
    if (looking.has(agency)) looking.set(agency, true)
    else {
      looking.set(agency, false)
      track(lookAt(agency))
    }
  }

  const lookAtAll = async () => {
    try {
      for (const { id } of await store.agencies()) look(id)
    } catch (error) {
      log.error({ err: error }, 'the outbox could not be read')
    }
  }
  const allEnded = async () => {
    while (underWay.size > 0) await Promise.all(underWay)
  }

  const deafen = bell.onRing(look)
  const timer = setInterval(() => track(lookAtAll()), lookEveryMs * (0.9 + random() / 5)).unref()
  track(lookAtAll())

  return {
    async settle() {
      track(lookAtAll())
      await allEnded()
    },
    async stop() {
      closing = true
      clearInterval(timer)
      deafen()
      const impatient = setTimeout(() => stopping.abort(), patienceMs)
      await allEnded()
      clearTimeout(impatient)
    },
  }
}
