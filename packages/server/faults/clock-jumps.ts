/**
 * T7: the clock jumps. The real server under libfaketime, whose clock we set while it runs and over restarts. Nothing
 * acknowledged is lost, the audit log goes by its sequence, and nothing is destroyed before its time.
 */
import { randomBytes } from 'node:crypto'
import { renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { type Acknowledged, newSending, post, readAcknowledged, upload } from './citizen.ts'
import { compare } from './compare.ts'
import type { Oddities } from './oddities.ts'
import type { Outcome } from './outcome.ts'
import { newPlace, type Place, service } from './server-process.ts'
import { findFaketime } from './tools.ts'
import { until } from './wait.ts'

const hour = 3600
const day = 24 * hour
const year = 365 * day
/** In seconds. */
const all = [hour, -hour, day, -day, -10 * year, 10 * year]

/** `quick`: the longest jumps alone are tried over a restart. */
export async function clockJumps({ quick = false } = {}): Promise<Outcome> {
  const overRestart = quick ? all.slice(-2) : all
  const place = newPlace()
  try {
    const wall = join(place.folder, 'clock')
    /** The server sees it at its next look at the clock. */
    const setClock = (seconds: number) => {
      writeFileSync(`${wall}.new`, `${seconds < 0 ? '' : '+'}${seconds}\n`)
      renameSync(`${wall}.new`, wall)
    }
    const start = (seconds: number, odd?: Oddities) => {
      setClock(seconds)
      const env = { LD_PRELOAD: findFaketime() as string, FAKETIME_TIMESTAMP_FILE: wall, FAKETIME_NO_CACHE: '1', FAKETIME_DONT_FAKE_MONOTONIC: '1' }
      return place.start({ env, odd })
    }

    const acknowledged: Acknowledged[] = []
    let different = 0
    let server = await start(0)
    // Before there is anything to compare the clock with, whatever it says is the time.
    await until('the server has looked at the clock', () => hasLooked(place.file), 600_000)
    const take = async () => {
      const sending = newSending()
      const answer = await post(server.url, sending, 'unhurried')
      acknowledged.push(readAcknowledged(answer))
      return async () => {
        if ((await post(server.url, sending, 'unhurried')).text !== answer.text) different++
      }
    }
    // While it runs: who sent before a jump is told the same after it, and the other way round.
    for (const jump of all) {
      const before = await take()
      setClock(jump)
      await before()
      const after = await take()
      setClock(0)
      await before()
      await after()
    }
    const kept = await leave(server.url)
    await server.stop()

    // Over restarts, each of which looks at once for what is old.
    let early = 0
    for (const jump of overRestart) {
      server = await start(jump)
      await take()
      await server.stop()
      server = await start(0)
      if (!(await isThere(server.url, place, kept))) early++
      await server.stop()
    }
    const { lost, duplicates, damage, chainBreak } = await compare(place.data, acknowledged, [kept.file])
    const { back, years } = timesOf(place.file)

    server = await start(10 * year, { clockAlone: true })
    await server.stop()
    server = await start(0)
    const control = !(await isThere(server.url, place, kept))
    await server.stop()
    return {
      good: lost + duplicates + different + early === 0 && damage === null && chainBreak === null && back >= all.length && years === 3 && control,
      line: `T7 clock jumps: trials ${all.length} while it runs (1 h, 1 d, 10 y, ahead and back) and ${overRestart.length} over a restart, acknowledged ${acknowledged.length}, lost ${lost}, duplicates ${duplicates}, other answers to the same key ${different}, chain ${chainBreak === null ? 'holds' : 'BROKEN'} by sequence while its times go back ${back} times, destroyed too early ${early}; control (the clock alone decides, 10 y ahead): ${control ? 'destroyed' : 'NOTHING DESTROYED'}`,
    }
  } finally {
    await place.close()
  }
}

interface Kept {
  file: string
  draft: string
}

const draftUrl = (url: string, id: string) => new URL(`/v1/services/${service}/drafts/${id}`, url)

/** A file that nobody has claimed yet, and a saved draft. */
async function leave(url: string): Promise<Kept> {
  const file = await upload(url, 3000, 'unhurried')
  const draft = randomBytes(32).toString('base64url')
  const saved = await fetch(draftUrl(url, draft), {
    method: 'PUT',
    headers: { 'Content-Type': 'application/json', 'If-None-Match': '*' },
    body: JSON.stringify({ version: 1, content: randomBytes(100).toString('base64url'), attachments: [] }),
  })
  if (file.status !== 201 || !saved.ok) throw new Error(`unexpected ${file.status} ${file.text} ${saved.status} ${await saved.text()}`)
  await saved.arrayBuffer()
  return { file: JSON.parse(file.text).id, draft }
}

async function isThere(url: string, { file }: Place, kept: Kept): Promise<boolean> {
  const opened = await fetch(draftUrl(url, kept.draft))
  await opened.arrayBuffer()
  const client = new DatabaseSync(file, { readOnly: true })
  try {
    return opened.ok && client.prepare('SELECT 1 FROM attachments WHERE id = ?').get(kept.file) !== undefined
  } finally {
    client.close()
  }
}

/** Whether it is kept how far the server has lived. */
function hasLooked(file: string): boolean {
  const client = new DatabaseSync(file, { readOnly: true, timeout: 5000 })
  try {
    return client.prepare('SELECT 1 FROM agencies WHERE lived_until IS NOT NULL').get() !== undefined
  } finally {
    client.close()
  }
}

/** How often the log's next event is earlier than the last, and how many decades it is from: it shows that the clock did jump. */
function timesOf(file: string): { back: number; years: number } {
  const client = new DatabaseSync(file, { readOnly: true })
  try {
    const times = client
      .prepare('SELECT time FROM audit_events ORDER BY sequence')
      .all()
      .map(({ time }) => String(time))
    return {
      back: times.filter((time, i) => i > 0 && time < (times[i - 1] as string)).length,
      years: new Set(times.map((time) => Math.round((Date.parse(time) - Date.now()) / (10 * year * 1000)))).size,
    }
  } finally {
    client.close()
  }
}
