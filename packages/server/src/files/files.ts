/** Where the bytes of attachments are kept. A second implementation (an object store) fulfils the same contract. */
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
  /** Ids of what was put before that time. */
  putBefore(agency: AgencyId, time: Date): Promise<string[]>
}

export class FileTooLarge extends Error {}
