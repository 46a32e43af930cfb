import { readConfig } from '../config.ts'
import { UsageError } from '../usage-error.ts'
import { type Command, type CommandCall, CommandFailed } from './command.ts'

export const types: Command = {
  name: 'types',
  summary: 'Prints TypeScript types of the answers of a service.',
  words: '<agency/service>',
  takes: [1, 1],
  about: ['Prints TypeScript types of the answers that a published service stores, so that a program that reads them is checked by the compiler.'],
  options: { from: { value: 'address', help: 'The address of a running server to ask. Without it, the database of this machine is read.' } },
  examples: ['guichet types demo/library-card > library-card.ts', 'guichet types demo/library-card --from https://forms.example.org'],
  exits: { 1: 'There is no such service, or it could not be asked for; the message says which.' },
  async run({ words, value, env, out }) {
    const [service = ''] = words
    const [agency, name, more] = service.split('/')
    if (!agency || !name || more !== undefined) throw new UsageError('types needs a service, such as demo/library-card.')
    const from = value('from')
    const schema = from === null ? await schemaInStore(agency, name, env) : await schemaFrom(from, agency, name)
    const { compile } = await import('json-schema-to-typescript')
    out.write(
      await compile(schema as never, pascal(name), {
        bannerComment: `/** Stored answers of ${service}. */`,
        additionalProperties: false,
        style: { semi: false, singleQuote: true },
      }),
    )
    return 0
  },
}

const pascal = (name: string) => name.replace(/(^|-)([a-z0-9])/g, (_, _dash, letter: string) => letter.toUpperCase())

async function schemaFrom(address: string, agency: string, service: string): Promise<object> {
  if (!URL.canParse(address)) throw new UsageError(`${address} is no address.`)
  const url = new URL(`/v1/services/${encodeURIComponent(agency)}/${encodeURIComponent(service)}/submission-schema.json`, address)
  let response: Response
  try {
    response = await fetch(url)
  } catch (error) {
    throw new CommandFailed(`${url} cannot be reached: ${((error as Error).cause as Error | undefined)?.message ?? (error as Error).message}`)
  }
  if (!response.ok) throw new CommandFailed(`${url} answered ${response.status}.`)
  return (await response.json()) as object
}

async function schemaInStore(agencyName: string, service: string, env: CommandCall['env']): Promise<object> {
  const { openMadeStore } = await import('../store/open-store.ts')
  const store = openMadeStore(readConfig(env), () => new Date())
  try {
    const agency = await store.findAgency(agencyName)
    const latest = agency && (await store.agency(agency).published(service))[0]
    const version = agency && latest && (await store.agency(agency).version(service, latest.version))
    if (!version) throw new CommandFailed(`There is no published service ${agencyName}/${service}.`)
    return version.submissionSchema
  } finally {
    await store.close()
  }
}
