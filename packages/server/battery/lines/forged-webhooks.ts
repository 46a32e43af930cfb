/** T46: what a receiver of webhooks must refuse, by the check that docs/deliveries.md gives receivers. */
import { generateKeyPairSync } from 'node:crypto'
import fc from 'fast-check'
import { webhook } from '../../src/deliveries/webhook/webhook.ts'
import { createEgress } from '../../src/egress/egress.ts'
import { isGenuine, openHookReceiver } from '../../src/testing/hook-receiver.ts'
import { createWorld } from '../../src/testing/world.ts'
import type { Line } from '../line.ts'

const whpk = (x: string) => `whpk_${Buffer.from(x, 'base64url').toString('base64')}`

export const forgedWebhooks: Line = {
  attack: 'T46',
  name: 'forged-webhooks',
  what: 'replays, old and future times, swapped bodies and ids, other agencies’ and strangers’ keys, cut and mixed signatures',
  reach: 'the receiver’s check refuses all of them, and takes what is genuine',
  async run({ seed, count }) {
    const world = await createWorld()
    const receiver = await openHookReceiver()
    const agency = await world.adapters.store.ensureAgency('city', 'City', new Date().toISOString())
    const other = await world.adapters.store.ensureAgency('town', 'Town', new Date().toISOString())
    const keysOf = (of: typeof agency) => world.adapters.keys.webhookSigner(of).publicKeys.map(({ x }) => whpk(x))
    const egress = createEgress([receiver.place])
    const hook = webhook({ egress, keys: world.adapters.keys, config: world.config } as never)
    const now = new Date('2026-03-01T10:00:00Z')
    const send = (of: typeof agency, id: string) =>
      hook.deliver(
        {
          url: receiver.url,
          event: { type: 'submission.received', timestamp: now.toISOString(), data: { agency: of, service: 's', submission: id } },
        } as never,
        {
          id,
          agency: of,
          now,
          egress,
          signal: AbortSignal.timeout(10_000),
          attempt: 1,
        } as never,
      )
    for (const id of ['dlv_1', 'dlv_2']) await send(agency, id)
    await send(other, 'dlv_3')
    const [one, two, foreign] = receiver.told as [(typeof receiver.told)[0], (typeof receiver.told)[0], (typeof receiver.told)[0]]
    const keys = keysOf(agency)
    const genuine = [one, two].filter((told) => isGenuine(told, keys, now)).length

    const stranger = whpk((generateKeyPairSync('ed25519').publicKey.export({ format: 'jwk' }) as { x: string }).x)
    const at = (minutes: number) => new Date(now.getTime() + minutes * 60_000)
    const told = (headers: Record<string, string | undefined>, body = one.body) => ({ headers: { ...one.headers, ...headers }, body })
    const fixed: [string, boolean][] = [
      ['an hour later', isGenuine(one, keys, at(60))],
      ['six minutes later', isGenuine(one, keys, at(6))],
      ['six minutes before', isGenuine(one, keys, at(-6))],
      ['with another body', isGenuine(told({}, two.body), keys, now)],
      ['with another id', isGenuine(told({ 'webhook-id': 'dlv_2' }), keys, now)],
      ['with a newer time', isGenuine(told({ 'webhook-timestamp': String(at(1).getTime() / 1000) }), keys, now)],
      ['of another agency', isGenuine(foreign, keys, now)],
      ['of a stranger', isGenuine(one, [stranger], now)],
      ['without keys', isGenuine(one, [], now)],
      ['without a signature', isGenuine(told({ 'webhook-signature': undefined }), keys, now)],
      ['without an id', isGenuine(told({ 'webhook-id': undefined }), keys, now)],
      ['without a time', isGenuine(told({ 'webhook-timestamp': undefined }), keys, now)],
      ['under another version', isGenuine(told({ 'webhook-signature': one.headers['webhook-signature']?.replace('v1a,', 'v1,') }), keys, now)],
      ['with another’s signature', isGenuine(told({ 'webhook-signature': foreign.headers['webhook-signature'] }), keys, now)],
      ['with the time as a power', isGenuine(told({ 'webhook-timestamp': '1e9' }), keys, now)],
    ]
    let taken = fixed.filter(([, good]) => good).length
    // One bit of what is signed, or of the signature.
    const flips = fc.sample(fc.tuple(fc.constantFrom('body', 'id', 'timestamp', 'signature'), fc.nat(), fc.nat(7)), {
      seed,
      numRuns: count({ quick: 200, usual: 1000, full: 5000 }),
    })
    for (const [part, place, bit] of flips) {
      const source = part === 'body' ? one.body : (one.headers[`webhook-${part}`] ?? '')
      const bytes = Buffer.from(source)
      bytes[place % bytes.length]! ^= 1 << bit
      const changed = bytes.toString('latin1')
      // Base64 has letters that stand for the same bytes.
      if (
        part === 'signature' &&
        Buffer.from(changed.split(',')[1] ?? '', 'base64').equals(Buffer.from(source.split(',')[1] ?? '', 'base64')) &&
        changed.startsWith('v1a,')
      )
        continue
      if (isGenuine(part === 'body' ? told({}, changed) : told({ [`webhook-${part}`]: changed }), keys, now)) taken++
    }
    // Sent again within the time it is genuine, and known by its id.
    await send(agency, 'dlv_1')
    const kept = receiver.taken.size
    await receiver.close()
    await world.close()
    return {
      trials: fixed.length + flips.length + 1,
      figure: `${taken} forgeries taken, ${genuine} of 2 genuine ones taken, a replay kept once (${kept} ids of ${receiver.told.length} calls)`,
      good: taken === 0 && genuine === 2 && kept === 3,
      control: {
        what: 'a receiver that checks the body alone takes what was sent under another id',
        noticed: isGenuine({ ...two, body: two.body }, keys, now) && two.body !== one.body,
      },
    }
  },
}
