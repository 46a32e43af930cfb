import { localDate } from '../clock.ts'
import { clientAddress, originOf, ownOrigins } from '../routes/client.ts'
import type { Call } from '../routes/route.ts'
import type { LiveService } from '../services/live.ts'
import type { Channel, views } from './count.ts'

/** A page of ours reads without naming its origin; other programs that name none do not name a site either. */
function channelOfView({ c, config }: Call): Channel {
  const { origin, sameOrigin } = originOf(c, ownOrigins(config))
  if (sameOrigin || (origin === null && c.req.header('sec-fetch-site') === 'same-origin')) return 'web'
  return origin === null ? 'program' : 'embedded'
}

/** Adds one to what was looked at. The citizen's answer does not wait for it. */
export function countView(call: Call, { agency, version: { service, definition } }: LiveService, measure: (typeof views)[number], language: string): void {
  const place = measure === 'looked_up' ? { channel: '', language: '' } : { channel: channelOfView(call), language }
  const day = localDate(call.now, definition.locale.timeZone)
  call.adapters.statistics.tally.view(agency.id, { service, day, measure, ...place }, clientAddress(call.c, call.config), call.now)
}
