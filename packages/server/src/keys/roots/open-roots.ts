import { join } from 'node:path'
import { openCommandRoots } from './command/command-roots.ts'
import { openFolderRoots } from './folder/folder-roots.ts'
import type { RootKeys } from './root-keys.ts'

/** `place` is ROOT_KEYS: null for a folder beside the keys, a folder elsewhere, or `command:` and a program. */
export function openRoots(place: string | null, keysFolder: string, now: () => Date): RootKeys {
  if (place?.startsWith('command:')) return openCommandRoots(place.slice('command:'.length))
  return openFolderRoots(place ?? join(keysFolder, 'roots'), now)
}
