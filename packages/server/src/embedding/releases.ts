/**
 * Releases of the files that pages embed, for pages that pin one: addresses that never have other bytes. The one of this build
 * lies with what was built; each is kept in the data folder too, so that a page that pinned it goes on working after an upgrade.
 */
import { randomUUID } from 'node:crypto'
import { existsSync } from 'node:fs'
import { cp, mkdir, readdir, readFile, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { Log } from '../log.ts'

export interface Release {
  /** `version-digest`. */
  release: string
  /** Path below the release to what stands in `integrity`. */
  files: Readonly<Record<string, string>>
}

/** What a page may ask for: nothing else ever becomes part of a path. */
const wellFormed = /^\d+\.\d+\.\d+[\w.]*-[0-9a-f]{16}$/

const builtIn = (runtime: string) => join(runtime, 'pinned')
const keptIn = (dataDir: string) => join(dataDir, 'pinned')

const namesIn = async (folder: string) => (await readdir(folder).catch(() => [])).filter((name) => wellFormed.test(name)).sort()

/** The release of this build; null where nothing is built. */
export async function currentRelease(runtime: string): Promise<Release | null> {
  const [name] = await namesIn(builtIn(runtime))
  return name === undefined ? null : (JSON.parse(await readFile(join(builtIn(runtime), name, 'release.json'), 'utf8')) as Release)
}

/** Names of those that are served, that of this build among them. */
export const servedReleases = async (runtime: string, dataDir: string): Promise<string[]> =>
  [...new Set([...(await namesIn(builtIn(runtime))), ...(await namesIn(keptIn(dataDir)))])].sort()

/** Folder of a release, this build's first; null if the server has none of that name. */
export function folderOfRelease(runtime: string, dataDir: string, release: string): string | null {
  if (!wellFormed.test(release)) return null
  return [builtIn(runtime), keptIn(dataDir)].map((folder) => join(folder, release)).find((folder) => existsSync(folder)) ?? null
}

/**
 * Keeps the release of this build for the time after it. What could not be kept is no reason not to start: it is served today,
 * and the log says that it will not be after the next upgrade.
 */
export async function keepRelease(runtime: string, dataDir: string, log: Pick<Log, 'error'>): Promise<void> {
  const [name] = await namesIn(builtIn(runtime))
  if (name === undefined || existsSync(join(keptIn(dataDir), name))) return
  const draft = join(keptIn(dataDir), `.${randomUUID()}`)
  try {
    await mkdir(keptIn(dataDir), { recursive: true, mode: 0o700 })
    await cp(join(builtIn(runtime), name), draft, { recursive: true })
    await rename(draft, join(keptIn(dataDir), name))
  } catch (error) {
    await rm(draft, { recursive: true, force: true }).catch(() => {})
    // Replicas that share the folder start together, and one of them was first.
    if (!existsSync(join(keptIn(dataDir), name))) log.error({ err: error }, 'the embedding files of this release could not be kept')
  }
}
