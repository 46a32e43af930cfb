/** A server that listens: store, app, demo page, purge, and an end in good order. */
import type { Server } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import { type Adapters, type Overrides, openAdapters } from './adapters.ts'
import { type App, createApp } from './app.ts'
import { startLogs } from './audit/upkeep.ts'
import { startSilence } from './cases/silence.ts'
import { newSecret } from './codes.ts'
import { type Config, defaultBaseUrl } from './config.ts'
import { limitConnections } from './connections-per-address.ts'
import { type DataDirLock, lockDataDir } from './data-dir-lock.ts'
import { listen, startDemo } from './demo.ts'
import { watchBuilds } from './dev/changes.ts'
import { digestOf } from './digest.ts'
import { keepRetention } from './erasure/retention.ts'
import { purgeUploads } from './files/upload.ts'
import { createHttpServer, usualTimes } from './http-server.ts'
import { checkKeys, OtherKeys } from './keys/key-marks.ts'
import { checkPrimitives } from './keys/known-answers.ts'
import { startOfficerMail } from './officer-mail/officer-mail.ts'
import { startOutbox } from './outbox/worker.ts'
import { seed } from './seed.ts'
import { catalogueLine } from './services/catalogue.ts'
import type { LiveService } from './services/live.ts'
import { startReleases } from './services/release-watch.ts'
import { viewService } from './services/view-service.ts'
import { startStatistics } from './statistics/upkeep.ts'
import { metricsServer } from './telemetry/metrics-server.ts'
import { noTraces } from './telemetry/telemetry.ts'
import { builtFolders } from './web.ts'

export interface RunningServer {
  url: string
  /** Null: there are none. */
  metricsUrl: string | null
  /** Null: there is none. */
  demoUrl: string | null
  /** One-time link for the first user; null once there is one. */
  setupUrl: string | null
  /** A published service, for the lines at the start; null if there is none. */
  serviceUrl: string | null
  adapters: Adapters
  close(): Promise<void>
}

const purgeEvery = 3600_000
/** A new signing key has to be noticed by all replicas before one signs with it (signing-keys.ts). */
const refreshKeysEvery = 30_000
/** Time that requests under way have to end when the server stops. */
const patience = 10_000

export async function startServer(given: Config, overrides: Overrides = {}): Promise<RunningServer> {
  // Replicas on PostgreSQL may share the folder: it only holds files and keys then.
  const lock = given.databaseUrl === null ? lockDataDir(given.dataDir) : null
  const opened: (() => Promise<unknown>)[] = []
  try {
    return await startLocked(given, overrides, lock, opened)
  } catch (error) {
    // What listens already would keep the process alive, and say for ever that it is not ready.
    await Promise.allSettled(opened.map((close) => close()))
    lock?.release()
    throw error
  }
}

