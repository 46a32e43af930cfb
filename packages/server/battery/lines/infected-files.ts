/** T31: infected files, with the real ClamAV, and with a scanner that is dead, slow or lies. */
import { createServer, type Socket } from 'node:net'
import { handOutAttachment } from '../../src/cases/hand-out-attachment.ts'
import { listen } from '../../src/demo.ts'
import { openScanner } from '../../src/scanners/scanners.ts'
import { findClamd, startClamd, testVirus } from '../../src/testing/clamd.ts'
import { answersOf, createWorld, definitionOf, pdf, plainPolicy, type World } from '../../src/testing/world.ts'
import type { Line } from '../line.ts'

const infected = new Uint8Array(Buffer.concat([Buffer.from(pdf), Buffer.from(`% ${testVirus}\n`)]))
/** Answers that are not the one that says "clean". */
const lies = [
  '',
  'OK',
  'stream: ok',
  'stream: OK ',
  'stream: OK\r\n',
  ' stream: OK',
  'stream: OK FOUND maybe',
  'INSTREAM size limit exceeded. ERROR',
  "stream: Can't allocate memory ERROR",
  'UNKNOWN COMMAND',
  'PONG',
  `stream: ${'x'.repeat(5000)}`,
]

export const infectedFiles: Line = {
  attack: 'T31',
  name: 'infected-files',
  what: 'infected uploads; files whose infection becomes known later; a scanner that is dead, hangs up, hangs, or says something else',
  reach: 'what is infected is never handed out; what nobody could say is pending, never clean',
  possible(line) {
    if (findClamd()) return true
    if (process.env.CI) throw new Error(`In CI nothing is skipped: ${line}, for want of clamd`)
    process.stderr.write(`SKIPPED: ${line}, for want of clamd. Install it (apt-get install clamav-daemon).\n`)
    return false
  },
  async run() {
    const clamd = await startClamd(findClamd()!, [infected])
    let world: World | undefined
    const sockets = new Set<Socket>()
    let answer: string | null = 'stream: OK'
    const fake = createServer((socket) => {
      sockets.add(socket)
      socket.on('error', () => {})
      socket.on('data', (piece) => {
        if (answer === null) socket.destroy()
        else if (piece.subarray(-4).equals(Buffer.alloc(4))) socket.end(`${answer}\0`)
      })
    })
    const port = await listen(fake as never, 0, '127.0.0.1')
    try {
      world = await createWorld({}, { scanner: openScanner(clamd.url) })
      await world.offer(definitionOf(), { rules: { ...plainPolicy.rules, rate: { uploadsPerHour: 1_000_000, submissionsPerHour: 1_000_000 } } })
      const { adapters } = world
      const agency = adapters.store.agency((await adapters.store.findAgency('city'))!)
      const upload = (body: Uint8Array<ArrayBuffer>) =>
        world!.request('/v1/services/city/library-card/attachments?target=student_id&name=a.pdf', {
          method: 'POST',
          headers: { 'Content-Type': 'application/pdf' },
          body,
        })
      const give = async (body: Uint8Array<ArrayBuffer>) => {
        const { id } = await (await upload(body)).json()
        const { submission } = await (await world!.send({ ...answersOf({ student: true, school: 'X' }), documents: { student_id: [id] } })).json()
        return () =>
          handOutAttachment(
            adapters,
            agency,
            { submission, attachment: id },
            { actor: 'user:x', at: new Date().toISOString() },
            { roles: () => ['owner'], client: null, purpose: 'other', language: 'en' },
          ).then(
            async ({ content }) => {
              await content.cancel()
              return 'handed out'
            },
            ({ code }: { code: string }) => code,
          )
      }
      let trials = 0
      const refusedAtOnce = (await upload(infected)).status
      const clean = await give(pdf)
      const cleanNow = await clean()
      trials += 2
      // Taken while the scanner was down: nobody gets it, and once the scanner is there it is found.
      adapters.scanner = openScanner(`clamd://127.0.0.1:${port}`)
      answer = null
      const late = await give(infected)
      const whileDown = await late()
      let lied = 0
      for (const lie of lies) {
        trials++
        answer = lie
        if ((await late()) !== 'file-pending') lied++
      }
      adapters.scanner = openScanner('clamd:///nowhere/clamd.sock')
      const withoutSocket = await late()
      // A scanner that says nothing: whoever waits gives up, and has nothing.
      adapters.scanner = { scan: () => openScanner(`clamd://127.0.0.1:${port}`)!.scan(new Blob([pdf]).stream() as never, AbortSignal.timeout(200)) }
      answer = 'stream: OK'
      fake.removeAllListeners('connection')
      fake.on('connection', (socket) => sockets.add(socket))
      const hanging = await late()
      adapters.scanner = openScanner(clamd.url)
      const found = await late()
      trials += 4
      // The control: a server without a scanner hands it out.
      adapters.scanner = null
      const without = await late()
      const good =
        refusedAtOnce === 422 &&
        cleanNow === 'handed out' &&
        whileDown === 'file-pending' &&
        lied === 0 &&
        withoutSocket === 'file-pending' &&
        hanging === 'file-pending' &&
        found === 'file-infected'
      return {
        trials,
        figure: `infected: ${refusedAtOnce} at once, ${found} later; clean: ${cleanNow}; scanner dead: ${whileDown}, without a socket: ${withoutSocket}, hanging: ${hanging}, ${lied} of ${lies.length} lies believed`,
        good,
        control: { what: 'a server without a scanner hands it out', noticed: without === 'handed out' },
      }
    } finally {
      for (const socket of sockets) socket.destroy()
      fake.close()
      await world?.close()
      await clamd.stop()
    }
  },
}
