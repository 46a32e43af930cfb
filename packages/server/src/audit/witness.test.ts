import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject, sign } from 'node:crypto'
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { type IncomingMessage, request } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { checkpointText, keyIdOf, type NoteKey, readNote, readNoteKey, signatureLine, signersOf, toBase64 } from '@guichet/receipts'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { consistencyProof, grow, leafHash, type ReadTiles, rootOf } from './tree.ts'
import { openWitness, serveWitness, type Witness } from './witness.ts'

const origin = 'forms.example.org/log/city'
const now = new Date('2026-01-05T09:00:00.999Z')
const signer = (name = origin) => {
  const { publicKey, privateKey } = generateKeyPairSync('ed25519')
  const { x } = publicKey.export({ format: 'jwk' }) as { x: string }
  return { key: { name, kind: 'signature', key: Buffer.from(x, 'base64url') } as NoteKey, secret: privateKey }
}
const noteBy = async ({ key, secret }: { key: NoteKey; secret: KeyObject }, text: string) =>
  `${text}\n${signatureLine(key.name, await keyIdOf(key), sign(null, Buffer.from(text), secret))}`

const tiles = new Map<string, Uint8Array>()
const read: ReadTiles = async (places) => places.map(({ level, number }) => tiles.get(`${level}/${number}`) ?? null)
const leaves = Array.from({ length: 20 }, (_, i) => leafHash(`event ${i}`))
const ours = signer()
const noteAt = async (size: number, root?: Uint8Array) => noteBy(ours, checkpointText({ origin, size, root: root ?? (await rootOf(size, read)) }))
const bodyOf = (old: number | string, proof: readonly Uint8Array[], note: string) =>
  `old ${old}\n${proof.map((hash) => `${toBase64(hash)}\n`).join('')}\n${note}`
const growth = async (old: number, size: number) => bodyOf(old, await consistencyProof(old, size, read), await noteAt(size))

let folder: string
let witness: Witness
const opened = () => openWitness(join(folder, 'w'), 'witness.example/w1', [ours.key])
beforeEach(async () => {
  for (const { level, number, hashes } of await grow(0, leaves, read)) tiles.set(`${level}/${number}`, Uint8Array.from(hashes))
  folder = mkdtempSync(join(tmpdir(), 'guichet-witness-'))
  witness = await opened()
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))
const add = (body: string) => witness.add(body, now)

