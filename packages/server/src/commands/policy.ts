import { readConfig } from '../config.ts'
import { type Command, CommandFailed } from './command.ts'
import { progressOn } from './progress.ts'

export const policy: Command = {
  name: 'policy',
  summary: 'Says what protects a service, and who would be refused under another policy.',
  words: 'explain|simulate <agency/service>',
  takes: [2, 2],
  about: [
    '"explain" prints the sentences that citizens read on the service’s page, rule by rule, and below each what its author has to know besides.',
    '"simulate" takes what is known of the submissions received last, puts it before the policy of a file, and prints a line for each that would now be refused, with a tab between: its number, when it was received, the rule, and the problem. Nothing is stored, no answer is opened or printed. What is known is what was kept when they came: time, size, the page they came from, and their files; not the address of the client. On standard error it says which rules could not be put to the test.',
    'A running server may go on.',
  ],
  options: {
    policy: { value: 'file', help: 'The other policy, as JSON. With "explain": in place of the one that is published.' },
    last: { value: 'number', help: 'With "simulate": how many submissions. Default: 1000.' },
    lang: { value: 'tag', help: 'Language of the sentences. Default: en.' },
  },
  examples: ['guichet policy explain demo/library-card --lang el', 'guichet policy simulate demo/library-card --policy stricter.json --last 500'],
  exits: { 1: 'It could not be done, or somebody would be refused.' },
  async run({ words: [what, place = ''], value, env, out, err }) {
    if (what !== 'explain' && what !== 'simulate') throw new CommandFailed(`There is no "${what}" of a policy; there are "explain" and "simulate".`)
    const [agencyName = '', service = ''] = place.split('/')
    const { openMadeStore } = await import('../store/open-store.ts')
    const { readPolicyFile } = await import('../policy/read-policy-file.ts')
    const store = openMadeStore(readConfig(env), () => new Date())
    const bar = progressOn(err)
    try {
      const agencyId = await store.findAgency(agencyName)
      const agency = agencyId && store.agency(agencyId)
      const [published] = agency ? await agency.published(service) : []
      const version = agency && published ? await agency.version(service, published.version) : null
      if (!agency || !version) throw new CommandFailed(`There is no published service "${place}".`)
      const file = value('policy')
      const other = file === null ? null : readPolicyFile(file)
      if (what === 'explain') {
        const { explainPolicy } = await import('../policy/explain.ts')
        const { preset, rules } = explainPolicy(other ?? version.policy, value('lang') ?? 'en')
        out.write(`${place}: ${preset}\n`)
        for (const { title, citizen, author } of rules)
          out.write(`\n${title}\n${citizen.map((said) => `  ${said}\n`).join('')}${author.map((said) => `  (${said})\n`).join('')}`)
        return 0
      }
      if (!other) throw new CommandFailed('Which policy? Give a file with --policy.')
      const last = Number(value('last') ?? '1000')
      if (!Number.isInteger(last) || last < 1 || last > 1_000_000) throw new CommandFailed('--last takes a number from 1 to 1000000.')
      const { simulate } = await import('../policy/simulate.ts')
      const { refused, looked, untested } = await simulate(agency, version, other, last, bar.show)
      bar.end()
      for (const { submission, receivedAt, rule, code } of refused) out.write(`${submission}\t${receivedAt}\t${rule}\t${code}\n`)
      err.write(`${looked} looked at, ${refused.length} would be refused.\n`)
      if (untested.length > 0) err.write(`Not put to the test, because what they look at is not kept: ${untested.join(', ')}.\n`)
      return refused.length > 0 ? 1 : 0
    } finally {
      bar.end()
      await store.close()
    }
  },
}
