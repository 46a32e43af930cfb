/** What is done about the audit logs now and then, behind the road: checkpoints are signed, witnesses asked, old events looked through. */
import type { Adapters } from '../adapters.ts'
import type { Config } from '../config.ts'
import { isBroken } from './audit-log.ts'

type Needed = Pick<Adapters, 'store' | 'auditLog' | 'witnesses' | 'log'>

/** One round. What goes wrong with one agency's log, or with a witness, holds up no other. */
export async function keepLogs({ store, auditLog, witnesses, log }: Needed, baseUrl: string): Promise<void> {
  for (const { id } of await store.agencies()) {
    try {
      await auditLog.grow(id, baseUrl)
      await auditLog.patrol(id)
      await witnesses.ask(id)
    } catch (error) {
      // It has been said once that a log is damaged.
      if (!isBroken(error)) log.error({ agency: id, err: error }, 'the audit log was not looked after')
    }
  }
}

/** Keeps the logs every so many seconds until it is stopped; then once more, so that nothing is left unsigned. */
export function startLogs(adapters: Needed, config: Pick<Config, 'baseUrl' | 'checkpointSeconds'>) {
  let stopped = false
  let timer: NodeJS.Timeout | undefined
  const round = () => keepLogs(adapters, config.baseUrl).catch((error) => adapters.log.error({ err: error }, 'the audit logs were not looked after'))
  let running = round().then(next)
  function next() {
    if (!stopped) timer = setTimeout(() => (running = round().then(next)), config.checkpointSeconds * 1000).unref()
  }
  return {
    async stop(): Promise<void> {
      stopped = true
      clearTimeout(timer)
      await running
      for (const { id } of await adapters.store.agencies()) await adapters.auditLog.grow(id, config.baseUrl).catch(() => {})
    },
  }
}