describe('a witness', () => {
  it('signs a log that it sees for the first time, and then what has grown from that, with its time', async () => {
    for (const [old, size] of [
      [0, 7],
      [7, 20],
      [20, 20],
    ] as const) {
      const { status, body } = await add(await growth(old, size))
      expect(status).toBe(200)
      const note = readNote(await noteAt(size))!
      const signed = readNote(`${note.text}\n${body}`)!
      expect(await signersOf(signed, [(await readNoteKey(witness.key))!])).toEqual([
        { key: expect.objectContaining({ name: 'witness.example/w1', kind: 'cosignature' }), time: Date.parse('2026-01-05T09:00:00Z') / 1000 },
      ])
      expect(signed.signatures).toHaveLength(1)
    }
  })

  it('keeps its key and what it saw in its folder, for nobody else', async () => {
    await add(await growth(0, 7))
    const again = await opened()
    expect(again.key).toBe(witness.key)
    expect(await again.add(await growth(0, 7), now)).toEqual({ status: 409, body: '7\n', type: 'text/x.tlog.size' })
    expect((await again.add(await growth(7, 8), now)).status).toBe(200)
    const files = readdirSync(join(folder, 'w')).sort()
    expect(files).toEqual([expect.stringMatching(/^[0-9a-f]{64}\.json$/), 'witness.pem'])
    for (const file of files) expect(statSync(join(folder, 'w', file)).mode & 0o077).toBe(0)
    const seen = JSON.parse(readFileSync(join(folder, 'w', files[0] as string), 'utf8'))
    const [text = ''] = (await noteAt(8)).split('\n\n')
    expect(seen).toEqual({ origin, size: 8, root: toBase64(await rootOf(8, read)), note: `${text}\n\n` })
    const { x } = createPublicKey(createPrivateKey(readFileSync(join(folder, 'w/witness.pem'), 'utf8'))).export({ format: 'jwk' }) as { x: string }
    expect(Buffer.from((await readNoteKey(witness.key))!.key).toString('base64url')).toBe(x)
  })

  it('is told from where the log grows, and says where it stands', async () => {
    expect(await add(await growth(3, 7))).toEqual({ status: 409, body: '0\n', type: 'text/x.tlog.size' })
    await add(await growth(0, 7))
    for (const old of [0, 6, 8]) expect(await add(bodyOf(old, [], await noteAt(9)))).toEqual({ status: 409, body: '7\n', type: 'text/x.tlog.size' })
  })

  it('refuses whatever is not what it saw, continued, and remembers nothing of it', async () => {
    await add(await growth(0, 7))
    const proof = await consistencyProof(7, 20, read)
    const zeros = Buffer.alloc(32)
    expect(await add(bodyOf(7, proof, await noteAt(20, zeros)))).toEqual({ status: 422, body: 'not what was signed before, continued\n' })
    expect((await add(bodyOf(7, proof.slice(1), await noteAt(20)))).status).toBe(422)
    expect((await add(bodyOf(7, [...proof, zeros], await noteAt(20)))).status).toBe(422)
    expect(await add(bodyOf(7, [], await noteAt(7, zeros)))).toEqual({ status: 409, body: 'another log of the same size\n' })
    expect(await add(bodyOf(7, [], await noteAt(6)))).toEqual({ status: 400, body: 'smaller than before\n' })
    expect((await add(await growth(7, 20))).status).toBe(200)
  })

  it('takes no proof where there is nothing to prove', async () => {
    expect((await add(bodyOf(0, [Buffer.alloc(32)], await noteAt(7)))).status).toBe(422)
    expect((await add(bodyOf(0, [], await noteAt(7)))).status).toBe(200)
  })

  it('signs for the logs that it was told to watch, and for their keys', async () => {
    const text = checkpointText({ origin, size: 1, root: Buffer.alloc(32) })
    const other = signer('forms.example.org/log/town')
    expect(await add(bodyOf(0, [], await noteBy(other, text.replace('city', 'town'))))).toEqual({ status: 404, body: 'no such log here\n' })
    expect(await add(bodyOf(0, [], await noteBy(signer(), text)))).toEqual({ status: 403, body: 'not signed by the log\n' })
    expect(await add(bodyOf(0, [], (await noteAt(1)).replace('\n1\n', '\n2\n')))).toEqual({ status: 403, body: 'not signed by the log\n' })
  })

  it.each([
    '',
    'nonsense',
    'old 0\n',
    'old 0\n\n',
    'old 0\n\nnot a note\n',
    'old 0\n\nnot a checkpoint\n\n— o AAAAAAA=\n',
    'old -1\n\n{note}',
    'old 01\n\n{note}',
    'old 1e1\n\n{note}',
    `old ${'1'.repeat(17)}\n\n{note}`,
    'xold 0\n\n{note}',
    'old 0x\n\n{note}',
    'old 0\n{note}',
    '\n\n{note}',
    'old 0\nAAAA\n\n{note}',
    'old 0\n#\n\n{note}',
    `old 0\n${toBase64(Buffer.alloc(33))}\n\n{note}`,
    `old 0\n${`${toBase64(Buffer.alloc(32))}\n`.repeat(64)}\n{note}`,
  ])('takes %j for no request', async (body) => {
    expect(await add(body.replace('{note}', await noteAt(1)))).toEqual({ status: 400, body: 'no request\n' })
  })

  it('reads as many hashes as a log can ever need', async () => {
    const most = `old 0\n${`${toBase64(Buffer.alloc(32))}\n`.repeat(63)}\n`
    expect((await add(most + (await noteAt(1)))).status).toBe(422)
  })

  it('looks at one request after the other, and at the next one where one failed', async () => {
    const requests = [await growth(0, 5), await growth(0, 6), await growth(5, 6)]
    expect((await Promise.all(requests.map(add))).map(({ status }) => status)).toEqual([200, 409, 200])
    // What cannot be written is not signed.
    rmSync(join(folder, 'w'), { recursive: true })
    writeFileSync(join(folder, 'w'), 'no folder')
    await expect(add(await growth(0, 5))).rejects.toThrow()
    rmSync(join(folder, 'w'))
    expect((await add(await growth(0, 5))).status).toBe(200)
  })
})

