/** T15: names that lead to the prototype of all objects, in bodies, queries, headers, definitions and expressions. */
import { compile } from '@guichet/core'
import type { Expression, ServiceDefinition } from '@guichet/schemas'
import fc from 'fast-check'
import { routes } from '../../src/app.ts'
import { pollutions } from '../../src/testing/bad-json.ts'
import { reach, signedIn } from '../../src/testing/every-route.ts'
import { createWorld, definitionOf, plainPolicy } from '../../src/testing/world.ts'
import type { Line } from '../line.ts'

const polluted = () => 'polluted' in {} || Object.keys(Object.prototype).length > 0

function carelessMerge(to: Record<string, unknown>, from: Record<string, unknown>): void {
  for (const key of Object.keys(from)) {
    if (typeof to[key] === 'object' && to[key] !== null) carelessMerge(to[key] as Record<string, unknown>, from[key] as Record<string, unknown>)
    else to[key] = from[key]
  }
}

const names = [
  '__proto__',
  'constructor',
  'prototype',
  'toString',
  'hasOwnProperty',
  '__defineGetter__',
  'constructor.prototype.polluted',
  '__proto__.polluted',
]

/** Definitions as an import may bring them: such names as ids, paths, tables and operations. */
function hostileDefinition(name: string, other: string): ServiceDefinition {
  return definitionOf((definition) => {
    const own = definition as unknown as Record<string, unknown>
    Object.defineProperty(own, name, { value: { polluted: 1 }, enumerable: true, configurable: true, writable: true })
    definition.pages[0]?.fields.push({ id: other, type: other, label: { en: other }, when: { [name]: [{ var: other }, 1] } as unknown as Expression } as never)
    own.computed = [{ id: name, type: 'number', value: { var: `${other}.${name}` } }]
    own.tables = { [name]: { columns: [other], rows: [[1]] } }
  })
}

export const pollution: Line = {
  attack: 'T15',
  name: 'pollution',
  what: 'prototype names in bodies, queries, headers, definitions and expressions',
  reach: 'Object.prototype as it was after each, no answer of 500 and more',
  async run({ seed, count }) {
    const world = await createWorld()
    await world.offer(definitionOf(), { rules: { ...plainPolicy.rules, rate: { submissionsPerHour: 1_000_000, uploadsPerHour: 1_000_000 } } })
    const cookie = await signedIn(world)
    const takers = routes.filter((route) => route.body)
    const total = count({ quick: 300, usual: 2000, full: 5000 })
    let trials = 0
    let found = 0
    let failures = 0
    for (const route of takers) {
      const tries = fc.sample(pollutions(Buffer.from(reach(route, cookie).body ?? '').toString('utf8')), { seed, numRuns: Math.ceil(total / takers.length) })
      for (const { body, query, headers: more } of tries) {
        const { address, headers } = reach(route, cookie)
        trials++
        const answer = await world.request(`${address}${address.includes('?') ? '&' : '?'}${query}`, {
          method: route.method,
          headers: { ...headers, ...more },
          body,
          client: `2001:db8:${trials.toString(16)}::1`,
        })
        await answer.text()
        if (answer.status >= 500) failures++
        if (polluted()) found++
      }
    }
    for (const name of names)
      for (const other of names) {
        trials++
        const definition = hostileDefinition(name, other)
        // Lint must say what is wrong, and may not run into it.
        if ((await world.adapters.lint(definition)).length === 0) failures++
        if (polluted()) found++
      }
    // Evaluation as well, where nobody linted.
    for (const name of names) {
      trials++
      const program = compile(
        definitionOf((definition) => {
          Object.assign(definition, { computed: [{ id: 'odd', type: 'text', value: { var: name } }] })
        }),
        world.adapters.types,
      )
      if (!program || polluted()) found++
    }
    await world.close()
    let noticed = false
    try {
      carelessMerge({}, JSON.parse('{"__proto__":{"polluted":1}}'))
      noticed = polluted()
    } finally {
      delete (Object.prototype as { polluted?: unknown }).polluted
    }
    return {
      trials,
      figure: `${found} times changed, ${failures} wrong answers`,
      good: found === 0 && failures === 0,
      control: { what: 'a careless merge changes it', noticed },
    }
  },
}
