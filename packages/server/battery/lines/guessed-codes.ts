/** T20: guessing tracking codes, from one address and from many. */
import { groupCode, newTrackingCode } from '../../src/codes.ts'
import { answersOf, createWorld } from '../../src/testing/world.ts'
import type { Line } from '../line.ts'

/** Tries that one address has. */
const allowed = 60

export const guessedCodes: Line = {
  attack: 'T20',
  name: 'guessed-codes',
  what: 'tracking codes guessed, from one address until it is braked, and from as many addresses as there are guesses',
  reach: 'no case found; one address gets 60 answers an hour; a wrong code and an unknown one get the same answer',
  async run({ count }) {
    const guesses = count({ quick: 500, usual: 20_000, full: 100_000 })
    const world = await createWorld({ LOG_LEVEL: 'silent' })
    await world.offer()
    const sent = (await (await world.send(answersOf())).json()).reference
    const ask = async (reference: string, client: string) => {
      const response = await world.request('/v1/status', {
        method: 'POST',
        headers: { 'Content-Type': 'application/json' },
        body: JSON.stringify({ reference }),
        client,
      })
      return { status: response.status, body: await response.text() }
    }
    let found = 0
    const answers = new Set<string>()
    for (let i = 0; i < guesses; i++) {
      const { status, body } = await ask(
        i % 50 === 0 ? 'no code at all' : groupCode(newTrackingCode()),
        `2001:db8:${(i >> 16).toString(16)}:${(i & 0xffff).toString(16)}::1`,
      )
      if (status === 200) found++
      answers.add(body)
    }
    let answered = 0
    for (let i = 0; i < 3 * allowed; i++) if ((await ask(groupCode(newTrackingCode()), '198.51.100.7')).status === 404) answered++
    const known = await ask(sent, '192.0.2.1')
    await world.close()
    return {
      trials: guesses + 3 * allowed,
      figure: `${found} found, ${answered} answers to one address, ${answers.size} kind of answer`,
      good: found === 0 && answered <= allowed && answers.size === 1,
      control: { what: 'the code that was given is found by the same question', noticed: known.status === 200 },
    }
  },
}
