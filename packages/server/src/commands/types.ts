import { readConfig } from '../config.ts'
import { UsageError } from '../usage-error.ts'
import type { Command, CommandCall } from './command.ts'

export const types: Command = {
  name: 'types',
  summary: 'Prints TypeScript types of the answers of a service.',
  words: '<agency/service>',
  takes: [1, 1],
  about: ['Prints TypeScript types of the answers that a published service stores, so that a program that reads them is checked by the compiler.'],
  options: { from: { value: 'address', help: 'The address of a running server to ask. Without it, the database of this machine is read.' } },
  examples: ['guichet types demo/library-card > library-card.ts', 'guichet types demo/library-card --from https://forms.example.org'],
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
  const response = await fetch(url)
  if (!response.ok) throw new UsageError(`${url} answered ${response.status}.`)
  return (await response.json()) as object
}

async function schemaInStore(agencyName: string, service: string, env: CommandCall['env']): Promise<object> {
  const { openStore } = await import('../store/open-store.ts')
  const store = openStore(readConfig(env), () => new Date())
  try {
    const agency = await store.findAgency(agencyName)
    const latest = agency && (await store.agency(agency).published(service))[0]
    const version = agency && latest && (await store.agency(agency).version(service, latest.version))
    if (!version) throw new UsageError(`There is no published service ${agencyName}/${service}.`)
    return version.submissionSchema
  } finally {
    await store.close()
  }
}
