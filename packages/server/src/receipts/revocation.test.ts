import { createPrivateKey, generateKeyPairSync, type KeyObject, sign } from 'node:crypto'
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { checkpointText, type KeySet, keyIdOf, leafHash, readLogProof, signatureLine, utf8, verifyReceipt, writeLogProof } from '@guichet/receipts'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { LogBroken, noteKeyOf, originOf } from '../audit/audit-log.ts'
import { nextEvent } from '../audit/chain.ts'
import { run } from '../cli.ts'
import { canonical, digestOf } from '../digest.ts'
import type { AgencyStore } from '../store/store.ts'
import { answersOf, createWorld, own, type World } from '../testing/world.ts'

let world: World
let city: AgencyStore
/** The key that is going to be stolen. */
let stolen: { kid: string; x: string; secret: KeyObject }
beforeEach(async () => {
  world = await createWorld()
  // The command has the clock of the machine, which is behind that of the server: in another hour, whenever this runs.
  world.setTime(new Date(Date.now() + 3_660_000).toISOString())
  await world.offer()
  city = world.adapters.store.agency((await world.adapters.store.findAgency('city'))!)
  const { kid, x } = world.adapters.keys.publicKeys[0]!
  const [pem = ''] = readdirSync(join(world.folder, 'keys/receipts'))
  stolen = { kid, x, secret: createPrivateKey(readFileSync(join(world.folder, 'keys/receipts', pem))) }
})
afterEach(() => world.close())

const call = async (...args: string[]) => {
  const [out, err] = [[] as string[], [] as string[]]
  const env = { DATA_DIR: world.folder, EXAMPLES_DIR: 'off' }
  const code = await run(args, env, { out: { write: (text) => out.push(text) }, err: { write: (text) => err.push(text) } })
  return { code, out: out.join(''), err: err.join('') }
}
const revoke = async (kid = stolen.kid) => {
  expect(await call('keys', 'revoke', kid)).toMatchObject({ code: 0 })
  world.adapters.keys.refresh(new Date(Date.now() + 60_000))
}
const grow = () => world.adapters.auditLog.grow(city.id, own)
const published = async () => (await (await world.request('/.well-known/guichet/keys.json')).json()) as unknown as KeySet
const submitted = async () => {
  const { reference } = await (await world.send(answersOf())).json()
  await grow()
  return reference as string
}
const fetchReceipt = async (reference: string) => {
  const headers = { 'Content-Type': 'application/json', Origin: own }
  return (await world.request('/v1/receipt', { method: 'POST', headers, body: JSON.stringify({ reference }) })).text()
}
const part = (value: unknown) => Buffer.from(canonical(value)).toString('base64url')
const jws = (typ: string, payload: unknown, by: { kid: string; secret: KeyObject } = stolen) => {
  const signed = `${part({ alg: 'Ed25519', kid: by.kid, typ })}.${part(payload)}`
  return `${signed}.${sign(null, Buffer.from(signed), by.secret).toString('base64url')}`
}
const another = () => {
  const { publicKey, privateKey } = generateKeyPairSync('ed25519')
  const { x } = publicKey.export({ format: 'jwk' }) as { x: string }
  return { x, kid: digestOf(`{"crv":"Ed25519","kty":"OKP","x":"${x}"}`).slice(7), secret: privateKey }
}

/** A receipt that never was, with a log of its own, as somebody makes it who has the key. */
async function forgedReceipt(by: { kid: string; x: string; secret: KeyObject }, keys: object) {
  const payload = {
    iss: own,
    agency: 'city',
    service: 'library-card',
    version: 1,
    definitionDigest: 'd',
    submission: '01kd0000000000000000000000',
    receivedAt: '2026-01-05T08:00:00.000Z',
    answersDigest: digestOf('x'),
    salt: 's',
    attachments: [],
    auditSequence: 1,
  }
  const event = nextEvent(null, {
    agency: 'city',
    time: payload.receivedAt,
    actor: 'citizen',
    action: 'submission.received',
    object: `submission:${payload.submission}`,
    details: { answers: payload.answersDigest },
  })
  const { digest: _digest, ...entry } = event
  const head = { origin: originOf(own, 'city'), size: 1, root: await leafHash(utf8(canonical(entry))) }
  const text = checkpointText(head)
  const id = await keyIdOf(noteKeyOf(head.origin, { x: by.x } as never))
  const checkpoint = `${text}\n${signatureLine(head.origin, id, sign(null, Buffer.from(text), by.secret))}`
  const proof = writeLogProof({ index: 0, hashes: [], checkpoint })
  return JSON.stringify({ format: 'guichet-receipt/1', jws: jws('eservice-receipt+jws', payload, by), payload, keys, event, proof })
}

