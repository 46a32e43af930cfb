/** T5: the disk is full. Nothing that was not kept is acknowledged, reading goes on, and so does taking once there is space. */
import { rmSync, statfsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Acknowledged, type Answer, follow, newKey, newSending, post, readAcknowledged, type Sending, upload } from './citizen.ts'
import { compare, notices } from './compare.ts'
import type { Outcome } from './outcome.ts'
import { newPlace, service } from './server-process.ts'
import { mountSmallDisk, unmount } from './tools.ts'

/** Room for SQLite's log, most of which is in the database as well by then. */
const megabytes = 20
const most = 3000

export async function diskFull(): Promise<Outcome> {
  const disk = mountSmallDisk(megabytes)
  if (!disk) throw new Error('no file system may be mounted here')
  const place = newPlace({ data: join(disk, 'data') })
  const ballast = join(disk, 'ballast')
  try {
    writeFileSync(ballast, Buffer.alloc(3 * 2 ** 20))
    const server = await place.start()
    const acknowledged: Acknowledged[] = []
    const refused: { sending: Sending; answer: Answer }[] = []
    // On beyond the first refusal: a small one may still fit, and what is said then must be true as well.
    for (let i = 0; i < most && refused.length < 20; i++) {
      const sending = newSending(newKey(), { padding: 60 })
      const answer = await post(server.url, sending)
      if (answer.status === 201) acknowledged.push(readAcknowledged(answer))
      else refused.push({ sending, answer })
    }
    const { bavail, bsize } = statfsSync(disk)
    const file = await upload(server.url, Math.min(40_000, bavail * bsize + 20_000))
    const said = (answer: Answer) => [507, 503].includes(answer.status) && answer.type.startsWith('application/problem+json')
    const wellSaid = refused.filter(({ answer }) => said(answer)).length
    const whileFull = acknowledged.length

    const view = await fetch(new URL(`/v1/services/${service}`, server.url))
    await view.arrayBuffer()
    let followed = 0
    for (const { reference, submission } of acknowledged.slice(-20)) if ((await follow(server.url, reference)) === submission) followed++
    const reads = view.ok && followed === Math.min(20, whileFull)

    rmSync(ballast)
    let resumed = 0
    for (const { sending } of refused) {
      const answer = await post(server.url, sending)
      if (answer.status !== 201) continue
      resumed++
      acknowledged.push(readAcknowledged(answer))
    }
    await server.kill()
    const { lost, duplicates, damage, chainBreak } = await compare(place.data, acknowledged)
    const control = await notices(place.data, acknowledged)
    return {
      good:
        whileFull > 0 &&
        refused.length > 0 &&
        wellSaid === refused.length &&
        said(file) &&
        reads &&
        resumed === refused.length &&
        lost + duplicates === 0 &&
        damage === null &&
        chainBreak === null &&
        control,
      line: `T5 disk full: acknowledged ${whileFull}, refused ${refused.length} (${[...new Set(refused.map(({ answer }) => answer.status))]}), a file ${file.status}, reads ${reads ? 'go on' : 'FAIL'}, taken after space was freed ${resumed} of ${refused.length}, lost ${lost}, stored without acknowledgement ${duplicates}, integrity ${damage ?? 'ok'}; control (a row taken out, a row told to nobody): ${control ? 'noticed' : 'NOT NOTICED'}`,
    }
  } finally {
    await place.close()
    unmount(disk)
  }
}
