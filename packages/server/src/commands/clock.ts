import { systemClock } from '../clock.ts'
import { readConfig } from '../config.ts'
import type { Command } from './command.ts'

export const clock: Command = {
  name: 'clock',
  summary: 'Says whether the clock is believed, or has it believed.',
  about: [
    'What is destroyed because it is old (uploads that nobody claimed, expired drafts) is judged by the clock and by the time that the server has really run, whichever is earlier. After a jump of the clock by more than a month it waits.',
    'Prints a line for each agency, with tabs between: its name, the time it has lived up to, and how far the clock is from that. Where the clock is right, because the server stood still for so long, --believe says so; a running server follows within the hour.',
  ],
  options: { believe: { help: 'The clock is right: what is too old by it may be destroyed.' } },
  examples: ['guichet clock', 'guichet clock --believe'],
  async run({ flag, env, out }) {
    const { openMadeStore } = await import('../store/open-store.ts')
    const { runClock } = await import('../lived-time-command.ts')
    const store = openMadeStore(readConfig(env), () => systemClock.now())
    try {
      await runClock(store, systemClock, flag('believe'), (line) => out.write(`${line}\n`))
      return 0
    } finally {
      await store.close()
    }
  },
}
