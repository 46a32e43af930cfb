/** Where the bytes of attachments are kept: a folder, or an object store. files-suite.ts holds both to this contract. */
import type { SealBox } from '../keys/seal-box.ts'
import type { AgencyId } from '../store/store.ts'

export interface Files {
  /**
   * Takes a stream and gives its size and digest (of what was sent, not of what is stored) once it is safely kept.
   * @throws FileTooLarge as soon as it is longer than `limit`; nothing is left behind then
   */
  put(agency: AgencyId, id: string, content: ReadableStream<Uint8Array>, limit: number, box: SealBox): Promise<{ size: number; digest: string }>
  read(agency: AgencyId, id: string, box: SealBox): ReadableStream<Uint8Array>
  remove(agency: AgencyId, id: string): Promise<void>
  has(agency: AgencyId, id: string): Promise<boolean>
  /** Ids of what was put before that time. */
  putBefore(agency: AgencyId, time: Date): AsyncIterable<string>
  /** Throws if a file could not be kept now. */
  check(): Promise<void>
}

export class FileTooLarge extends Error {}

/** The place of a file below the place of all. Ids are random and say nothing. @throws if it is no id */
export function filePath(agency: AgencyId, id: string): string {
  if (!/^[0-9a-z]{26}$/.test(id)) throw new Error('no attachment id')
  return `${agency}/${id.slice(0, 2)}/${id}`
}
