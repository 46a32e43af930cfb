import { systemClock } from '../clock.ts'
import { readConfig } from '../config.ts'
import type { Command } from './command.ts'
import { progressOn } from './progress.ts'

export const doctor: Command = {
  name: 'doctor',
  summary: 'Says whether everything is as it should be, and what to do where it is not.',
  about: [
    'Looks at settings, folders and their permissions, free room, the database, migrations, the audit log, keys, attachments and the clock; on PostgreSQL also at durability, the role and row-level security. A line for each: ok, warn or WRONG, and what to do.',
    'It changes nothing, and may be run while the server runs, as the same user and with the same settings.',
  ],
  options: {
    deep: { help: 'Look at every row, event and file, however long it takes. Without it, at a thousand of each.' },
    reach: { help: 'Also call the mail server, and every webhook of a service, to see whether they answer.' },
  },
  examples: ['guichet doctor', 'guichet doctor --deep --reach'],
  exits: { 1: 'Something is wrong.' },
  async run({ flag, env, out, err }) {
    const config = readConfig(env)
    const { examine } = await import('../doctor/doctor.ts')
    const { lineOf } = await import('../doctor/finding.ts')
    const progress = progressOn(err)
    let good = true
    for await (const finding of examine({
      config,
      deep: flag('deep'),
      reach: flag('reach'),
      now: systemClock.now(),
      progress: err.isTTY ? progress.show : () => {},
    })) {
      progress.end()
      out.write(`${lineOf(finding)}\n`)
      if (finding.state === 'wrong') good = false
    }
    progress.end()
    return good ? 0 : 1
  },
}
