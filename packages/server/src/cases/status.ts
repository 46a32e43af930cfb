/** What a case can be. Whether it is closed stands apart: an approved one may still have stages to pass, such as a payment. */

/** A case of one of these may stand at a stage. */
export const openStatuses = ['received', 'in_review', 'returned', 'waiting', 'approved', 'part_approved'] as const
/** A case of one of these is over. */
export const endStatuses = ['rejected', 'refused', 'confirmed'] as const
export const caseStatuses = [...openStatuses, ...endStatuses] as const
export type CaseStatus = (typeof caseStatuses)[number]
