/** T23: whether anything of one citizen turns up in what another gets. */
import { createHash } from 'node:crypto'
import { newSecret } from '../../src/codes.ts'
import { answersOf, createWorld, pdf, type World } from '../../src/testing/world.ts'
import type { Line } from '../line.ts'

interface Citizen {
  canary: string
  said: string[]
}

/** Everything that one citizen does, a step at a time, so that others come between. */
async function* visit(world: World, { canary, said }: Citizen, client: string) {
  const ask = async (path: string, init: RequestInit = {}) => {
    const response = await world.request(path, { ...init, client })
    const text = await response.text()
    said.push(text, JSON.stringify([...response.headers]))
    return text
  }
  const json = (method: string, body: unknown, headers: Record<string, string> = {}) => ({
    method,
    headers: { 'Content-Type': 'application/json', ...headers },
    body: JSON.stringify(body),
  })
  await ask('/v1/services/city/library-card?lang=en')
  yield
  const draft = `/v1/services/city/library-card/drafts/${createHash('sha256').update(canary).digest('base64url')}`
  await ask(draft, json('PUT', { version: 1, content: Buffer.from(canary).toString('base64url'), attachments: [] }, { 'If-None-Match': '*' }))
  yield
  const file = JSON.parse(
    await ask(`/v1/services/city/library-card/attachments?target=student_id&name=${canary}.pdf`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/pdf' },
      body: Buffer.concat([pdf, Buffer.from(canary)]),
    }),
  ) as { id: string }
  yield
  // Once refused, with the name of the citizen in it.
  await ask('/v1/services/city/library-card/submissions', json('POST', answersOf({ name: canary, student: true }), { 'Idempotency-Key': newSecret() }))
  yield
  const body = { ...answersOf({ name: canary, student: true, school: canary }), documents: { student_id: [file.id] } }
  const { reference } = JSON.parse(await ask('/v1/services/city/library-card/submissions', json('POST', body, { 'Idempotency-Key': newSecret() }))) as {
    reference: string
  }
  yield
  await ask('/v1/status', json('POST', { reference }))
  yield
  await ask(draft)
}

/** How often somebody was told another's canary. */
const leaks = (citizens: readonly Citizen[]) => {
  let found = 0
  for (const { canary, said } of citizens) {
    const others = new Set(said.join('\n').match(/canary[0-9a-z]{16}/g))
    others.delete(canary)
    found += others.size
  }
  return found
}
const newCitizen = (): Citizen => ({ canary: `canary${createHash('sha256').update(newSecret()).digest('hex').slice(0, 16)}`, said: [] })

export const interleavedSessions: Line = {
  attack: 'T23',
  name: 'interleaved-sessions',
  what: 'citizens at once who read, save, upload, are refused, send and follow, each with a word of their own in everything',
  reach: '200 at once; nobody is told another’s word, in no body and no header',
  async run({ count }) {
    const size = count({ quick: 40, usual: 200, full: 1000 })
    const world = await createWorld({ LOG_LEVEL: 'silent' })
    await world.offer()
    const citizens = Array.from({ length: size }, newCitizen)
    const visits = citizens.map((citizen, i) => visit(world, citizen, `2001:db8:0:${i.toString(16)}::1`))
    let steps = 0
    for (let going = visits; going.length > 0; ) {
      const ended = await Promise.all(going.map((each) => each.next()))
      steps += going.length
      going = going.filter((_, i) => !ended[i]?.done)
    }
    const own = citizens.filter(({ canary, said }) => said.some((text) => text.includes(canary))).length
    await world.close()

    // A server that keeps what was last asked in a variable of its module.
    let last = ''
    const careless = [newCitizen(), newCitizen()]
    for (const { canary, said } of [...careless, ...careless]) {
      said.push(last)
      last = canary
    }
    const found = leaks(citizens)
    return {
      trials: steps,
      figure: `${size} citizens, ${found} told another’s word, ${own} their own`,
      good: found === 0 && own === size,
      control: { what: 'a server that keeps the last request in a variable is noticed', noticed: leaks(careless) > 0 },
    }
  },
}
