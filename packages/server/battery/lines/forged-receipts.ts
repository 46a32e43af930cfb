/** T42: receipts and proofs with one bit changed, and receipts of keys that were changed since. */
import { join } from 'node:path'
import { type KeySet, type Verdict, verifyReceipt } from '@guichet/receipts'
import fc from 'fast-check'
import { addSigningKey } from '../../src/keys/signing-keys.ts'
import { answersOf, createWorld, own } from '../../src/testing/world.ts'
import type { Line } from '../line.ts'

const rotations = 5

export const forgedReceipts: Line = {
  attack: 'T42',
  name: 'forged-receipts',
  what: 'one bit changed in signature, content or proof, and receipts of every key after five changes of key',
  reach: 'no changed one is accepted, every old one is',
  async run({ seed, count }) {
    const world = await createWorld()
    await world.offer()
    const city = (await world.adapters.store.findAgency('city'))!
    const { answers } = answersOf()
    const files: string[] = []
    const headers = { 'Content-Type': 'application/json', Origin: own }
    const published = async () => (await (await world.request('/.well-known/guichet/keys.json')).json()) as unknown as KeySet
    const first = await published()
    for (let i = 0; i <= rotations; i++) {
      const { reference } = await (await world.send(answersOf())).json()
      await world.adapters.auditLog.grow(city, own)
      const response = await world.request('/v1/receipt', { method: 'POST', headers, body: JSON.stringify({ reference }) })
      files.push(JSON.stringify({ ...JSON.parse(await response.text()), answers }))
      const at = new Date(Date.UTC(2026, 1 + i, 5))
      if (i < rotations) addSigningKey(join(world.folder, 'keys', 'receipts'), new Date(at.getTime() - 3600_000))
      world.setTime(at.toISOString())
      world.adapters.keys.refresh(at)
    }
    const keys = await published()
    const accepted = ({ signature, content, log }: Verdict) => signature === 'trusted' && content === 'same' && log.state === 'in'
    const verdicts = await Promise.all(files.flatMap((file) => [verifyReceipt({ file, keys }), verifyReceipt({ file, keys: first })]))
    const old = verdicts.filter(accepted).length
    const kids = new Set(verdicts.map(({ kid }) => kid)).size

    const flips = fc.sample(fc.tuple(fc.constantFrom('jws', 'proof'), fc.nat(rotations), fc.nat()), {
      seed,
      numRuns: count({ quick: 200, usual: 1000, full: 5000 }),
    })
    let taken = 0
    for (const [part, i, at] of flips) {
      const file = JSON.parse(files[i] as string) as Record<string, string>
      const bytes = Buffer.from(file[part] as string)
      const bit = at % (bytes.length * 8)
      bytes[bit >> 3] = (bytes[bit >> 3] as number) ^ (1 << (bit & 7))
      if (accepted(await verifyReceipt({ file: JSON.stringify({ ...file, [part]: bytes.toString('latin1') }), keys }))) taken++
    }
    // The control: who believes the keys that come along believes a receipt that anybody made.
    const believing = await verifyReceipt({ file: files[0] as string, keys: null })
    await world.close()
    return {
      trials: flips.length + verdicts.length,
      figure: `${taken} of ${flips.length} changed ones accepted; ${old} of ${verdicts.length} checks of ${files.length} receipts by ${kids} keys hold`,
      good: taken === 0 && old === verdicts.length && kids === rotations + 1,
      control: { what: 'without keys of the agency a receipt is called not shown to be authentic', noticed: believing.signature === 'own-key' },
    }
  },
}
