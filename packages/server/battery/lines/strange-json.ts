/** T14: bodies that a JSON parser, or what comes after it, may stumble over. */
import { monitorEventLoopDelay } from 'node:perf_hooks'
import fc from 'fast-check'
import { routes } from '../../src/app.ts'
import { badBodies } from '../../src/testing/bad-json.ts'
import { reach, signedIn } from '../../src/testing/every-route.ts'
import { createWorld, definitionOf, plainPolicy } from '../../src/testing/world.ts'
import type { Line } from '../line.ts'

const mostDelay = 50

/** How deep a value nests, the way that one writes it first. */
const depthOf = (value: unknown): number => (typeof value === 'object' && value !== null ? 1 + Math.max(0, ...Object.values(value).map(depthOf)) : 0)

export const strangeJson: Line = {
  attack: 'T14',
  name: 'strange-json',
  what: 'deep, wide, cut, doubled and ill-encoded JSON, to every route that takes it',
  reach: 'no crash, no answer of 500 and more, no body holds the event loop for over 50 ms of processor',
  async run({ seed, count }) {
    const world = await createWorld()
    await world.offer(definitionOf(), { rules: { ...plainPolicy.rules, rate: { submissionsPerHour: 1_000_000, uploadsPerHour: 1_000_000 } } })
    const cookie = await signedIn(world)
    const takers = routes.filter((route) => route.body)
    const each = Math.ceil(count({ quick: 300, usual: 3000, full: 10_000 }) / takers.length)
    let trials = 0
    let client = 0
    let broken = ''
    const ask = async (route: (typeof takers)[number], body: Uint8Array<ArrayBuffer>) => {
      const { address, headers } = reach(route, cookie)
      const answer = await world.request(address, { method: route.method, headers, body, client: `2001:db8:${(++client).toString(16)}::1` })
      await answer.text()
      if (answer.status >= 500) broken ||= ` (${route.id}: ${answer.status} to ${Buffer.from(body).toString('utf8', 0, 80)})`
      return answer.status
    }
    // Compiles what is compiled once.
    for (const route of takers) await ask(route, new Uint8Array(Buffer.from('{}')))
    const delay = monitorEventLoopDelay({ resolution: 5 })
    delay.enable()
    let longest = 0
    let failures = 0
    for (const route of takers) {
      const bodies = fc.sample(badBodies(Buffer.from(reach(route, cookie).body ?? '').toString('utf8')), { seed, numRuns: each })
      for (const body of bodies) {
        trials++
        const before = process.threadCpuUsage()
        const status = await ask(route, body)
        const { user, system } = process.threadCpuUsage(before)
        longest = Math.max(longest, (user + system) / 1000)
        if (status >= 500) failures++
        // Lets the loop turn, so that it is seen how long it was held.
        await new Promise((resolve) => setImmediate(resolve))
      }
    }
    delay.disable()
    const held = Math.round(delay.percentile(99.9) / 1e6)
    await world.close()
    let stumbled = false
    try {
      depthOf(JSON.parse('['.repeat(50_000) + ']'.repeat(50_000)))
    } catch (error) {
      stumbled = error instanceof RangeError
    }
    return {
      trials,
      figure: `${failures} answers of 500 and more${broken}, loop held for ${held} ms (999 of 1,000), slowest answer ${Math.round(longest)} ms of processor`,
      good: failures === 0,
      slow: longest > mostDelay,
      control: { what: 'code that walks what was parsed by recursion runs out of stack', noticed: stumbled },
    }
  },
}
