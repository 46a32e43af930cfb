/**
 * T44, of services that are sealed end to end: whatever is sealed is nowhere on the server, also for somebody who has its
 * disk and all its keys. Random services, random fields in the clear, every way out.
 */
import type { Answers, Policy, ServiceDefinition } from '@guichet/schemas'
import { newKeyPair } from '@guichet/sealing'
import fc from 'fast-check'
import { caseBox } from '../../src/cases/case-box.ts'
import { officerOf } from '../../src/testing/cases.ts'
import { openSealed, recipientsFor, sealedBody, sendFile } from '../../src/testing/sealed.ts'
import { addEpoch, addRecovery } from '../../src/testing/sealing-keys.ts'
import { createWorld, definitionOf, type World } from '../../src/testing/world.ts'
import type { Line } from '../line.ts'

interface Case {
  fields: number
  rows: number
  clear: boolean[]
  /** Characters that are written differently in JSON, CSV and UTF-8. */
  mark: string
}

const anyCase = fc.record({
  fields: fc.integer({ min: 2, max: 6 }),
  rows: fc.integer({ min: 0, max: 3 }),
  clear: fc.array(fc.boolean(), { minLength: 6, maxLength: 6 }),
  mark: fc.constantFrom('', 'ά', '"', ',=', '\\', '秘'),
})

/** One service of text fields and a repeated group, named like the library card so that what sends finds it. */
function serviceOf({ fields }: Case): ServiceDefinition {
  const text = (id: string) => ({ id, type: 'text', label: { en: id, el: id }, optional: true, maxLength: 200 })
  return definitionOf((definition) => {
    const [page] = definition.pages
    if (!page) throw new Error('the fixture has no page')
    page.fields = [
      ...Array.from({ length: fields }, (_, i) => text(`f${i}`)),
      { id: 'rows', type: 'group', label: { en: 'Rows', el: 'Rows' }, repeat: { min: 0, max: 3 }, fields: [text('inner')] },
    ] as never
    for (const part of ['computed', 'documents', 'fee', 'routes'] as const) delete definition[part]
  })
}

/** What each answer says, and which of them are to stay secret. */
function answersOf(one: Case, number: number): { answers: Answers; clear: string[]; secrets: string[]; open: string[] } {
  const say = (what: string) => `canary${number}x${what}${one.mark}end`
  const ids = Array.from({ length: one.fields }, (_, i) => `f${i}`)
  const clear = ids.filter((_, i) => one.clear[i])
  const rows = Array.from({ length: one.rows }, (_, i) => ({ inner: say(`row${i}`) }))
  return {
    answers: { ...Object.fromEntries(ids.map((id) => [id, say(id)])), ...(rows.length > 0 ? { rows } : { rows: [] }) },
    clear,
    secrets: [...ids.filter((id) => !clear.includes(id)).map((id) => `canary${number}x${id}`), ...rows.map((_, i) => `canary${number}xrow${i}`)],
    open: clear.map((id) => `canary${number}x${id}`),
  }
}

/** Everything that the server tells or keeps about its cases, as text. */
async function everyWayOut(world: World, officer: Awaited<ReturnType<typeof officerOf>>, submission: string, reference: string): Promise<string> {
  const agency = world.adapters.store.agency((await world.adapters.store.findAgency('city'))!)
  const told: string[] = []
  for (const path of [
    '/v1/admin/cases',
    `/v1/admin/cases/${submission}`,
    '/v1/admin/services/library-card/export.csv?purpose=battery',
    '/v1/admin/services/library-card/export.jsonl?purpose=battery',
    '/v1/services/city/library-card',
  ])
    told.push(await (await officer.get(path)).text())
  const status = await world.request('/v1/status', { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify({ reference }) })
  told.push(await status.text())
  told.push(JSON.stringify(await agency.auditEvents(0, 10_000)))
  // With the server's own keys: what its disk holds, unsealed.
  const row = await agency.submission(submission)
  if (row) {
    const box = caseBox(world.adapters, agency.id, row)
    told.push(Buffer.from(box.open('answers', row.answers)).toString('utf8'), Buffer.from(box.open('outcome', row.outcome)).toString('utf8'))
  }
  return [...told, world.log.join('\n'), world.disk()].join('\n')
}

async function tryOne(one: Case, number: number, mode: 'sealed' | 'at-rest'): Promise<{ leaked: string[]; seen: boolean; opened: boolean }> {
  const world = await createWorld()
  try {
    const definition = serviceOf(one)
    const { answers, clear, secrets, open } = answersOf(one, number)
    const policy: Policy = { rules: { encryption: mode === 'sealed' ? { mode, clear } : { mode } } }
    const agency = world.adapters.store.agency(await world.adapters.store.ensureAgency('city', 'City', '2026-01-05T08:00:00.000Z'))
    const [epoch, recovery] = await Promise.all([newKeyPair(), newKeyPair()])
    await addRecovery(agency, 1, recovery)
    await addEpoch(agency, definition.id, 1, epoch)
    await world.offer(definition, policy)
    const officer = await officerOf(world)
    const body =
      mode === 'sealed'
        ? await sealedBody(await recipientsFor(world), definition, clear, {
            answers,
            files: [await sendFile(world, Buffer.from(`canary${number}xfile`), `canary${number}xname`, 'text/plain')],
          })
        : { version: 1, language: 'en', answers }
    const response = await world.send(body)
    const sent = (await response.json()) as unknown as { submission: string; reference: string }
    if (response.status !== 201) throw new Error(`not taken: ${response.status} ${JSON.stringify(sent)}`)
    const told = await everyWayOut(world, officer, sent.submission, sent.reference)
    const looked = mode === 'sealed' ? [...secrets, `canary${number}xfile`, `canary${number}xname`] : secrets
    const opened =
      mode === 'at-rest' ||
      JSON.stringify((await openSealed(await (await officer.get(`/v1/admin/cases/${sent.submission}`)).json(), epoch)).answers) === JSON.stringify(answers)
    return { leaked: looked.filter((secret) => told.includes(secret)), seen: open.every((text) => told.includes(text)), opened }
  } finally {
    await world.close()
  }
}

export const sealedCanaries: Line = {
  attack: 'T44',
  name: 'sealed-canaries',
  what: 'sealed answers, files and their names, looked for in every answer, export, log, event, file and row, with the server’s own keys',
  reach: 'none found; what is clear is; an officer’s key opens all',
  async run({ seed, count }) {
    const cases = fc.sample(anyCase, { seed, numRuns: count({ quick: 4, usual: 40, full: 300 }) })
    let leaks = 0
    let faults = 0
    for (const [number, one] of cases.entries()) {
      const { leaked, seen, opened } = await tryOne(one, number, 'sealed')
      leaks += leaked.length
      if (!seen || !opened) faults++
    }
    // The same answers where the server may read them: the search finds every one.
    const [first = { fields: 2, rows: 1, clear: [], mark: '' }] = cases
    const hidden = { ...first, clear: first.clear.map(() => false) }
    const control = await tryOne(hidden, 0, 'at-rest')
    const expected = answersOf(hidden, 0).secrets.length
    return {
      trials: cases.length,
      figure: `${leaks} found in ${cases.length} services; ${faults} that did not open, or hid what is clear`,
      good: leaks === 0 && faults === 0,
      control: { what: 'encrypted at rest only', noticed: control.leaked.length === expected && expected > 0 },
    }
  },
}
