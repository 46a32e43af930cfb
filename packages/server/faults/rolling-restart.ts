/**
 * T8: a new version is rolled out under load. Two replicas on PostgreSQL are stopped and started again in turn, behind
 * somebody who does what a load balancer does: asks each whether it is ready, and tries the next one if a connection is
 * refused, but nothing else.
 */
import { request } from 'node:http'
import { type Acknowledged, type Answer, newSending, readAcknowledged, type Sending } from './citizen.ts'
import { compareOnPostgres } from './compare.ts'
import type { Outcome } from './outcome.ts'
import { onPostgresPlace, type PostgresPlace } from './postgres-place.ts'
import { type ServerProcess, service } from './server-process.ts'
import { sleep, until } from './wait.ts'

const clients = 16
/** How often a load balancer looks, and how long a replica waits for it to see that it is about to stop. */
const lookEveryMs = 100
const delay = { STOP_DELAY_SECONDS: '1' }

/** `kills`: of the control. */
export async function rollingRestart(restarts: number, kills = 4): Promise<Outcome> {
  return onPostgresPlace({}, async (place) => {
    const real = await roll(place, restarts, 'SIGTERM')
    const { lost, duplicates, chainBreak } = await compareOnPostgres(place.database, place.data, real.acknowledged)
    const control = await roll(place, kills, 'SIGKILL')
    return {
      good: real.failed.length === 0 && lost + duplicates === 0 && chainBreak === null && real.acknowledged.length > clients && control.failed.length > 0,
      line: `T8 rolling restart: trials ${restarts}, submissions ${real.acknowledged.length}, failed ${real.failed.length}${real.failed[0] ? ` (${real.failed[0]})` : ''}, lost ${lost}, duplicates ${duplicates}, chain ${chainBreak === null ? 'holds' : 'BROKEN'}, refused and sent to the other one ${real.refused}; control (killed instead of stopped, ${kills} times): failed ${control.failed.length}`,
    }
  })
}

async function roll(place: PostgresPlace, restarts: number, signal: 'SIGTERM' | 'SIGKILL') {
  const replicas: ServerProcess[] = [await place.start({ env: delay }), await place.start({ env: delay })]
  const ports = replicas.map(({ url }) => Number(new URL(url).port))
  const ready = ports.map(() => true)
  const acknowledged: Acknowledged[] = []
  const failed: string[] = []
  let refused = 0
  let next = 0
  let stopping = false

  /** Where it was refused the next one is tried. */
  const balanced = async (sending: Sending): Promise<Answer> => {
    const first = next++
    const order = ports.map((_, i) => (first + i) % ports.length).sort((a, b) => Number(ready[b]) - Number(ready[a]))
    for (const [i, one] of order.entries()) {
      try {
        return await sendOnce(ports[one] as number, sending)
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'ECONNREFUSED' || i === order.length - 1) throw error
        refused++
      }
    }
    throw new Error('there is no replica')
  }
  const look = async (i: number) => {
    while (!stopping) {
      const answer = await fetch(`http://127.0.0.1:${ports[i]}/readyz`).catch(() => null)
      await answer?.arrayBuffer()
      ready[i] = answer?.ok === true
      await sleep(lookEveryMs)
    }
  }
  const looking = ports.map((_, i) => look(i))
  const citizens = Array.from({ length: clients }, async () => {
    while (!stopping) {
      try {
        acknowledged.push(readAcknowledged(await balanced(newSending())))
      } catch (error) {
        failed.push((error as NodeJS.ErrnoException).code ?? (error as Error).message)
      }
    }
  })
  for (let i = 0; i < restarts; i++) {
    const count = acknowledged.length
    // Both are at work.
    await until('everybody is served', () => acknowledged.length >= count + clients)
    const one = i % replicas.length
    if (signal === 'SIGKILL') await replicas[one]?.kill()
    else {
      const code = await replicas[one]?.stop()
      if (code !== 0) failed.push(`ended with ${code}`)
    }
    replicas[one] = await place.start({ port: ports[one], env: delay })
  }
  stopping = true
  await Promise.all([...citizens, ...looking])
  for (const replica of replicas) await replica.stop()
  return { acknowledged, failed, refused }
}

/** On a connection of its own, as proxies do by default. */
const sendOnce = (port: number, { key, body }: Sending) =>
  new Promise<Answer>((resolve, reject) => {
    const sent = request(
      {
        host: '127.0.0.1',
        port,
        path: `/v1/services/${service}/submissions`,
        method: 'POST',
        agent: false,
        timeout: 20_000,
        headers: {
          'Content-Type': 'application/json',
          'Content-Length': Buffer.byteLength(body),
          'Idempotency-Key': key,
          'X-Forwarded-For': `2001:db8:${key.slice(0, 4)}:${key.slice(4, 8)}::1`,
        },
      },
      (response) => {
        let text = ''
        response.setEncoding('utf8')
        response.on('data', (piece) => (text += piece))
        response.on('end', () => resolve({ status: response.statusCode ?? 0, type: response.headers['content-type'] ?? '', text }))
        response.on('error', reject)
      },
    )
    sent.on('error', reject)
    sent.on('timeout', () => sent.destroy(new Error('no answer')))
    sent.end(body)
  })
