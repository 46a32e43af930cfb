#!/usr/bin/env node
/**
 * `guichet serve | types <agency/service> | deliveries <list|replay> | move | help`. What programs read goes to standard output, the rest to standard error.
 * Each command imports what it needs when it runs: help should not wait for a server to load.
 */
import { ConfigError, readConfig, settingsHelp } from './config.ts'
import { DataDirInUse } from './data-dir-lock.ts'
import { deliveriesHelp } from './outbox/command.ts'
import { moveHelp } from './store/move-help.ts'
import { StoreFailure, UnfitDatabase, Unreachable } from './store/postgres/failure.ts'
import { UsageError } from './usage-error.ts'

const help = () => `guichet serve                        starts the server
guichet types <agency/service>       prints TypeScript types of a service's stored answers
        --from <address>             of the service on a running server; else from DATA_DIR
${deliveriesHelp}${moveHelp}guichet help                         prints this

Settings, from the environment:
${settingsHelp()}
`

/** Gives the exit code. */
export async function run(args: readonly string[]): Promise<number> {
  const [command = 'help', ...rest] = args
  try {
    if (command === 'help' || command === '--help' || rest.includes('--help')) {
      process.stdout.write(help())
      return 0
    }
    if (command === 'serve') return await serve(rest)
    if (command === 'types') {
      process.stdout.write(await types(rest))
      return 0
    }
    if (command === 'move') {
      const { runMove } = await import('./store/move-command.ts')
      return await runMove(rest, process.env, process.stdout, process.stderr)
    }
    if (command === 'deliveries') {
      process.stdout.write((await deliveries(rest)).map((line) => `${line}\n`).join(''))
      return 0
    }
    throw new UsageError(`There is no command "${command}".`)
  } catch (error) {
    if (error instanceof ConfigError || error instanceof UsageError) {
      process.stderr.write(`${error.message}\n${error instanceof UsageError ? `\n${help()}` : ''}`)
      return 2
    }
    if ([DataDirInUse, UnfitDatabase, Unreachable, StoreFailure].some((kind) => error instanceof kind)) {
      process.stderr.write(`${(error as Error).message}\n`)
      return 1
    }
    if ((error as NodeJS.ErrnoException).code === 'EADDRINUSE') {
      process.stderr.write(`${(error as Error).message}: another program has this port. Set PORT or DEMO_PORT.\n`)
      return 1
    }
    throw error
  }
}

async function serve(rest: readonly string[]): Promise<number> {
  if (rest.length > 0) throw new UsageError(`serve takes no arguments, but got ${rest.join(' ')}.`)
  const config = readConfig(process.env)
  let stop: (code: number) => void = () => {}
  const stopped = new Promise<number>((resolve) => (stop = resolve))
  const { startServer } = await import('./server.ts')
  const server = await startServer(config, { fatal: () => process.exit(70) })
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stop(0))
  const lines = [
    ['Catalogue', server.url],
    ['A service', server.serviceUrl],
    ['Builder', server.setupUrl ?? `${server.url}/builder/`],
    ['Demo agency page', server.demoUrl],
  ]
  for (const [name, address] of lines) if (address) process.stdout.write(`${`${name}:`.padEnd(18)} ${address}\n`)
  const code = await stopped
  await server.close()
  return code
}

async function types(rest: readonly string[]): Promise<string> {
  const [service = '', ...options] = rest
  const [agencyName, name, more] = service.split('/')
  if (!agencyName || !name || more !== undefined) throw new UsageError('types needs a service, such as demo/library-card.')
  if (options.length > 0 && (options[0] !== '--from' || options.length !== 2)) throw new UsageError(`types does not know ${options.join(' ')}.`)
  const schema = options[1] ? await schemaFrom(options[1], agencyName, name) : await schemaInStore(agencyName, name)
  const { compile } = await import('json-schema-to-typescript')
  return compile(schema as never, pascal(name), {
    bannerComment: `/** Stored answers of ${service}. */`,
    additionalProperties: false,
    style: { semi: false, singleQuote: true },
  })
}

async function deliveries(rest: readonly string[]): Promise<string[]> {
  const { openStore } = await import('./store/open-store.ts')
  const { deliveriesCommand } = await import('./outbox/command.ts')
  const store = openStore(readConfig(process.env), () => new Date())
  try {
    return await deliveriesCommand(store, rest, new Date())
  } finally {
    await store.close()
  }
}

const pascal = (name: string) => name.replace(/(^|-)([a-z0-9])/g, (_, _dash, letter: string) => letter.toUpperCase())

async function schemaFrom(address: string, agency: string, service: string): Promise<object> {
  if (!URL.canParse(address)) throw new UsageError(`${address} is no address.`)
  const url = new URL(`/v1/services/${encodeURIComponent(agency)}/${encodeURIComponent(service)}/submission-schema.json`, address)
  const response = await fetch(url)
  if (!response.ok) throw new UsageError(`${url} answered ${response.status}.`)
  return (await response.json()) as object
}

async function schemaInStore(agencyName: string, service: string): Promise<object> {
  const { openStore } = await import('./store/open-store.ts')
  const store = openStore(readConfig(process.env), () => new Date())
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

if (import.meta.main) process.exitCode = await run(process.argv.slice(2))
