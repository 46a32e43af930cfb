/**
 * T41: whether an audit log is whole after the server was killed (SIGKILL) while citizens send and checkpoints are signed: the
 * chain, the tree, each checkpoint that somebody saw, and the leaf of each submission that was acknowledged. Asked of the
 * real programs: `guichet doctor --deep` over the folder, and `guichet verify` for receipts.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { type KeySet, verifyReceipt } from '@guichet/receipts'
import { newKey, newSending, post } from '../../faults/citizen.ts'
import { inCopy } from '../../faults/compare.ts'
import { newPlace } from '../../faults/server-process.ts'
import { sleep } from '../../faults/wait.ts'
import { entryOf, leafOf } from '../../src/audit/chain.ts'
import { checkLog } from '../../src/audit/check-log.ts'
import { run } from '../../src/cli.ts'
import { openKeyFolder } from '../../src/keys/key-folder.ts'
import { openSqliteStore } from '../../src/store/sqlite/sqlite-store.ts'
import type { Line } from '../line.ts'

const citizens = 8
/** How often a state is asked for before it is given up: some seconds each on a busy machine. */
const patience = 600

interface Told {
  reference: string
  submission: string
  leaf: string
}

/** Asks until there is an answer: a connection may be one of the server that was killed. */
async function asked(url: string, init: RequestInit = {}): Promise<Response> {
  for (let left = 20; ; left--) {
    try {
      return await fetch(url, { ...init, signal: AbortSignal.timeout(20_000) })
    } catch (error) {
      if (left === 0) throw error
      await sleep(100)
    }
  }
}

/** What somebody outside knows of the log, held against what is there. */
async function look(data: string, told: readonly Told[], checkpoints: readonly string[]): Promise<{ missing: number; wrong: string[] }> {
  const store = openSqliteStore(join(data, 'guichet.db'), () => new Date())
  try {
    const agency = store.agency((await store.findAgency('demo'))!)
    const leaves = new Map<string, string>()
    for (let after = 0; ; ) {
      const events = await agency.auditEvents(after, 1000)
      for (const event of events) if (event.action === 'submission.received') leaves.set(event.object, leafOf(entryOf(event)))
      if (events.length < 1000) break
      after += events.length
    }
    const keys = openKeyFolder(join(data, 'keys'), new Date())
    return {
      missing: told.filter(({ submission, leaf }) => leaves.get(`submission:${submission}`) !== leaf).length,
      wrong: await checkLog(agency, keys, checkpoints),
    }
  } finally {
    await store.close()
  }
}

/** A program of ours, in this process. Gives its exit code and what it said. */
async function program(args: readonly string[], env: Record<string, string> = {}): Promise<{ code: number; said: string }> {
  let said = ''
  const write = (text: string) => {
    said += text
    return true
  }
  const out = { write, isTTY: false } as never
  const code = await run(args, { PATH: process.env.PATH, ...env }, { out, err: out })
  return { code: code ?? 0, said }
}
/** Lines about the log alone: what else a folder for a test lacks is not asked here. */
const doctor = async (data: string) => {
  const { said } = await program(['doctor', '--deep'], { DATA_DIR: data, EXAMPLES_DIR: 'off', LOG_LEVEL: 'silent' })
  const lines = said.split('\n').filter((line) => /audit log|integrity/.test(line))
  return { asked: lines.length, wrong: lines.filter((line) => line.startsWith('WRONG')) }
}

