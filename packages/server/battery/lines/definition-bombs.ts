/** T17: definitions made to take long, much memory or a deep stack, saved and published by an author who is signed in. */
import type { FieldTypes } from '@guichet/core'
import { compile, submissionSchema } from '@guichet/core'
import { lint } from '@guichet/core/lint'
import { fieldTypes } from '@guichet/fields/field-types'
import { fieldSettings } from '@guichet/fields/settings-schemas'
import type { ServiceDefinition } from '@guichet/schemas'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { createLinter } from '../../src/definitions/linter.ts'
import { bombKinds, bombs } from '../../src/testing/bombs.ts'
import { signedIn } from '../../src/testing/every-route.ts'
import { answersOf, createWorld, definitionOf, own, plainPolicy } from '../../src/testing/world.ts'
import { cpuOf, watchLoop } from '../cpu.ts'
import type { Line } from '../line.ts'

const mostHeld = 100

/** Rows that a condition goes through for each of them, and for each of those again. */
const multiplying = () =>
  definitionOf((definition) => {
    const rows = {
      id: 'rows',
      type: 'group',
      label: { en: 'Rows', el: 'Rows' },
      repeat: { min: 0, max: 100 },
      fields: [{ id: 'n', type: 'number', label: { en: 'n', el: 'n' } }],
    }
    definition.pages[0]?.fields.push(rows as never)
    Object.assign(definition, {
      computed: [
        ...(definition.computed ?? []),
        ...Array.from({ length: 40 }, (_, i) => ({
          id: `c${i}`,
          type: 'number',
          value: { sum: [{ var: 'rows' }, { sum: [{ var: 'rows' }, { '+': [{ var: 'n' }, i] }] }] },
        })),
      ],
    })
  })
/** As many questions as are possible, no two with the same schema. */
const largest = () =>
  definitionOf((definition) => {
    definition.pages[0]?.fields.push(
      ...Array.from(
        { length: 1900 },
        (_, i) => ({ id: `q${i}`, type: 'text', label: { en: `q${i}`, el: `q${i}` }, maxLength: i + 1, optional: true }) as never,
      ),
    )
  })

export const definitionBombs: Line = {
  attack: 'T17',
  name: 'definition-bombs',
  what: 'definitions with circles, depth, width and products in everything that can have them',
  reach: 'each is refused and says where or why, no crash, nobody else waits for over 100 ms of processor',
  async run({ seed, count }) {
    const linter = createLinter()
    const world = await createWorld({}, { lint: linter })
    await world.offer(definitionOf(), plainPolicy)
    const cookie = await signedIn(world)
    const ask = (method: string, path: string, body: string, more: Record<string, string> = {}) =>
      world.request(path, { method, headers: { Origin: own, Cookie: cookie, 'Content-Type': 'application/json', ...more }, body })
    /** Saved, then published. Gives the last answer. */
    const offer = async (id: string, text: string) => {
      const before = await world.request(`/v1/admin/services/${id}`, { headers: { Cookie: cookie } })
      const saved = await ask('PUT', `/v1/admin/services/${id}`, text, { 'If-Match': before.headers.get('etag') ?? '' })
      if (saved.status !== 200) return saved
      return ask('POST', `/v1/admin/services/${id}/publish`, '{}', { 'If-Match': saved.headers.get('etag') ?? '' })
    }
    const offered = (definition: ServiceDefinition) => offer(definition.id, JSON.stringify({ definition }))
    // Whatever is started once.
    await offered(definitionOf())

    const loop = watchLoop()
    let trials = 0
    const outcomes: Record<string, number> = {}
    let wrong = ''
    let goOn = loop.pause()
    for (const { kind, definition } of bombs(count({ quick: 24, usual: 200, full: 1000 }), seed)) {
      trials++
      const text = JSON.stringify({ definition })
      goOn()
      const answer = await offer(definition.id, text)
      goOn = loop.pause()
      const body = (await answer.json()) as unknown as { type: string; title: string; errors?: unknown[]; findings?: { pointer: string }[] }
      const code = body.type?.split('/').at(-1) ?? 'taken'
      outcomes[code] = (outcomes[code] ?? 0) + 1
      const placed = (body.errors?.length ?? 0) > 0 || (body.findings?.length ?? 0) > 0 || ['too-large', 'json', 'definition-too-heavy'].includes(code)
      if (answer.status < 400 || answer.status >= 500 || !body.title || !placed) wrong ||= ` (${kind}: ${answer.status} ${code})`
    }
    loop.stop()
    const held = Math.round(loop.longest())

    // What may be published must be harmless as well: as large as it gets, and with answers that multiply.
    const taken = [(await offered(largest())).status]
    const whole = await world.send({ ...answersOf(Object.fromEntries(Array.from({ length: 1900 }, (_, i) => [`q${i}`, 'x']))), version: 3 })
    taken.push(whole.status)
    taken.push((await offered(multiplying())).status)
    const budget = process.threadCpuUsage()
    const multiplied = await world.send({ ...answersOf({ rows: Array.from({ length: 100 }, () => ({ n: 1 })) }), version: 4 })
    const spent = process.threadCpuUsage(budget).user / 1000
    trials += 3
    const code = multiplied.status === 422 ? (await multiplied.json()).type.split('/').at(-1) : String(multiplied.status)
    const errors = world.log.filter((line) => JSON.parse(line).level >= 50).length
    await world.close()

    // The control: the same in the server's own thread, and the schema in one piece.
    const names = bombKinds['very many names that are not there']!(30)
    const types = fieldTypes as unknown as FieldTypes
    const inThread = cpuOf(() => lint(names, types, fieldSettings))
    let overflowed = false
    try {
      const many = definitionOf((definition) => {
        definition.pages[0]?.fields.push(...Array.from({ length: 6000 }, (_, i) => ({ id: `q${i}`, type: 'text', label: { en: 'x' }, maxLength: 9 }) as never))
      })
      new Ajv2020({ strict: false, logger: false }).compile(submissionSchema(compile(many, types)))
    } catch (error) {
      overflowed = error instanceof RangeError
    }
    return {
      trials,
      figure: `${Object.entries(outcomes)
        .map(([name, times]) => `${times} ${name}`)
        .join(
          ', ',
        )}${wrong}; loop held for at most ${held} ms of processor; 1,905 questions published and answered (${taken.join(', ')}); answers that multiply: ${code} after ${Math.round(spent)} ms; ${errors} errors in the log`,
      good: wrong === '' && taken.join() === '201,201,201' && code === 'too-complex' && errors === 0,
      slow: held > mostHeld,
      control: {
        what: `in the server's own thread a small one of them takes ${Math.round(inThread)} ms, and the schema in one piece overflows the stack`,
        noticed: inThread > mostHeld && overflowed,
      },
    }
  },
}
