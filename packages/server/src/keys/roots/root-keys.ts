/**
 * What the keys of months are wrapped with. It may live elsewhere than they do: in a folder on another disk, or in a key
 * management service or a hardware module behind a command. One folder beside this for each kind; open-roots.ts picks one.
 */
export interface RootKeys {
  /** Wraps the key of a file with the newest root, which is made if there is none. `about` names the file: it opens for it alone. */
  wrap(about: string, key: Uint8Array): { root: string; wrapped: string }
  /** @throws RootFailed */
  unwrap(root: string, about: string, wrapped: string): Uint8Array
  /** The newest one's name; null: there is none yet. */
  current(): string | null
  /** Makes a new one, by which everything is wrapped from then on. Gives its name. */
  renew(): string
  /** Destroys all but the newest. Gives the names of those that were. */
  retire(): string[]
}

/** The root is not there, or does not fit. What it wraps is not lost for that, so nobody must be told that it was erased. */
export class RootFailed extends Error {}
