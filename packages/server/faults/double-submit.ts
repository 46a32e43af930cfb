/** T10: the same submission sent many times at once, as impatient people and retrying networks do. */
import { type Answer, newKey, newSending, post, readAcknowledged } from './citizen.ts'
import { compare } from './compare.ts'
import type { Outcome } from './outcome.ts'
import { newPlace } from './server-process.ts'

const times = 50

export async function doubleSubmit(): Promise<Outcome> {
  const place = newPlace()
  try {
    const server = await place.start()
    let running = 0
    /** Who is told that it is being worked on asks again, as the runtime does. */
    const until = async (sending: { key: string; body: string }): Promise<Answer> => {
      for (;;) {
        const answer = await post(server.url, sending)
        if (answer.status !== 409) return answer
        running++
        await new Promise((resolve) => setTimeout(resolve, 50))
      }
    }
    const key = newKey()
    const same = newSending(key)
    const answers = await Promise.all(Array.from({ length: times }, () => until(same)))
    const receipts = new Set(answers.map(({ text }) => text))
    const told = [...receipts].map((text) => readAcknowledged({ status: answers.find((one) => one.text === text)?.status ?? 0, type: '', text }))

    const other = await post(server.url, { key, body: newSending(newKey()).body })
    const none = await post(server.url, { ...same, key: '' })
    // The control: as many keys make as many rows, so the rows that are not there above are not overlooked.
    const each = (await Promise.all(Array.from({ length: times }, () => until(newSending())))).map(readAcknowledged)
    await server.stop()
    const { lost, duplicates } = await compare(place.data, [...told, ...each])
    const apart = new Set(each.map(({ submission }) => submission)).size
    // Looked for by the codes of the single one alone, the control's rows are told to nobody.
    const control = (await compare(place.data, told)).duplicates
    const problem = ({ status, type }: Answer, wanted: number) => status === wanted && type.startsWith('application/problem+json')
    return {
      good: receipts.size === 1 && lost + duplicates === 0 && problem(other, 422) && problem(none, 400) && apart === times && control === times,
      line: `T10 double submit: trials ${times}, answers ${receipts.size}, rows ${told.length + duplicates - lost}, told to wait ${running} times, other body ${other.status}, no key ${none.status}; control (${times} keys): rows ${control}`,
    }
  } finally {
    await place.close()
  }
}
