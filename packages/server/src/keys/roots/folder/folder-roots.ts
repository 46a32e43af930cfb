/** Roots in a folder: beside the keys that they wrap, or where ROOT_KEYS says. The files' names begin with when they were made. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { hexDigest } from '../../../digest.ts'
import { removeDurably, writeOnceDurably } from '../../../durable.ts'
import { isThere } from '../../../is-there.ts'
import { randomBytes } from '../../../random.ts'
import { openBytes, sealBytes } from '../../seal-box.ts'
import { RootFailed, type RootKeys } from '../root-keys.ts'

const nameOf = (key: Uint8Array) => hexDigest('guichet root|', key).slice(0, 16)
const pattern = /^\d{4}-\d\d-\d\dT[\d-]+Z-([0-9a-f]{16})\.key$/

export function openFolderRoots(folder: string, now: () => Date): RootKeys {
  const known = new Map<string, Buffer>()
  /** Newest first. */
  const files = () =>
    (isThere(folder) ? readdirSync(folder) : [])
      .sort()
      .reverse()
      .flatMap((file) => {
        const root = pattern.exec(file)?.[1]
        return root ? [{ file, root }] : []
      })

  const keyOf = (root: string): Buffer => {
    const before = known.get(root)
    if (before) return before
    const found = files().find((one) => one.root === root)
    if (!found) throw new RootFailed(`The root key ${root} is not in ${folder}. Bring it back from its backup.`)
    const key = Buffer.from(readFileSync(join(folder, found.file), 'utf8'), 'base64url')
    if (key.length !== 32 || nameOf(key) !== root) throw new RootFailed(`${join(folder, found.file)} is damaged: it is not the root key that its name says.`)
    known.set(root, key)
    return key
  }

  const renew = () => {
    const key = randomBytes(32)
    const root = nameOf(key)
    // One that is made in the same moment, or when the clock was ahead, must not be newer than this one.
    const last = files()[0]?.file.slice(0, 24) ?? ''
    const time = now().toISOString().replaceAll(':', '-').replace('.', '-')
    const later = last < time ? time : new Date(parsed(last).getTime() + 1).toISOString().replaceAll(':', '-').replace('.', '-')
    writeOnceDurably(join(folder, `${later}-${root}.key`), key.toString('base64url'))
    known.set(root, key)
    return root
  }

  return {
    current: () => files()[0]?.root ?? null,
    wrap(about, key) {
      const root = files()[0]?.root ?? renew()
      return { root, wrapped: sealBytes(keyOf(root), about, key).toString('base64url') }
    },
    unwrap(root, about, wrapped) {
      try {
        return openBytes(keyOf(root), about, Buffer.from(wrapped, 'base64url'))
      } catch (error) {
        throw error instanceof RootFailed ? error : new RootFailed(`The root key ${root} does not open what it should.`)
      }
    },
    renew,
    retire() {
      const [newest, ...others] = files()
      for (const { file, root } of others) {
        removeDurably(join(folder, file))
        known.get(root)?.fill(0)
        known.delete(root)
      }
      return newest ? others.map(({ root }) => root) : []
    },
  }
}

/** `2026-01-05T08-00-00-000Z` */
const parsed = (time: string) => new Date(time.replace(/T(\d\d)-(\d\d)-(\d\d)-(\d{3})Z/, 'T$1:$2:$3.$4Z'))