async function startLocked(given: Config, overrides: Overrides, lock: DataDirLock | null, opened: (() => Promise<unknown>)[]): Promise<RunningServer> {
  checkPrimitives()
  const traces = overrides.traces ?? (given.tracesUrl === null ? noTraces : (await import('./telemetry/otlp.ts')).openTraces(given.tracesUrl))
  const adapters = openAdapters(given, { ...overrides, traces })
  opened.push(
    () => adapters.store.close(),
    () => traces.close(),
  )
  // A database that cannot be used, or whose keys are elsewhere, stops the start before anything listens.
  await adapters.store.agencies()
  await checkKeys(adapters.store, adapters.keys, adapters.clock.now())
  let app: App | null = null
  const server = createHttpServer(
    (request, env) => (app ? app.fetch(request, env as never) : new Response(null, { status: 503 })),
    usualTimes(given.requestTimeoutSeconds * 1000, { behindProxy: given.trustProxy > 0 }),
  )
  if (given.trustProxy === 0 && given.connectionsPerAddress > 0) limitConnections(server, given.connectionsPerAddress)
  const servers = [server]
  opened.push(() => Promise.all(servers.map(end)))
  let metricsUrl: string | null = null
  let stopMetrics = () => {}
  if (given.metricsPort !== null) {
    const { openPrometheus } = await import('./telemetry/prometheus.ts')
    const prometheus = openPrometheus(adapters.store, () => adapters.clock.now())
    adapters.metrics = prometheus
    stopMetrics = prometheus.close
    opened.push(async () => stopMetrics())
    const listener = metricsServer(prometheus)
    servers.push(listener)
    metricsUrl = `${defaultBaseUrl(given.metricsHost, await listen(listener, given.metricsPort, given.metricsHost))}/metrics`
  }
  const lines = async () => (await adapters.live.all()).map((live) => catalogueLine(live, undefined, undefined, config.baseUrl))
  const port = await listen(server, given.port, given.host)
  const config: Config = given.baseUrlGiven ? { ...given, port } : { ...given, port, baseUrl: defaultBaseUrl(given.host, port) }

  const demo = config.demoPort === null ? null : await startDemo({ port: config.demoPort, baseUrl: config.baseUrl, services: lines })
  if (demo) servers.push(demo.server)
  const agency = adapters.store.agency(await seed(adapters, config, demo?.url ?? null))
  const changes = config.dev ? watchBuilds(builtFolders) : null
  const built = createApp(adapters, config)
  changes?.serve(built)
  app = built

  const token = newSecret()
  const setupUrl = config.setupLink && (await agency.offerSetup(digestOf(token))) ? `${config.baseUrl}/builder/#setup=${token}` : null
  const purge = async () => {
    const now = adapters.clock.now()
    try {
      await checkKeys(adapters.store, adapters.keys, now)
      // To list an object store takes a request for each thousand files: one replica an hour is enough.
      const orphans = (await adapters.rates.take(null, 'orphans', { size: 1, period: purgeEvery * 0.9 }, now.getTime())) === 0
      await purgeUploads(adapters, config.purgeAfterHours, { orphans })
      await keepRetention(adapters, config)
      await adapters.rates.purge(
        (await adapters.store.agencies()).map(({ id }) => id),
        now.getTime(),
      )
    } catch (error) {
      adapters.log.error({ err: error }, 'purge failed')
      // What it sealed from now on nobody else could open.
      if (error instanceof OtherKeys) overrides.fatal?.(error)
    }
  }
  const timer = setInterval(purge, purgeEvery).unref()
  const watchingKeys = setInterval(() => refreshKeys(adapters), refreshKeysEvery).unref()
  const purging = purge()
  const keeping = import('./embedding/releases.ts').then(({ keepRelease }) => keepRelease(builtFolders.runtime, config.dataDir, adapters.log))
  const shown = await serviceToShow(adapters)
  const statistics = startStatistics(adapters)
  const outbox = startOutbox(adapters, overrides.outbox)
  const silence = startSilence(adapters, config)
  const officerMail = startOfficerMail(adapters, config)
  const releases = startReleases(adapters, config)
  const logs = startLogs(adapters, config)

  return {
    url: config.baseUrl,
    demoUrl: demo?.url ?? null,
    metricsUrl,
    setupUrl,
    serviceUrl: shown ? catalogueLine(shown, undefined, undefined, config.baseUrl).url : null,
    adapters,
    async close() {
      clearInterval(timer)
      clearInterval(watchingKeys)
      adapters.stopping = true
      // What has connected and was not looked at yet is cut off when listening ends: by then nobody should be sent here any more.
      if (config.stopDelaySeconds > 0) await sleep(config.stopDelaySeconds * 1000)
      await purging
      await keeping
      changes?.close()
      await Promise.all(servers.map(end))
      await silence.stop()
      await officerMail.stop()
      await releases.stop()
      await outbox.stop()
      await logs.stop()
      await statistics.stop()
      stopMetrics()
      await traces.close()
      await adapters.store.close()
      lock?.release()
    },
  }
}

/** What other processes changed in the key folder: signing keys that are new, sealing keys that were erased. */
function refreshKeys({ keys, clock, log }: Pick<Adapters, 'keys' | 'clock' | 'log'>) {
  try {
    keys.refresh(clock.now())
  } catch (error) {
    log.error({ err: error }, 'the key folder could not be looked at')
  }
}

/** An open service, or any. Looks no further than it must: those who wait for the server do not wait for each to be compiled. */
async function serviceToShow({ store, live, clock }: Adapters): Promise<LiveService | null> {
  let first: LiveService | null = null
  for (const { id } of await store.agencies())
    for (const { service } of await store.agency(id).published()) {
      const found = await live.find(id, service)
      if (found && viewService(found, undefined, undefined, clock.now(), builtFolders).open.state === 'open') return found
      first ??= found
    }
  return first
}

/** Takes no new connections, lets requests under way end, then cuts what is left. */
const end = (server: Server) =>
  new Promise<void>((resolve) => {
    const cut = setTimeout(() => server.closeAllConnections(), patience).unref()
    // A connection that is busy now is idle later, and its client would go on asking a server that is about to end.
    const idle = setInterval(() => server.closeIdleConnections(), 50)
    server.close(() => {
      clearTimeout(cut)
      clearInterval(idle)
      resolve()
    })
    server.closeIdleConnections()
  })
