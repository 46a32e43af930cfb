import { join } from 'node:path'
import { systemClock } from '../clock.ts'
import { readConfig } from '../config.ts'
import type { Keys } from '../keys/key-folder.ts'
import { createLog } from '../log.ts'
import type { AgencyStore } from '../store/store.ts'
import { UsageError } from '../usage-error.ts'
import { type Command, CommandFailed } from './command.ts'
import { progressOn } from './progress.ts'

function stateOf({ revocations, publicKeys, signer }: Keys, kid: string): string {
  const revoked = revocations.find((each) => each.kid === kid)
  if (revoked) return `revoked ${revoked.at}`
  if (kid === signer.kid) return 'signs'
  const place = (name: string) => publicKeys.findIndex((key) => key.kid === name)
  return place(kid) < place(signer.kid) ? 'waits' : 'kept'
}

/** The entry in an agency's log; one is enough, however often the command was broken off. */
async function leaveRevocation(agency: AgencyStore, kid: string, now: Date): Promise<void> {
  const object = `key:${kid}`
  const { events } = await agency.findAuditEvents({ action: 'signing-key.revoked', object }, Number.MAX_SAFE_INTEGER, 1, Number.MAX_SAFE_INTEGER)
  if (events.length === 0) await agency.audit('signing-key.revoked', object, { actor: 'operator', at: now.toISOString() })
}

export const keys: Command = {
  name: 'keys',
  summary: 'Lists the keys, changes root, receipt and webhook keys, or revokes a receipt key.',
  words: 'list | rotate | revoke <key>',
  takes: [1, 2],
  about: [
    'list prints a line for each month of each agency, with tabs between: agency, month, how many parts its key has (1: nothing was erased from it; destroyed: it opens nothing any more), and the root that wraps it (none: an earlier version wrote it). list --receipts prints the keys of receipts instead, newest first: name, and whether it signs, is kept for what it signed, waits until everybody has it, or since when it is revoked.',
    'rotate --root makes a new root key, wraps the keys of all months with it, and destroys the old root: copies of the key folder from before open nothing any more, so make a new one at once. With --keep the old root stays, for as long as you need the older copies. Where it was broken off, run it again.',
    'rotate --receipts makes a new key for receipts; running servers publish it at once and sign with it after five minutes. rotate --webhooks does so for the webhooks of each agency, which are signed by the old keys too. Nothing has to stop for any of this, and what was signed before can still be checked.',
    'revoke takes the name of a key of receipts that somebody else may have. Nothing is signed with it any more; it is published as revoked, and each log has an entry that says so and is signed anew by another key, which is made where there is none. What the key signed before stays provable by the log alone: citizens fetch their receipts again. There is no way back. Where it was broken off, run it again. Tell witnesses the new key of the logs at once.',
  ],
  options: {
    root: { help: 'Of rotate: the root key.' },
    receipts: { help: 'Of rotate and list: the key that receipts, certificates and the log are signed with.' },
    webhooks: { help: 'Of rotate: the keys that webhooks are signed with.' },
    keep: { help: 'Of rotate --root: do not destroy the old root.' },
  },
  examples: [
    'guichet keys list',
    'guichet keys rotate --root',
    'guichet keys rotate --receipts --webhooks',
    'guichet keys list --receipts',
    'guichet keys revoke kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k',
  ],
  exits: { 1: 'A key or a root cannot be read; the message says which.' },
  async run({ words: [verb, kid], flag, env, out, err }) {
    const config = readConfig(env)
    const { openKeyFolder } = await import('../keys/key-folder.ts')
    const { openMadeStore } = await import('../store/open-store.ts')
    const what = (['root', 'receipts', 'webhooks'] as const).filter(flag)
    if (verb !== 'list' && verb !== 'rotate' && verb !== 'revoke') throw new UsageError('keys takes list, rotate or revoke.')
    if ((verb === 'revoke') !== (kid !== undefined))
      throw new UsageError(kid === undefined ? 'keys revoke needs the name of a key.' : `keys ${verb} takes no name.`)
    if (verb === 'rotate' && what.length === 0) throw new UsageError('keys rotate needs --root, --receipts or --webhooks.')
    const now = systemClock.now()
    const store = openMadeStore(config, () => systemClock.now())
    const bar = progressOn(err)
    try {
      const folder = openKeyFolder(join(config.dataDir, 'keys'), now, config.rootKeys)
      const agencies = (await store.agencies()).map(({ id }) => id)
      if (verb === 'list' && flag('receipts')) {
        for (const key of folder.publicKeys) out.write(`${key.kid}\t${stateOf(folder, key.kid)}\n`)
        return 0
      }
      if (kid !== undefined) {
        if (!folder.publicKeys.some((key) => key.kid === kid))
          throw new CommandFailed(`There is no key of receipts ${kid}; guichet keys list --receipts shows them.`)
        const { at } = folder.rotation.revoke(kid, now)
        const { createAuditLog } = await import('../audit/audit-log.ts')
        const auditLog = createAuditLog({ store, keys: folder, clock: systemClock, log: createLog('error') })
        for (const [i, agency] of agencies.entries()) {
          bar.show(i, agencies.length, agency)
          await leaveRevocation(store.agency(agency), kid, now)
          await auditLog.grow(agency, config.baseUrl, 'renew')
        }
        bar.end()
        out.write(`revoked\t${kid}\t${at}\n`)
        err.write(
          `Receipts and ${agencies.length} logs are signed by ${folder.signer.kid} now. Tell witnesses the logs’ new key; it is on the page of each log.\n`,
        )
        return 0
      }
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
        const { root, months } = folder.rotation.root(bar.show)
        const gone = flag('keep') ? [] : folder.rotation.retireRoots((done, total, what) => bar.show(done, total, `reading again ${what}`))
        bar.end()
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
      bar.end()
      await store.close()
    }
  },
}
