/** Which mails somebody wants about their work: their own setting, and the link that ends them. */

import { languages } from '../messages.ts'
import { sendsOfficerMail } from '../officer-mail/officer-mail.ts'
import { stopOfficerMail } from '../officer-mail/stop.ts'
import { Refused } from '../problem.ts'
import { personOf } from '../users/session.ts'
import type { Call, Route } from './route.ts'

const wish = {
  assigned: { type: 'boolean', description: 'When a colleague gives them a case.' },
  days: { type: 'integer', minimum: 0, maximum: 30, description: 'Each day, of theirs whose term runs out within so many days; 0: not.' },
  digest: { type: 'boolean', description: 'Each day, how much there is to do.' },
}
const wished = { type: 'object', properties: wish, required: Object.keys(wish), additionalProperties: false }
const view = {
  type: 'object',
  properties: { ...wish, offered: { type: 'boolean', description: 'Whether mails are sent here at all.' }, address: { type: 'string' } },
  required: [...Object.keys(wish), 'offered', 'address'],
  additionalProperties: false,
}
const own = { tag: 'account', access: 'user', permission: 'self', path: '/v1/admin/account/mails' } as const
const signedOut = { 401: { description: 'Nobody is signed in.' }, 403: { description: 'Not from this server’s own pages.' } }

async function answer(call: Call): Promise<Response> {
  const { user, agency } = personOf(call)
  const found = await agency.officerMail(user.id)
  const offered = await sendsOfficerMail(agency, call.config)
  return call.c.json({ assigned: found?.assigned === 1, days: found?.days ?? 0, digest: found?.digest === 1, offered, address: user.email })
}

export const officerMailRoutes: readonly Route[] = [
  {
    ...own,
    method: 'GET',
    id: 'openOfficerMail',
    summary: 'Which mails about work come to whoever asks.',
    answers: { 200: { description: 'What they asked for.', schema: view }, ...signedOut },
    handle: answer,
  },
  {
    ...own,
    method: 'PUT',
    id: 'saveOfficerMail',
    summary: 'Says which mails about work are to come, in the language of the request. None of them: none comes any more.',
    body: { schema: wished, limit: 1024 },
    answers: { 200: { description: 'What they asked for.', schema: view }, 409: { description: 'No mails are sent here.' }, ...signedOut },
    async handle(call) {
      const { user, agency } = personOf(call)
      const { assigned, days, digest } = call.body<{ assigned: boolean; days: number; digest: boolean }>()
      if (!assigned && days === 0 && !digest) await agency.endOfficerMail(user.id)
      else {
        if (!(await sendsOfficerMail(agency, call.config))) throw new Refused(409, 'no-mail')
        const language = languages.includes(call.language) ? call.language : 'en'
        const asked = { user: user.id, language, assigned: assigned ? 1 : 0, days, digest: digest ? 1 : 0 }
        await agency.saveOfficerMail(asked, call.now.toISOString().slice(0, 10))
      }
      return answer(call)
    },
  },
  {
    tag: 'account',
    access: 'first-party',
    method: 'POST',
    path: '/v1/admin/account/mails/stop',
    id: 'stopOfficerMail',
    summary: 'Ends the mails that a link in one of them belongs to. Says the same about a link that is none.',
    body: {
      schema: { type: 'object', properties: { token: { type: 'string', maxLength: 300 } }, required: ['token'], additionalProperties: false },
      limit: 1024,
    },
    answers: { 204: { description: 'None comes any more.' } },
    async handle(call) {
      await stopOfficerMail(call.adapters, call.body<{ token: string }>().token)
      return call.c.body(null, 204)
    },
  },
]
