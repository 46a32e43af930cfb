/**
 * T45: cases with files, notes, receipts and deliveries; backups of database and files; then one is erased. Every key that
 * is left is tried on everything of it, in the live data and in every backup, and its words are looked for in every form.
 */
import { createDecipheriv } from 'node:crypto'
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { makeBackup } from '../../src/backup/backup.ts'
import { decideApproval } from '../../src/erasure/approvals.ts'
import { attachmentOwner, caseOwner } from '../../src/erasure/owners.ts'
import { filePath } from '../../src/files/files.ts'
import { openKeyFolder } from '../../src/keys/key-folder.ts'
import { openMonthFiles } from '../../src/keys/month-files.ts'
import { openRoots } from '../../src/keys/roots/open-roots.ts'
import { ivBytes, type KeyEncryptionKey, reopenBox, type Sealing, tagBytes, wrapAbout } from '../../src/keys/seal-box.ts'
import type { AgencyId } from '../../src/store/store.ts'
import { filesBelow, findingsBelow } from '../../src/testing/canary.ts'
import { movingDefinition, officerOf, receive } from '../../src/testing/cases.ts'
import { createWorld, newKey, pdf, type World } from '../../src/testing/world.ts'
import type { Line } from '../line.ts'

const city = 'city' as AgencyId
const service = 'library-card'
const now = new Date('2026-01-05T08:00:00.000Z')

/** Something sealed: bytes, what they are bound to, and with what wrap they stand. */
interface Ciphertext {
  sealing: Sealing
  owner: string
  part: string
  bytes: Buffer
}

/** Each version of what was sent in, by the part of the box that it is sealed as, with the receipts of what was added. */
function versionsOf(row: Record<string, unknown>, amendments: readonly Record<string, unknown>[]): [string, unknown][] {
  const part = (name: string, amended: unknown) => (Number(amended) === 0 ? name : `${name}|${amended}`)
  return [...amendments, row].flatMap((version, i): [string, unknown][] => {
    const made = amendments[i - 1]?.number ?? 0
    const receipt: [string, unknown][] = version === row ? [] : [[`receipt|${version.number}`, version.receipt]]
    return [[part('answers', made), version.answers], [part('outcome', made), version.outcome], ...receipt]
  })
}

/** Everything sealed of a case that a folder with a database and files has. */
function sealedOf(folder: string, submission: string): Ciphertext[] {
  const db = new DatabaseSync(join(folder, 'guichet.db'), { readOnly: true })
  try {
    const rows = (sql: string) => db.prepare(sql).all(submission) as Record<string, Uint8Array & string>[]
    const [row] = rows('SELECT * FROM submissions WHERE id = ?')
    if (!row) return []
    const sealing = JSON.parse(row.sealing as string) as Sealing
    const mine = (part: string, bytes: unknown): Ciphertext => ({
      sealing,
      owner: caseOwner(city, service, submission),
      part,
      bytes: Buffer.from(bytes as Uint8Array),
    })
    return [
      ...versionsOf(row, rows('SELECT number, answers, outcome, receipt FROM amendments WHERE submission_id = ? ORDER BY number')).map(([part, content]) =>
        mine(part, content),
      ),
      ...rows('SELECT number, asked FROM case_steps WHERE submission_id = ? AND asked IS NOT NULL').map((one) => mine(`asked|${one.number}`, one.asked)),
      ...rows('SELECT content FROM receipts WHERE submission_id = ?').map((one) => mine('receipt', one.content)),
      ...rows('SELECT number, note FROM case_steps WHERE submission_id = ? AND note IS NOT NULL').map((one) => mine(`note|${one.number}`, one.note)),
      ...rows('SELECT id, note FROM case_notes WHERE submission_id = ?').map((one) => mine(`internal|${one.id}`, one.note)),
      ...rows('SELECT id, payload FROM outbox WHERE submission_id = ?').map((one) => mine(`delivery|${one.id}`, one.payload)),
      ...rows('SELECT id, name, sealing FROM attachments WHERE submission_id = ?').flatMap((one): Ciphertext[] => {
        const box = { sealing: JSON.parse(one.sealing as string) as Sealing, owner: attachmentOwner(city, service, String(one.id)) }
        const path = join(folder, 'files', filePath(city, String(one.id)))
        return [
          { ...box, part: 'name', bytes: Buffer.from(one.name as unknown as Uint8Array) },
          ...(existsSync(path) ? [{ ...box, part: 'content', bytes: readFileSync(path) }] : []),
        ]
      }),
    ]
  } finally {
    db.close()
  }
}

