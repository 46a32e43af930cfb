import { generateKeyPairSync, type KeyObject, sign } from 'node:crypto'
import {
  checkpointText,
  cosignedText,
  isConsistent,
  keyIdOf,
  type NoteKey,
  readNote,
  signatureLine,
  timestampBytes,
  toBase64,
  writeNoteKey,
} from '@guichet/receipts'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { type Egress, EgressError, type EgressRequest } from '../egress/egress.ts'
import { city, heard, type LogInMemory, logInMemory, time } from './memory-log.test-helper.ts'
import { grow, leafHash, rootOf } from './tree.ts'
import { createWitnesses } from './witnesses.ts'

const origin = 'forms.example.org/log/city'
const seconds = 1_767_603_600
const at = '2026-01-05T09:00:00.000Z'
interface Signer {
  key: NoteKey
  secret: KeyObject
}
const made = (name: string, kind: NoteKey['kind'] = 'cosignature'): Signer => {
  const { publicKey, privateKey } = generateKeyPairSync('ed25519')
  const { x } = publicKey.export({ format: 'jwk' }) as { x: string }
  return { key: { name, kind, key: Buffer.from(x, 'base64url') }, secret: privateKey }
}
const cosigned = async ({ key, secret }: Signer, text: string, when = seconds) =>
  signatureLine(key.name, await keyIdOf(key), Buffer.concat([timestampBytes(when), sign(null, Buffer.from(cosignedText(text, when)), secret)]))

const ours = made(origin, 'signature')
const [one, two] = [made('one.example/w'), made('two.example/w')]
let [oneText, twoText] = ['', '']
let memory: LogInMemory
let said: ReturnType<typeof heard>
let calls: { url: string; old: number; proof: Buffer[]; note: string; request: EgressRequest }[]
/** What a witness answers; by default it signs. */
let respond: (signer: Signer, old: number, note: string) => Promise<{ status: number; body: string }>

const egress = {
  call: async (request: EgressRequest) => {
    const text = Buffer.from(request.body ?? []).toString()
    const [, old, lines = '', note = ''] = /^old (\d+)\n((?:[^\n]+\n)*)\n(.*)$/s.exec(text) ?? []
    calls.push({
      url: request.url,
      old: Number(old),
      proof: lines
        .split('\n')
        .slice(0, -1)
        .map((line) => Buffer.from(line, 'base64')),
      note,
      request,
    })
    const { status, body } = await respond(request.url.includes('two') ? two : one, Number(old), note)
    return { status, body: Buffer.from(body), headers: {}, truncated: false }
  },
} as unknown as Egress
const signs = async (signer: Signer, _old: number, note: string) => ({ status: 200, body: await cosigned(signer, readNote(note)!.text) })

/** A checkpoint over so many events, in the place of the one before. */
async function signedAt(size: number, from: number) {
  const leaves = Array.from({ length: size - from }, (_, i) => leafHash(`event ${from + i}`))
  for (const { level, number, hashes } of await grow(from, leaves, memory.agency.logTiles)) memory.tiles.set(`${level}/${number}`, Uint8Array.from(hashes))
  const text = checkpointText({ origin, size, root: await rootOf(size, memory.agency.logTiles) })
  const note = `${text}\n${signatureLine(origin, await keyIdOf(ours.key), sign(null, Buffer.from(text), ours.secret))}`
  memory.signed.unshift({ period: time.slice(0, 13), size, note, signedAt: time })
  return note
}
const watched = (...urls: string[]) =>
  createWitnesses(
    urls.map((url) => ({ key: url.includes('two') ? twoText : oneText, url })),
    { store: memory.store, log: said.log, egress },
  )
const nobody = { size: null, at: null, failure: null }

beforeEach(async () => {
  memory = logInMemory()
  said = heard()
  calls = []
  respond = signs
  ;[oneText, twoText] = [await writeNoteKey(one.key), await writeNoteKey(two.key)]
})

