/** What a busy day is made of: long answers, and a file with every tenth. Memory and open files must not grow with it. */
import { fork } from 'node:child_process'
import { mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { CitizensOptions, CitizensResult } from './citizens.ts'
import { rowsIn, script } from './floors.ts'
import { startGuichet, writeExamples } from './guichet.ts'
import { needDisk, newFolder, removeFolder } from './place.ts'
import { type Sample, samplesOf } from './samples.ts'
import { definitionWithDrawing } from './service.ts'

export interface UploadFigures extends Omit<CitizensResult, 'wrong'> {
  minutes: number
  rate: number
  fileBytes: number
  samples: Sample[]
  bytesPerMinute: number
  filesPerMinute: number
}

const rate = 300
const filesIn = 10
const fileBytes = 1_000_000
/** Of 10 KB of answers. */
const paragraph = 1780
/** A case with 10 KB of answers, and a tenth of a file. */
const bytesPerCase = 25_000 + fileBytes / filesIn

export async function uploads(minutes: number, tell: (line: string) => void): Promise<UploadFigures> {
  const seconds = minutes * 60
  needDisk((rate * seconds * bytesPerCase) / 1e9 + 2)
  const folder = newFolder('uploads')
  mkdirSync(join(folder, 'guichet'))
  const guichet = await startGuichet(join(folder, 'guichet'), { EXAMPLES_DIR: writeExamples(join(folder, 'drawings'), definitionWithDrawing) })
  const watched = samplesOf(guichet.pid, seconds, tell)
  try {
    const { wrong, ...sent } = await citizens({ port: guichet.port, seconds, rate, filesIn, fileBytes, paragraph })
    const figures = watched.figures()
    if (wrong !== null) throw new Error(`One was not taken: ${wrong}. The server said: ${warningsIn(join(folder, 'guichet/guichet.log'))}`)
    const database = join(folder, 'guichet/data/guichet.db')
    const kept = [rowsIn(database, 'submissions'), rowsIn(database, 'attachments WHERE submission_id IS NOT NULL')]
    if (kept[0] !== sent.acknowledged || kept[1] !== sent.withFile) throw new Error(`${kept} are kept of ${sent.acknowledged},${sent.withFile}`)
    return { minutes, rate, fileBytes, ...sent, ...figures }
  } finally {
    watched.end()
    await guichet.stop()
    removeFolder(folder)
  }
}

/** What may explain it, before the folder is gone: all but a line for each request. */
const warningsIn = (log: string) =>
  readFileSync(log, 'utf8')
    .split('\n')
    .filter((line) => line !== '' && !line.includes('"level":30'))
    .slice(-20)
    .join('\n')

function citizens(options: CitizensOptions): Promise<CitizensResult> {
  const child = fork(script('./citizens.ts'), { execArgv: [] })
  const abandon = () => child.kill('SIGKILL')
  process.once('exit', abandon)
  return new Promise<CitizensResult>((resolve, reject) => {
    child.once('message', (message) => resolve(message as CitizensResult))
    child.once('error', reject)
    child.once('exit', (code) => reject(new Error(`the citizens ended with ${code}`)))
    child.send(options)
  }).finally(() => process.off('exit', abandon))
}
