import { type Egress, EgressError } from '../../egress/egress.ts'
import { PolicyError, type TermsRule } from '../rule.ts'

export interface OutgoingOptions {
  /** Hosts, letter by letter; `*`: any. */
  allow: readonly string[]
}

export const outgoing: TermsRule<OutgoingOptions> = {
  name: 'outgoing',
  stage: 'terms',
  presets: { open: { allow: ['*'] }, standard: { allow: ['*'] }, confidential: { allow: [] }, sealed: { allow: [] } },
  settle({ allow }) {
    for (const host of allow) if (host !== '*' && hostOf(`https://${host}/`) !== host) throw new PolicyError('outgoing', 'outgoing-host')
    return { allow }
  },
  explain: ({ allow }) => {
    if (allow.includes('*')) return { citizen: [], author: [{ key: 'rule.outgoing.any' }] }
    return allow.length === 0
      ? { citizen: [{ key: 'rule.outgoing.none' }], author: [{ key: 'rule.outgoing.author' }] }
      : { citizen: [{ key: 'rule.outgoing.listed', params: { hosts: [...allow] } }], author: [{ key: 'rule.outgoing.author' }] }
  },
}

const hostOf = (url: string) => (URL.canParse(url) ? new URL(url).hostname : null)

/** Whether a service with these options may have this address called. */
export function mayCall({ allow }: OutgoingOptions, url: string): boolean {
  const host = hostOf(url)
  return host !== null && host !== '' && (allow.includes('*') || allow.includes(host))
}

/** The way out, narrowed to what a service may have called. The server's own limits hold besides. */
export const within = (egress: Egress, options: OutgoingOptions): Egress => ({
  admits: (url) => mayCall(options, url) && egress.admits(url),
  async call(request) {
    if (!mayCall(options, request.url)) throw new EgressError('refused')
    return egress.call(request)
  },
})