describe('a key of receipts that was revoked', () => {
  it('is published as such, signs nothing more, and leaves one entry in the log, however often it is said', async () => {
    await submitted()
    expect((await published()).revocations).toEqual([])
    await revoke()
    await revoke()
    const { keys, revocations } = await published()
    expect([keys.length, revocations?.length, world.adapters.keys.signer.kid === stolen.kid]).toEqual([2, 1, false])
    const events = (await city.auditEvents(0, 1000)).filter(({ action }) => action === 'signing-key.revoked')
    expect(events).toMatchObject([{ actor: 'operator', object: `key:${stolen.kid}` }])
    const listed = (await call('keys', 'list', '--receipts')).out.trimEnd().split('\n')
    expect(listed).toEqual([`${world.adapters.keys.signer.kid}\tsigns`, expect.stringMatching(new RegExp(`^${stolen.kid}\trevoked 20`))])
    // A key that was made in the usual way waits first; the revoked one does not come back meanwhile.
    await call('keys', 'rotate', '--receipts')
    expect((await call('keys', 'list', '--receipts')).out).toMatch(/^\S+\twaits\n\S+\tsigns\n\S+\trevoked /)
  })

  it('proves nothing by itself, while the log proves what it had signed', async () => {
    const reference = await submitted()
    const [before, old] = [await fetchReceipt(reference), await published()]
    expect(await verifyReceipt({ file: before, keys: old })).toMatchObject({ signature: 'trusted', revokedAt: null, log: { state: 'in' } })
    await revoke()
    const keys = await published()
    expect(await verifyReceipt({ file: before, keys })).toMatchObject({
      signature: 'revoked',
      revokedAt: expect.stringMatching(/^20/),
      log: { state: 'revoked' },
    })
    const after = await fetchReceipt(reference)
    expect(await verifyReceipt({ file: after, keys })).toMatchObject({
      signature: 'trusted',
      revokedAt: expect.stringMatching(/^20/),
      kid: stolen.kid,
      log: { state: 'in' },
    })
    // Whoever has the old keys alone is told by what came with the receipt.
    expect(await verifyReceipt({ file: after, keys: old })).toMatchObject({ signature: 'trusted', revokedAt: expect.any(String), log: { state: 'in' } })
    expect(await verifyReceipt({ file: after, keys: null })).toMatchObject({ signature: 'own-key', revokedAt: expect.any(String) })
    // New ones are as good as ever.
    const next = await verifyReceipt({ file: await fetchReceipt(await submitted()), keys })
    expect(next).toMatchObject({ signature: 'trusted', revokedAt: null, log: { state: 'in' } })
  })

  it('helps its thief no more: neither with a receipt and a log of his own, nor with keys or revocations that he signs', async () => {
    const reference = await submitted()
    const old = await published()
    await revoke()
    const keys = await published()
    const own = await forgedReceipt(stolen, keys)
    expect(await verifyReceipt({ file: own, keys })).toMatchObject({ signature: 'revoked', log: { state: 'revoked' } })
    // The control: by the keys from before, nobody could tell.
    expect(await verifyReceipt({ file: await forgedReceipt(stolen, {}), keys: old })).toMatchObject({ signature: 'trusted', log: { state: 'in' } })

    const evil = another()
    const { secret: _secret, ...evilPublic } = evil
    const vouched = { keys: [], statements: [jws('guichet-key+jws', { key: { kty: 'OKP', crv: 'Ed25519', use: 'sig', alg: 'Ed25519', ...evilPublic } })] }
    expect(await verifyReceipt({ file: await forgedReceipt(evil, vouched), keys })).toMatchObject({ signature: 'forged' })
    expect(await verifyReceipt({ file: await forgedReceipt(evil, vouched), keys: old })).toMatchObject({ signature: 'trusted' })

    const good = world.adapters.keys.signer.kid
    const smear = jws('guichet-revocation+jws', { kid: good, revokedAt: '2026-01-01T00:00:00.000Z' })
    const file = JSON.parse(await fetchReceipt(await submitted()))
    const smeared = JSON.stringify({ ...file, keys: { ...file.keys, revocations: [smear] } })
    expect(await verifyReceipt({ file: smeared, keys })).toMatchObject({ signature: 'trusted', revokedAt: null, kid: good })
    // Nor does he take a revocation back by leaving it out, where the keys are the agency's.
    const silent = JSON.parse(await fetchReceipt(reference))
    expect(await verifyReceipt({ file: JSON.stringify({ ...silent, keys: { keys: silent.keys.keys } }), keys })).toMatchObject({
      revokedAt: expect.any(String),
    })
  })

  it('stays revoked when the key that said so is revoked too', async () => {
    const reference = await submitted()
    await revoke()
    await revoke(world.adapters.keys.signer.kid)
    const keys = await published()
    expect([keys.keys.length, keys.revocations?.length]).toEqual([3, 2])
    expect(await verifyReceipt({ file: await fetchReceipt(reference), keys })).toMatchObject({ signature: 'trusted', revokedAt: expect.any(String) })
    expect(await verifyReceipt({ file: await forgedReceipt(stolen, {}), keys })).toMatchObject({ signature: 'revoked' })
  })

  it('is said by the command that checks receipts', async () => {
    const reference = await submitted()
    const [receipt, keys] = [join(world.folder, 'r.json'), join(world.folder, 'k.json')]
    writeFileSync(receipt, await fetchReceipt(reference))
    await revoke()
    writeFileSync(keys, JSON.stringify(await published()))
    const early = await call('verify', receipt, '--keys', keys)
    expect(early).toMatchObject({
      code: 1,
      out: expect.stringMatching(/^NOT SHOWN TO BE AUTHENTIC: signed by a key revoked on 20.*(?:\n.*)*\nLog: the proof is signed by a key that was revoked/),
    })
    writeFileSync(receipt, await fetchReceipt(reference))
    const late = await call('verify', receipt, '--keys', keys)
    expect(late).toMatchObject({ code: 0, out: expect.stringMatching(/^AUTHENTIC.*\n {2}The key was revoked on 20.*the log shows/) })
  })

  it('signs no log that the server goes on from', async () => {
    await submitted()
    const [honest] = await city.checkpoints(1)
    await revoke()
    const [renewed] = await city.checkpoints(1)
    expect(renewed?.note).not.toBe(honest?.note)
    await city.audit('submission.read', 'submission:s', { actor: 'user:u', at: '2026-01-05T08:00:00.000Z' })
    await expect(grow()).resolves.toMatchObject({ size: renewed!.size + 1 })
    // As somebody leaves it who has the database and the stolen key: the newest state signed by that one.
    const [newest] = await city.checkpoints(1)
    const text = newest!.note.slice(0, newest!.note.indexOf('\n\n') + 1)
    const id = await keyIdOf(noteKeyOf(originOf(own, 'city'), { x: stolen.x } as never))
    const line = signatureLine(originOf(own, 'city'), id, sign(null, Buffer.from(text), stolen.secret))
    await city.cosignCheckpoint(newest!.size, newest!.note, `${text}\n${line}`)
    await expect(grow()).rejects.toThrow(LogBroken)
    await expect(grow()).rejects.toThrow(/revoked/)
    // Whoever runs the server may have looked at it, and says so again.
    await revoke()
    await expect(grow()).resolves.toMatchObject({ size: newest!.size })
  })

  it('is dropped by a server that has not looked at the folder since, before it signs the log again', async () => {
    await submitted()
    expect((await call('keys', 'revoke', stolen.kid)).code).toBe(0)
    expect(world.adapters.keys.signer.kid).toBe(stolen.kid)
    await city.audit('submission.read', 'submission:s', { actor: 'user:u', at: '2026-01-05T08:00:00.000Z' })
    await grow()
    expect(world.adapters.keys.signer.kid).not.toBe(stolen.kid)
    const proof = readLogProof(JSON.parse(await fetchReceipt(await submitted())).proof)
    expect(proof?.checkpoint).toBeDefined()
  })

  it('has to be one that there is, and a damaged revocation lets nobody in', async () => {
    expect(await call('keys', 'revoke', another().kid)).toMatchObject({ code: 1, err: expect.stringContaining('There is no key of receipts') })
    // One in 64 begins with a dash, and is no option.
    for (const kid of [`-${another().kid.slice(1)}`, `--${another().kid.slice(2)}`])
      expect(await call('keys', 'revoke', kid)).toMatchObject({ code: 1, err: expect.stringContaining('There is no key of receipts') })
    expect((await published()).revocations).toEqual([])
    for (const args of [['revoke'], ['list', stolen.kid], ['rotate', stolen.kid, '--receipts']]) expect((await call('keys', ...args)).code).toBe(2)
    await revoke()
    writeFileSync(join(world.folder, 'keys/receipts', `${stolen.kid}.revoked`), jws('guichet-revocation+jws', { kid: 'other', revokedAt: 'x' }))
    await expect(call('keys', 'list', '--receipts')).rejects.toThrow(/is damaged: it does not revoke this key/)
  })
})
