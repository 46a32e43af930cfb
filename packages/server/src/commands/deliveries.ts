import { readConfig } from '../config.ts'
import type { Command } from './command.ts'
import { progressOn } from './progress.ts'

export const deliveries: Command = {
  name: 'deliveries',
  summary: 'Lists deliveries that were given up, and replays them.',
  words: '<list | replay [id]>',
  takes: [1, 2],
  about: [
    'E-mails and webhooks that failed too often stay as dead letters. "list" prints them, a line each, with tabs between: agency, id, kind, destination, service, submission, tries, reason, since, due. "replay" makes one due again with all its tries; a running server delivers it.',
  ],
  options: {
    waiting: { help: 'List what is still to be delivered instead.' },
    all: { help: 'Replay every dead letter.' },
    agency: { value: 'name', help: 'Of this agency only.' },
  },
  examples: ['guichet deliveries list', 'guichet deliveries list --waiting --agency demo', 'guichet deliveries replay --all'],
  async run({ words, value, flag, env, out, err }) {
    const { openMadeStore } = await import('../store/open-store.ts')
    const { deliveriesCommand } = await import('../outbox/command.ts')
    const store = openMadeStore(readConfig(env), () => new Date())
    const bar = progressOn(err)
    try {
      const request = { words, waiting: flag('waiting'), all: flag('all'), agency: value('agency'), progress: bar.show }
      const lines = await deliveriesCommand(store, request, new Date())
      bar.end()
      for (const line of lines) out.write(`${line}\n`)
      return 0
    } finally {
      bar.end()
      await store.close()
    }
  },
}
