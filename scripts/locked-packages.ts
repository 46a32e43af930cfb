/** What the lockfile names: every package there is, with the digest that its content must have. */
export interface LockedPackage {
  name: string
  version: string
  /** As the registry gives it (Subresource Integrity); null: none. */
  integrity: string | null
}

/** @param lockfile pnpm-lock.yaml, version 9 */
export function lockedPackages(lockfile: string): LockedPackage[] {
  const from = lockfile.indexOf('\npackages:\n')
  const to = lockfile.indexOf('\nsnapshots:\n')
  if (from < 0 || to < from) throw new Error('This is no lockfile of pnpm, version 9.')
  return [...lockfile.slice(from, to).matchAll(/^ {2}'?((?:@[^/@']+\/)?[^@'\s]+)@([^':]+)'?:\n {4}resolution: \{([^}]*)\}/gm)].map(
    ([, name = '', version = '', resolution = '']) => ({
      name,
      version,
      integrity: /integrity: (sha\d+-[^\s,}]+)/.exec(resolution)?.[1] ?? null,
    }),
  )
}
