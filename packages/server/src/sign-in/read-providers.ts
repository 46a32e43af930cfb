/**
 * The file that SIGN_IN_PROVIDERS names: agency to its providers. Secrets stand in files or in the environment, and the file
 * says where; so it can be kept with the rest of a server's configuration.
 */
import { readFileSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import type { ProviderSettings } from './sign-in.ts'

export type Providers = Readonly<Record<string, readonly ProviderSettings[]>>

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value)
const name = /^[a-z][a-z0-9-]{0,59}$/

/** Gives the settings with their secrets, or a sentence that says what is wrong. */
export function readProviders(path: string, env: Readonly<Record<string, string | undefined>>): Providers | { wrong: string } {
  let content: unknown
  try {
    content = JSON.parse(readFileSync(path, 'utf8'))
  } catch (error) {
    return { wrong: `names a file that cannot be read (${(error as NodeJS.ErrnoException).code ?? 'no JSON'}): ${path}` }
  }
  if (!isObject(content)) return { wrong: `names a file that is no JSON object: ${path}` }
  try {
    return Object.fromEntries(
      Object.entries(content).map(([agency, listed]) => {
        if (!name.test(agency) || !Array.isArray(listed)) throw new Error(`${agency} must be an agency with a list of providers`)
        const ids = listed.map((each) => (isObject(each) ? each.id : undefined))
        if (new Set(ids).size < ids.length) throw new Error(`${agency} has two providers of one id`)
        return [agency, listed.map((each, index) => providerOf(each, `${agency}/${index}`, dirname(path), env))]
      }),
    )
  } catch (error) {
    return { wrong: `names a file with a mistake: ${(error as Error).message}` }
  }
}

function providerOf(given: unknown, where: string, folder: string, env: Readonly<Record<string, string | undefined>>): ProviderSettings {
  if (!isObject(given) || typeof given.id !== 'string' || !name.test(given.id)) throw new Error(`${where} needs an id of small letters, digits and -`)
  const { title } = given
  if (!isObject(title) || Object.keys(title).length === 0 || Object.values(title).some((text) => typeof text !== 'string'))
    throw new Error(`${where} needs a title, by language`)
  if (typeof given.kind !== 'string') throw new Error(`${where} needs a kind`)
  return Object.fromEntries(
    Object.entries(given).map(([key, value]) => [
      key,
      isObject(value) && ('file' in value || 'env' in value) ? secretOf(value, `${where}/${key}`, folder, env) : value,
    ]),
  ) as ProviderSettings
}

/** A secret by reference. */
function secretOf({ file, env: variable }: Record<string, unknown>, where: string, folder: string, env: Readonly<Record<string, string | undefined>>): string {
  if (typeof file === 'string') {
    try {
      return readFileSync(resolve(folder, file), 'utf8').replace(/\r?\n$/, '')
    } catch (error) {
      throw new Error(`${where} names a file that cannot be read (${(error as NodeJS.ErrnoException).code})`)
    }
  }
  const value = typeof variable === 'string' ? env[variable] : undefined
  if (!value) throw new Error(`${where} names a variable that is not set`)
  return value
}
