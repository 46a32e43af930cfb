import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Policy } from '@guichet/schemas'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { CommandFailed } from '../commands/command.ts'
import { policy as command } from '../commands/policy.ts'
import { answersOf, createWorld, definitionOf, foreign, pdf, plainPolicy, type World } from '../testing/world.ts'
import { explainPolicy } from './explain.ts'
import { simulate } from './simulate.ts'

let world: World
const sent: Record<string, string> = {}
beforeAll(async () => {
  world = await createWorld()
  await world.offer()
  const send = async (name: string, at: string, answers: object = {}, origin?: string, more: object = {}) => {
    world.setTime(at)
    const response = await world.send({ ...answersOf(answers), ...more }, { origin })
    expect(response.status, name).toBe(201)
    sent[name] = (await response.json()).submission
  }
  await send('program', '2026-01-05T08:00:00.000Z')
  await send('embedded', '2026-01-05T09:00:00.000Z', {}, foreign)
  await send('long', '2026-01-05T10:00:00.000Z', { name: 'Sam '.repeat(20).trim() })
  const file = await world.request('/v1/services/city/library-card/attachments?target=student_id&name=a.pdf', {
    method: 'POST',
    headers: { 'Content-Type': 'application/pdf' },
    body: pdf,
  })
  await send('file', '2026-01-06T08:00:00.000Z', { student: true, school: 'Polytechnic' }, undefined, { documents: { student_id: [(await file.json()).id] } })
})
afterAll(() => world.close())

const run = async (policy: Policy, last = 100, change: Parameters<typeof definitionOf>[0] = () => {}) => {
  const agency = world.adapters.store.agency((await world.adapters.store.findAgency('city'))!)
  const version = (await agency.version('library-card', 1))!
  const { refused, looked, untested } = await simulate(agency, { ...version, definition: definitionOf(change) }, policy, last)
  return { looked, untested, refused: refused.map(({ submission, rule, code }) => [Object.keys(sent).find((name) => sent[name] === submission), rule, code]) }
}

describe('another policy', () => {
  it('refuses nobody where it is the one that they came under: the control', async () => {
    expect(await run(plainPolicy)).toMatchObject({ looked: 4, refused: [] })
  })

  it('says who would be refused, and by which rule', async () => {
    expect((await run({})).refused).toEqual([['embedded', 'origins', 'origin']])
    expect((await run({ rules: { origins: { allow: ['https://other.example'] } } })).refused).toEqual([['embedded', 'origins', 'origin']])
    const room = { rules: { ...plainPolicy.rules, capacity: { perDay: 2 } } }
    expect((await run(room)).refused).toEqual([['long', 'capacity', 'full-today']])
    expect((await run({ rules: { ...plainPolicy.rules, capacity: { total: 1 } } })).refused.map(([name]) => name)).toEqual(['embedded', 'long', 'file'])
    expect((await run({ rules: { ...plainPolicy.rules, uploads: { maxBytes: 10 } } })).refused).toEqual([['file', 'uploads', 'file-too-large']])
    expect((await run(plainPolicy, 100, (definition) => void Object.assign(definition, { window: { closes: '2026-01-05' } }))).refused).toEqual([
      ['file', 'window', 'closed'],
    ])
  })

  it('knows how large they were', async () => {
    const agency = world.adapters.store.agency((await world.adapters.store.findAgency('city'))!)
    const received = (await agency.auditEvents(0, 100)).filter(({ action }) => action === 'submission.received')
    const bytes = received.map(({ details }) => Number(details?.bytes))
    expect(bytes[1]).toBe(bytes[0])
    expect(bytes[2]).toBe((bytes[0] ?? 0) + 'Sam '.repeat(20).trim().length - 'Sam Okafor'.length)
    expect(received.map(({ details }) => details?.origin)).toEqual([undefined, foreign, undefined, undefined])
  })

  it('looks at the last ones, and names what it cannot put to the test', async () => {
    const { looked, untested } = await run({}, 2)
    expect(looked).toBe(2)
    expect(untested).toContain('rate')
    expect(untested).not.toContain('origins')
  })
})

describe('guichet policy', () => {
  const folder = mkdtempSync(join(tmpdir(), 'guichet-policy-'))
  afterAll(() => rmSync(folder, { recursive: true, force: true }))
  const file = (name: string, content: unknown) => {
    writeFileSync(join(folder, name), typeof content === 'string' ? content : JSON.stringify(content))
    return join(folder, name)
  }
  const call = async (words: string[], options: Record<string, string> = {}) => {
    let [out, err] = ['', '']
    const streams = { out: { write: (text: string) => void (out += text) }, err: { write: (text: string) => void (err += text) } }
    const code = await command.run({
      words,
      value: (name) => options[name] ?? null,
      flag: () => false,
      env: { DATA_DIR: world.folder, EXAMPLES_DIR: 'off' },
      ...streams,
    })
    return { code, out, err }
  }

  it('explains in the words that citizens read', async () => {
    const { out } = await call(['explain', 'city/library-card'], { lang: 'el' })
    const page = await world.request('/v1/services/city/library-card/protection?lang=el')
    const { rules } = (await page.json()) as unknown as { rules: { title: string; said: string[] }[] }
    expect(rules.length).toBeGreaterThan(5)
    for (const { title, said } of rules) for (const sentence of [title, ...said]) expect(out).toContain(sentence)
    expect(explainPolicy(plainPolicy, 'el').rules.flatMap(({ citizen }) => citizen)).toEqual(rules.flatMap(({ said }) => said))
    expect((await call(['explain', 'city/library-card'], { policy: file('open.json', { preset: 'open' }) })).out).toContain(
      'Any website may show this service.',
    )
  })

  it('simulates with a file, and prints no answer', async () => {
    const { code, out, err } = await call(['simulate', 'city/library-card'], { policy: file('standard.json', {}) })
    expect([code, out]).toEqual([1, `${sent.embedded}\t2026-01-05T09:00:00.000Z\torigins\torigin\n`])
    expect(err).toMatch(/^100 % audit log\n4 looked at, 1 would be refused\.\n/)
    expect(out + err).not.toContain('Sam')
    expect((await call(['simulate', 'city/library-card'], { policy: file('same.json', plainPolicy), last: '2' })).code).toBe(0)
  })

  it('says what it cannot do', async () => {
    for (const [words, options] of [
      [['forget', 'city/library-card'], {}],
      [['explain', 'city/nothing'], {}],
      [['explain', 'nowhere'], {}],
      [['simulate', 'city/library-card'], {}],
      [['simulate', 'city/library-card'], { policy: file('same.json', plainPolicy), last: '0' }],
      [['explain', 'city/library-card'], { policy: join(folder, 'not-there.json') }],
      [['explain', 'city/library-card'], { policy: file('no.json', 'no json') }],
      [['explain', 'city/library-card'], { policy: file('wrong.json', { rules: { unheard: {} } }) }],
    ] as [string[], Record<string, string>][])
      await expect(call(words, options), words.join(' ')).rejects.toThrow(CommandFailed)
  })
})
