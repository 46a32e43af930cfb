/** T38: features that call out, told to call inside. */
import { createServer, type ServerResponse } from 'node:http'
import { createServer as createTcp } from 'node:net'
import { compile, type FieldTypes } from '@guichet/core'
import { fieldTypes } from '@guichet/fields/field-types'
import { webhook } from '../../src/deliveries/webhook/webhook.ts'
import { listen } from '../../src/demo.ts'
import { createEgress, EgressError, type Resolve } from '../../src/egress/egress.ts'
import { insideHosts, insideNames } from '../../src/testing/inside-addresses.ts'
import { definitionOf } from '../../src/testing/world.ts'
import type { Line } from '../line.ts'

const schemes = ['https://', 'http://']
const largest = 1_048_576

export const insideAddresses: Line = {
  attack: 'T38',
  name: 'inside-addresses',
  what: 'loopback, link-local, private and metadata addresses in every spelling; names, redirects and look-ups that lead there; endless answers',
  reach: 'nothing inside is connected to; 1 MB and 10 s of an answer at most',
  async run({ count }) {
    let reached = 0
    const canary = createTcp((socket) => {
      reached++
      socket.destroy()
    })
    const canaryPort = await listen(canary as never, 0, '127.0.0.1')
    let answer: (response: ServerResponse) => void = (response) => response.end('ok')
    const outside = createServer((_, response) => answer(response))
    const port = await listen(outside, 0, '127.0.0.1')
    const inside: Resolve = async () => [{ address: '127.0.0.1', family: 4 }]
    let trials = 0
    let called = 0
    const refused = async (url: string, resolve?: Resolve) => {
      trials++
      try {
        await createEgress([], resolve).call({ url, timeoutMs: 3000 })
        called++
      } catch (error) {
        if (!(error instanceof EgressError) || error.failure !== 'refused') called++
      }
    }
    for (const host of insideHosts) for (const scheme of schemes) for (const at of ['', `:${canaryPort}`]) await refused(`${scheme}${host}${at}/`)
    for (const name of insideNames) for (const scheme of schemes) await refused(`${scheme}${name}/`, inside)
    // Public at the first look, inside at the second: there is no second.
    let looks = 0
    await refused('https://rebind.example/', async () => [{ address: looks++ === 0 ? '192.0.2.77' : '127.0.0.1', family: 4 }])
    await refused('https://mixed.example/', async () => [
      { address: '93.184.215.14', family: 4 },
      { address: '127.0.0.1', family: 4 },
    ])

    // Features that take an address refuse it before it is stored.
    const egress = createEgress([])
    const hook = webhook({ egress, keys: {} as never, config: {} as never } as never)
    const program = compile(definitionOf(), fieldTypes as unknown as FieldTypes)
    let stored = 0
    for (const host of insideHosts) {
      trials++
      if (hook.fault?.({ endpoints: [{ url: `https://${host}/` }] } as never, program) !== 'delivery-address') stored++
    }

    // A lawful receiver that misbehaves.
    const lawful = createEgress([`127.0.0.1:${port}`])
    const url = `http://127.0.0.1:${port}/`
    let followed = 0
    for (const status of [301, 302, 303, 307, 308]) {
      trials++
      answer = (response) => response.writeHead(status, { Location: `http://127.0.0.1:${canaryPort}/` }).end()
      if ((await lawful.call({ url })).status !== status) followed++
    }
    answer = (response) => {
      const piece = Buffer.alloc(65_536)
      const write = () => {
        while (!response.destroyed && response.write(piece));
        if (!response.destroyed) response.once('drain', write)
      }
      response.writeHead(200)
      write()
    }
    const before = process.memoryUsage().arrayBuffers
    const endless = await lawful.call({ url })
    const grown = process.memoryUsage().arrayBuffers - before
    answer = (response) => {
      response.writeHead(200)
      const drip = setInterval(() => response.write('x'), 50)
      response.on('close', () => clearInterval(drip))
    }
    const slow = await lawful
      .call({ url, timeoutMs: count({ quick: 500, usual: 2000, full: 10_000 }) })
      .catch((error: unknown) => (error as EgressError).failure)
    trials += 2
    const untouched = reached === 0
    // The control: where an operator allows it, the canary is reached.
    await createEgress([`127.0.0.1:${canaryPort}`])
      .call({ url: `http://127.0.0.1:${canaryPort}/` })
      .catch(() => {})
    outside.closeAllConnections()
    outside.close()
    canary.close()
    return {
      trials,
      figure: `${reached - 1} connections inside, ${called} not refused, ${stored} stored, ${followed} redirects followed; of an endless answer ${endless.body.length} bytes (memory +${Math.round(grown / 2 ** 20)} MB), of a slow one: ${slow}`,
      good: untouched && called === 0 && stored === 0 && followed === 0 && endless.body.length === largest && endless.truncated && slow === 'timeout',
      control: { what: 'where an operator allows it, the canary is reached', noticed: reached === 1 },
    }
  },
}