export const killedLogs: Line = {
  attack: 'T41',
  name: 'killed-logs',
  what: 'the server killed while citizens send and checkpoints are signed, started again over what is left; then every event, tile, checkpoint seen outside and receipt',
  reach: 'every acknowledged submission has its leaf and its proof, every checkpoint that was seen still holds, doctor and verify find nothing',
  async run({ count }) {
    const kills = count({ quick: 2, usual: 25, full: 200 })
    const place = newPlace()
    const folder = mkdtempSync(join(tmpdir(), 'guichet-killed-'))
    const told: Told[] = []
    const seen = new Set<string>()
    let stopping = false
    let failure: unknown = null
    try {
      const start = () => place.start({ env: { CHECKPOINT_SECONDS: '1' } })
      let server = await start()
      const citizen = async () => {
        while (!stopping) {
          const sending = newSending(newKey())
          for (;;) {
            const answer = await post(server.url, sending).catch(() => null)
            if (answer?.status === 201) {
              const { reference, submission, receipt } = JSON.parse(answer.text)
              told.push({ reference, submission, leaf: receipt.payload.leaf })
              break
            }
            if (stopping) break
            // 408: on a machine that does much else a request may not be there in time.
            if (answer && ![408, 409, 503].includes(answer.status)) throw new Error(`unexpected ${answer.status} ${answer.text}`)
            await sleep(10)
          }
        }
      }
      const all = Array.from({ length: citizens }, () => citizen().catch((error) => (failure ??= error)))
      const checkpoint = async () => {
        const answer = await fetch(`${server.url}/.well-known/guichet/log/demo/checkpoint`).catch(() => null)
        const note = answer?.status === 200 ? await answer.text().catch(() => '') : ''
        if (note !== '') seen.add(note)
        return note
      }
      for (let i = 0; i < kills; i++) {
        const enough = told.length + citizens
        for (let waits = 0; told.length < enough && !failure && waits < patience * 10; waits++) await sleep(5)
        // Now and then beside the signing, now and then in its middle.
        await sleep(Math.random() * (i % 3 === 0 ? 1200 : 150))
        await checkpoint()
        await server.kill()
        if (i === kills - 1) stopping = true
        server = await start()
        if (failure) throw failure
      }
      await Promise.all(all)
      if (failure) throw failure

      // The log covers all that was acknowledged, without anybody's doing.
      const sizeOf = (note: string) => Number(note.split('\n')[1] ?? 0)
      let note = await checkpoint()
      for (let waits = 0; waits < patience && !(sizeOf(note) > told.length); waits++) {
        await sleep(100)
        note = await checkpoint()
      }
      const keys = (await (await asked(`${server.url}/.well-known/guichet/keys.json`)).json()) as KeySet
      writeFileSync(join(folder, 'keys.json'), JSON.stringify(keys))
      let unproved = 0
      let said = 0
      const programs = count({ quick: 3, usual: 10, full: 30 })
      for (const [i, { reference }] of told.entries()) {
        const address = `2001:db8:${(i >> 12).toString(16)}:${(i & 4095).toString(16)}::2`
        const headers = { 'Content-Type': 'application/json', 'X-Forwarded-For': address }
        const file = await (await asked(`${server.url}/v1/receipt`, { method: 'POST', headers, body: JSON.stringify({ reference }) })).text()
        const verdict = await verifyReceipt({ file, keys })
        if (verdict.signature !== 'trusted' || verdict.log.state !== 'in' || verdict.fork) unproved++
        if (i % Math.ceil(told.length / programs) !== 0) continue
        writeFileSync(join(folder, 'receipt.json'), file)
        const verified = await program(['verify', join(folder, 'receipt.json'), '--keys', join(folder, 'keys.json')])
        if (verified.code !== 0 || !verified.said.includes('IN THE LOG')) said++
      }
      await server.kill()

      const { missing, wrong } = await look(place.data, told, [...seen])
      const diagnosis = await doctor(place.data)
      const noticed = await inCopy(place.data, async (copy) => {
        // As if the last one had been acknowledged before it was on disk: nobody's tree or checkpoint need know of it yet.
        const { submission } = told.at(-1) as Told
        const database = new DatabaseSync(join(copy, 'guichet.db'), { enableForeignKeyConstraints: false })
        try {
          const { sequence } = database.prepare('SELECT sequence FROM audit_events WHERE object = ?').get(`submission:${submission}`) as { sequence: number }
          database.prepare("DELETE FROM audit_events WHERE agency_id = 'demo' AND sequence >= ?").run(sequence)
        } finally {
          database.close()
        }
        const found = await look(copy, told, [...seen])
        return found.missing > 0 && found.wrong.length > 0 && (await doctor(copy)).wrong.length > 0
      })
      return {
        trials: kills,
        figure: `${told.length} acknowledged, ${missing} without their leaf, ${unproved + said} receipts that do not verify; ${seen.size} checkpoints seen, ${wrong.length} wrong${wrong[0] ? ` (${wrong[0]})` : ''}; doctor: ${diagnosis.wrong.length === 0 ? 'nothing' : diagnosis.wrong[0]}`,
        good:
          missing + unproved + said + wrong.length + diagnosis.wrong.length === 0 &&
          diagnosis.asked > 0 &&
          told.length >= kills * citizens &&
          sizeOf(note) > told.length,
        control: { what: 'a log from which the last acknowledged submission is gone', noticed },
      }
    } finally {
      stopping = true
      await place.close()
      rmSync(folder, { recursive: true, force: true })
    }
  },
}
