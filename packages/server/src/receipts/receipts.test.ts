import { createHash, generateKeyPairSync, sign } from 'node:crypto'
import { join } from 'node:path'
import { checkpointText, type KeySet, type NoteKey, readNoteKey, type Verdict, verifyReceipt, writeNoteKey } from '@guichet/receipts'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { noteKeyOf, originOf, signCheckpoint } from '../audit/audit-log.ts'
import { openWitness, serveWitness, type Witness } from '../audit/witness.ts'
import { createWitnesses, type Witnesses } from '../audit/witnesses.ts'
import { canonical, digestOf } from '../digest.ts'
import { createEgress } from '../egress/egress.ts'
import { addSigningKey } from '../keys/signing-keys.ts'
import type { AgencyId } from '../store/store.ts'
import { answersOf, createWorld, own, pdf, type World } from '../testing/world.ts'

let world: World
let city: AgencyId
beforeEach(async () => {
  world = await createWorld()
  await world.offer()
  city = (await world.adapters.store.findAgency('city'))!
})
afterEach(() => world.close())

const grow = () => world.adapters.auditLog.grow(city, own)
const published = async () => (await (await world.request('/.well-known/guichet/keys.json')).json()) as unknown as KeySet
/** The receipt as the citizen gets it by the code. */
const fetchReceipt = async (reference: string) => {
  const response = await world.request('/v1/receipt', {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', Origin: own },
    body: JSON.stringify({ reference }),
  })
  expect(response.status).toBe(200)
  return response.text()
}
const logKey = () => writeNoteKey(noteKeyOf(originOf(own, 'city'), world.adapters.keys.publicKeys[0]!))

/** Submits with a file, and gives what the citizen has. */
async function submitted() {
  const upload = await world.request('/v1/services/city/library-card/attachments?target=student_id&name=a.pdf', {
    method: 'POST',
    headers: { 'Content-Type': 'application/pdf' },
    body: pdf,
  })
  const { id } = await upload.json()
  const body = { ...answersOf({ student: true, school: 'Polytechnic' }), documents: { student_id: [id] } }
  const sent = await (await world.send(body)).json()
  expect(sent).toHaveProperty('reference')
  return { answers: body.answers, ...sent }
}
const fileInHand = { name: 'a.pdf', sha256: createHash('sha256').update(pdf).digest() }

