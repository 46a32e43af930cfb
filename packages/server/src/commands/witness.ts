import { once } from 'node:events'
import { type Command, CommandFailed } from './command.ts'

export const witness: Command = {
  name: 'witness',
  summary: 'Watches the logs of others, and signs that they only grow.',
  words: '<log key ...>',
  takes: [1, 1000],
  about: [
    'Stands by itself, on a machine of somebody else than the agency: an auditor, another agency, a newspaper. It remembers the last checkpoint of each log, and signs the next one only if that log was continued and nothing in it changed (c2sp.org/tlog-witness).',
    'The keys of logs stand on the page /log/<agency> of the server that keeps them. The witness prints its own key: the server that is watched has it in WITNESSES, with the address of the witness.',
  ],
  options: {
    folder: { value: 'folder', help: 'Where its key and what it has seen are kept. Default: witness.' },
    name: { value: 'name', help: 'Its name in signatures, such as witness.example.org/w1.' },
    host: { value: 'address', help: 'Address to listen on. Default: 127.0.0.1.' },
    port: { value: 'port', help: 'Port to listen on; 0 takes a free one. Default: 8090.' },
  },
  examples: ["guichet witness --name witness.example.org --folder /var/lib/witness 'forms.example.org/.well-known/guichet/log/city+1a2b3c4d+AbCd…'"],
  async run({ words, value, out, err }) {
    const [{ openWitness, serveWitness }, { readNoteKey }] = await Promise.all([import('../audit/witness.ts'), import('@guichet/receipts')])
    const name = value('name') ?? ''
    if (!/^[A-Za-z0-9./_-]{1,100}$/.test(name)) throw new CommandFailed('--name must say who signs: letters, digits and . / _ -')
    const port = Number(value('port') ?? 8090)
    if (!Number.isInteger(port) || port < 0 || port > 65_535) throw new CommandFailed('--port must be a number from 0 to 65535.')
    const logs = []
    for (const word of words) {
      const key = await readNoteKey(word)
      if (key?.kind !== 'signature') throw new CommandFailed(`This is no key of a log: ${word}`)
      logs.push(key)
    }
    const opened = await openWitness(value('folder') ?? 'witness', name, logs)
    const server = serveWitness(opened, () => new Date())
    server.listen(port, value('host') ?? '127.0.0.1')
    await once(server, 'listening')
    const address = server.address()
    out.write(`${opened.key}\n`)
    err.write(`Listening on port ${typeof address === 'object' && address ? address.port : port}.\n`)
    const stop = () => {
      server.close()
      server.closeAllConnections()
    }
    process.once('SIGTERM', stop)
    process.once('SIGINT', stop)
    await once(server, 'close')
    return 0
  },
}
