/** The queries about erasures, and what guards them. */
import { and, asc, desc, eq, getColumns, gt, gte, inArray, isNull, lt, ne, notInArray } from 'drizzle-orm'
import { firstIdAt } from '../../codes.ts'
import { attachmentOwner, caseOwner, monthRange } from '../../erasure/owners.ts'
import type { ApprovalRecord, CertificateRecord, ErasureQueries, Shred } from '../erasure.ts'
import { Conflict } from '../store.ts'
import type { Context, Database } from './context.ts'
import { approvals, attachments, caseSteps, certificates, holds, outbox, receipts, shreds, submissions } from './tables.ts'

export function erasureQueries({ db, agencyId, change, log }: Context): ErasureQueries {
  const approvalIs = (id: string) => and(eq(approvals.agencyId, agencyId), eq(approvals.id, id))
  const isHeld = db.select({ id: holds.submission }).from(holds).where(eq(holds.agencyId, agencyId))
  const { agencyId: _ofApproval, ...approvalColumns } = getColumns(approvals)
  const { agencyId: _ofHold, ...holdColumns } = getColumns(holds)
  const { agencyId: _ofCertificate, ...certificateColumns } = getColumns(certificates)
  const { agencyId: _ofShred, ...shredColumns } = getColumns(shreds)

  /** @throws Conflict 'stale' */
  const use = (tx: Database, id: string, kind: ApprovalRecord['kind'], object: string) => {
    const done = tx
      .update(approvals)
      .set({ state: 'done', reason: null })
      .where(and(approvalIs(id), eq(approvals.kind, kind), eq(approvals.object, object), eq(approvals.state, 'approved')))
      .run()
    if (Number(done.changes) === 0) throw new Conflict('stale')
  }

  return {
    async requestApproval({ id, kind, object, reason, expiresAt }, by) {
      await change((tx) => {
        tx.update(approvals)
          .set({ state: 'expired', reason: null })
          .where(
            and(
              eq(approvals.agencyId, agencyId),
              eq(approvals.kind, kind),
              eq(approvals.object, object),
              inArray(approvals.state, ['open', 'approved']),
              lt(approvals.expiresAt, by.at),
            ),
          )
          .run()
        const made = tx
          .insert(approvals)
          .values({ agencyId, id, kind, object, reason: reason && Buffer.from(reason), expiresAt, state: 'open', requestedBy: by.actor, requestedAt: by.at })
          .onConflictDoNothing()
          .run()
        if (Number(made.changes) === 0) throw new Conflict('taken')
        log('approval.requested', object, { ...by, details: { ...by.details, approval: id, kind } })
      })
    },
    async approval(id) {
      return db.select(approvalColumns).from(approvals).where(approvalIs(id)).get() ?? null
    },
    async approvals(limit, before) {
      const older = before === undefined ? undefined : lt(approvals.id, before)
      return db
        .select(approvalColumns)
        .from(approvals)
        .where(and(eq(approvals.agencyId, agencyId), older))
        .orderBy(desc(approvals.id))
        .limit(limit)
        .all()
    },
    async decideApproval(id, to, by) {
      await change((tx) => {
        const decided = tx
          .update(approvals)
          .set({ state: to, decidedBy: by.actor, decidedAt: by.at, ...(to === 'refused' ? { reason: null } : {}) })
          .where(and(approvalIs(id), eq(approvals.state, 'open'), gt(approvals.expiresAt, by.at), ne(approvals.requestedBy, by.actor)))
          .returning({ kind: approvals.kind, object: approvals.object })
          .get()
        if (!decided) throw new Conflict('stale')
        log(to === 'approved' ? 'approval.given' : 'approval.refused', decided.object, { ...by, details: { ...by.details, approval: id, kind: decided.kind } })
      })
    },
    async useApproval(kind, object, by) {
      return change((tx) => {
        const found = tx
          .select({ id: approvals.id })
          .from(approvals)
          .where(
            and(
              eq(approvals.agencyId, agencyId),
              eq(approvals.kind, kind),
              eq(approvals.object, object),
              eq(approvals.state, 'approved'),
              eq(approvals.requestedBy, by.actor),
              gt(approvals.expiresAt, by.at),
            ),
          )
          .limit(1)
          .get()
        if (!found) return false
        use(tx, found.id, kind, object)
        return true
      })
    },

    async hold(submission) {
      return (
        db
          .select(holdColumns)
          .from(holds)
          .where(and(eq(holds.agencyId, agencyId), eq(holds.submission, submission)))
          .get() ?? null
      )
    },
    async setHold({ submission, reason }, by) {
      await change((tx) => {
        const there = tx
          .select({ id: submissions.id })
          .from(submissions)
          .where(and(eq(submissions.agencyId, agencyId), eq(submissions.id, submission)))
          .get()
        if (!there) throw new Conflict('stale')
        const made = tx
          .insert(holds)
          .values({ agencyId, submission, reason: Buffer.from(reason), setBy: by.actor, setAt: by.at })
          .onConflictDoNothing()
          .run()
        if (Number(made.changes) === 0) throw new Conflict('taken')
        // What two people wanted to erase a third one wants kept.
        tx.update(approvals)
          .set({ state: 'refused', reason: null, decidedBy: by.actor, decidedAt: by.at })
          .where(
            and(
              eq(approvals.agencyId, agencyId),
              eq(approvals.kind, 'erasure'),
              eq(approvals.object, `submission:${submission}`),
              inArray(approvals.state, ['open', 'approved']),
            ),
          )
          .run()
        log('submission.held', `submission:${submission}`, by)
      })
    },
    async liftHold(submission, approval, by) {
      await change((tx) => {
        use(tx, approval, 'hold.lift', `submission:${submission}`)
        const lifted = tx
          .delete(holds)
          .where(and(eq(holds.agencyId, agencyId), eq(holds.submission, submission)))
          .run()
        if (Number(lifted.changes) === 0) throw new Conflict('stale')
        log('submission.released', `submission:${submission}`, { ...by, details: { ...by.details, approval } })
      })
    },

    async eraseCases(certificate, cases, approval, by) {
      return change((tx) => {
        const ids = cases.map(({ submission }) => submission)
        const [first] = ids
        if (approval !== null) use(tx, approval, 'erasure', `submission:${first}`)
        const held = new Set(
          tx
            .select({ id: holds.submission })
            .from(holds)
            .where(and(eq(holds.agencyId, agencyId), inArray(holds.submission, ids)))
            .all()
            .map(({ id }) => id),
        )
        if (approval !== null && held.size > 0) throw new Conflict('claimed')
        const gone = cases.filter(({ submission }) => !held.has(submission))
        if (gone.length === 0) return 0
        tx.insert(certificates)
          .values({ agencyId, ...certificate, cases: gone.length, jws: null })
          .run()
        for (const { submission, shreds: of } of gone) {
          for (const shred of of)
            tx.insert(shreds)
              .values({ agencyId, certificate: certificate.id, ...shred })
              .run()
          tx.delete(caseSteps)
            .where(and(eq(caseSteps.agencyId, agencyId), eq(caseSteps.submission, submission)))
            .run()
          tx.delete(receipts)
            .where(and(eq(receipts.agencyId, agencyId), eq(receipts.submission, submission)))
            .run()
          tx.delete(attachments)
            .where(and(eq(attachments.agencyId, agencyId), eq(attachments.submission, submission)))
            .run()
          tx.delete(outbox)
            .where(and(eq(outbox.agencyId, agencyId), eq(outbox.submission, submission)))
            .run()
          tx.delete(submissions)
            .where(and(eq(submissions.agencyId, agencyId), eq(submissions.id, submission)))
            .run()
          log('submission.erased', `submission:${submission}`, { ...by, details: { ...by.details, certificate: certificate.id, kind: certificate.kind } })
        }
        return gone.length
      })
    },
    async shreds() {
      return db.select(shredColumns).from(shreds).where(eq(shreds.agencyId, agencyId)).orderBy(asc(shreds.certificate), asc(shreds.owner)).all() as Shred[]
    },
    async certify(id, jws, by) {
      await change((tx) => {
        const done = tx
          .update(certificates)
          .set({ jws })
          .where(and(eq(certificates.agencyId, agencyId), eq(certificates.id, id), isNull(certificates.jws)))
          .returning({ cases: certificates.cases, kind: certificates.kind })
          .get()
        if (!done) throw new Conflict('stale')
        tx.delete(shreds)
          .where(and(eq(shreds.agencyId, agencyId), eq(shreds.certificate, id)))
          .run()
        log('keys.destroyed', `certificate:${id}`, { ...by, details: { ...by.details, cases: done.cases, kind: done.kind } })
      })
    },
    async certificates(limit) {
      return db
        .select(certificateColumns)
        .from(certificates)
        .where(eq(certificates.agencyId, agencyId))
        .orderBy(desc(certificates.id))
        .limit(limit)
        .all() as CertificateRecord[]
    },
    async certificate(id) {
      const row = db
        .select(certificateColumns)
        .from(certificates)
        .where(and(eq(certificates.agencyId, agencyId), eq(certificates.id, id)))
        .get()
      return (row as CertificateRecord | undefined) ?? null
    },

    async casesPast(service, basis, before, after, limit) {
      return db
        .select({ id: submissions.id, service: submissions.service, sealing: submissions.sealing })
        .from(submissions)
        .where(
          and(
            eq(submissions.agencyId, agencyId),
            eq(submissions.service, service),
            gt(submissions.id, after),
            // An id begins with the time of its row: what is younger is not even looked at.
            lt(submissions.id, firstIdAt(new Date(before))),
            lt(submissions.receivedAt, before),
            basis === 'closed' ? lt(submissions.closedAt, before) : undefined,
            notInArray(submissions.id, isHeld),
          ),
        )
        .orderBy(asc(submissions.id))
        .limit(limit)
        .all()
        .map(({ sealing, ...row }) => ({ ...row, bucket: sealing?.bucket ?? null }))
    },
    async receivedIn(month, kind, after, limit) {
      const [from, until] = monthRange(month)
      const table = kind === 'submission' ? submissions : attachments
      // Those of attachments are random.
      const before = kind === 'submission' ? lt(submissions.id, firstIdAt(new Date(until))) : undefined
      const owner = kind === 'submission' ? caseOwner : attachmentOwner
      return db
        .select({ id: table.id, service: table.service, sealing: table.sealing })
        .from(table)
        .where(and(eq(table.agencyId, agencyId), gt(table.id, after), before, gte(table.receivedAt, from), lt(table.receivedAt, until)))
        .orderBy(asc(table.id))
        .limit(limit)
        .all()
        .map(({ id, service, sealing }) => ({ id, owner: owner(agencyId, service, id), sealing }))
    },
    async forget() {
      // What was deleted has been overwritten (secure_delete), but older pages of it stand in the log of writes.
      db.$client.exec('PRAGMA wal_checkpoint(TRUNCATE)')
    },
  }
}