describe('witnesses', () => {
  it('are asked about nothing while nothing is signed, or nobody can read it', async () => {
    const witnesses = watched('https://one.example')
    await witnesses.ask(city)
    expect(await witnesses.state(city)).toEqual([{ name: 'one.example/w', key: oneText, ...nobody }])
    memory.signed.push({ period: '2026-01-05T08', size: 1, note: 'x', signedAt: time })
    await witnesses.ask(city)
    expect([await witnesses.state(city), calls]).toEqual([[{ name: 'one.example/w', key: oneText, ...nobody }], []])
    expect(await watched().state(city)).toEqual([])
  })

  it('sign the newest checkpoint, each from the size that it signed last, and are asked once', async () => {
    const first = await signedAt(5, 0)
    const witnesses = watched('https://one.example/x//', 'https://two.example')
    await witnesses.ask(city)
    expect(calls.map(({ url, old, proof, note }) => [url, old, proof, note])).toEqual([
      ['https://one.example/x/add-checkpoint', 0, [], first],
      ['https://two.example/add-checkpoint', 0, [], first],
    ])
    expect(calls[0]?.request).toMatchObject({ method: 'POST', headers: { 'Content-Type': 'text/plain; charset=utf-8' }, timeoutMs: 5000, maxBytes: 16_384 })
    expect(memory.signed[0]?.note.match(/^— \S+/gm)?.sort()).toEqual(['— forms.example.org/log/city', '— one.example/w', '— two.example/w'])
    const seen = { size: 5, at, failure: null }
    expect(await witnesses.state(city)).toEqual([
      { name: 'one.example/w', key: oneText, ...seen },
      { name: 'two.example/w', key: twoText, ...seen },
    ])
    await witnesses.ask(city)
    expect(calls).toHaveLength(2)
    const root = await rootOf(5, memory.agency.logTiles)
    await signedAt(12, 5)
    expect((await witnesses.state(city)).map(({ size }) => size)).toEqual([5, 5])
    await witnesses.ask(city)
    expect(calls.slice(2).map(({ old }) => old)).toEqual([5, 5])
    expect(await isConsistent({ size: 5, root }, { size: 12, root: await rootOf(12, memory.agency.logTiles) }, calls[2]?.proof ?? [])).toBe(true)
    expect((await witnesses.state(city)).map(({ size }) => size)).toEqual([12, 12])
    expect(said.warn).not.toHaveBeenCalled()
  })

  it('that signed for another replica are not asked again, and that is known', async () => {
    const note = await signedAt(5, 0)
    memory.signed[0]!.note = note + (await cosigned(one, readNote(note)!.text))
    const witnesses = watched('https://one.example')
    const state = [{ name: 'one.example/w', key: oneText, size: 5, at, failure: null }]
    expect(await witnesses.state(city)).toEqual(state)
    await witnesses.ask(city)
    expect(calls).toEqual([])
    await signedAt(6, 5)
    expect(await witnesses.state(city)).toEqual(state)
    await witnesses.ask(city)
    expect(calls.map(({ old }) => old)).toEqual([5])
  })

  it('that say where they stand are asked once more, from there', async () => {
    await signedAt(12, 0)
    respond = async (signer, old, note) => (old === 5 ? signs(signer, old, note) : { status: 409, body: '5\n' })
    const witnesses = watched('https://one.example')
    await witnesses.ask(city)
    expect(calls.map(({ old, proof }) => [old, proof.length > 0])).toEqual([
      [0, false],
      [5, true],
    ])
    expect(await witnesses.state(city)).toMatchObject([{ size: 12, failure: null }])
  })

  it.each([
    ['stands elsewhere whatever it is told', 2, async () => ({ status: 409, body: '5\n' }), 'status-409'],
    ['has seen exactly this size, and signed another log', 2, async () => ({ status: 409, body: '12\n' }), 'status-409'],
    ['has seen more than there is', 1, async () => ({ status: 409, body: '13\n' }), 'status-409'],
    ['says no size', 1, async () => ({ status: 409, body: '5' }), 'status-409'],
    ['says a size below nothing', 1, async () => ({ status: 409, body: '-5\n' }), 'status-409'],
    ['says more than a size', 1, async () => ({ status: 409, body: '5\n\n' }), 'status-409'],
    ['says a size with another status', 1, async () => ({ status: 400, body: '5\n' }), 'status-400'],
    ['refuses', 1, async () => ({ status: 500, body: '' }), 'status-500'],
    ['signs nothing', 1, async () => ({ status: 200, body: '' }), 'signature'],
    ['signs no note', 1, async () => ({ status: 200, body: 'x' }), 'signature'],
    ['signs as another', 1, async (_signer: Signer, _old: number, note: string) => signs(two, 0, note), 'signature'],
    ['signs something else', 1, async () => ({ status: 200, body: await cosigned(one, 'x\n') }), 'signature'],
    [
      'has a clock that no calendar knows',
      1,
      async (_signer: Signer, _old: number, note: string) => ({ status: 200, body: await cosigned(one, readNote(note)!.text, 8_640_000_000_001) }),
      'signature',
    ],
    ['is away', 1, () => Promise.reject(new EgressError('connection')), 'connection'],
    ['does what nobody thought of', 1, () => Promise.reject(new Error('secret words')), 'failed'],
  ] as const)('that %s hold nothing up, and are shown as such', async (_name, times, answer, failure) => {
    const note = await signedAt(12, 0)
    respond = answer
    const witnesses = watched('https://one.example')
    await witnesses.ask(city)
    expect(await witnesses.state(city)).toEqual([{ name: 'one.example/w', key: oneText, size: null, at: null, failure }])
    expect([calls.length, memory.signed[0]?.note]).toEqual([times, note])
    // It is said once, and not each time.
    await witnesses.ask(city)
    expect(said.warn.mock.calls).toEqual([[{ agency: city, witness: 'one.example/w', failure }, 'a witness did not sign']])
    respond = signs
    await witnesses.ask(city)
    expect(await witnesses.state(city)).toMatchObject([{ size: 12, at, failure: null }])
  })

  it('that signed once and are away now keep what they signed; one that is away holds up no other', async () => {
    await signedAt(5, 0)
    const witnesses = watched('https://one.example', 'https://two.example')
    await witnesses.ask(city)
    await signedAt(6, 5)
    respond = async (signer, old, note) => {
      if (signer === one) throw new EgressError('timeout')
      return signs(signer, old, note)
    }
    await witnesses.ask(city)
    expect(await witnesses.state(city)).toMatchObject([
      { size: 5, at, failure: 'timeout' },
      { size: 6, failure: null },
    ])
    // Since then it says something else.
    respond = async () => ({ status: 503, body: '' })
    await witnesses.ask(city)
    expect(said.warn.mock.calls.map(([{ failure }]) => failure)).toEqual(['timeout', 'status-503'])
    await signedAt(7, 6)
    respond = signs
    await witnesses.ask(city)
    expect(calls.slice(-2).map(({ old }) => old)).toEqual([5, 6])
  })

  it('are asked also where there is less than they signed, and say no themselves', async () => {
    await signedAt(12, 0)
    const witnesses = watched('https://one.example')
    await witnesses.ask(city)
    memory.tiles.clear()
    await signedAt(5, 0)
    respond = async () => ({ status: 400, body: 'smaller than before\n' })
    await witnesses.ask(city)
    expect(calls.at(-1)).toMatchObject({ old: 12, proof: [] })
    expect(await witnesses.state(city)).toMatchObject([{ size: 12, failure: 'status-400' }])
  })

  it('may sign with other keys besides, of which only the known one is taken', async () => {
    await signedAt(5, 0)
    const next = made('one.example/w')
    respond = async (_signer, _old, note) => {
      const { text } = readNote(note)!
      return { status: 200, body: (await cosigned(next, text)) + (await cosigned(one, text)) + (await cosigned(two, text)) }
    }
    await watched('https://one.example').ask(city)
    const { signatures } = readNote(memory.signed[0]!.note)!
    expect(signatures.map(({ keyId }) => toBase64(keyId))).toEqual([toBase64(await keyIdOf(ours.key)), toBase64(await keyIdOf(one.key))])
  })

  it('do not overwrite each other, and leave a newer checkpoint alone', async () => {
    const note = await signedAt(5, 0)
    const cosign = vi.mocked(memory.agency.cosignCheckpoint)
    const theirs = await cosigned(two, readNote(note)!.text)
    cosign.mockImplementationOnce(async () => {
      memory.signed[0] = { ...memory.signed[0]!, note: note + theirs }
      return false
    })
    await watched('https://one.example').ask(city)
    expect(memory.signed[0]?.note).toBe(note + theirs + (await cosigned(one, readNote(note)!.text)))
    expect(cosign).toHaveBeenCalledTimes(2)
    // Five times at most, whatever the others do.
    memory.signed[0]!.note = note
    cosign.mockClear()
    cosign.mockResolvedValue(false)
    await watched('https://one.example').ask(city)
    expect(cosign).toHaveBeenCalledTimes(5)
    cosign.mockClear()
    const late = watched('https://one.example')
    respond = async (signer, old, asked) => {
      await signedAt(6, 5)
      return signs(signer, old, asked)
    }
    await late.ask(city)
    expect(cosign).not.toHaveBeenCalled()
    expect(await late.state(city)).toMatchObject([{ size: 5, failure: null }])
    // Nor where there is none any more.
    respond = async (signer, old, asked) => {
      memory.signed.splice(0)
      return signs(signer, old, asked)
    }
    await watched('https://one.example').ask(city)
    expect([cosign.mock.calls, said.warn.mock.calls]).toEqual([[], []])
  })

  it('must have the key of a witness, and it is said where they have none', async () => {
    await signedAt(5, 0)
    const wrong = [await writeNoteKey(ours.key), `${oneText.slice(0, -4)}AAA=`]
    const witnesses = createWitnesses(
      wrong.map((key) => ({ key, url: 'https://one.example' })),
      { store: memory.store, log: said.log, egress },
    )
    await witnesses.ask(city)
    expect([await witnesses.state(city), calls]).toEqual([[], []])
    expect(said.error.mock.calls).toEqual(wrong.map((witness) => [{ witness }, 'this is no key of a witness: nobody is asked']))
  })
})
