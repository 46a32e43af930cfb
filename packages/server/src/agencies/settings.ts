/** What the owners of an agency set, and what operators allow it. */
import { Refused } from '../problem.ts'
import { revisionOf } from '../routes/if-match.ts'
import type { Call } from '../routes/route.ts'
import type { AgencySettings } from '../store/people.ts'
import { Conflict } from '../store/store.ts'
import { personOf } from '../users/session.ts'

export async function openAgency(call: Call): Promise<Response> {
  const { agency } = call.actor()
  const [profile, usage] = await Promise.all([agency.profile(), agency.usage(call.now.toISOString().slice(0, 10))])
  if (!profile) throw new Refused(404, 'not-found')
  call.c.header('ETag', `"${profile.revision}"`)
  return call.c.json({ id: agency.id, title: profile.title, settings: profile.settings, quotas: profile.quotas, usage, revision: profile.revision })
}

/** @throws Refused when the change would lock out whoever makes it: an owner without a second factor cannot ask it of all */
export async function saveAgency(call: Call): Promise<Response> {
  const { agency, session } = personOf(call)
  const settings = call.body<AgencySettings>()
  if (settings.requireSecondFactor && !session.strong) throw new Refused(409, 'second-factor-missing')
  try {
    const revision = await agency.saveSettings(settings, revisionOf(call), call.deed())
    call.c.header('ETag', `"${revision}"`)
    return call.c.json({ revision })
  } catch (error) {
    if (error instanceof Conflict) throw new Refused(412, 'stale')
    throw error
  }
}

/** Nobody can sign in there any more, and nothing can be sent in. @throws Refused unless its name is repeated */
export async function deleteOwnAgency(call: Call): Promise<Response> {
  const { agency } = call.actor()
  if (call.body<{ confirm: string }>().confirm !== agency.id) throw new Refused(422, 'confirmation')
  await agency.remove(call.deed())
  return call.c.body(null, 204)
}
