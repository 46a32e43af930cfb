import { join } from 'node:path'
import { systemClock } from '../clock.ts'
import { readConfig } from '../config.ts'
import { UsageError } from '../usage-error.ts'
import type { Command } from './command.ts'

export const keys: Command = {
  name: 'keys',
  summary: 'Lists the keys of the months, or changes root, receipt and webhook keys.',
  words: 'list | rotate',
  takes: [1, 1],
  about: [
    'list prints a line for each month of each agency, with tabs between: agency, month, how many parts its key has (1: nothing was erased from it; destroyed: it opens nothing any more), and the root that wraps it (none: an earlier version wrote it).',
    'rotate --root makes a new root key, wraps the keys of all months with it, and destroys the old root: copies of the key folder from before open nothing any more, so make a new one at once. With --keep the old root stays, for as long as you need the older copies. Where it was broken off, run it again.',
    'rotate --receipts makes a new key for receipts; running servers publish it at once and sign with it after five minutes. rotate --webhooks does so for the webhooks of each agency, which are signed by the old keys too. Nothing has to stop for any of this, and what was signed before can still be checked.',
  ],
  options: {
    root: { help: 'Of rotate: the root key.' },
    receipts: { help: 'Of rotate: the key that receipts, certificates and the log are signed with.' },
    webhooks: { help: 'Of rotate: the keys that webhooks are signed with.' },
    keep: { help: 'Of rotate --root: do not destroy the old root.' },
  },
  examples: ['guichet keys list', 'guichet keys rotate --root', 'guichet keys rotate --receipts --webhooks'],
  exits: { 1: 'A key or a root cannot be read; the message says which.' },
  async run({ words: [verb], flag, env, out, err }) {
    const config = readConfig(env)
    const { openKeyFolder } = await import('../keys/key-folder.ts')
    const { openStore } = await import('../store/open-store.ts')
    const what = (['root', 'receipts', 'webhooks'] as const).filter(flag)
    if (verb !== 'list' && verb !== 'rotate') throw new UsageError('keys takes list or rotate.')
    if (verb === 'rotate' && what.length === 0) throw new UsageError('keys rotate needs --root, --receipts or --webhooks.')
    const now = systemClock.now()
    const folder = openKeyFolder(join(config.dataDir, 'keys'), now, config.rootKeys)
    const store = openStore(config, () => systemClock.now())
    try {
      const agencies = (await store.agencies()).map(({ id }) => id)
      if (verb === 'list') {
        for (const agency of agencies)
          for (const { bucket, size, destroyed, root } of folder.months(agency))
            out.write(`${agency}\t${bucket}\t${destroyed ? 'destroyed' : size}\t${root ?? 'none'}\n`)
        return 0
      }
      const note = async (action: 'keys.rotated' | 'signing-key.rotated', object: string, of = agencies) => {
        for (const agency of of) await store.agency(agency).audit(action, object, { actor: 'operator', at: now.toISOString() })
      }
      if (flag('root')) {
        const { root, months } = folder.rotation.root()
        const gone = flag('keep') ? [] : folder.rotation.retireRoots()
        await note('keys.rotated', `root:${root}`)
        out.write(`root\t${root}\n`)
        err.write(
          `The keys of ${months} months are wrapped by the new root. ${gone.length === 0 ? 'The old one is still there' : `Destroyed: ${gone.join(', ')}`}.\n`,
        )
        err.write('Make a new copy of the key folder now: guichet backup --help\n')
      }
      if (flag('receipts')) {
        const kid = folder.rotation.receipts(now)
        await note('signing-key.rotated', `key:${kid}`)
        out.write(`receipts\t${kid}\n`)
      }
      if (flag('webhooks'))
        for (const agency of agencies) {
          const kid = folder.rotation.webhooks(agency, now)
          await note('signing-key.rotated', `key:${kid}`, [agency])
          out.write(`webhooks of ${agency}\t${kid}\n`)
        }
      return 0
    } finally {
      await store.close()
    }
  },
}
