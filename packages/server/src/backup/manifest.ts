/**
 * What stands beside a backup: what it must hold, so that a restore can tell whether it does. The list of files is apart, in
 * the form that `sha256sum --check` reads.
 */
import { createReadStream, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { CommandFailed } from '../commands/command.ts'
import { canonical, hexDigest } from '../digest.ts'
import { writeDurably } from '../durable.ts'
import type { AuditHead, FileOfRow } from './snapshot.ts'

export interface Manifest {
  format: 1
  /** Everything acknowledged before this moment is in it. RFC 3339. */
  madeAt: string
  store: 'sqlite' | 'postgres'
  /** Migrations that have run. */
  migrations: string[]
  database: { name: string; bytes: number; sha256: string }
  /** Rows of each table. */
  rows: Record<string, number>
  audit: AuditHead[]
  /** Null: they are kept elsewhere, and not in the backup. */
  files: { count: number; bytes: number; listSha256: string } | null
  /** Files that were removed, rows and all, while they were being copied: a restore takes their rows out. */
  removedMeanwhile: FileOfRow[]
}

export const manifestName = 'manifest.json'
export const listName = 'files.sha256'
export const databaseNames = { sqlite: 'guichet.db', postgres: 'database.dump' } as const
/** A folder that still bears it is no backup. */
export const unfinished = '.unfinished'

/** Gives the digest that names this backup. */
export function writeManifest(folder: string, manifest: Manifest): string {
  const digest = hexDigest(canonical(manifest))
  writeDurably(join(folder, manifestName), `${JSON.stringify({ ...manifest, digest }, null, 2)}\n`)
  return digest
}

/** @throws CommandFailed if it is none, or not as it was written */
export function readManifest(folder: string): Manifest {
  let text: string
  try {
    text = readFileSync(join(folder, manifestName), 'utf8')
  } catch (error) {
    throw new CommandFailed(`${folder} is no backup: ${manifestName} cannot be read (${(error as NodeJS.ErrnoException).code}).`)
  }
  let read: Manifest & { digest: string }
  try {
    read = JSON.parse(text)
  } catch {
    throw new CommandFailed(`The manifest of ${folder} is damaged: it is no JSON. Use another backup.`)
  }
  const { digest, ...manifest } = read
  if (manifest.format !== 1)
    throw new CommandFailed(`The manifest of ${folder} has the format ${JSON.stringify(manifest.format)}, which this version does not know.`)
  if (digest !== hexDigest(canonical(manifest)))
    throw new CommandFailed(`The manifest of ${folder} is damaged: it does not have the digest that it names. Use another backup.`)
  return manifest
}

export interface ListedFile {
  sha256: string
  /** Below the backup, with slashes. */
  path: string
}

export const listLine = ({ sha256, path }: ListedFile) => `${sha256}  ${path}\n`

/** The lines of a list. @throws CommandFailed on one that names anything but a file of ours: nothing outside of the backup is ever read */
export async function* readList(path: string): AsyncGenerator<ListedFile> {
  for await (const line of createInterface({ input: createReadStream(path), crlfDelay: Number.POSITIVE_INFINITY })) {
    const [, sha256, name] = /^([0-9a-f]{64}) {2}(\S+)$/.exec(line) ?? []
    if (!sha256 || !name || !/^(?:files\/[^/.]+\/[0-9a-z]{2}\/[0-9a-z]{26}|keys(?:\/[A-Za-z0-9][A-Za-z0-9._-]*)+)$/.test(name))
      throw new CommandFailed(`The list ${path} has a line that names no file of a backup. Use another backup.`)
    yield { sha256, path: name }
  }
}
