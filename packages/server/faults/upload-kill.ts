/** The server is killed while a file comes in parts, again and again, and started over what is left. SQLite, real process, real HTTP. */
import { createHash, randomBytes } from 'node:crypto'
import { readdirSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { leastPart } from '../src/files/upload-in-parts.ts'
import type { Outcome } from './outcome.ts'
import { newPlace, type ServerProcess, service } from './server-process.ts'
import { sleep } from './wait.ts'

const parts = 12

/** A PDF of whole parts; what it holds besides its frame is random. */
function newFile(): Buffer {
  const body = Buffer.from(randomBytes((parts * leastPart) / 2).toString('hex'))
  body.write('%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\n%')
  body.write('\n%%EOF\n', body.length - 7)
  return body
}
const digestOf = (file: Buffer) => `sha256-${createHash('sha256').update(file).digest('base64url')}`

/** Each file meets one kill, somewhere between its beginning and its end. */
export async function uploadKill(kills: number): Promise<Outcome> {
  const place = newPlace({ largestFile: parts * leastPart })
  let server: ServerProcess = await place.start()
  const begin = async (file: Buffer) => {
    const answer = await fetch(`${server.url}/v1/services/${service}/attachments?target=student_id&name=a.pdf`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/pdf', 'Upload-Complete': '?0', 'Upload-Length': String(file.length) },
    })
    if (answer.status !== 201) throw new Error(`unexpected ${answer.status} ${await answer.text()}`)
    return answer.headers.get('location') as string
  }
  const append = (at: string, file: Buffer, offset: number) =>
    fetch(server.url + at, {
      method: 'PATCH',
      headers: {
        'Content-Type': 'application/partial-upload',
        'Upload-Offset': String(offset),
        'Upload-Complete': offset + leastPart >= file.length ? '?1' : '?0',
      },
      body: new Uint8Array(file.subarray(offset, offset + leastPart)),
    })
  const look = async (at: string) => {
    const answer = await fetch(server.url + at)
    if (answer.status !== 200) throw new Error(`unexpected ${answer.status} ${await answer.text()}`)
    return (await answer.json()) as { offset: number; attachment?: { digest: string } }
  }
  /** Sends on from where the server says, until it is told the whole; null when there is no answer any more. */
  const goOn = async (at: string, file: Buffer, acknowledged: (offset: number) => void): Promise<string | null> => {
    try {
      for (let { offset, attachment } = await look(at); ; ) {
        if (attachment) return attachment.digest
        const answer = await append(at, file, offset)
        const text = await answer.text()
        if (answer.status === 201) return JSON.parse(text).digest
        if (answer.status !== 204) throw new Refusal(`unexpected ${answer.status} ${text}`)
        offset = Number(answer.headers.get('upload-offset'))
        acknowledged(offset)
      }
    } catch (error) {
      if (error instanceof Refusal) throw error
      return null
    }
  }

  try {
    let [lost, wrong] = [0, 0]
    for (let i = 0; i < kills; i++) {
      const file = newFile()
      const at = await begin(file)
      let known = 0
      const first = goOn(at, file, (offset) => {
        known = offset
      })
      let ended = false
      const end = () => {
        ended = true
      }
      first.then(end, end)
      while (!ended && known < (i % (parts - 1)) * leastPart) await sleep(1)
      await sleep(Math.random() * 20)
      await server.kill()
      const early = await first
      server = await place.start()
      const { offset, attachment } = await look(at)
      if (offset < known) lost++
      const digest = early ?? attachment?.digest ?? (await goOn(at, file, () => {}))
      if (digest !== digestOf(file)) wrong++
    }
    // Control: of a file whose part is gone nothing is acknowledged.
    const file = newFile()
    const at = await begin(file)
    await (await append(at, file, 0)).arrayBuffer()
    const folder = join(place.data, 'files')
    const all = readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name))
    rmSync(all.reduce((newest, path) => (statSync(path).mtimeMs > statSync(newest).mtimeMs ? path : newest)))
    const control = await goOn(at, file, () => {}).then(
      () => false,
      (error) => error instanceof Refusal,
    )
    await server.kill()
    return {
      good: lost + wrong === 0 && control,
      line: `killed while a file comes in parts: trials ${kills}, acknowledged and lost ${lost}, other bytes ${wrong}; control (a part taken away): ${control ? 'noticed' : 'NOT NOTICED'}`,
    }
  } finally {
    await place.close()
  }
}

class Refusal extends Error {}
