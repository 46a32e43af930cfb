import { createServer } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { explodingFiles, type HostileFile, honestFiles, lyingFiles } from '../testing/hostile-files.ts'
import { answersOf, createWorld, definitionOf, pdf, plainPolicy, type World } from '../testing/world.ts'
import { createInspector, inspectHere } from './inspector.ts'

const inspect = ({ bytes, declared, name }: HostileFile) => inspectHere(() => new Blob([bytes]).stream() as never, declared, name)

it.each(honestFiles().map((file) => [file.what, file] as const))('%s is taken', async (_, file) => {
  const { kind, fault } = await inspect(file)
  expect([kind === null, fault]).toEqual([false, null])
})
it.each(
  explodingFiles()
    .filter(({ name }) => name.endsWith('.docx'))
    .map((file) => [file.what, file] as const),
)('%s is not taken', async (_, file) => {
  const { kind, fault } = await inspect(file)
  expect(kind === null || fault !== null).toBe(true)
})
it('CVE-2026-0740, CVE-2023-4596, CVE-2022-31041: nothing is taken that is not what its name and its declaration say', async () => {
  // What the declaration is compared with, the policy rule says; the rest is seen here.
  const taken: string[] = []
  for (const file of lyingFiles().filter(({ what }) => !/declared as/.test(what))) {
    const { kind, fault } = await inspect(file)
    if (kind !== null && fault === null) taken.push(`${file.what}: ${file.name}`)
  }
  expect(taken).toEqual([])
})

describe('the inspector', () => {
  it('looks in a worker, and says the same', async () => {
    const worker = createInspector()
    for (const file of [...honestFiles(), ...lyingFiles().slice(0, 12)])
      expect(await worker(() => new Blob([file.bytes]).stream() as never, file.declared, file.name)).toEqual(await inspect(file))
  })
  it('CVE-2026-31808: refuses what it cannot be through with in time', async () => {
    const endless = new URL(
      `data:text/javascript,${encodeURIComponent("import { parentPort } from 'node:worker_threads'; parentPort.on('message', () => { for (;;); }); parentPort.postMessage({ id: 0, answer: null })")}`,
    )
    const worker = createInspector({ cpu: 200, wall: 10_000, memory: 32 }, endless)
    expect(await worker(() => new Blob([pdf]).stream() as never, 'application/pdf', 'a.pdf')).toEqual({ kind: null, fault: 'too-heavy' })
  })
})

describe('a scanner', () => {
  let world: World
  let answer: string | null = 'stream: OK'
  const fake = createServer((socket) => {
    socket.on('error', () => {})
    socket.on('data', (piece) => {
      if (!piece.subarray(-4).equals(Buffer.alloc(4))) return
      if (answer === null) socket.destroy()
      else socket.end(`${answer}\0`)
    })
  })
  beforeAll(async () => {
    await new Promise<void>((resolve) => fake.listen(0, '127.0.0.1', resolve))
    world = await createWorld({ SCANNER_URL: `clamd://127.0.0.1:${(fake.address() as { port: number }).port}` })
    await world.offer(definitionOf(), plainPolicy)
  })
  afterAll(async () => {
    fake.close()
    await world.close()
  })
  const upload = () =>
    world.request('/v1/services/city/library-card/attachments?target=student_id&name=a.pdf', {
      method: 'POST',
      headers: { 'Content-Type': 'application/pdf' },
      body: pdf,
    })

  it('has what it finds refused, with a sentence, and nothing kept', async () => {
    answer = 'stream: Some.Virus FOUND'
    const refused = await upload()
    expect(refused.status).toBe(422)
    expect(await refused.json()).toMatchObject({ type: 'https://guichet.dev/problems/file-infected', title: expect.stringMatching(/infected/) })
    const stored = []
    const agency = (await world.adapters.store.findAgency('city'))!
    for await (const id of world.adapters.files.putBefore(agency, new Date('2100-01-01'))) stored.push(id)
    expect(stored).toEqual([])
  })

  it('that is down has nobody sent away, and the file handed out to nobody', async () => {
    const { handOutAttachment } = await import('../cases/hand-out-attachment.ts')
    answer = null
    const taken = await upload()
    expect(taken.status).toBe(201)
    const { id } = await taken.json()
    const sent = await world.send({ ...answersOf({ student: true, school: 'X' }), documents: { student_id: [id] } })
    const { submission } = await sent.json()
    const agency = world.adapters.store.agency((await world.adapters.store.findAgency('city'))!)
    const hand = () =>
      handOutAttachment(
        world.adapters,
        agency,
        { submission, attachment: id },
        { actor: 'user:x', at: new Date().toISOString() },
        { roles: () => ['owner'], client: null, purpose: 'other', language: 'en' },
      )
    for (const odd of [null, '', 'stream: OK FOUND maybe', 'stream: OK\n', 'OK', 'INSTREAM size limit exceeded. ERROR']) {
      answer = odd
      await expect(hand(), String(odd)).rejects.toMatchObject({ status: 503, code: 'file-pending' })
    }
    answer = 'stream: Late.Virus FOUND'
    await expect(hand()).rejects.toMatchObject({ status: 409, code: 'file-infected' })
    answer = 'stream: OK'
    const { content } = await hand()
    expect(Buffer.from(await new Response(content as never).arrayBuffer())).toEqual(Buffer.from(pdf))
  })
})
