/** T1: the server is killed while citizens send, and started again over what is left. SQLite, real process, real HTTP. */
import { type Acknowledged, type Answer, follow, newKey, newSending, post, readAcknowledged, type Sending, upload } from './citizen.ts'
import { compare, notices } from './compare.ts'
import type { Outcome } from './outcome.ts'
import { newPlace, type ServerProcess } from './server-process.ts'
import { sleep } from './wait.ts'

const clients = 16
/** A key whose request died with the process can be taken over after a minute: the last server's clock is two ahead. */
const aheadMs = 120_000

export async function kill(kills: number): Promise<Outcome> {
  const place = newPlace()
  const acknowledged = new Map<string, Acknowledged>()
  /** Sent, without an answer, and their key is still held by a request that died. */
  const aside: Sending[] = []
  let server: ServerProcess = await place.start()
  let stopping = false
  let failure: unknown = null
  let different = 0
  let slowestReady = 0

  /** Asks until there is an answer; a server that is away is asked again. Null: the key is held. */
  const until201 = async (ask: () => Promise<Answer>): Promise<Answer | null> => {
    for (;;) {
      const answer = await ask().catch(() => null)
      if (answer?.status === 201) return answer
      if (answer?.status === 409) return null
      if (answer && answer.status !== 503) throw new Error(`unexpected ${answer.status} ${answer.text}`)
      await sleep(20)
    }
  }
  const send = async (sending: Sending) => {
    const answer = await until201(() => post(server.url, sending))
    if (!answer) return void aside.push(sending)
    acknowledged.set(sending.key, readAcknowledged(answer))
    // Now and then a citizen presses Send once more, and must be told the same.
    if (Math.random() > 0.05) return
    const again = await until201(() => post(server.url, sending))
    if (again?.text !== answer.text) different++
  }
  const citizen = async (withFiles: boolean) => {
    try {
      while (!stopping) {
        const kept = withFiles ? await until201(() => upload(server.url)) : null
        await send(newSending(newKey(), { file: kept && JSON.parse(kept.text).id }))
      }
    } catch (error) {
      failure ??= error
    }
  }
  const citizens = Array.from({ length: clients }, (_, i) => citizen(i % 8 === 0))

  try {
    for (let i = 0; i < kills; i++) {
      // Counted from when everybody could have been served once: a server that has just started is slow.
      const before = acknowledged.size
      while (acknowledged.size < before + clients && !failure) await sleep(2)
      await sleep(20 + Math.random() * 150)
      await server.kill()
      if (i === kills - 1) stopping = true
      server = await place.start(i === kills - 1 ? { odd: { aheadMs } } : {})
      slowestReady = Math.max(slowestReady, server.readyMs)
      if (failure) throw failure
    }
    await Promise.all(citizens)
    if (failure) throw failure
    const held = aside.splice(0)
    for (const sending of held) await send(sending)
    if (aside.length > 0) throw new Error(`${aside.length} keys are still held by requests that died`)

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
      good: all.length > kills && lost + unfollowed + duplicates + different === 0 && damage === null && chainBreak === null && control,
      line: `T1 killed under load: trials ${kills}, acknowledged ${all.length} (${held.length} after a second try at a held key), lost ${Math.max(lost, unfollowed)}, duplicates ${duplicates + different}, integrity ${damage ?? 'ok'}, chain ${chainBreak === null ? 'holds' : 'BROKEN'}, ready again within ${slowestReady} ms; control (a row taken out, a row told to nobody): ${control ? 'noticed' : 'NOT NOTICED'}`,
    }
  } finally {
    stopping = true
    await place.close()
  }
}
