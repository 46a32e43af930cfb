/** Metrics for Prometheus. Labels are patterns of routes, services and states: nothing personal, and never more than those. */
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client'
import type { Store } from '../store/store.ts'
import { commitsTogether, type Metrics } from './telemetry.ts'

const methods = new Set(['GET', 'HEAD', 'POST', 'PUT', 'DELETE', 'OPTIONS', 'PATCH'])
/** The database is not asked more often, however often somebody looks. */
const figuresFor = 10_000

export interface ReadyStore extends Pick<Store, 'figures' | 'check'> {}

export function openPrometheus(store: ReadyStore, now: () => Date): Metrics & { close(): void } {
  const registry = new Registry()
  const registers = [registry]
  collectDefaultMetrics({ register: registry })
  const requests = new Counter({
    name: 'guichet_http_requests_total',
    help: 'Requests answered, by the pattern of their address.',
    labelNames: ['method', 'route', 'status'] as const,
    registers,
  })
  const durations = new Histogram({
    name: 'guichet_http_request_duration_seconds',
    help: 'From the first byte that was looked at to the answer.',
    labelNames: ['method', 'route'] as const,
    buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
    registers,
  })
  const submissions = new Counter({
    name: 'guichet_submissions_total',
    help: 'Submissions that are on disk.',
    labelNames: ['agency', 'service'] as const,
    registers,
  })
  const groups = new Histogram({
    name: 'guichet_commit_changes',
    help: 'Changes that were committed together: one wait for the disk for many.',
    buckets: [1, 2, 4, 8, 16, 32, 64, 128],
    registers,
  })
  const heard = (message: unknown) => groups.observe(Number(message))
  commitsTogether.subscribe(heard)

  const deliveries = new Gauge({
    name: 'guichet_outbox_deliveries',
    help: 'Deliveries that wait, or were given up.',
    labelNames: ['state'] as const,
    registers,
  })
  const oldest = new Gauge({ name: 'guichet_outbox_oldest_seconds', help: 'Age of the oldest delivery that waits; 0: none does.', registers })
  const drafts = new Gauge({ name: 'guichet_drafts', help: 'Applications that citizens saved to go on with.', registers })
  const bytes = new Gauge({ name: 'guichet_database_bytes', help: 'Size of the database.', registers })
  const ready = new Gauge({ name: 'guichet_store_ready', help: '1: a submission could be written now; 0: it could not.', registers })

  let readAt = Number.NEGATIVE_INFINITY
  async function read() {
    if (performance.now() - readAt < figuresFor) return
    readAt = performance.now()
    try {
      await store.check()
      const figures = await store.figures()
      deliveries.set({ state: 'waiting' }, figures.waiting)
      deliveries.set({ state: 'dead' }, figures.dead)
      oldest.set(figures.oldestWaiting === null ? 0 : Math.max(0, (now().getTime() - Date.parse(figures.oldestWaiting)) / 1000))
      drafts.set(figures.drafts)
      bytes.set(figures.bytes)
      ready.set(1)
    } catch {
      ready.set(0)
    }
  }

  return {
    answered({ method, route, status, seconds }) {
      const labels = { method: methods.has(method) ? method : 'OTHER', route }
      requests.inc({ ...labels, status })
      durations.observe(labels, seconds)
    },
    recorded: (agency, service) => submissions.inc({ agency, service }),
    async expose() {
      await read()
      return { type: registry.contentType, text: await registry.metrics() }
    },
    close() {
      commitsTogether.unsubscribe(heard)
    },
  }
}
