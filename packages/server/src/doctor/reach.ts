/** What deliveries have to reach. Asked for only, because it calls others. */
import { createTransport } from 'nodemailer'
import type { Snapshot } from '../backup/snapshot.ts'
import type { Config } from '../config.ts'
import { mailServer } from '../deliveries/email/mail.ts'
import { createEgress } from '../egress/egress.ts'
import { type Finding, kindOf, ok, wrong } from './finding.ts'

const timeout = 10_000

export async function checkMail({ smtpUrl }: Config): Promise<Finding[]> {
  if (smtpUrl === null) return [ok('mail server', 'none is set')]
  const url = new URL(smtpUrl)
  const transport = createTransport({ ...mailServer(url), connectionTimeout: timeout, greetingTimeout: timeout, socketTimeout: timeout })
  try {
    await transport.verify()
    return [ok('mail server', `${url.hostname} takes our mail`)]
  } catch (error) {
    return [
      wrong('mail server', `${url.hostname} does not (${kindOf(error)})`, 'check SMTP_URL: host, port, user and password, and that the network lets us out'),
    ]
  } finally {
    transport.close()
  }
}

interface WebhookPolicy {
  deliveries?: { webhook?: { endpoints?: readonly { url: string }[] } }
}

export async function checkWebhooks(config: Config, snapshot: Snapshot): Promise<Finding[]> {
  const places = new Map<string, string>()
  for (const agency of await snapshot.agencies())
    for (const { policy } of await snapshot.page(agency, 'services', ['id', 'policy'], 'id', null, 10_000))
      for (const { url } of (JSON.parse(String(policy)) as WebhookPolicy).deliveries?.webhook?.endpoints ?? [])
        if (URL.canParse(url)) places.set(new URL(url).origin, url)
  if (places.size === 0) return [ok('webhooks', 'no service has any')]
  const egress = createEgress(config.egressAllow)
  const found: Finding[] = []
  for (const [origin, url] of places) {
    try {
      // Any answer will do: it is not for asking that the address was given.
      const { status } = await egress.call({ url, timeoutMs: timeout, maxBytes: 0 })
      found.push(ok('webhooks', `${origin} answers (${status})`))
    } catch (error) {
      found.push(
        wrong('webhooks', `${origin} cannot be reached (${kindOf(error)})`, 'check the address in the service’s policy, and that the network lets us out'),
      )
    }
  }
  return found
}
