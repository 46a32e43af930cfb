/** T1: the server is killed while citizens send, and started again over what is left. SQLite, real process, real HTTP. */
import { type Acknowledged, type Answer, follow, newKey, newSending, post, readAcknowledged, type Sending, upload } from './citizen.ts'
import { compare, notices } from './compare.ts'
import type { Outcome } from './outcome.ts'
import { newPlace, type ServerProcess } from './server-process.ts'
import { sleep } from './wait.ts'

const clients = 16

/** At least `acks` are acknowledged in all. */
export async function kill(kills: number, acks: number): Promise<Outcome> {
  const place = newPlace()
  const acknowledged = new Map<string, Acknowledged>()
  let server: ServerProcess = await place.start()
  let stopping = false
  let failure: unknown = null
  let different = 0
  let slowestReady = 0

  /** Asks until there is an answer: also again where the server is away, or still at work on it. */
  const until201 = async (ask: () => Promise<Answer>): Promise<Answer> => {
    for (;;) {
      const answer = await ask().catch(() => null)
      if (answer?.status === 201) return answer
      if (answer && ![409, 503].includes(answer.status)) throw new Error(`unexpected ${answer.status} ${answer.text}`)
      await sleep(20)
    }
  }
  const send = async (sending: Sending) => {
    const answer = await until201(() => post(server.url, sending))
    acknowledged.set(sending.key, readAcknowledged(answer))
    // Now and then a citizen presses Send once more, and must be told the same.
    if (Math.random() > 0.05) return
    const again = await until201(() => post(server.url, sending))
    if (again.text !== answer.text) different++
  }
  const citizen = async (withFiles: boolean) => {
    try {
      while (!stopping) {
        const kept = withFiles ? await until201(() => upload(server.url)) : null
        await send(newSending(newKey(), { file: kept === null ? null : JSON.parse(kept.text).id }))
      }
    } catch (error) {
      failure ??= error
    }
  }
  const citizens = Array.from({ length: clients }, (_, i) => citizen(i % 8 === 0))

  try {
    for (let i = 0; i < kills; i++) {
      // Counted from when everybody could have been served once: a server that has just started is slow.
      const enough = Math.max(acknowledged.size + clients, Math.ceil((acks * (i + 1)) / kills))
      while (acknowledged.size < enough && !failure) await sleep(2)
      await sleep(20 + Math.random() * 150)
      await server.kill()
      if (i === kills - 1) stopping = true
      // By turns one that writes on a thread from the first submission on.
      server = await place.start(i % 2 === 0 ? { odd: { threaded: true } } : {})
      slowestReady = Math.max(slowestReady, server.readyMs)
      if (failure) throw failure
    }
    await Promise.all(citizens)
    if (failure) throw failure

    const all = [...acknowledged.values()]
    let unfollowed = 0
    for (let i = 0; i < all.length; i += 10)
      for (const found of await Promise.all(
        all.slice(i, i + 10).map(async ({ reference, submission }) => (await follow(server.url, reference)) === submission),
      ))
        if (!found) unfollowed++
    await server.kill()
    const { lost, duplicates, damage, chainBreak } = await compare(place.data, all)
    const control = await notices(place.data, all)
    return {
      slow: slowestReady > 2000,
      good: all.length >= acks && lost + unfollowed + duplicates + different === 0 && damage === null && chainBreak === null && control,
      line: `T1 killed under load: trials ${kills}, acknowledged ${all.length}, lost ${Math.max(lost, unfollowed)}, duplicates ${duplicates + different}, integrity ${damage ?? 'ok'}, chain ${chainBreak === null ? 'holds' : 'BROKEN'}, ready again within ${slowestReady} ms; control (a row taken out, a row told to nobody): ${control ? 'noticed' : 'NOT NOTICED'}`,
    }
  } finally {
    stopping = true
    await place.close()
  }
}
