import type { Submission } from '@guichet/schemas'
import { fileInfo, newKeyPair, openFile } from '@guichet/sealing'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { canonical, digestOf } from '../digest.ts'
import { type Officer, officerOf } from '../testing/cases.ts'
import { offerSealed, openSealed, recipientsFor, type SealedWorld, sealedBody, sealedPolicy, sendFile } from '../testing/sealed.ts'
import { addEpoch } from '../testing/sealing-keys.ts'
import { answersOf, createWorld, definitionOf, pdf, plainPolicy, type World } from '../testing/world.ts'

let world: World
let officer: Officer
let keys: SealedWorld
const clear = ['student', 'cards']
const canary = 'Kánarí Næsta 4711'
beforeEach(async () => {
  world = await createWorld()
  keys = await offerSealed(world, clear)
  officer = await officerOf(world)
})
afterEach(() => world.close())

const filled = { answers: { name: canary, student: true, school: `${canary} school`, cards: [] } }
const sealed = async (more: object = {}) => sealedBody(await recipientsFor(world), keys.definition, clear, { ...filled, ...more })
const withFile = async () => {
  const file = await sendFile(world, pdf, `${canary}.pdf`, 'application/pdf', 'student_id')
  return { file, body: await sealed({ documents: { student_id: [file.id] }, files: [file] }) }
}
const changed = async (change: (body: Submission & { sealed: NonNullable<Submission['sealed']> }) => unknown) => {
  const { body } = await withFile()
  change(body as never)
  return body
}
const city = async () => world.adapters.store.agency((await world.adapters.store.findAgency('city'))!)

