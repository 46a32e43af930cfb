/**
 * T2: the power fails. The server runs under strace; its data folder is then rebuilt as a disk could have left it at many moments, with
 * nothing that was not synced, and everything acknowledged until then is looked for. kill -9 cannot show this: the kernel
 * keeps what the process wrote.
 */
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { type Acknowledged, newKey, newSending, post, readAcknowledged, upload } from './citizen.ts'
import { compare } from './compare.ts'
import type { Oddities } from './oddities.ts'
import type { Outcome } from './outcome.ts'
import { newPlace } from './server-process.ts'
import { type Disk, readTrace, replay, tracedCalls, written } from './trace.ts'

type Told = { acknowledged: Acknowledged } | { upload: string }
interface Cuts {
  cuts: number
  losing: number
  lost: number
  damaged: string | null
}

/** Cuts at least so often. `quick`: with one control of the two, because a server under the tracer takes its time. */
export async function powerCut(cuts: number, { quick = false } = {}): Promise<Outcome> {
  // There is a cut at each answer, and one more for every few writes between.
  const submissions = Math.ceil(cuts / 1.25)
  const real = await cutAtManyPoints(submissions)
  const few = Math.max(10, Math.ceil(submissions / 5))
  const threaded = await cutAtManyPoints(few, { threaded: true })
  const controls = [await cutAtManyPoints(few, { durable: false, threaded: true }), ...(quick ? [] : [await cutAtManyPoints(few, { durable: false })])]
  const ofFiles = quick ? null : await cutAtManyPoints(few, { durableFiles: false })
  const all = [real, threaded]
  const sum = (of: (one: (typeof all)[number]) => number) => all.reduce((so, one) => so + of(one), 0)
  const damaged = all.find((one) => one.damaged !== null)?.damaged ?? null
  const lost = sum((one) => one.lost)
  return {
    good: lost === 0 && damaged === null && real.cuts >= cuts && controls.every((control) => control.losing > 0) && ofFiles?.losing !== 0,
    line: `T2 power cut: trials ${sum((one) => one.cuts)} (of a thread's writing ${threaded.cuts}), acknowledged ${sum((one) => one.answers)}, lost ${lost}, damaged ${damaged ?? 0}; control (synchronous=NORMAL): ${controls.map(({ losing, cuts: of }) => `lost at ${losing} of ${of} cuts`).join(' and ')}${ofFiles ? `; control (files not synced): lost at ${ofFiles.losing} of ${ofFiles.cuts} cuts` : ''}`,
  }
}

async function cutAtManyPoints(submissions: number, odd?: Oddities): Promise<Cuts & { answers: number }> {
  const place = newPlace()
  try {
    // What is there before is on disk: only what happens under the tracer is cut.
    await (await place.start()).stop()
    const disk = onDisk(place.data)
    const trace = join(place.folder, 'trace')
    // -D: the process we started is the server itself, so that it is the one that is killed.
    const server = await place.start({
      ...(odd ? { odd } : {}),
      under: ['strace', '-D', '-f', '-xx', '-s', '2000000', '-e', `trace=${tracedCalls}`, '-o', trace],
    })
    const told: Told[] = []
    for (let i = 0; i < submissions; i++) {
      let file: string | null = null
      if (i % 4 === 0) {
        const kept = await upload(server.url)
        if (kept.status !== 201) throw new Error(`unexpected ${kept.status} ${kept.text}`)
        file = JSON.parse(kept.text).id as string
        told.push({ upload: file })
      }
      told.push({ acknowledged: readAcknowledged(await post(server.url, newSending(newKey(), { file }))) })
    }
    // The tracer notes a call when it comes back, which may be after its bytes have reached us: one more answer, and it has.
    await (await fetch(new URL('/healthz', server.url))).arrayBuffer()
    await server.kill()

    const cuts: Cuts = { cuts: 0, losing: 0, lost: 0, damaged: null }
    let answers = 0
    await replay(readTrace(readFileSync(trace, 'utf8')), place.data, disk, async (kind, now) => {
      if (kind === 'answer') {
        answers++
        await examine(
          left(place.data, now, () => false),
          told.slice(0, answers),
          cuts,
        )
      } else if (answers > 0 && Math.random() < 0.05) {
        // A disk may also have kept some of what it was not told to keep.
        await examine(
          left(place.data, now, () => Math.random() < 0.5),
          told.slice(0, answers),
          cuts,
        )
      }
    })
    if (answers !== told.length) throw new Error(`${told.length} answers came, but ${answers} are in the trace`)
    return { answers, ...cuts }
  } finally {
    await place.close()
  }
}

/** `files`: what is there after the cut. `told`: what had been acknowledged before it. */
async function examine(files: ReadonlyMap<string, Buffer>, told: readonly Told[], cuts: Cuts): Promise<void> {
  cuts.cuts++
  const folder = mkdtempSync(join(tmpdir(), 'guichet-cut-'))
  try {
    for (const [path, bytes] of files) {
      mkdirSync(dirname(join(folder, path)), { recursive: true })
      writeFileSync(join(folder, path), bytes)
    }
    const { lost, damage, chainBreak } = await compare(
      folder,
      told.flatMap((one) => ('acknowledged' in one ? one.acknowledged : [])),
      told.flatMap((one) => ('upload' in one ? one.upload : [])),
    )
    cuts.lost += lost
    if (lost > 0) cuts.losing++
    if (damage !== null || chainBreak !== null) cuts.damaged ??= damage ?? `chain at ${chainBreak}`
  } catch (error) {
    cuts.damaged ??= (error as Error).message
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

function onDisk(folder: string): Disk {
  const names: Disk['names'] = new Map()
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name)
    names.set(path, entry.isDirectory() ? 'folder' : { synced: readFileSync(path), waiting: [] })
  }
  return { names, durable: new Map(names) }
}

/** Files that can be reached by names that are on disk, relative to the folder. `kept` decides on each write that was not synced. */
function left(folder: string, { durable }: Disk, kept: () => boolean): Map<string, Buffer> {
  const files = new Map<string, Buffer>()
  for (const [path, content] of durable) {
    if (content === 'folder') continue
    let above = dirname(path)
    while (above !== folder && durable.get(above) === 'folder') above = dirname(above)
    if (above === folder) files.set(path.slice(folder.length + 1), written(content.synced, content.waiting.filter(kept)))
  }
  return files
}
