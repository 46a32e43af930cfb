/**
 * T44: a word that stands for personal data is put into every field, name, note, reason and head there is, where all goes
 * well and where it does not; then it is looked for on the disk, in the log, in metrics and in the audit log, in every form.
 */
import type { Policy } from '@guichet/schemas'
import { routes } from '../../src/app.ts'
import { keepRetention } from '../../src/erasure/retention.ts'
import { findings, findingsBelow } from '../../src/testing/canary.ts'
import { movingDefinition, officerOf, receive } from '../../src/testing/cases.ts'
import { createWorld, newKey, own, pdf, plainPolicy, type World } from '../../src/testing/world.ts'
import type { Line } from '../line.ts'

const word = 'Xw8vCanaryOfAll2Pq'
const json = { 'Content-Type': 'application/json' }

/** Everything that people can put words into, and every way in which it can go wrong. Gives how many requests that were. */
async function useIt(world: World, rounds: number): Promise<number> {
  const officer = await officerOf(world)
  const to = '/v1/services/city/library-card'
  let requests = 0
  const took = async <T>(answer: Promise<T>): Promise<T> => {
    requests++
    return answer
  }
  for (let round = 0; round < rounds; round++) {
    const uploaded = await took(
      world.request(`${to}/attachments?target=student_id&name=${word}.pdf`, {
        method: 'POST',
        headers: { 'Content-Type': 'application/pdf' },
        body: Buffer.concat([pdf, Buffer.from(`% ${word}\n`)]),
      }),
    )
    const { id } = await uploaded.json()
    const { submission, reference } = await took(receive(world, { name: word, student: true, school: word }, { documents: { student_id: [id] } }))
    await took(world.request('/v1/status', { method: 'POST', headers: json, body: JSON.stringify({ reference }) }))
    await took(officer.get(`/v1/admin/cases/${submission}`, { 'User-Agent': word, Referer: `https://${word}.example/` }))
    await took(officer.get(`/v1/admin/cases/${submission}/attachments/${id}`))
    await took(officer.get(`/v1/admin/cases/${submission}/case.pdf?purpose=${word}`).then((answer) => answer.arrayBuffer()))
    await took(officer.decide(submission, 1, { decision: 'ask_more', note: `Please, ${word}` }))
    await took(officer.decide(submission, 1, { decision: 'refuse', note: word }))
    await took(officer.send('POST', `/v1/admin/cases/${submission}/notes`, { text: word }))
    await took(officer.get(`/v1/admin/services/library-card/export.csv?purpose=${word}`).then((answer) => answer.text()))
    await took(officer.send('POST', `/v1/admin/cases/${submission}/hold`, { reason: `Court of ${word}` }))
    await took(officer.send('POST', `/v1/admin/cases/${submission}/hold/release`, { reason: word }))
    const other = (await took(receive(world, { name: word }))).submission
    await took(officer.send('POST', `/v1/admin/cases/${other}/erasure`, { reason: `Asked by ${word}` }))
    await took(world.send({ version: 1, language: 'en', answers: { name: [word], [word]: word } }, { key: newKey() + word }))
    await took(world.send({ [word]: word }))
    await took(world.send(null, { raw: `{"${word}": "${word}` }))
    await took(world.send(null, { raw: `{"${word}": "${word}", "${word}": 1}`, service: `city/${word}` }))
    await took(world.request('/v1/status', { method: 'POST', headers: json, body: JSON.stringify({ reference: word }) }))
    await took(world.request(`${to}/attachments?target=${word}&name=${word}`, { method: 'POST', headers: { 'Content-Type': word }, body: word }))
    for (const { method, path } of routes)
      await took(
        world.request(path.replace(/\{[^}]+\}/g, word), {
          method,
          headers: { Origin: own, 'Sec-Fetch-Site': 'same-origin', Cookie: `guichet=${word}`, 'User-Agent': word },
        }),
      )
    await keepRetention(world.adapters, world.config)
  }
  return requests
}

/** Places where it is, and should not be. */
async function leaksOf(world: World): Promise<string[]> {
  const agency = world.adapters.store.agency((await world.adapters.store.findAgency('city'))!)
  const places: [string, number][] = [
    ['disk', findingsBelow(world.folder, word)],
    ['log', findings(Buffer.from(world.log.join('\n')), word)],
    ['audit log', findings(Buffer.from(JSON.stringify(await agency.auditEvents(0, 100_000))), word)],
    ['lists', findings(Buffer.from(JSON.stringify([await agency.deliveries('waiting', 1000), await agency.certificates(200)])), word)],
  ]
  return places.flatMap(([name, count]) => (count > 0 ? [`${name} (${count})`] : []))
}

export const leaks: Line = {
  attack: 'T44',
  name: 'leaks',
  what: 'a word in every field, file, name, note, reason and head, and in every request that fails; looked for on disk, in logs and lists',
  reach: 'in no place outside of what is sealed, in no form',
  async run({ count }) {
    const rules = { rate: { submissionsPerHour: 1_000_000, uploadsPerHour: 1_000_000 } }
    const hooks: Policy['deliveries'] = { webhook: { endpoints: [{ url: 'https://hooks.example.org/x' }] } }
    const world = await createWorld()
    const bare = await createWorld()
    try {
      await world.offer(movingDefinition(), { rules, deliveries: hooks })
      await bare.offer(movingDefinition(), { rules: { ...rules, encryption: plainPolicy.rules?.encryption } as never, deliveries: hooks })
      const trials = await useIt(world, count({ quick: 1, usual: 3, full: 20 }))
      const found = await leaksOf(world)
      await receive(bare, { name: word })
      const noticed = (await leaksOf(bare)).some((place) => place.startsWith('disk'))
      return {
        trials,
        figure: found.length === 0 ? 'found nowhere' : `found in ${found.join(', ')}`,
        good: found.length === 0,
        control: { what: 'a service that keeps answers as they are', noticed },
      }
    } finally {
      await world.close()
      await bare.close()
    }
  },
}
