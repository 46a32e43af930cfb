/**
 * The queries about erasures, and what guards them. What is deleted stays in dead rows until the next vacuum, and in the
 * write-ahead log and its archives; there it is as unreadable as in any backup, because its keys are destroyed elsewhere.
 */
import { and, asc, desc, eq, getColumns, gt, gte, inArray, isNull, lt, ne, notInArray } from 'drizzle-orm'
import { firstIdAt } from '../../codes.ts'
import { attachmentOwner, caseOwner, monthRange } from '../../erasure/owners.ts'
import type { ApprovalRecord, CertificateRecord, ErasureQueries, Shred } from '../erasure.ts'
import { Conflict } from '../store.ts'
import type { Context } from './context.ts'
import type { Transaction } from './database.ts'
import { approvals, attachments, caseSteps, certificates, holds, outbox, receipts, shreds, submissions } from './tables.ts'

export function erasureQueries({ agencyId, mine, read, change }: Context): ErasureQueries {
  const approvalIs = (id: string) => and(mine(approvals), eq(approvals.id, id))
  const { agencyId: _ofApproval, ...approvalColumns } = getColumns(approvals)
  const { agencyId: _ofHold, ...holdColumns } = getColumns(holds)
  const { agencyId: _ofCertificate, ...certificateColumns } = getColumns(certificates)
  const { agencyId: _ofShred, ...shredColumns } = getColumns(shreds)

  /** @throws Conflict 'stale' */
  const use = async (tx: Transaction, id: string, kind: ApprovalRecord['kind'], object: string) => {
    const done = await tx
      .update(approvals)
      .set({ state: 'done', reason: null })
      .where(and(approvalIs(id), eq(approvals.kind, kind), eq(approvals.object, object), eq(approvals.state, 'approved')))
      .returning({ id: approvals.id })
    if (done.length === 0) throw new Conflict('stale')
  }

  return {
    async requestApproval({ id, kind, object, reason, expiresAt }, by) {
      await change(async (tx, log) => {
        await tx
          .update(approvals)
          .set({ state: 'expired', reason: null })
          .where(
            and(
              mine(approvals),
              eq(approvals.kind, kind),
              eq(approvals.object, object),
              inArray(approvals.state, ['open', 'approved']),
              lt(approvals.expiresAt, by.at),
            ),
          )
        const made = await tx
          .insert(approvals)
          .values({ agencyId, id, kind, object, reason, expiresAt, state: 'open', requestedBy: by.actor, requestedAt: by.at })
          .onConflictDoNothing()
          .returning({ id: approvals.id })
        if (made.length === 0) throw new Conflict('taken')
        await log('approval.requested', object, { ...by, details: { ...by.details, approval: id, kind } })
      })
    },
    async approval(id) {
      const [row] = await read((tx) => tx.select(approvalColumns).from(approvals).where(approvalIs(id)))
      return row ?? null
    },
    async approvals(limit, before) {
      const older = before === undefined ? undefined : lt(approvals.id, before)
      return read((tx) =>
        tx
          .select(approvalColumns)
          .from(approvals)
          .where(and(mine(approvals), older))
          .orderBy(desc(approvals.id))
          .limit(limit),
      )
    },
    async decideApproval(id, to, by) {
      await change(async (tx, log) => {
        const [decided] = await tx
          .update(approvals)
          .set({ state: to, decidedBy: by.actor, decidedAt: by.at, ...(to === 'refused' ? { reason: null } : {}) })
          .where(and(approvalIs(id), eq(approvals.state, 'open'), gt(approvals.expiresAt, by.at), ne(approvals.requestedBy, by.actor)))
          .returning({ kind: approvals.kind, object: approvals.object })
        if (!decided) throw new Conflict('stale')
        const action = to === 'approved' ? 'approval.given' : 'approval.refused'
        await log(action, decided.object, { ...by, details: { ...by.details, approval: id, kind: decided.kind } })
      })
    },
    async useApproval(kind, object, by) {
      return change(async (tx) => {
        const [found] = await tx
          .select({ id: approvals.id })
          .from(approvals)
          .where(
            and(
              mine(approvals),
              eq(approvals.kind, kind),
              eq(approvals.object, object),
              eq(approvals.state, 'approved'),
              eq(approvals.requestedBy, by.actor),
              gt(approvals.expiresAt, by.at),
            ),
          )
          .limit(1)
        if (!found) return false
        await use(tx, found.id, kind, object)
        return true
      })
    },

    async hold(submission) {
      const [row] = await read((tx) =>
        tx
          .select(holdColumns)
          .from(holds)
          .where(and(mine(holds), eq(holds.submission, submission))),
      )
      return row ?? null
    },
    async setHold({ submission, reason }, by) {
      await change(async (tx, log) => {
        const [there] = await tx
          .select({ id: submissions.id })
          .from(submissions)
          .where(and(mine(submissions), eq(submissions.id, submission)))
        if (!there) throw new Conflict('stale')
        const made = await tx
          .insert(holds)
          .values({ agencyId, submission, reason, setBy: by.actor, setAt: by.at })
          .onConflictDoNothing()
          .returning({ submission: holds.submission })
        if (made.length === 0) throw new Conflict('taken')
        // What two people wanted to erase a third one wants kept.
        await tx
          .update(approvals)
          .set({ state: 'refused', reason: null, decidedBy: by.actor, decidedAt: by.at })
          .where(
            and(
              mine(approvals),
              eq(approvals.kind, 'erasure'),
              eq(approvals.object, `submission:${submission}`),
              inArray(approvals.state, ['open', 'approved']),
            ),
          )
        await log('submission.held', `submission:${submission}`, by)
      })
    },
    async liftHold(submission, approval, by) {
      await change(async (tx, log) => {
        await use(tx, approval, 'hold.lift', `submission:${submission}`)
        const lifted = await tx
          .delete(holds)
          .where(and(mine(holds), eq(holds.submission, submission)))
          .returning({ submission: holds.submission })
        if (lifted.length === 0) throw new Conflict('stale')
        await log('submission.released', `submission:${submission}`, { ...by, details: { ...by.details, approval } })
      })
    },

    async eraseCases(certificate, cases, approval, by) {
      return change(async (tx, log) => {
        const ids = cases.map(({ submission }) => submission)
        if (approval !== null) await use(tx, approval, 'erasure', `submission:${ids[0]}`)
        const found = await tx
          .select({ id: holds.submission })
          .from(holds)
          .where(and(mine(holds), inArray(holds.submission, ids)))
        const held = new Set(found.map(({ id }) => id))
        if (approval !== null && held.size > 0) throw new Conflict('claimed')
        const gone = cases.filter(({ submission }) => !held.has(submission))
        if (gone.length === 0) return 0
        await tx.insert(certificates).values({ agencyId, ...certificate, cases: gone.length, jws: null })
        // First, because row-level security lets nobody delete what is not put down here.
        await tx.insert(shreds).values(gone.flatMap(({ shreds: of }) => of.map((shred) => ({ agencyId, certificate: certificate.id, ...shred }))))
        const which = gone.map(({ submission }) => submission)
        await tx.delete(caseSteps).where(and(mine(caseSteps), inArray(caseSteps.submission, which)))
        await tx.delete(receipts).where(and(mine(receipts), inArray(receipts.submission, which)))
        await tx.delete(attachments).where(and(mine(attachments), inArray(attachments.submission, which)))
        await tx.delete(outbox).where(and(mine(outbox), inArray(outbox.submission, which)))
        await tx.delete(submissions).where(and(mine(submissions), inArray(submissions.id, which)))
        for (const submission of which)
          await log('submission.erased', `submission:${submission}`, { ...by, details: { ...by.details, certificate: certificate.id, kind: certificate.kind } })
        return gone.length
      })
    },
    async shreds() {
      return (await read((tx) => tx.select(shredColumns).from(shreds).where(mine(shreds)).orderBy(asc(shreds.certificate), asc(shreds.owner)))) as Shred[]
    },
    async certify(id, jws, by) {
      await change(async (tx, log) => {
        const [done] = await tx
          .update(certificates)
          .set({ jws })
          .where(and(mine(certificates), eq(certificates.id, id), isNull(certificates.jws)))
          .returning({ cases: certificates.cases, kind: certificates.kind })
        if (!done) throw new Conflict('stale')
        await tx.delete(shreds).where(and(mine(shreds), eq(shreds.certificate, id)))
        await log('keys.destroyed', `certificate:${id}`, { ...by, details: { ...by.details, cases: done.cases, kind: done.kind } })
      })
    },
    async certificates(limit) {
      return (await read((tx) =>
        tx.select(certificateColumns).from(certificates).where(mine(certificates)).orderBy(desc(certificates.id)).limit(limit),
      )) as CertificateRecord[]
    },
    async certificate(id) {
      const [row] = await read((tx) =>
        tx
          .select(certificateColumns)
          .from(certificates)
          .where(and(mine(certificates), eq(certificates.id, id))),
      )
      return (row as CertificateRecord | undefined) ?? null
    },

    async casesPast(service, basis, before, after, limit) {
      const rows = await read((tx) =>
        tx
          .select({ id: submissions.id, service: submissions.service, sealing: submissions.sealing })
          .from(submissions)
          .where(
            and(
              mine(submissions),
              eq(submissions.service, service),
              gt(submissions.id, after),
              // An id begins with the time of its row: what is younger is not even looked at.
              lt(submissions.id, firstIdAt(new Date(before))),
              lt(submissions.receivedAt, before),
              basis === 'closed' ? lt(submissions.closedAt, before) : undefined,
              notInArray(submissions.id, tx.select({ id: holds.submission }).from(holds).where(mine(holds))),
            ),
          )
          .orderBy(asc(submissions.id))
          .limit(limit),
      )
      return rows.map(({ sealing, ...row }) => ({ ...row, bucket: sealing?.bucket ?? null }))
    },
    async receivedIn(month, kind, after, limit) {
      const [from, until] = monthRange(month)
      const table = kind === 'submission' ? submissions : attachments
      // Those of attachments are random.
      const before = kind === 'submission' ? lt(submissions.id, firstIdAt(new Date(until))) : undefined
      const owner = kind === 'submission' ? caseOwner : attachmentOwner
      const rows = await read((tx) =>
        tx
          .select({ id: table.id, service: table.service, sealing: table.sealing })
          .from(table)
          .where(and(mine(table), gt(table.id, after), before, gte(table.receivedAt, from), lt(table.receivedAt, until)))
          .orderBy(asc(table.id))
          .limit(limit),
      )
      return rows.map(({ id, service, sealing }) => ({ id, owner: owner(agencyId, service, id), sealing }))
    },
    async forget() {},
  }
}
