/** A file that a citizen sent, for an officer: never shown in a page of ours, always saved. */
import type { Adapters } from '../adapters.ts'
import { attachmentBox, nameOf } from '../files/attachment.ts'
import { lookedAt, sealedType } from '../files/upload.ts'
import { Refused } from '../problem.ts'
import type { AgencyStore, Deed } from '../store/store.ts'
import { findSubmission, versionOf } from './open-case.ts'
import { askToRead, type Reading, saidFor } from './reading.ts'
import { seesTarget } from './revealed.ts'

/** @throws Refused 404 when the case has no such file, 409 when it is infected, 503 while nobody can say */
export async function handOutAttachment(
  adapters: Adapters,
  agency: AgencyStore,
  { submission, attachment }: { submission: string; attachment: string },
  by: Deed,
  reading: Reading,
) {
  const found = await findSubmission(agency, submission)
  const { sees, purpose } = await askToRead(adapters, agency, found.service, 'attachment', reading, by)
  const { whole } = await versionOf(adapters, agency, found)
  const row = (await agency.attachments([attachment])).find((one) => one.submission === submission)
  // What is hidden from them is not there.
  if (!row || !seesTarget(whole, row.target, sees)) throw new Refused(404, 'not-found')
  const name = nameOf(adapters, agency.id, row)
  const open = () => adapters.files.read(agency.id, row.id, attachmentBox(adapters, agency.id, row))
  // Asked again: what it is may have become known since it came, or the scanner was down then.
  // Of what was sealed in the browser nobody but the reader can say anything.
  const looked = row.type === sealedType ? 'clean' : await lookedAt(adapters, open())
  if (looked === 'infected') throw new Refused(409, 'file-infected')
  if (looked === 'pending') throw new Refused(503, 'file-pending')
  await agency.audit('attachment.read', `attachment:${row.id}`, saidFor(adapters, agency, purpose, { ...by, details: { submission } }))
  return {
    content: open(),
    headers: {
      'Content-Type': row.type,
      'Content-Length': String(row.size),
      'Content-Disposition': disposition(name),
    },
  }
}

/**
 * RFC 6266, RFC 8187. Marks that turn the writing direction (so that `fdp.exe` reads as `exe.pdf`), control characters and
 * what means something in a path are taken out.
 */
export function disposition(name: string): string {
  const plain = name
    .toWellFormed()
    .replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, '')
    .replace(/[/\\:*?"<>|]/g, '_')
    .trim()
  const shown = plain === '' ? 'file' : plain
  const ascii = shown.replace(/[^\x20-\x7e]/g, '_').replace(/[%'();=]/g, '_')
  const encoded = encodeURIComponent(shown).replace(/['()*]/g, (mark) => `%${mark.charCodeAt(0).toString(16).toUpperCase()}`)
  return `attachment; filename="${ascii}"; filename*=UTF-8''${encoded}`
}
