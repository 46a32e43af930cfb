/**
 * `node bench/sealed.ts [--count N]`: what a submission costs the server when it is sealed end to end, beside the same
 * answers encrypted at rest: processor time in this process, and bytes kept. The browser's work is done beforehand.
 */
import { parseArgs } from 'node:util'
import type { Submission } from '@guichet/schemas'
import { offerSealed, recipientsFor, sealedBody, sealedPolicy } from '../packages/server/src/testing/sealed.ts'
import { createWorld, definitionOf, newKey } from '../packages/server/src/testing/world.ts'

const { values } = parseArgs({ options: { count: { type: 'string', default: '400' } } })
const count = Number(values.count)
const answers = { name: 'Sam Okafor', student: false, cards: [{ holder: 'Kim' }] }
const rate = { submissionsPerHour: 1_000_000 }

async function measure(mode: 'sealed' | 'at-rest') {
  const world = await createWorld({ LOG_LEVEL: 'silent' })
  const clear = ['student', 'cards']
  let bodies: Submission[]
  if (mode === 'sealed') {
    const { definition } = await offerSealed(world, clear, definitionOf(), sealedPolicy(clear, { rate } as never))
    const service = await recipientsFor(world)
    bodies = []
    for (let i = 0; i < count + 100; i++) bodies.push(await sealedBody(service, definition, clear, { answers }))
  } else {
    await world.offer(definitionOf(), { rules: { encryption: { mode }, rate } })
    bodies = Array.from({ length: count + 100 }, () => ({ version: 1, language: 'en', answers }))
  }
  const raw = bodies.map((body) => new Uint8Array(Buffer.from(JSON.stringify(body))))
  const send = async (body: Uint8Array<ArrayBuffer>, i: number) => {
    const response = await world.send(null, { key: newKey(), raw: body, client: `2001:db8::${i.toString(16)}` })
    if (response.status !== 201) throw new Error(`${response.status} ${await response.text()}`)
    await response.arrayBuffer()
  }
  // The first ones compile what is compiled once.
  for (const [i, body] of raw.slice(0, 100).entries()) await send(body, i)
  const before = process.cpuUsage()
  for (const [i, body] of raw.slice(100).entries()) await send(body, i)
  const { user, system } = process.cpuUsage(before)
  const agency = world.adapters.store.agency((await world.adapters.store.agencies())[0]!.id)
  const rows = await agency.submissions()
  const bytes = rows.reduce((sum, row) => sum + row.answers.byteLength + row.outcome.byteLength, 0) / rows.length
  await world.close()
  return { microseconds: Math.round((user + system) / count), bytes: Math.round(bytes), body: raw[0]?.length ?? 0 }
}

for (const mode of ['at-rest', 'sealed', 'at-rest', 'sealed'] as const) {
  const { microseconds, bytes, body } = await measure(mode)
  console.log(`${mode.padEnd(8)} ${String(microseconds).padStart(6)} µs of processor a submission, ${bytes} bytes kept, ${body} bytes sent`)
}
