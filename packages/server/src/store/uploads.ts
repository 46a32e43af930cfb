/** Files that arrive in parts: what the store keeps of them until they are whole. The bytes of the parts are where files are. */
import type { Sealing } from '../keys/seal-box.ts'
import type { Bygone } from '../lived-time.ts'
import type { AttachmentRecord, Deed } from './store.ts'

export interface UploadQueries {
  beginUpload(upload: NewUpload): Promise<void>
  /** Null if there is none, or it was begun before `since`. */
  upload(service: string, idHash: string, since: string): Promise<UploadRecord | null>
  /** Of an upload, in order. */
  uploadParts(service: string, idHash: string): Promise<UploadPart[]>
  /**
   * Notes a part that lies in its file already, where the upload ends. Of two for the same place one is noted. @throws Conflict
   * 'stale' when the upload does not end there any more, is finished or is gone
   */
  appendPart(service: string, idHash: string, part: UploadPart): Promise<void>
  /**
   * One transaction: the attachment, its audit event, and the upload's end. Its parts are forgotten; their files are for the
   * caller to remove. @throws Conflict 'stale' when somebody else has finished or cancelled it
   */
  finishUpload(service: string, idHash: string, attachment: AttachmentRecord, by: Deed): Promise<void>
  /** Forgets an upload. Gives the files of its parts; null: there was none. */
  deleteUpload(service: string, idHash: string): Promise<string[] | null>
  /** Forgets those that were begun before, finished or not. Gives the files of their parts. */
  purgeUploads(before: Bygone): Promise<string[]>
}

export interface NewUpload {
  service: string
  /** Digest of the id in its address, which alone leads to it. */
  idHash: string
  target: string
  /** Sealed, as an attachment's is. */
  name: Uint8Array
  sealing: Sealing | null
  /** As the browser declared it. */
  type: string
  /** In bytes, as it was declared: what arrives is neither more nor less. */
  size: number
  /** Names who had signed in when it was begun, without saying who: nobody else can go on. Null: nobody had. */
  ownerHash: string | null
  createdAt: string
}

export interface UploadRecord extends NewUpload {
  /** Bytes of the parts that have arrived. */
  received: number
  /** What it has become; null: it is not finished. */
  attachment: string | null
}

export interface UploadPart {
  /** Offset of its first byte. */
  start: number
  size: number
  /** Id of the file that holds it. */
  file: string
  sealing: Sealing | null
}
