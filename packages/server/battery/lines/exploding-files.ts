/** T28: files that are far larger than they look. */
import { inspectHere } from '../../src/files/inspector.ts'
import { pictureSize } from '../../src/files/picture-size.ts'
import { explodingFiles, honestFiles } from '../../src/testing/hostile-files.ts'
import { unzippedSize } from '../../src/testing/unzip.ts'
import type { Line } from '../line.ts'

const mostCpu = 2000
const mostMemory = 100

export const filesThatExplode: Line = {
  attack: 'T28',
  name: 'exploding-files',
  what: 'archives in archives, 60,000 entries, lies about sizes, links, paths upwards, pictures of billions of pixels',
  reach: 'all refused, at most 2 s of processor and 100 MB of memory each; honest files taken',
  async run() {
    let taken = ''
    let cpu = 0
    let memory = 0
    const files = explodingFiles()
    for (const { bytes, declared, name, what } of files) {
      const open = () => new Blob([bytes]).stream() as unknown as ReadableStream<Uint8Array>
      const before = process.memoryUsage().rss
      const used = process.cpuUsage()
      const { kind, fault } = await inspectHere(open, declared, name)
      const refused = kind === null || fault !== null || (kind === 'png' && (await pictureSize(open(), 'png')) === null)
      const { user, system } = process.cpuUsage(used)
      cpu = Math.max(cpu, (user + system) / 1000)
      memory = Math.max(memory, (process.memoryUsage().rss - before) / 2 ** 20)
      if (!refused) taken += ` (${what})`
    }
    let lost = ''
    for (const { bytes, declared, name, what } of honestFiles()) {
      const { kind, fault } = await inspectHere(() => new Blob([bytes]).stream() as never, declared, name)
      if (kind === null || fault !== null) lost += ` (${what}: ${fault})`
    }
    const bomb = files[0]!
    const unpacked = unzippedSize(bomb.bytes)
    return {
      trials: files.length + honestFiles().length,
      figure: `${taken ? `taken${taken}` : 'none taken'}, ${lost ? `honest ones refused${lost}` : 'all honest ones taken'}, at most ${Math.round(cpu)} ms of processor and +${Math.round(memory)} MB`,
      good: taken === '' && lost === '',
      slow: cpu > mostCpu || memory > mostMemory,
      control: {
        what: `whoever unpacks one of ${Math.round(bomb.bytes.length / 1024)} KiB gets ${Math.round(unpacked / 2 ** 20)} MB`,
        noticed: unpacked > 50 * 2 ** 20,
      },
    }
  },
}