// Whoever is not answered waits for ever.
describe('a witness as it is served', { timeout: 10_000 }, () => {
  const served = { key: 'w+00000000+AAAA', add: (body: string, at: Date) => answer(body, at) }
  let answer: Witness['add']
  let server: ReturnType<typeof serveWitness>
  beforeEach(async () => {
    answer = async (body, at) => ({ status: 200, body: `${at.toISOString()} ${body}` })
    server = serveWitness(served, () => now)
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  })
  afterEach(() => {
    server.closeAllConnections()
    server.close()
  })
  const begin = (method: string, path: string) => {
    const call = request({ port: (server.address() as AddressInfo).port, host: '127.0.0.1', method, path })
    const answered = new Promise<{ status: number | undefined; type: string | undefined; cache: string | undefined; body: string }>((resolve, reject) => {
      call.on('error', reject)
      call.on('response', async (response: IncomingMessage) => {
        const parts: Buffer[] = []
        for await (const part of response) parts.push(part)
        const { 'content-type': type, 'cache-control': cache } = response.headers
        resolve({ status: response.statusCode, type, cache, body: Buffer.concat(parts).toString() })
      })
    })
    return { call, answered }
  }
  const ask = (method: string, path: string, ...parts: string[]) => {
    const { call, answered } = begin(method, path)
    for (const part of parts) call.write(part)
    call.end()
    return answered
  }
  const plain = { type: 'text/plain; charset=utf-8', cache: 'no-store' }

  it('shows its key, takes checkpoints, and knows nothing else', async () => {
    expect(await ask('GET', '/')).toEqual({ status: 200, body: 'w+00000000+AAAA\n', ...plain })
    expect(await ask('POST', '/add-checkpoint', 'old', ' 0 é')).toEqual({ status: 200, body: '2026-01-05T09:00:00.999Z old 0 é', ...plain })
    for (const [method, path] of [
      ['GET', '/add-checkpoint'],
      ['POST', '/'],
      ['GET', '/x'],
      ['PUT', '/add-checkpoint'],
    ] as const)
      expect(await ask(method, path)).toEqual({ status: 404, body: 'not found\n', ...plain })
  })

  it('answers with the type that is asked for, and tells nobody why it failed', async () => {
    answer = async () => ({ status: 409, body: '7\n', type: 'text/x.tlog.size' })
    expect(await ask('POST', '/add-checkpoint', 'x')).toEqual({ status: 409, body: '7\n', type: 'text/x.tlog.size', cache: 'no-store' })
    answer = async () => {
      throw new Error('/the/folder is full')
    }
    expect(await ask('POST', '/add-checkpoint', 'x')).toEqual({ status: 500, body: 'failed\n', ...plain })
  })

  it('reads 64 KiB and no more, and looks at nothing of a larger one', async () => {
    let looked = 0
    answer = async (body) => {
      looked++
      return { status: 200, body: String(body.length) }
    }
    expect(await ask('POST', '/add-checkpoint', 'x'.repeat(65_536))).toMatchObject({ status: 200, body: '65536' })
    expect(await ask('POST', '/add-checkpoint', 'x'.repeat(65_537))).toEqual({ status: 413, body: 'too large\n', ...plain })
    // More after it has said so, in a piece of its own.
    const { call, answered } = begin('POST', '/add-checkpoint')
    call.write('x'.repeat(65_537))
    expect((await answered).status).toBe(413)
    const ended = new Promise<void>((resolve) => server.once('request', (asked) => asked.on('end', resolve)))
    call.write('y')
    call.end()
    expect((await ask('POST', '/add-checkpoint', 'z')).body).toBe('1')
    await ended
    expect(looked).toBe(2)
  })

  it('goes on where somebody hangs up in the middle', async () => {
    const aborted = new Promise<void>((resolve) => server.once('request', (asked: IncomingMessage) => asked.on('close', () => resolve())))
    const { call, answered } = begin('POST', '/add-checkpoint')
    answered.catch(() => {})
    call.write('x')
    server.once('request', () => call.destroy())
    await aborted
    expect((await ask('GET', '/')).status).toBe(200)
  })
})
