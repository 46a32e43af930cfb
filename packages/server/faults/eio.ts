/**
 * T6: the disk fails to keep what it was given. strace puts the error into the real server's calls. From the first one on
 * nothing may be acknowledged, also when the next sync succeeds: the kernel may have dropped what it could not write.
 */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Acknowledged, type Answer, newKey, newSending, post, readAcknowledged, type Sending, upload } from './citizen.ts'
import { compare } from './compare.ts'
import type { Outcome } from './outcome.ts'
import { newPlace } from './server-process.ts'
import { sleep } from './wait.ts'

const clients = 8
/** Far beyond what a start takes, counted for each thread. */
const after = { sync: 80, write: 600 }

interface Failing {
  /** What fails. */
  calls: 'fsync,fdatasync' | 'pwrite64'
  /** Once, or from then on. */
  lasting: boolean
  /** Where the thread that writes submissions is the one that is told. */
  threaded?: boolean
  /** The control: a server that takes it for an error like any other. */
  carryOn?: boolean
}

interface Result {
  acknowledged: number
  /** Acknowledged after the first error. */
  late: number
  /** Null: it went on, and was ended by us. */
  code: number | null
  /** From the first error to the end of the process. */
  endedMs: number
  /** Health was asked after citizens saw the failure, and said that all is well. */
  healthy: number
  lost: number
  duplicates: number
  damaged: boolean
}

/** `quick`: a sync fails once, which is the hardest: the next one succeeds. */
export async function eio({ quick = false } = {}): Promise<Outcome> {
  const once = await fail({ calls: 'fsync,fdatasync', lasting: false })
  const byThread = await fail({ calls: 'fsync,fdatasync', lasting: false, threaded: true })
  const more = quick ? [] : [await fail({ calls: 'fsync,fdatasync', lasting: true }), await fail({ calls: 'pwrite64', lasting: true })]
  const control = await fail({ calls: 'fsync,fdatasync', lasting: false, carryOn: true })
  const all = [once, byThread, ...more]
  const worst = (of: (result: Result) => number) => Math.max(...all.map(of))
  const good =
    all.every((result) => result.code !== null && result.code !== 0 && result.acknowledged > 0 && !result.damaged) &&
    worst(({ late, healthy, lost, duplicates }) => late + healthy + lost + duplicates) === 0
  return {
    slow: worst(({ endedMs }) => endedMs) > 2000,
    good: good && control.late > 0 && control.healthy > 0 && control.code === null,
    line: `T6 disk fails: trials ${all.length} (a sync once, one of the thread that writes${quick ? '' : ', each sync, each write'}), acknowledged ${all.map(({ acknowledged }) => acknowledged).join(' + ')}, after the first error ${worst(({ late }) => late)}, lost ${worst(({ lost }) => lost)}, duplicates ${worst(({ duplicates }) => duplicates)}, health said ok ${worst(({ healthy }) => healthy)} times, exit codes ${all.map(({ code }) => code).join(', ')} within ${worst(({ endedMs }) => endedMs)} ms; control (a server that carries on): acknowledged after the error ${control.late}, health said ok ${control.healthy} times, ${control.code === null ? 'never ended' : 'ENDED'}`,
  }
}

async function fail({ calls, lasting, threaded = false, carryOn = false }: Failing): Promise<Result> {
  const place = newPlace()
  try {
    await (await place.start()).stop()
    const trace = join(place.folder, 'trace')
    const when = `${calls === 'pwrite64' ? after.write : after.sync}${lasting ? '+' : ''}`
    const server = await place.start({
      under: ['strace', '-D', '-f', '-ttt', '-s', '16', '-e', `trace=${calls},write,writev`, '-e', `inject=${calls}:error=EIO:when=${when}`, '-o', trace],
      ...(carryOn || threaded ? { odd: { carryOn, threaded } } : {}),
    })
    const acknowledged: Acknowledged[] = []
    const open: Sending[] = []
    let failing = false
    let gone = false
    let healthy = 0
    const ended = server.ended.then(() => (gone = true))

    /** Sends one after the other; the first that is not taken is kept, to be sent again later. */
    const citizen = async (withFiles: boolean) => {
      for (let left = 500; left > 0 && !gone; left--) {
        const kept: Answer | null = withFiles ? await upload(server.url).catch(() => null) : null
        const sending = newSending(newKey(), { file: kept?.status === 201 ? JSON.parse(kept.text).id : null })
        const answer = withFiles && kept?.status !== 201 ? null : await post(server.url, sending).catch(() => null)
        if (answer?.status === 201) acknowledged.push(readAcknowledged(answer))
        else {
          failing = true
          if (!withFiles || kept?.status === 201) open.push(sending)
          if (!carryOn) return
        }
        // The control has shown enough once it has gone on for a while.
        if (carryOn && failing && (left = Math.min(left, 20)) === 0) return
      }
    }
    const watch = async () => {
      while (!failing && !gone) await sleep(2)
      for (let i = 0; i < 40 && !gone; i++) {
        for (const path of ['/readyz', '/healthz']) {
          const answer = await fetch(new URL(path, server.url)).catch(() => null)
          await answer?.arrayBuffer()
          if (answer?.ok) healthy++
        }
        await sleep(20)
      }
    }
    await Promise.all([watch(), ...Array.from({ length: clients }, (_, i) => citizen(i === 0))])
    if (!failing) throw new Error('no call failed')
    const code = carryOn ? await Promise.race([server.ended, sleep(2000).then(() => null)]) : await server.ended
    if (carryOn) await server.kill()
    await ended

    const lines = readFileSync(trace, 'utf8').split('\n')
    const first = lines.findIndex((line) => line.includes('(INJECTED)'))
    const timeOf = (line = '') => Number(/^\d+ +(\d+\.\d+)/.exec(line)?.[1]) * 1000
    const late = lines.slice(first).filter((line) => line.includes('"HTTP/1.1 201')).length
    const last = lines.findLast((line) => /\+\+\+ (exited|killed)/.test(line))

    // After a new start whoever got no answer sends again, with the same key.
    const next = await place.start()
    for (const sending of open) {
      const answer = await post(next.url, sending)
      // A file that was on its way may not be there: then nothing of it is.
      if (answer.status !== 422) acknowledged.push(readAcknowledged(answer))
    }
    await next.stop()
    const { lost, duplicates, damage, chainBreak } = await compare(place.data, acknowledged)
    return {
      acknowledged: acknowledged.length,
      late,
      code,
      endedMs: Math.round(timeOf(last) - timeOf(lines[first])),
      healthy,
      lost,
      duplicates,
      damaged: damage !== null || chainBreak !== null,
    }
  } finally {
    await place.close()
  }
}
