/** Cases with all that hangs on them, as what is to be destroyed. */
import type { Erasable, OldCase } from '../store/erasure.ts'
import type { AgencyStore } from '../store/store.ts'
import { attachmentOwner, caseOwner } from './owners.ts'

/** Keys and files of a case: its own, and those of each attachment. Its outbox, notes and receipt lie in its own box. */
export async function erasableOf(agency: AgencyStore, { id, service, bucket }: OldCase): Promise<Erasable> {
  const attachments = await agency.attachmentsOf(id)
  return {
    submission: id,
    shreds: [
      { owner: caseOwner(agency.id, service, id), submission: id, bucket, file: null },
      ...attachments.map(({ id: file, sealing }) => ({
        owner: attachmentOwner(agency.id, service, file),
        submission: id,
        bucket: sealing?.bucket ?? null,
        file,
      })),
    ],
  }
}