const opened = (key: Uint8Array, about: string, bytes: Buffer): Buffer | null => {
  try {
    const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, ivBytes), { authTagLength: tagBytes })
      .setAAD(Buffer.from(about))
      .setAuthTag(bytes.subarray(-tagBytes))
    return Buffer.concat([decipher.update(bytes.subarray(ivBytes, -tagBytes)), decipher.final()])
  } catch {
    return null
  }
}

/** Whether it opens as the server opens it, or by any of the keys: its content, or the wrap of its own key. */
function opens({ sealing, owner, part, bytes }: Ciphertext, kekOf: (bucket: string) => KeyEncryptionKey, keys: readonly Uint8Array[]): boolean {
  try {
    reopenBox(kekOf(sealing.bucket), sealing, owner).open(part, bytes)
    return true
  } catch {}
  const wrapped = Buffer.from(sealing.key, 'base64url')
  return keys.some((key) => opened(key, `${owner}|${part}`, bytes) !== null || opened(key, wrapAbout(owner, sealing.bucket), wrapped) !== null)
}

/** Every secret of 32 bytes that a key folder holds or leads to: pepper, roots, what the months' files are made of, and the leaves of `owners`. */
function keysIn(folder: string, owners: readonly string[]): { kekOf: (bucket: string) => KeyEncryptionKey; keys: Uint8Array[] } {
  const keys = openKeyFolder(folder, now)
  const files = openMonthFiles(
    folder,
    openRoots(null, folder, () => now),
    () => now,
  )
  const found: Uint8Array[] = filesBelow(folder)
    .map((path) => Buffer.from(readFileSync(path, 'utf8'), 'base64url'))
    .filter((secret) => secret.length === 32)
  for (const month of files.months(city)) {
    const file = files.read(city, month)
    if (file) found.push(...file.key.nodes.values(), ...file.key.dataKeys.values(), ...(file.key.direct ? [file.key.direct] : []))
  }
  const kekOf = (bucket: string) => keys.kek(city, bucket)
  for (const owner of owners) {
    try {
      found.push(kekOf('2026-01').wrapping(owner))
    } catch {}
  }
  return { kekOf, keys: found }
}

async function send(world: World, word: string): Promise<{ submission: string; reference: string }> {
  const uploaded = await world.request(`/v1/services/city/${service}/attachments?target=student_id&name=${word}.pdf`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/pdf' },
    body: Buffer.concat([pdf, Buffer.from(`% ${word}\n`)]),
  })
  const { id } = await uploaded.json()
  return receive(world, { name: word, student: true, school: word }, { documents: { student_id: [id] } })
}

