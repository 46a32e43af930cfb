/**
 * Files that have come part of their way. A draft keeps them, so that whoever comes back chooses the same file again and it
 * goes on from where it was. No byte of a file is here, only where it goes.
 */
export interface Unfinished {
  /** Instance path of the file field, or a document's id. */
  target: string
  name: string
  size: number
  /** When the file was changed last, in milliseconds: another one of the same name and size is not taken for it. */
  modified: number
  /** Address of the upload, which nobody else knows. */
  place: string
  /** 0..1 */
  done: number
}

/** By the service's address. */
const held = new Map<string, Unfinished[]>()

export const unfinishedAt = (service: string | undefined): readonly Unfinished[] => held.get(service ?? '') ?? []

export const putUnfinished = (service: string, list: readonly Unfinished[]) => void held.set(service, [...list])

const isOf = (one: Unfinished, target: string, { name, size, lastModified }: Pick<File, 'name' | 'size' | 'lastModified'>) =>
  one.target === target && one.name === name && one.size === size && one.modified === lastModified

/** Notes how far it has come, over what was known of it. */
export function keepUnfinished(service: string, one: Unfinished) {
  const others = unfinishedAt(service).filter((other) => !isOf(other, one.target, { name: one.name, size: one.size, lastModified: one.modified }))
  held.set(service, [...others, one])
}

/** The address where this very file goes on; it is forgotten here. Null: it is new. */
export function takeUnfinished(service: string, target: string, file: Pick<File, 'name' | 'size' | 'lastModified'>): string | null {
  const found = unfinishedAt(service).find((one) => isOf(one, target, file))
  if (found)
    held.set(
      service,
      unfinishedAt(service).filter((one) => one !== found),
    )
  return found?.place ?? null
}
