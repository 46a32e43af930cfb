import { systemClock } from '../clock.ts'
import { readConfig } from '../config.ts'
import type { Command } from './command.ts'
import { progressOn } from './progress.ts'

export const doctor: Command = {
  name: 'doctor',
  summary: 'Says whether everything is as it should be, and what to do where it is not.',
  words: '[address of a page]',
  takes: [0, 1],
  about: [
    'Looks at settings, folders and their permissions, free room, the database, migrations, the audit log, keys, attachments and the clock; on PostgreSQL also at durability, the role and row-level security. A line for each: ok, warn or WRONG, and what to do.',
    "With the address of an agency's page it looks at that page instead, and says what would keep a service from working there, and the line to change: the script tag, the Content-Security-Policy, https, who may embed the service, text size.",
    'It changes nothing, and may be run while the server runs, as the same user and with the same settings.',
  ],
  options: {
    deep: { help: 'Look at every row, event and file, however long it takes. Without it, at a thousand of each.' },
    reach: { help: 'Also call the mail server, and every webhook of a service, to see whether they answer.' },
  },
  examples: ['guichet doctor', 'guichet doctor --deep --reach', 'guichet doctor https://www.city.example/permits'],
  exits: { 1: 'Something is wrong.' },
  async run({ words, flag, env, out, err }) {
    const [page] = words
    if (page !== undefined) return (await import('../doctor/page/page-doctor.ts')).pageDoctor(page, out)
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
