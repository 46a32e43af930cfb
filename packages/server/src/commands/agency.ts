import { systemClock } from '../clock.ts'
import { readConfig } from '../config.ts'
import { Refused } from '../problem.ts'
import type { Quotas } from '../store/people.ts'
import { UsageError } from '../usage-error.ts'
import { type Command, type CommandCall, CommandFailed } from './command.ts'

const numbers = { services: 'services', 'submissions-per-day': 'submissionsPerDay', 'stored-bytes': 'storedBytes' } as const

export const agency: Command = {
  name: 'agency',
  summary: 'Makes agencies, lists them, limits and deletes them.',
  words: '<list | add | quotas | delete> [name]',
  takes: [1, 2],
  about: [
    '"add" makes an agency and prints the link by which its owner sets up an account, once. "quotas" replaces what it may use: what is not given is not limited. "delete" ends its sessions, keys, invitations and services; with --confirm and its name again. "list" prints name, title, services, submissions of today, bytes of files, with tabs between.',
  ],
  options: {
    title: { value: 'name', help: 'Its name, for people.' },
    owner: { value: 'address', help: 'E-mail address of its owner.' },
    services: { value: 'number', help: 'Most services it may have.' },
    'submissions-per-day': { value: 'number', help: 'Most submissions it may receive a day.' },
    'stored-bytes': { value: 'number', help: 'Most bytes of files it may keep.' },
    confirm: { value: 'name', help: 'The name again, to delete it.' },
  },
  examples: [
    'guichet agency add city --title "City of Example" --owner ada@city.example --submissions-per-day 5000',
    'guichet agency quotas city --services 20',
    'guichet agency delete city --confirm city',
  ],
  exits: { 1: 'It could not be done; the message says why. Nothing has changed.' },
  async run(call) {
    const [verb, name] = call.words
    const config = readConfig(call.env)
    const { openMadeStore } = await import('../store/open-store.ts')
    const operate = await import('../agencies/operate.ts')
    const now = systemClock.now()
    const by = { actor: 'operator', at: now.toISOString() }
    const store = openMadeStore(config, () => systemClock.now())
    try {
      if (verb === 'list') {
        for (const { id, title } of await store.agencies()) {
          const { services, submissions, storedBytes } = await store.agency(id).usage(by.at.slice(0, 10))
          call.out.write(`${[id, title, services, submissions, storedBytes].join('\t')}\n`)
        }
        return 0
      }
      if (!name || !operate.agencyName.test(name)) throw new UsageError('agency needs the name of one: small Latin letters, digits and -.')
      if (verb === 'add') {
        const owner = call.value('owner')
        if (!owner || !/^[^\s@]+@[^\s@]+$/.test(owner)) throw new UsageError('agency add needs --owner with an e-mail address.')
        const wanted = { id: name, title: call.value('title') ?? name, owner, quotas: quotasOf(call) }
        const { link } = await operate.makeAgency(store, wanted, { baseUrl: config.baseUrl, now, by })
        call.err.write(`Made "${name}". This link is for ${owner}, works once, and is shown once:\n`)
        call.out.write(`${link}\n`)
        return 0
      }
      const id = await store.findAgency(name)
      if (!id) throw new CommandFailed(`There is no agency "${name}" here.`)
      if (verb === 'quotas') await store.agency(id).setQuotas(quotasOf(call), by)
      else if (verb === 'delete') {
        if (call.value('confirm') !== name) throw new UsageError(`To delete "${name}", say its name again: --confirm ${name}`)
        await store.agency(id).remove(by)
        call.err.write(`Deleted "${name}". What it kept stays in the database until its keys are destroyed.\n`)
      } else throw new UsageError('agency needs "list", "add", "quotas" or "delete".')
      return 0
    } catch (error) {
      if (error instanceof Refused && error.code === 'agency-taken') throw new CommandFailed(`There is or was an agency "${name}": its name stays its own.`)
      throw error
    } finally {
      await store.close()
    }
  },
}

function quotasOf({ value }: CommandCall): Quotas {
  return Object.fromEntries(
    Object.entries(numbers).flatMap(([option, quota]) => {
      const given = value(option)
      if (given === null) return []
      if (!/^\d{1,15}$/.test(given)) throw new UsageError(`--${option} must be a whole number.`)
      return [[quota, Number(given)]]
    }),
  )
}
