/** Tells somebody that they are invited. The inviter has the link anyhow, so it is tried once, and said whether it went. */
import { oneLine, openMail } from '../deliveries/email/mail.ts'
import { fallbackLanguage, languages, say } from '../messages.ts'
import type { Call } from '../routes/route.ts'

const patience = 5000

/** Whether the mail server has taken it. False where there is none. */
export async function sendInvitation(
  call: Pick<Call, 'config' | 'adapters'>,
  mail: { to: string; link: string; agency: string; language: string },
): Promise<boolean> {
  const send = openMail(call.config)
  if (!send) return false
  const language = languages.includes(mail.language) ? mail.language : fallbackLanguage
  const said = (part: string) => say(language, `invitation.mail.${part}`, { agency: oneLine(mail.agency), url: mail.link })
  const text = [said('greeting'), said('invited'), said('link'), said('otherwise')].join('\n\n')
  const sent = await send({ to: mail.to, subject: said('subject'), text, language }, AbortSignal.timeout(patience))
  if (sent.state !== 'done') call.adapters.log.warn({ reason: sent.reason }, 'an invitation was not mailed')
  return sent.state === 'done'
}