describe('a sealed service', () => {
  it('takes what it cannot read, and an officer with the key opens it: answers, names and files', async () => {
    const { file, body } = await withFile()
    const response = await world.send(body)
    expect(response.status).toBe(201)
    const { submission, receipt } = await response.json()
    expect(receipt.payload.manifestDigest).toBe(digestOf(canonical(body.sealed?.manifest)))
    expect(submission.endsWith(body.sealed?.manifest.case as string)).toBe(true)

    const opened = await (await officer.get(`/v1/admin/cases/${submission}`)).json()
    expect(opened.answers).toEqual({ student: true, cards: [] })
    for (const pair of [keys.epoch, keys.recovery]) {
      const content = await openSealed(opened, pair)
      expect(content.answers).toEqual(filled.answers)
      expect(content.files).toEqual([{ id: file.id, key: file.key, name: `${canary}.pdf`, type: 'application/pdf', size: pdf.length }])
    }
    await expect(openSealed(opened, await newKeyPair())).rejects.toThrow()
    const handed = await officer.get(`/v1/admin/cases/${submission}/attachments/${file.id}`)
    const content = openFile(handed.body as ReadableStream<Uint8Array>, file.key, fileInfo({ agency: 'city', service: 'library-card' }))
    expect(new Uint8Array(await new Response(content).arrayBuffer())).toEqual(new Uint8Array(pdf))

    // Nothing of it is anywhere on the server, the control being what is clear.
    await world.adapters.store.check()
    const everywhere =
      world.disk() + world.log.join('\n') + JSON.stringify(opened) + (await (await officer.get('/v1/admin/services/library-card/export.csv?purpose=x')).text())
    for (const form of [canary, Buffer.from(canary).toString('latin1'), 'a.pdf', Buffer.from(pdf).toString('latin1')])
      expect(everywhere.includes(form)).toBe(false)
    expect(everywhere).toContain('library-card')
  })

  it('counts once what is sent twice', async () => {
    const { body } = await withFile()
    const first = await (await world.send(body, { key: 'sealed-key-1' })).json()
    const second = await (await world.send(body, { key: 'sealed-key-1' })).json()
    expect(second).toEqual(first)
  })

  it('takes nothing that is open, and an open service nothing that is sealed', async () => {
    const { body } = await withFile()
    const { sealed: part, ...open } = body
    expect((await world.send(open)).status).toBe(422)
    await world.offer(
      definitionOf((definition) => Object.assign(definition, { id: 'open-one' })),
      plainPolicy,
    )
    const taken = { ...answersOf(), sealed: part }
    const response = await world.send(taken, { service: 'city/open-one' })
    expect([response.status, (await response.json()).type]).toEqual([422, 'https://guichet.dev/problems/sealed'])
    expect((await world.send(answersOf(), { service: 'city/open-one' })).status).toBe(201)
  })

  it('refuses what was sealed for another place, or is not what its manifest says', async () => {
    const other = await newKeyPair()
    const cases: [string, number, Parameters<typeof changed>[0]][] = [
      // The control: as it was sealed it is taken.
      ['nothing changed', 201, () => {}],
      ['another agency', 422, ({ sealed }) => (sealed.manifest.agency = 'town')],
      ['another service', 422, ({ sealed }) => (sealed.manifest.service = 'other')],
      ['another version', 422, ({ sealed }) => (sealed.manifest.version = 2)],
      ['another definition', 422, ({ sealed }) => (sealed.manifest.definition = sealed.manifest.policy)],
      ['another policy', 422, ({ sealed }) => (sealed.manifest.policy = sealed.manifest.definition)],
      ['another suite', 422, ({ sealed }) => (sealed.manifest.suite = 'none')],
      ['a clear part that was changed', 422, (body) => (body.answers.student = false)],
      ['a field in the clear that is sealed', 422, (body) => (body.answers.name = 'Sam')],
      ['other bytes', 422, ({ sealed }) => (sealed.body = `A${sealed.body.slice(1)}${sealed.body[0] === 'A' ? 'B' : ''}`)],
      ['a size of its own', 422, ({ sealed }) => (sealed.body = sealed.body.slice(0, 400))],
      ['files that did not come', 422, ({ sealed }) => sealed.manifest.files.push({ id: 'a'.repeat(26), size: 1, digest: sealed.manifest.clear })],
      ['one recipient less', 409, ({ sealed }) => sealed.manifest.recipients.pop() && sealed.keys.splice(0, 1)],
      ['a stranger among them', 409, ({ sealed }) => (sealed.manifest.recipients[0] = digestOf(Buffer.from(other.public, 'base64url')))],
    ]
    for (const [name, status, change] of cases) expect([name, (await world.send(await changed(change))).status]).toEqual([name, status])
  })

  it('takes a key that was replaced for a day, and none that is older', async () => {
    const before = await withFile()
    const later = await withFile()
    await addEpoch(await city(), 'library-card', 2, await newKeyPair(), '2026-01-05T08:00:00.000Z')
    world.setTime('2026-01-06T07:59:00.000Z')
    expect((await world.send(before.body)).status).toBe(201)
    world.setTime('2026-01-06T08:01:00.000Z')
    const refused = await world.send(later.body)
    expect([refused.status, (await refused.json()).type]).toEqual([409, 'https://guichet.dev/problems/sealed-keys'])
  })

  it('takes a file only if it is sealed', async () => {
    const send = (body: Uint8Array<ArrayBuffer>) =>
      world.request('/v1/services/city/library-card/attachments?target=student_id&name=a.pdf', {
        method: 'POST',
        headers: { 'Content-Type': 'application/pdf' },
        body,
      })
    const refused = await send(new Uint8Array(pdf))
    expect([refused.status, (await refused.json()).type]).toEqual([422, 'https://guichet.dev/problems/sealed'])
    await expect(sendFile(world, pdf, 'a', 'b', 'nothing')).rejects.toThrow('422')
  })

  it('has no recipients as long as it is not sealed', async () => {
    await world.offer(
      definitionOf((definition) => Object.assign(definition, { id: 'open-one' })),
      plainPolicy,
    )
    expect((await world.request('/v1/services/city/open-one/recipients')).status).toBe(404)
    const view = await (await world.request('/v1/services/city/library-card')).json()
    expect(view.sealed).toEqual({ clear })
    expect((await (await world.request('/v1/services/city/open-one')).json()).sealed).toBeUndefined()
  })
})

describe('publishing a sealed service', () => {
  it('is refused where the server would need what is sealed, and names it', async () => {
    const findings = async (clear: string[], change?: Parameters<typeof definitionOf>[0]) => {
      try {
        await world.offer(definitionOf(change), sealedPolicy(clear))
        return []
      } catch (error) {
        const { extras } = error as { extras: { members: { findings: { code: string; pointer: string; params: object; detail: string }[] } } }
        return extras.members.findings.filter(({ code }) => code.startsWith('policy.')).map(({ code, pointer, params }) => [code, pointer, params])
      }
    }
    expect(await findings(clear)).toEqual([])
    // The document is asked of students, so that the server has to know who is one.
    expect(await findings([])).toContainEqual([
      'policy.sealed-needed',
      expect.stringMatching(/^\/documents\/\d\/when$/),
      expect.objectContaining({ field: 'student' }),
    ])
    expect(await findings(['student', 'cards', 'nothing'])).toEqual([['policy.sealed-unknown', '/policy/rules/encryption', { field: 'nothing' }]])
    const renamed = await findings(clear, (definition) => Object.assign(definition, { id: 'without-keys' }))
    expect(renamed).toEqual([['policy.sealed-keys', '/policy/rules/encryption', {}]])
  })
})
