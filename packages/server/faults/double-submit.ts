/**
 * T10: the same submission sent many times at once, as impatient people and retrying networks do. On SQLite to the one
 * server, on PostgreSQL to two replicas in turn.
 */
import { type Acknowledged, type Answer, newKey, newSending, post, readAcknowledged, type Sending } from './citizen.ts'
import { type Comparison, compare, compareOnPostgres } from './compare.ts'
import type { Outcome } from './outcome.ts'
import { onPostgresPlace } from './postgres-place.ts'
import { newPlace } from './server-process.ts'
import { sleep } from './wait.ts'

const times = 50

export async function doubleSubmit(): Promise<Outcome> {
  const place = newPlace()
  try {
    const server = await place.start()
    return await many(
      'one server',
      [server.url],
      () => server.stop(),
      (told) => compare(place.data, told),
    )
  } finally {
    await place.close()
  }
}

export const doubleSubmitToReplicas = (): Promise<Outcome> =>
  onPostgresPlace({}, async (place) => {
    const [one, two] = [await place.start(), await place.start()]
    const end = () => Promise.all([one.stop(), two.stop()])
    return many('two replicas', [one.url, two.url], end, (told) => compareOnPostgres(place.database, place.data, told))
  })

async function many(
  where: string,
  urls: readonly string[],
  end: () => Promise<unknown>,
  held: (told: readonly Acknowledged[]) => Promise<Comparison>,
): Promise<Outcome> {
  let running = 0
  const at = (i: number) => urls[i % urls.length] as string
  /** Who is told that it is being worked on asks again, the next one, as the runtime does. */
  const until = async (sending: Sending, first = 0): Promise<Answer> => {
    for (let i = first; ; i++) {
      const answer = await post(at(i), sending)
      if (answer.status !== 409) return answer
      running++
      await sleep(50)
    }
  }
  const key = newKey()
  const same = newSending(key)
  const answers = await Promise.all(Array.from({ length: times }, (_, i) => until(same, i)))
  // And once more to each, when all is over.
  for (let i = 0; i < urls.length; i++) answers.push(await until(same, i))
  const receipts = new Set(answers.map(({ text }) => text))
  const told = [...receipts].map((text) => readAcknowledged({ status: answers.find((one) => one.text === text)?.status ?? 0, type: '', text }))

  const other = await post(at(1), { key, body: newSending(newKey()).body })
  const none = await post(at(0), { ...same, key: '' })
  // The control: as many keys make as many rows, so the rows that are not there above are not overlooked.
  const each = (await Promise.all(Array.from({ length: times }, (_, i) => until(newSending(), i)))).map(readAcknowledged)
  await end()
  const { lost, duplicates } = await held([...told, ...each])
  const apart = new Set(each.map(({ submission }) => submission)).size
  // Looked for by the codes of the single one alone, the control's rows are told to nobody.
  const control = (await held(told)).duplicates
  const problem = ({ status, type }: Answer, wanted: number) => status === wanted && type.startsWith('application/problem+json')
  return {
    good: receipts.size === 1 && lost + duplicates === 0 && problem(other, 422) && problem(none, 400) && apart === times && control === times,
    line: `T10 double submit to ${where}: trials ${times}, answers ${receipts.size}, rows ${told.length + duplicates - lost}, told to wait ${running} times, other body ${other.status}, no key ${none.status}; control (${times} keys): rows ${control}`,
  }
}