export const shreddedCases: Line = {
  attack: 'T45',
  name: 'shredded-cases',
  what: 'one case of many is erased; every key left is tried on all of it, live and in older backups, and its words are looked for',
  reach: '0 of it opens, 0 words found; all others open, from the older backups too',
  async run({ count }) {
    const many = count({ quick: 4, usual: 12, full: 60 })
    const place = mkdtempSync(join(tmpdir(), 'guichet-shred-'))
    const world = await createWorld()
    try {
      await world.offer(movingDefinition(), {
        rules: { rate: { submissionsPerHour: 100_000, uploadsPerHour: 100_000 } },
        deliveries: { webhook: { endpoints: [{ url: 'https://hooks.example.org/x' }] } },
      })
      const officer = await officerOf(world)
      const words = Array.from({ length: many }, (_, i) => `Qz${i}CanaryOfCase${i}Vw`)
      const cases: string[] = []
      const codes: string[] = []
      for (const word of words) {
        const { submission, reference } = await send(world, word)
        cases.push(submission)
        codes.push(reference)
      }
      for (const [i, id] of cases.entries())
        await officer.decide(id, 1, { decision: 'ask_more', note: `Please, ${words[i]}`, ask: { fields: ['name'], documents: [] } })
      for (const [i, id] of cases.entries()) {
        const added = await world.request(`/v1/services/city/${service}/cases/${id}/submissions`, {
          method: 'POST',
          headers: { 'Content-Type': 'application/json', 'Idempotency-Key': newKey() },
          body: JSON.stringify({ reference: codes[i], number: 2, answers: { name: `New ${words[i]}` } }),
          client: `10.1.${i >> 8}.${i & 255}`,
        })
        if (added.status !== 201) throw new Error(await added.text())
      }
      for (const [i, id] of cases.entries()) await officer.send('POST', `/v1/admin/cases/${id}/notes`, { text: `Among us: ${words[i]}` })
      const backups = [join(place, 'raw'), join(place, 'backup')]
      cpSync(world.folder, join(place, 'raw'), { recursive: true, filter: (path) => !path.includes(`${world.folder}/keys`) })
      await makeBackup({
        dataDir: world.folder,
        databaseUrl: null,
        withFiles: true,
        to: join(place, 'backup'),
        now: () => now,
        progress: () => {},
        path: process.env.PATH ?? '',
      })
      cpSync(join(world.folder, 'keys'), join(place, 'keys'), { recursive: true })
      const agency = world.adapters.store.agency(city)
      const [gone = '', ...rest] = cases
      const ownersOf = (id: string) => [...new Set(sealedOf(join(place, 'backup'), id).map(({ owner }) => owner))]
      const all = cases.flatMap(ownersOf)
      /** Opened, and tried, in all places. */
      const tally = (ids: readonly string[], keyFolder: string, places: readonly string[]) => {
        const { kekOf, keys } = keysIn(keyFolder, all)
        const texts = ids.flatMap((id) => places.flatMap((folder) => sealedOf(folder, id)))
        return { opened: texts.filter((text) => opens(text, kekOf, keys)).length, tried: texts.length * (2 * keys.length + 1), texts: texts.length }
      }
      const liveKeys = join(world.folder, 'keys')
      const before = tally(cases, liveKeys, [...backups, world.folder])

      const asked = await officer.send('POST', `/v1/admin/cases/${gone}/erasure`, { reason: `Asked by ${words[0]}` })
      const { approval } = (await asked.json()) as unknown as { approval: { id: string; state: string } }
      if (approval.state === 'open')
        await decideApproval(world.adapters, world.config, agency, approval.id, true, { actor: 'user:other', at: now.toISOString() })
      const after = tally([gone], liveKeys, [...backups, world.folder])
      const others = tally(rest, liveKeys, [...backups, world.folder])
      const found =
        findingsBelow(world.folder, words[0] as string) +
        findingsBelow(place, words[0] as string) +
        world.log.filter((line) => line.includes(words[0] as string)).length
      const control = tally([gone], join(place, 'keys'), backups)
      const good =
        before.opened === before.texts && before.texts >= many * 3 * 9 && after.opened === 0 && after.texts > 0 && others.opened === others.texts && found === 0
      return {
        trials: after.tried,
        figure: `${after.opened} of ${after.texts} opened, ${found} words found; of the others ${others.opened} of ${others.texts}; before, ${before.opened} of ${before.texts}`,
        good,
        control: {
          what: `an older copy of the key folder opens ${control.opened} of ${control.texts}`,
          noticed: control.opened === control.texts && control.texts > 0,
        },
      }
    } finally {
      await world.close()
      rmSync(place, { recursive: true, force: true })
    }
  },
}
