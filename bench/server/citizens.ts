/** Citizens in a process of their own: each sends by the clock, and some hand in a file first, as the page in the browser does. */
import { randomBytes } from 'node:crypto'
import { Agent, request } from 'node:http'
import { submitPath } from './guichet.ts'
import type { Quantiles } from './load.ts'
import { quantiles } from './quantiles.ts'
import { answersOf, drawingId } from './service.ts'

export interface CitizensOptions {
  port: number
  seconds: number
  /** Submissions a second, however slowly they are answered. */
  rate: number
  /** One of so many hands in a file. */
  filesIn: number
  fileBytes: number
  /** Characters of each of the five paragraphs. */
  paragraph: number
}

export interface CitizensResult {
  acknowledged: number
  /** Those that were acknowledged while others were still due. */
  inTime: number
  withFile: number
  /** Bytes of the answers, about. */
  answerBytes: number
  /** Of a submission in milliseconds, from when it was due, or from when its file was there. */
  submitted: Quantiles
  /** Of a file, from when it was due. */
  uploaded: Quantiles
  /** The first that was not taken. */
  wrong: string | null
}

process.once('message', async (options: CitizensOptions) => {
  const result = await send(options)
  process.send?.(result, () => process.exit(0))
})
process.once('disconnect', () => process.exit(1))

/** What is wrong with the machine is not told by waiting for ever. */
const patience = 30_000
const variants = 256

async function send({ port, seconds, rate, filesIn, fileBytes, paragraph }: CitizensOptions): Promise<CitizensResult> {
  const agent = new Agent({ keepAlive: true, maxSockets: 64 })
  const answers = Array.from({ length: variants }, (_, i) => JSON.stringify(answersOf(i, paragraph)))
  const file = fileOf(fileBytes)
  const submitted: number[] = []
  const uploaded: number[] = []
  let [acknowledged, inTime, withFile] = [0, 0, 0]
  let wrong: string | null = null

  const ask = (path: string, headers: Record<string, string>, body: Buffer): Promise<string> =>
    new Promise((resolve, reject) => {
      const [a, b, c] = randomBytes(3)
      const asked = request(
        {
          host: '127.0.0.1',
          port,
          agent,
          method: 'POST',
          path,
          headers: { ...headers, 'Content-Length': body.length, 'X-Forwarded-For': `10.${a}.${b}.${c}` },
          timeout: patience,
        },
        (answer) => {
          let text = ''
          answer.setEncoding('utf8')
          answer.on('data', (piece) => (text += piece))
          answer.on('end', () => (answer.statusCode === 201 ? resolve(text) : reject(new Error(`${answer.statusCode} ${text.slice(0, 500)}`))))
        },
      )
      asked.on('error', reject)
      asked.on('timeout', () => asked.destroy(new Error('no answer')))
      asked.end(body)
    })

  const citizen = async (i: number, due: number) => {
    let since = due
    let documents = ''
    if (i % filesIn === 0) {
      // No two are the same.
      const own = Buffer.from(file)
      own.write(randomBytes(16).toString('hex'), fileMark, 'latin1')
      const { id } = JSON.parse(
        await ask(`${submitPath.replace(/submissions$/, 'attachments')}?target=${drawingId}&name=drawing.pdf`, { 'Content-Type': 'application/pdf' }, own),
      ) as { id: string }
      since = performance.now()
      uploaded.push(since - due)
      documents = `,"documents":{"${drawingId}":["${id}"]}`
      withFile++
    }
    const body = Buffer.from(`{"version":1,"language":"en","answers":${answers[i % variants]}${documents}}`)
    await ask(submitPath, { 'Content-Type': 'application/json', 'Idempotency-Key': randomBytes(16).toString('hex') }, body)
    submitted.push(performance.now() - since)
    acknowledged++
    if (performance.now() < began + seconds * 1000) inTime++
  }

  const all: Promise<void>[] = []
  const began = performance.now()
  await new Promise<void>((resolve) => {
    let planned = 0
    const pace = () => {
      for (; planned < rate * seconds && began + (planned * 1000) / rate <= performance.now(); planned++)
        all.push(citizen(planned, began + (planned * 1000) / rate).catch((error) => void (wrong ??= String(error))))
      if (planned < rate * seconds && wrong === null) setTimeout(pace, 1)
      else resolve()
    }
    pace()
  })
  await Promise.all(all)
  agent.destroy()
  return { acknowledged, inTime, withFile, answerBytes: (answers[0] as string).length, submitted: quantiles(submitted), uploaded: quantiles(uploaded), wrong }
}

const fileHead = '%PDF-1.4\n%'
const fileMark = fileHead.length

/** A PDF of nothing, with a long comment. */
function fileOf(bytes: number): Buffer {
  const tail = '\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n'
  const filling = randomBytes(Math.ceil((bytes - fileHead.length - tail.length) / 2)).toString('hex')
  return Buffer.from(fileHead + filling + tail, 'latin1')
}
