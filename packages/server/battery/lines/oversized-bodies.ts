/** T13: every route that takes a body is sent bodies and heads that lie, as bytes on a socket. What is read is counted. */
import { createServer, type RequestListener } from 'node:http'
import { getRequestListener } from '@hono/node-server'
import { routes } from '../../src/app.ts'
import { createHttpServer, largestHead, usualTimes } from '../../src/http-server.ts'
import { reach, signedIn } from '../../src/testing/every-route.ts'
import { listening } from '../../src/testing/listening.ts'
import { personIn } from '../../src/testing/people.ts'
import { sendRaw } from '../../src/testing/raw-http.ts'
import { rawRequests } from '../../src/testing/raw-requests.ts'
import { createWorld, definitionOf, plainPolicy } from '../../src/testing/world.ts'
import type { Line } from '../line.ts'

/** What one read of a socket gives. */
const oneRead = 65_536
const mostMemory = 20 * 2 ** 20

/**
 * Makes as much garbage as lets the engine take all the room that it ever gives to what is new, some 64 MB, and keeps. Whichever
 * request came at that moment would be charged with it.
 */
function fillYoung(): void {
  let kept: object[] = []
  for (let round = 0; round < 60; round++) kept = Array.from({ length: 50_000 }, (_, i) => ({ i, text: `${round} ${i}`, before: kept[i % 7] === undefined }))
  if (kept.length === 0) throw new Error('nothing was made')
}

export const oversizedBodies: Line = {
  attack: 'T13',
  name: 'oversized-bodies',
  what: 'lengths that lie, floods without length, packed and broken bodies, to every route that takes one',
  reach: 'refused as the protocol says, at most limit + 64 KiB read (of a file + 128), memory +20 MB each, server well',
  async run({ count }) {
    const world = await createWorld()
    await world.offer(definitionOf(), { rules: { ...plainPolicy.rules, rate: { submissionsPerHour: 1_000_000, uploadsPerHour: 1_000_000 } } })
    const owner = await signedIn(world)
    const house = await world.adapters.store.house(world.adapters.clock.now().toISOString())
    const operator = (await (await personIn(world, house, 'ops@house.example', [{ role: 'operator' }])).enter()).Cookie
    const ours = await listening(createHttpServer(world.app.fetch as never, usualTimes(10_000)))
    const takers = routes.filter((route) => route.body)
    const chosen = takers.filter(
      ({ id }, i) => i < count({ quick: 2, usual: takers.length, full: takers.length }) || id === 'submit' || id === 'uploadAttachment',
    )
    fillYoung()
    let trials = 0
    let wrong = 0
    let ahead = 0
    let memory = 0
    let firstWrong = ''
    for (const route of chosen) {
      const asked = reach(route, route.permission === 'agencies.manage' ? operator : owner)
      for (const request of rawRequests(route.method, asked)) {
        trials++
        ours.read()
        const before = process.memoryUsage().rss
        const answer = await sendRaw(ours.port, request.parts(), request)
        await ours.gone()
        memory = Math.max(memory, process.memoryUsage().rss - before)
        const over = ours.read() - asked.limit - largestHead
        ahead = Math.max(ahead, over)
        const well = (await sendRaw(ours.port, ['GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n'])).status === 200
        const most = route.body && 'limit' in route.body ? oneRead : 2 * oneRead
        if (request.statuses.includes(answer.status) && well && over <= most) continue
        wrong++
        firstWrong ||= ` (${route.id}, ${request.name}: ${answer.status}, ${over} beyond)`
      }
    }
    const noise = world.log.filter((line) => JSON.parse(line).level >= 50).length
    const theirs = await listening(createServer(getRequestListener(() => new Response(null, { status: 413 })) as RequestListener))
    const submit = takers.find(({ id }) => id === 'submit')!
    const flood = rawRequests('POST', reach(submit, owner)).find(({ name }) => name === 'longer than allowed, in chunks')!
    await sendRaw(theirs.port, flood.parts(), flood)
    await theirs.gone()
    const readByThem = theirs.read() - reach(submit, owner).limit
    await ours.close()
    await theirs.close()
    await world.close()
    return {
      trials,
      figure: `${wrong} wrong${firstWrong}, at most ${Math.ceil(ahead / 1024)} KiB beyond the limit, memory at most +${Math.round(memory / 2 ** 20)} MB, ${noise} errors in the log`,
      good: wrong === 0 && noise === 0,
      slow: memory > mostMemory,
      control: { what: `the listener as it comes reads ${Math.round(readByThem / 1024)} KiB beyond the limit`, noticed: readByThem > 4 * oneRead },
    }
  },
}
