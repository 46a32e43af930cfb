/**
 * Keys are backed up apart: beside the data they would open it for whoever takes the backup, and would outlive their own
 * destruction, by which data is made unreadable.
 */
import { existsSync, realpathSync, renameSync } from 'node:fs'
import { open, readdir, rm } from 'node:fs/promises'
import { dirname, join, relative, resolve, sep } from 'node:path'
import { headOf } from '../audit/audit-log.ts'
import { CommandFailed } from '../commands/command.ts'
import { makeFolderDurably } from '../durable.ts'
import { openKeyFolder } from '../keys/key-folder.ts'
import { type KeyEncryptionKey, KeyGone, reopenBox, type Sealing } from '../keys/seal-box.ts'
import type { AgencyId } from '../store/store.ts'
import { copyDurably, digestFile, syncPath } from './copy.ts'
import { listLine, listName, readList, unfinished } from './manifest.ts'
import { logIn, type Snapshot, sealedSamples } from './snapshot.ts'

/** Where a path that need not exist yet really is. */
function realPlace(path: string): string {
  const full = resolve(path)
  return existsSync(full) ? realpathSync(full) : join(realPlace(dirname(full)), relative(dirname(full), full))
}
const within = (inner: string, outer: string) => `${inner}${sep}`.startsWith(`${outer}${sep}`)

/** @throws CommandFailed if the keys would lie with the data that they open, or the data with them */
export function checkApart(keysTo: string, others: readonly string[]): void {
  const place = realPlace(keysTo)
  for (const other of others.map(realPlace))
    if (within(place, other) || within(other, place))
      throw new CommandFailed(`Keys belong in another place than ${other}: whoever takes that folder could open what is in it. Best on another disk.`)
}

/** Every file of a folder of keys, by its path below. */
async function keyFiles(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  return entries
    .filter((entry) => entry.isFile() && !entry.name.endsWith('.new'))
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)).split(sep).join('/'))
    .sort()
}

/** Copies the folder of keys to a new folder, with a list of digests. Gives the number of files. @throws CommandFailed */
export async function backUpKeys(from: string, to: string): Promise<number> {
  if (existsSync(to)) throw new CommandFailed(`${to} is there already: keys are copied into a folder of their own.`)
  if (!existsSync(from)) throw new CommandFailed(`There are no keys at ${from}.`)
  for (let tries = 1; ; tries++) {
    try {
      return await copyKeys(from, to)
    } catch (error) {
      // A key was replaced while it was being copied.
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT' || tries === 5) throw error
    }
  }
}

async function copyKeys(from: string, to: string): Promise<number> {
  const folder = `${resolve(to)}${unfinished}`
  makeFolderDurably(folder)
  try {
    const names = await keyFiles(from)
    const list = await open(join(folder, listName), 'wx', 0o600)
    for (const name of names) {
      const { sha256 } = await copyDurably(join(from, name), join(folder, 'keys', name))
      await syncPath(dirname(join(folder, 'keys', name)))
      await list.appendFile(listLine({ sha256, path: `keys/${name}` }))
    }
    await list.sync()
    await list.close()
    for await (const { sha256, path } of readList(join(folder, listName)))
      if ((await digestFile(join(folder, path))).sha256 !== sha256) throw new CommandFailed(`${path} was not written as it was read. Is the disk sound?`)
    renameSync(folder, to)
    await syncPath(dirname(resolve(to)))
    return names.length
  } catch (error) {
    await rm(folder, { recursive: true, force: true })
    throw error
  }
}

/** Copies keys from their backup to where they are used. @throws CommandFailed if one is missing or damaged */
export async function restoreKeys(from: string, to: string): Promise<void> {
  if (!existsSync(join(from, listName))) throw new CommandFailed(`${from} is no backup of keys: ${listName} is missing.`)
  for await (const { sha256, path } of readList(join(from, listName))) {
    if (!existsSync(join(from, path))) throw new CommandFailed(`${path} is missing in ${from}.`)
    const copied = await copyDurably(join(from, path), join(to, relative('keys', path)))
    if (copied.sha256 !== sha256) throw new CommandFailed(`${path} in ${from} is damaged: it does not have the digest that its list names.`)
  }
}

export interface KeyCheck {
  /** `agency month` of keys that open what they should. */
  good: string[]
  /** Those that are there, but whose sample was erased since. */
  erased: string[]
  /** Those that are missing, cannot be read, or are others; `agency receipts`: the one that signed its log. */
  bad: string[]
}

/** False: it was erased since, which only its own key shows. @throws if it is another key */
function opens(kek: KeyEncryptionKey, sealing: Sealing, owner: string): boolean {
  try {
    reopenBox(kek, sealing, owner)
    return true
  } catch (error) {
    if (error instanceof KeyGone) return false
    throw error
  }
}

/**
 * Tries the key of every month on something that was sealed with it, and those of receipts on the newest checkpoint of each log.
 * `deep`: on all months there are, however rare.
 */
export async function checkKeys(snapshot: Snapshot, keysFolder: string, rootPlace: string | null, deep: boolean): Promise<KeyCheck> {
  const check: KeyCheck = { good: [], erased: [], bad: [] }
  // Opening a folder of keys makes those that are missing; a check makes nothing.
  const keys = existsSync(join(keysFolder, 'pepper.key')) && existsSync(join(keysFolder, 'receipts')) ? openKeyFolder(keysFolder, new Date(), rootPlace) : null
  for await (const { agency, bucket, sealing, owner } of sealedSamples(snapshot, deep)) {
    const name = `${agency} ${bucket}`
    try {
      if (!keys) throw new Error('no keys')
      const kek = keys.kek(agency as AgencyId, bucket)
      check[opens(kek, sealing, owner) ? 'good' : 'erased'].push(name)
    } catch {
      check.bad.push(name)
    }
  }
  for (const agency of await snapshot.agencies()) {
    const [newest] = (await (await logIn(snapshot, agency))?.checkpoints(1)) ?? []
    if (!newest) continue
    try {
      if (!keys) throw new Error('no keys')
      await headOf(keys, newest)
    } catch {
      check.bad.push(`${agency} receipts`)
    }
  }
  return check
}