describe('a receipt', () => {
  it('is authentic, about these answers and this file, and in the log once that was signed', async () => {
    const { reference, answers, receipt } = await submitted()
    const keys = await published()
    const early = await verifyReceipt({ file: await fetchReceipt(reference), keys, answers, files: [fileInHand] })
    expect(early).toMatchObject({
      signature: 'trusted',
      content: 'same',
      log: { state: 'not-yet' },
      strangers: [],
      files: [{ target: 'student_id', state: 'same' }],
    })
    await grow()
    const late = await verifyReceipt({ file: await fetchReceipt(reference), keys, answers, files: [fileInHand] })
    expect(late).toMatchObject({ signature: 'trusted', content: 'same', log: { state: 'in', index: receipt.payload.auditSequence! - 1 }, fork: false })
    expect(receipt.payload).toMatchObject({ software: expect.stringMatching(/^guichet\/\d/), policyDigest: expect.stringMatching(/^sha256-/) })
    // What is in hand is something else.
    expect(await verifyReceipt({ file: await fetchReceipt(reference), keys, answers: { ...answers, name: 'Kim' } })).toMatchObject({ content: 'differs' })
    const other = { name: 'b.pdf', sha256: createHash('sha256').update('other').digest() }
    expect(await verifyReceipt({ file: await fetchReceipt(reference), keys, files: [other] })).toMatchObject({
      strangers: ['b.pdf'],
      files: [{ state: 'not-given' }],
    })
  })

  it('carries the newest checkpoint from the moment that it is given', async () => {
    const before = await grow()
    expect((await submitted()).receipt).toMatchObject({ checkpoint: before!.note })
  })

  it('is given to nobody without the code, and says nothing that helps to guess it', async () => {
    const { reference } = await submitted()
    const ask = (code: string) =>
      world.request('/v1/receipt', { method: 'POST', headers: { 'Content-Type': 'application/json', Origin: own }, body: JSON.stringify({ reference: code }) })
    expect((await ask('0'.repeat(26))).status).toBe(404)
    expect(await fetchReceipt(reference)).not.toContain(reference.replaceAll('-', ''))
  })

  it('that somebody made himself is not authentic, whatever keys he sends along', async () => {
    const { reference } = await submitted()
    await grow()
    const file = JSON.parse(await fetchReceipt(reference))
    const { publicKey, privateKey } = generateKeyPairSync('ed25519')
    const { x } = publicKey.export({ format: 'jwk' }) as { x: string }
    const kid = digestOf(`{"crv":"Ed25519","kty":"OKP","x":"${x}"}`).slice(7)
    const part = (value: unknown) => Buffer.from(canonical(value)).toString('base64url')
    const payload = { ...file.payload, receivedAt: '2026-01-01T00:00:00.000Z' }
    const signed = `${part({ alg: 'Ed25519', kid, typ: 'eservice-receipt+jws' })}.${part(payload)}`
    const forged = JSON.stringify({
      ...file,
      jws: `${signed}.${sign(null, Buffer.from(signed), privateKey).toString('base64url')}`,
      payload,
      keys: { keys: [{ kty: 'OKP', crv: 'Ed25519', x, kid }] },
    })
    expect(await verifyReceipt({ file: forged, keys: await published() })).toMatchObject({ signature: 'forged', log: { state: 'not-yet' } })
    expect(await verifyReceipt({ file: forged, keys: null })).toMatchObject({ signature: 'own-key', kid, log: { state: 'wrong', why: 'checkpoint' } })
    // A name of a trusted key does not make another key trusted.
    const borrowed = JSON.stringify({ ...JSON.parse(forged), keys: { keys: [{ x, kid: file.keys.keys[0].kid }] } })
    expect(await verifyReceipt({ file: borrowed, keys: null })).toMatchObject({ signature: 'forged' })
  })

  it('stays valid after five changes of key, for those who have only the first or only the last', async () => {
    const old = await published()
    const files: string[] = []
    for (let i = 0; i < 6; i++) {
      const { reference } = await submitted()
      await grow()
      files.push(await fetchReceipt(reference))
      const at = new Date(Date.UTC(2026, 1 + i, 5))
      addSigningKey(join(world.folder, 'keys', 'receipts'), new Date(at.getTime() - 3600_000))
      world.setTime(at.toISOString())
      world.adapters.keys.refresh(at)
    }
    const last = await published()
    expect(last.keys).toHaveLength(7)
    const kids = new Set<string | null>()
    for (const file of files) {
      const verdict = await verifyReceipt({ file, keys: last })
      expect(verdict).toMatchObject({ signature: 'trusted', log: { state: 'in' } })
      kids.add(verdict.kid)
      // The statements that came with the receipt lead from the first key to the one that signed.
      expect(await verifyReceipt({ file, keys: old })).toMatchObject({ signature: 'trusted', log: { state: 'in' } })
    }
    expect(kids.size).toBe(6)
    // The control: without the statements nobody comes from the first key to the last.
    const bare = JSON.stringify({ ...JSON.parse(files[5]!), keys: { keys: last.keys } })
    expect(await verifyReceipt({ file: bare, keys: old })).toMatchObject({ signature: 'forged' })
  })
})

