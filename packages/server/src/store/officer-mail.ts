/** Mails that officers asked for, and what they have been told. Addresses stand with the people alone. */
import type { OutboxEntry } from './store.ts'

/** Which mails somebody wants, in which language. */
export interface MailWish {
  user: string
  language: string
  /** 1: when a colleague gives them a case. */
  assigned: number
  /** Each day, of theirs whose term runs out within so many days; 0: not. */
  days: number
  /** 1: each day, how much there is to do. */
  digest: number
}

export interface OfficerMail extends MailWish {
  /** Cases that they were given, which no mail has told them of. */
  given: number
  /** The day (ISO date) of the last daily mail, or of the wish. */
  toldOn: string
}

export interface OfficerMailQueries {
  /** Null: none. */
  officerMail(user: string): Promise<OfficerMail | null>
  /** What was told stays told. `today`: daily mails begin after that day. */
  saveOfficerMail(wish: MailWish, today: string): Promise<void>
  /** No more mails. False if there were none. */
  endOfficerMail(user: string): Promise<boolean>
  subscribers(): Promise<OfficerMail[]>
  /**
   * Notes what a mail tells, and puts it into the outbox, in one transaction: of several replicas one does it. `service`: one
   * that it is about. False if somebody was faster, or more has happened since `before` was read.
   */
  tellOfficer(before: OfficerMail, after: Pick<OfficerMail, 'given' | 'toldOn'>, mail: OutboxEntry, service: string, at: string): Promise<boolean>
}
