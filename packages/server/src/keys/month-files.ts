/**
 * The files of months' keys in a folder that several processes may share. A file is never changed: what takes its place has
 * the next number (`2026-01.key`, `2026-01.1.key`, ...), and the one before is removed. Of two that would both be the next one
 * the file system lets one be it; the other begins anew with what the first one left. So two erasures at once both hold, and
 * whoever is killed in the middle leaves the old file, or the new one, and the rest to whoever looks next.
 */
import { closeSync, fstatSync, openSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { makeFolderDurably, removeDurably, writeOnceDurably } from '../durable.ts'
import { isThere } from '../is-there.ts'
import { randomBytes } from '../random.ts'
import { decodeMonthKey, earlierMonthKey, encodeMonthKey, type MonthKey, newMonthKey } from './month-key.ts'
import { RootFailed, type RootKeys } from './roots/root-keys.ts'
import { KeyGone, openBytes, sealBytes } from './seal-box.ts'

export interface MonthFile {
  path: string
  /** Of the file itself, by which it is told from another that had the name later. */
  stamp: string
  number: number
  /** Name of the root that wraps it; null: an earlier version wrote it, and it is not wrapped. */
  root: string | null
  key: MonthKey
}

/** Opened and not only looked up, because a network folder asks its server then. @throws if it is not there */
function stampOf(path: string): { stamp: string } {
  const file = openSync(path, 'r')
  try {
    const { ino, mtimeNs, size } = fstatSync(file, { bigint: true })
    return { stamp: `${ino} ${mtimeNs} ${size}` }
  } finally {
    closeSync(file)
  }
}

/** Whether a file is still the one that was read. @throws if that cannot be told */
export function isCurrent({ path, stamp }: Pick<MonthFile, 'path' | 'stamp'>): boolean {
  try {
    return stampOf(path).stamp === stamp
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false
    throw error
  }
}

interface Envelope {
  format: 2
  mark: string
  root: string
  /** The key of this file, wrapped. */
  key: string
  content: string
}

/** Removed, because whoever wrote it was killed: longer than any file takes to be written. */
const deadDraftAfter = 600_000

export interface MonthFiles {
  /** Months that there are files of. */
  months(agency: string): string[]
  /** The file that counts; null: there is none. @throws RootFailed, or why it cannot be read */
  read(agency: string, month: string): MonthFile | null
  /** The same. @throws KeyGone if there is none */
  find(agency: string, month: string): MonthFile
  /** The mark alone, without asking the root. @throws KeyGone if there is no file */
  mark(agency: string, month: string): string
  /** The same, made if need be. */
  readOrMake(agency: string, month: string): MonthFile
  /** Puts what `change` makes of the key in its place; it may be called again. On disk when this returns. @throws KeyGone if there is no such key */
  advance<T>(agency: string, month: string, change: (key: MonthKey) => T): { file: MonthFile; result: T }
  /** Removes what was left by those who were killed. */
  sweep(agency: string): void
}

export function openMonthFiles(folder: string, roots: RootKeys, now: () => Date, mostTries = 1000): MonthFiles {
  const folderOf = (agency: string) => join(folder, 'agencies', agency)
  const pathOf = (agency: string, month: string, number: number) => join(folderOf(agency), number === 0 ? `${month}.key` : `${month}.${number}.key`)
  const names = (agency: string) => (isThere(folderOf(agency)) ? readdirSync(folderOf(agency)) : [])
  /** Highest first. */
  const numbersOf = (agency: string, month: string) =>
    names(agency)
      .flatMap((name) => {
        const [, found, number = '0'] = /^(\d{4}-\d{2})(?:\.([1-9]\d{0,8}))?\.key$/.exec(name) ?? []
        return found === month ? [Number(number)] : []
      })
      .sort((a, b) => b - a)
  const aboutOf = (agency: string, month: string, mark: string) => `guichet month key|${agency}|${month}|${mark}`

  const write = (agency: string, month: string, key: MonthKey): string => {
    const about = aboutOf(agency, month, key.mark)
    const secret = randomBytes(32)
    const { root, wrapped } = roots.wrap(about, secret)
    const bytes = encodeMonthKey(key)
    const envelope: Envelope = { format: 2, mark: key.mark, root, key: wrapped, content: sealBytes(secret, about, bytes).toString('base64url') }
    bytes.fill(0)
    return `${JSON.stringify(envelope)}\n`
  }

  const readPath = (agency: string, month: string, path: string): Pick<MonthFile, 'root' | 'key'> => {
    const text = readFileSync(path, 'utf8')
    if (!text.startsWith('{')) {
      const direct = Buffer.from(text, 'base64url')
      if (direct.length !== 32) throw new Error(`${path} holds no key of 32 bytes`)
      return { root: null, key: earlierMonthKey(direct) }
    }
    const envelope = JSON.parse(text) as Envelope
    if (envelope.format !== 2) throw new Error(`${path} has the format ${JSON.stringify(envelope.format)}, which this version does not know`)
    const about = aboutOf(agency, month, envelope.mark)
    const bytes = openBytes(roots.unwrap(envelope.root, about, envelope.key), about, Buffer.from(envelope.content, 'base64url'))
    const key = decodeMonthKey(envelope.mark, bytes)
    bytes.fill(0)
    return { root: envelope.root, key }
  }

  const read = (agency: string, month: string): MonthFile | null => {
    for (let tries = 0; ; tries++) {
      const [number, ...older] = numbersOf(agency, month)
      if (number === undefined) return null
      const path = pathOf(agency, month, number)
      try {
        const stamp = stampOf(path)
        const found = readPath(agency, month, path)
        // Whoever put this one in their place was killed before it removed them.
        for (const one of older) removeDurably(pathOf(agency, month, one))
        return { path, number, ...stamp, ...found }
      } catch (error) {
        // Another process has put the next one in its place while we read.
        if (numbersOf(agency, month)[0] === number || error instanceof RootFailed || tries > mostTries) throw error
      }
    }
  }

  const find = (agency: string, month: string): MonthFile => {
    const found = read(agency, month)
    if (!found) throw new KeyGone(month)
    return found
  }

  return {
    months: (agency) => [...new Set(names(agency).flatMap((name) => /^(\d{4}-\d{2})(?:\.[1-9]\d*)?\.key$/.exec(name)?.[1] ?? []))].sort(),
    read,
    find,
    mark(agency, month) {
      try {
        const text = readFileSync(pathOf(agency, month, numbersOf(agency, month)[0] as number), 'utf8')
        if (text.startsWith('{')) return (JSON.parse(text) as Envelope).mark
      } catch {
        // Another process may be putting the next one in its place, or it is damaged, which reading it says.
      }
      return find(agency, month).key.mark
    },
    readOrMake(agency, month) {
      const found = read(agency, month)
      if (found) return found
      makeFolderDurably(folderOf(agency))
      // Replicas may share the folder: a key that one of them has begun to seal with is never replaced.
      writeOnceDurably(pathOf(agency, month, 0), write(agency, month, newMonthKey(randomBytes(32))))
      return find(agency, month)
    },
    advance(agency, month, change) {
      for (let tries = 0; tries < mostTries; tries++) {
        const file = find(agency, month)
        const result = change(file.key)
        const path = pathOf(agency, month, file.number + 1)
        if (!writeOnceDurably(path, write(agency, month, file.key))) continue
        // The name may have been free again, because others are further already: then ours came too late.
        if (numbersOf(agency, month)[0] !== file.number + 1) {
          removeDurably(path)
          continue
        }
        removeDurably(file.path)
        return { file: find(agency, month), result }
      }
      throw new Error(`the key of ${month} was changed by others again and again`)
    },
    sweep(agency) {
      for (const name of names(agency)) {
        const path = join(folderOf(agency), name)
        if (name.endsWith('.new') && now().getTime() - (statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? now().getTime()) > deadDraftAfter)
          rmSync(path, { force: true })
      }
      for (const month of this.months(agency)) if (numbersOf(agency, month).length > 1) read(agency, month)
    },
  }
}
