/** What is known of an attachment that was taken: the box it lies in, its name, and its size as a picture. */
import type { Adapters } from '../adapters.ts'
import { reopened } from '../cases/case-box.ts'
import { attachmentOwner } from '../erasure/owners.ts'
import { openBox, type SealBox } from '../keys/seal-box.ts'
import type { FileEvidence } from '../policy/rule.ts'
import type { AgencyId, AttachmentRecord } from '../store/store.ts'
import { kindOf } from './file-kind.ts'
import type { Files } from './files.ts'
import type { Limits } from './limits.ts'
import { isPicture, pictureSize } from './picture-size.ts'

export { attachmentOwner }

export const attachmentBox = ({ keys }: Adapters, agency: AgencyId, { id, service, sealing }: AttachmentRecord): SealBox =>
  sealing ? reopened(keys, agency, sealing, attachmentOwner(agency, service, id)) : openBox

export const nameOf = (adapters: Adapters, agency: AgencyId, row: AttachmentRecord) =>
  new TextDecoder().decode(attachmentBox(adapters, agency, row).open('name', row.name))

/** The picture as the rules look at it; null where the place asks nothing of pictures, or the file is none. */
export async function pictureEvidence(
  files: Files,
  agency: AgencyId,
  { id, kind, box }: { id: string; kind: string | null; box: SealBox },
  { minPixels }: Limits,
): Promise<FileEvidence['picture']> {
  if (!minPixels || !kind || !isPicture(kind)) return null
  return { least: minPixels, pixels: await pictureSize(files.read(agency, id, box), kind) }
}

/** The evidence of a file that is part of a submission: it was looked at when it came, but limits may have changed since. */
export async function evidenceOfAttachment(adapters: Adapters, agency: AgencyId, row: AttachmentRecord, limits: Limits): Promise<FileEvidence> {
  const kind = kindOf(row.type)
  const picture = await pictureEvidence(adapters.files, agency, { id: row.id, kind, box: attachmentBox(adapters, agency, row) }, limits)
  return { size: row.size, kind, declared: row.type, name: '', accept: limits.accept, maxBytes: limits.maxBytes, picture }
}