describe('changed by a bit', () => {
  it('no receipt and no proof is accepted as it was', async () => {
    const { reference, answers } = await submitted()
    await grow()
    const [keys, text] = [await published(), await fetchReceipt(reference)]
    const file = JSON.parse(text) as Record<string, string>
    const whole = { ...file, answers }
    const accepted = (verdict: Verdict) => verdict.signature === 'trusted' && verdict.content === 'same' && verdict.log.state === 'in'
    expect(accepted(await verifyReceipt({ file: JSON.stringify(whole), keys }))).toBe(true)
    const parts = {
      jws: file.jws,
      proof: file.proof,
      event: JSON.stringify(file.event),
      payload: JSON.stringify(file.payload),
      answers: JSON.stringify(answers),
    }
    const flip = (given: string, at: number) => {
      const bytes = Buffer.from(given)
      const bit = at % (bytes.length * 8)
      bytes[bit >> 3]! ^= 1 << (bit & 7)
      return bytes.toString('latin1')
    }
    let tried = 0
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...(Object.keys(parts) as (keyof typeof parts)[])), fc.nat(), async (part, at) => {
        const changed = flip(parts[part]!, at)
        // JSON.stringify of what is a text in the file, the text itself of what is not.
        const value = part === 'jws' || part === 'proof' ? JSON.stringify(changed) : changed
        const made = `{${Object.entries({ ...whole, [part]: undefined })
          .filter(([, each]) => each !== undefined)
          .map(([name, each]) => `${JSON.stringify(name)}:${JSON.stringify(each)}`)
          .join(',')},${JSON.stringify(part)}:${value}}`
        // The digest of an event stands outside of what is hashed, and follows from it.
        if (part === 'event' && canonicalEntry(changed) === canonicalEntry(parts.event)) return
        tried++
        expect(accepted(await verifyReceipt({ file: made, keys })), `${part} ${at}`).toBe(false)
      }),
      { numRuns: Number(process.env.RECEIPT_TRIALS ?? 1000) },
    )
    expect(tried).toBeGreaterThan(0.8 * Number(process.env.RECEIPT_TRIALS ?? 1000))
  })
  const canonicalEntry = (text: string) => {
    try {
      return canonical({ ...JSON.parse(text), digest: undefined })
    } catch {
      return text
    }
  }
})

