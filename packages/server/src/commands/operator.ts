import { systemClock } from '../clock.ts'
import { readConfig } from '../config.ts'
import { Refused } from '../problem.ts'
import { UsageError } from '../usage-error.ts'
import { type Command, CommandFailed } from './command.ts'

export const operator: Command = {
  name: 'operator',
  summary: 'Invites an operator: somebody who makes agencies, and sees nothing that is in one.',
  words: '<address>',
  takes: [1, 1],
  about: [
    'Prints the link by which the operator sets up an account, once. Operators sign in where everybody does, and have to add a second factor before they can do anything.',
  ],
  examples: ['guichet operator ops@example.org'],
  exits: { 1: 'Somebody of that address is an operator already.' },
  async run({ words: [address = ''], env, out, err }) {
    if (!/^[^\s@]+@[^\s@]+$/.test(address)) throw new UsageError('operator needs an e-mail address.')
    const config = readConfig(env)
    const { openMadeStore } = await import('../store/open-store.ts')
    const { invite } = await import('../users/invitations.ts')
    const now = systemClock.now()
    const by = { actor: 'operator', at: now.toISOString() }
    const store = openMadeStore(config, () => systemClock.now())
    try {
      const house = await store.house(by.at)
      const { link } = await invite(house, { email: address, memberships: [{ role: 'operator' }] }, { baseUrl: config.baseUrl, now, by })
      err.write('This link works once, and is shown once:\n')
      out.write(`${link}\n`)
      return 0
    } catch (error) {
      if (error instanceof Refused && error.code === 'works-here') throw new CommandFailed(`${address} is an operator already.`)
      throw error
    } finally {
      await store.close()
    }
  },
}
