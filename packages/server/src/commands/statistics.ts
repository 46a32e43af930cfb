import { readConfig } from '../config.ts'
import { type Command, CommandFailed } from './command.ts'

export const statistics: Command = {
  name: 'statistics',
  summary: 'Counts what agencies publish again, from their audit logs.',
  words: 'rebuild',
  takes: [1, 1],
  about: [
    'The numbers of what was sent and decided are kept as counters. "rebuild" reads the audit log and puts what it says in their place; a line is printed for each agency, with a tab between: its name, and how many events were read. What people looked at is in no log, and stays.',
    'A running server may go on: what it adds meanwhile is counted too.',
  ],
  options: { agency: { value: 'name', help: 'Of this agency only.' } },
  examples: ['guichet statistics rebuild', 'guichet statistics rebuild --agency demo'],
  async run({ words, value, env, out, err }) {
    if (words[0] !== 'rebuild') throw new CommandFailed(`There is no "${words[0]}" of statistics; there is "rebuild".`)
    const { openMadeStore } = await import('../store/open-store.ts')
    const { rebuildStatistics } = await import('../statistics/rebuild.ts')
    const { keepStatistics } = await import('../statistics/upkeep.ts')
    const { progressOn } = await import('./progress.ts')
    const store = openMadeStore(readConfig(env), () => new Date())
    const bar = progressOn(err)
    try {
      const wanted = value('agency')
      const agencies = (await store.agencies()).filter(({ id }) => wanted === null || id === wanted)
      if (agencies.length === 0 && wanted !== null) throw new CommandFailed(`There is no agency "${wanted}".`)
      const heads = await Promise.all(agencies.map(({ id }) => store.agency(id).auditHead()))
      const total = heads.reduce((sum, head) => sum + (head?.sequence ?? 0), 0)
      let done = 0
      for (const { id } of agencies) {
        const read = await rebuildStatistics(store.agency(id), (events) => bar.show(done + events, total, id))
        done += read
        bar.end()
        out.write(`${id}\t${read}\n`)
      }
      await keepStatistics(store, new Date())
      return 0
    } finally {
      bar.end()
      await store.close()
    }
  },
}