describe('a witness', () => {
  let witness: Witness
  let key: NoteKey
  let asked: Witnesses
  let close: () => void
  let respond: (() => { status: number; body: string }) | null
  beforeEach(async () => {
    respond = null
    witness = await openWitness(join(world.folder, 'witness'), 'witness.example/w1', [(await readNoteKey(await logKey()))!])
    key = (await readNoteKey(witness.key))!
    const server = serveWitness(
      { key: witness.key, add: async (body, now) => respond?.() ?? witness.add(body, now) },
      () => new Date('2026-01-05T09:00:00.000Z'),
    )
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const { port } = server.address() as { port: number }
    close = () => server.close()
    const { store, log } = world.adapters
    asked = createWitnesses([{ key: witness.key, url: `http://127.0.0.1:${port}` }], { store, log, egress: createEgress([`127.0.0.1:${port}`]) })
  })
  afterEach(() => close())

  it('signs what has grown, and its signature is on the receipts', async () => {
    const { reference } = await submitted()
    await grow()
    await asked.ask(city)
    expect(await asked.state(city)).toEqual([{ name: 'witness.example/w1', key: witness.key, size: 4, at: '2026-01-05T09:00:00.000Z', failure: null }])
    const keys = await published()
    const seen = { name: 'witness.example/w1', at: '2026-01-05T09:00:00.000Z' }
    expect((await verifyReceipt({ file: await fetchReceipt(reference), keys, witnesses: [key] })).witnesses).toEqual([seen])
    const { reference: later } = await submitted()
    await grow()
    expect((await verifyReceipt({ file: await fetchReceipt(later), keys, witnesses: [key] })).witnesses).toEqual([])
    await asked.ask(city)
    expect((await verifyReceipt({ file: await fetchReceipt(later), keys, witnesses: [key] })).witnesses).toEqual([seen])
    expect((await verifyReceipt({ file: await fetchReceipt(later), keys, witnesses: [{ ...key, name: 'other' }] })).witnesses).toEqual([])
  })

  it('goes on where it stood after a restart of either side', async () => {
    await grow()
    await asked.ask(city)
    witness = await openWitness(join(world.folder, 'witness'), 'witness.example/w1', [(await readNoteKey(await logKey()))!])
    await submitted()
    await grow()
    const { store, log } = world.adapters
    const fresh = createWitnesses([], { store, log, egress: createEgress([]) })
    expect(await fresh.state(city)).toEqual([])
    await asked.ask(city)
    expect((await asked.state(city))[0]).toMatchObject({ size: 4, failure: null })
  })

  it('refuses a log that is not what it signed before, and the server shows that', async () => {
    await grow()
    await asked.ask(city)
    const { keys } = world.adapters
    const origin = originOf(own, 'city')
    const forked = await signCheckpoint(keys, { origin, size: 2, root: Buffer.alloc(32, 7) }, new Date())
    const now = new Date()
    expect(await witness.add(`old 2\n\n${forked.note}`, now)).toMatchObject({ status: 409 })
    const shrunk = await signCheckpoint(keys, { origin, size: 1, root: Buffer.alloc(32, 7) }, new Date())
    expect((await witness.add(`old 2\n\n${shrunk.note}`, now)).status).toBe(400)
    expect(await witness.add(`old 0\n\n${shrunk.note}`, now)).toMatchObject({ status: 409, body: '2\n', type: 'text/x.tlog.size' })
    const other = await signCheckpoint(keys, { origin, size: 3, root: Buffer.alloc(32, 7) }, new Date())
    expect((await witness.add(`old 2\n${Buffer.alloc(32, 1).toString('base64')}\n\n${other.note}`, now)).status).toBe(422)
    expect((await witness.add(`old 2\n\n${other.note.replace('log/city\n', 'log/town\n')}`, now)).status).toBe(404)
    expect((await witness.add(`old 2\n\n${checkpointText({ origin, size: 3, root: Buffer.alloc(32) })}\n— ${origin} AAAAAAAAAAAA\n`, now)).status).toBe(403)
    expect((await witness.add('nonsense', now)).status).toBe(400)
    expect((await asked.state(city))[0]).toMatchObject({ size: 2 })
  })

  it('that lies or is away holds nothing up, and is shown', async () => {
    await submitted()
    await grow()
    for (const [answer, failure] of [
      [{ status: 200, body: '— witness.example/w1 AAAAAAAAAAAA\n' }, 'signature'],
      [{ status: 200, body: '' }, 'signature'],
      [{ status: 500, body: '' }, 'status-500'],
      [{ status: 409, body: '99999\n' }, 'status-409'],
    ] as const) {
      respond = () => answer
      await asked.ask(city)
      expect((await asked.state(city))[0]).toMatchObject({ size: null, failure })
    }
    close()
    await asked.ask(city)
    expect((await asked.state(city))[0]).toMatchObject({ failure: 'connection' })
    expect((await world.adapters.auditLog.current(city))?.note.match(/^—/gm)).toHaveLength(1)
  })
})

describe('two people with different logs', () => {
  it('prove the fork with what they have in hand', async () => {
    const { reference } = await submitted()
    const head = await grow()
    const [file, keys] = [await fetchReceipt(reference), await published()]
    const other = await signCheckpoint(world.adapters.keys, { origin: originOf(own, 'city'), size: head!.size, root: Buffer.alloc(32, 9) }, new Date())
    expect(await verifyReceipt({ file, keys, checkpoints: [other.note] })).toMatchObject({ fork: true, useless: 0 })
    expect(await verifyReceipt({ file, keys, checkpoints: [head!.note] })).toMatchObject({ fork: false, useless: 0 })
    const smaller = await signCheckpoint(world.adapters.keys, { origin: originOf(own, 'city'), size: 1, root: Buffer.alloc(32, 9) }, new Date())
    const unsigned = other.note.replace(/— .*\n/, `— ${originOf(own, 'city')} AAAAAAAAAAAA\n`)
    expect(await verifyReceipt({ file, keys, checkpoints: [smaller.note, unsigned, 'x'] })).toMatchObject({ fork: false, useless: 3 })
  })
})
