/** The server's routes about mails to officers. */
import { httpCaller } from '@guichet/staff/http'
import { language } from '../language.ts'

export interface MailWish {
  /** When a colleague gives them a case. */
  assigned: boolean
  /** Each day, of theirs whose term runs out within so many days; 0: not. */
  days: number
  /** Each day, how much there is to do. */
  digest: boolean
}

export interface Mails extends MailWish {
  /** Whether mails are sent here at all. */
  offered: boolean
  address: string
}

export function mailsApi(request: typeof fetch = (...given) => fetch(...given)) {
  const call = httpCaller('/v1/admin/account/', request)
  return {
    open: () => call<Mails>('GET', 'mails'),
    /** They come in the language of the desk. */
    save: (wish: MailWish) => call<Mails>('PUT', `mails?lang=${language()}`, wish),
    stop: (token: string) => call<null>('POST', 'mails/stop', { token }),
  }
}
