import { accessSync, constants, existsSync, readdirSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { systemClock } from '../clock.ts'
import { newSecret } from '../codes.ts'
import { type Config, readConfig, settingsList } from '../config.ts'
import { lockDataDir } from '../data-dir-lock.ts'
import { digestOf } from '../digest.ts'
import { makeFolderDurably, writeOnceDurably } from '../durable.ts'
import { type Command, type CommandCall, CommandFailed } from './command.ts'

/** Options that stand for a setting. */
const options = {
  'data-dir': { setting: 'DATA_DIR', value: 'folder', help: 'Folder for the database, files and keys.' },
  agency: { setting: 'AGENCY', value: 'name', help: 'Short name of the agency; part of addresses.' },
  'agency-name': { setting: 'AGENCY_NAME', value: 'name', help: 'Its name, for people.' },
  'base-url': { setting: 'BASE_URL', value: 'address', help: 'Address that people will use, such as https://forms.example.org.' },
} as const

export const init: Command = {
  name: 'init',
  summary: 'Makes a new installation: data folder, agency, keys and a file of settings.',
  about: [
    'Makes DATA_DIR with database, keys and agency, writes a file with every setting explained, and prints the link by which the first user is set up. The link is printed once, and is in no file and no log; with --link a new one is printed instead of anything else, as long as there is no user.',
    'It touches nothing that is there: an installation or a file of settings that exists already is refused. Settings that are in the environment go into the file, those that are secret too; only its owner may read it.',
  ],
  options: {
    ...options,
    env: { value: 'file', help: 'The file of settings to write; by default guichet.env in this folder.' },
    link: { help: 'Only print a new link to set up the first user.' },
  },
  examples: [
    'guichet init --data-dir /var/lib/guichet --agency city --agency-name "City of Example" --base-url https://forms.example.org',
    'guichet init --link',
  ],
  exits: { 1: 'There is an installation already, or none could be made; the message says which. Nothing that was there has changed.' },
  async run(call) {
    const given = Object.fromEntries(
      Object.entries(options).flatMap(([name, { setting }]) => (call.value(name) === null ? [] : [[setting, call.value(name) as string]])),
    )
    // What a new installation is like, unless it is told otherwise: no demo, and no secret in a log.
    const env = { EXAMPLES_DIR: 'off', DEMO_PORT: 'off', SETUP_LINK: 'off', ...call.env, ...given }
    const config = readConfig(env)
    if (call.flag('link')) return offerLink(config, call)
    const file = resolve(call.value('env') ?? 'guichet.env')
    refuseExisting(config, file)
    const settings = settingsFile(env)
    // Before anything is made: the link that is shown after it would not be.
    makeFolderDurably(dirname(file))
    accessSync(dirname(file), constants.W_OK)
    const { openStore } = await import('../store/open-store.ts')
    const { openKeyFolder } = await import('../keys/key-folder.ts')
    const lock = lockDataDir(config.dataDir)
    let token: string
    try {
      const store = openStore(config, () => systemClock.now())
      try {
        const there = await store.agencies()
        if (there.length > 0)
          throw new CommandFailed(`The database has the agency ${there.map(({ id }) => id).join(', ')} already. Make a new database for a new installation.`)
        const now = systemClock.now()
        openKeyFolder(join(config.dataDir, 'keys'), now, config.rootKeys)
        const agency = store.agency(await store.ensureAgency(config.agency, config.agencyName, now.toISOString()))
        token = newSecret()
        await agency.offerSetup(digestOf(token))
      } finally {
        await store.close()
      }
    } finally {
      lock.release()
    }
    writeOnceDurably(file, settings)
    call.err.write(`Made ${config.dataDir} with the agency "${config.agency}", its database and its keys.\nWrote ${file}: read through it.\n\n`)
    call.err.write('Start the server with these settings:\n')
    call.out.write(`node --env-file=${file} ${process.argv[1] ?? 'guichet'} serve\n`)
    call.err.write('\nThen set up the first user. This link is shown once (guichet init --link makes another):\n')
    call.out.write(`${linkOf(config, token)}\n`)
    call.err.write(`\nBack up the keys now, to another disk: guichet backup --help\n`)
    return 0
  },
}

const linkOf = ({ baseUrl }: Config, token: string) => `${baseUrl}/builder/#setup=${token}`

function refuseExisting(config: Config, file: string) {
  const { dataDir } = config
  const there = existsSync(dataDir) ? readdirSync(dataDir).filter((name) => !['server.lock', 'server.json', 'lost+found'].includes(name)) : []
  if (there.length > 0)
    throw new CommandFailed(`${dataDir} is not empty (${there.slice(0, 5).join(', ')}). Nothing was changed: name another folder with --data-dir.`)
  if (existsSync(file)) throw new CommandFailed(`${file} is there already. Nothing was changed: name another file with --env.`)
}

async function offerLink(config: Config, { out, err }: CommandCall): Promise<number> {
  const { openMadeStore } = await import('../store/open-store.ts')
  const store = openMadeStore(config, () => systemClock.now())
  try {
    const id = await store.findAgency(config.agency)
    if (!id) throw new CommandFailed(`There is no agency "${config.agency}" here. Is DATA_DIR right, and AGENCY?`)
    const token = newSecret()
    if (!(await store.agency(id).offerSetup(digestOf(token))))
      throw new CommandFailed(`"${config.agency}" has a user already, who can sign in at ${config.baseUrl}/builder/.`)
    err.write('Links that were printed before do not work any more. This one is shown once:\n')
    out.write(`${linkOf(config, token)}\n`)
    return 0
  } finally {
    await store.close()
  }
}

/** For `node --env-file`, systemd and Docker alike: a value that could be read in two ways is in quotes. @throws CommandFailed */
function written(value: string): string {
  if (/^[\w./:@%+,?=&~-]*$/.test(value)) return value
  const quote = ['"', "'"].find((mark) => !value.includes(mark))
  if (!quote) throw new CommandFailed(`A file of settings cannot hold both kinds of quotes: ${value}`)
  return `${quote}${value}${quote}`
}

/** Every setting with what it means; those that differ from their defaults are set, the others can be. */
export function settingsFile(env: Readonly<Record<string, string | undefined>>): string {
  const blocks = settingsList().map(({ env: name, fallback, help, secret }) => {
    const from = secret && env[`${name}_FILE`] ? `${name}_FILE` : name
    const value = env[from]
    const lines = [`# ${help}`]
    if (secret) lines.push(`# It is a secret: ${name}_FILE may name a file that holds it.`)
    lines.push(value !== undefined && value !== '' ? `${from}=${written(from === 'DATA_DIR' ? resolve(value) : value)}` : `#${name}=${written(fallback)}`)
    return lines.join('\n')
  })
  return `# Settings of Guichet. A line that begins with # is not set, and shows the default.\n\n${blocks.join('\n\n')}\n`
}
