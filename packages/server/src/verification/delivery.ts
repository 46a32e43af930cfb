/** Sends the codes that stand in the outbox. It is no kind that a policy may name: services ask for it field by field. */

import type { Config } from '../config.ts'
import { type Delivered, type Delivery, permanent } from '../deliveries/delivery.ts'
import { openMail } from '../deliveries/email/mail.ts'
import type { Keys } from '../keys/key-folder.ts'
import { say } from '../messages.ts'
import type { Messenger } from '../messengers/messenger.ts'
import type { AgencyId, Store } from '../store/store.ts'
import { secretsOf } from './secrets.ts'

interface Tools {
  config: Config
  store: Store
  keys: Keys
  messenger: Messenger | null
}

export function verificationDelivery({ config, store, keys, messenger }: Tools): Delivery {
  const mail = openMail(config)
  return {
    fault: () => 'delivery-unknown',
    plan: () => () => [],
    async deliver(payload, { agency, id, now, signal }): Promise<Delivered> {
      const idHash = String(Object(payload).verification)
      const sealed = await store.agency(agency as AgencyId).verificationMessage(idHash, now.toISOString())
      if (!sealed) return permanent('expired')
      const { way, to, code, language, title, agency: sender, minutes } = secretsOf(keys.pepper, agency).open(idHash, sealed)
      const said = (part: string) => say(language, `verification.${part}`, { code, title, agency: sender, count: minutes })
      if (way === 'sms') return messenger ? messenger.send({ number: to, text: said('sms'), language, id }, signal) : permanent('no-gateway')
      if (!mail) return permanent('no-mail-server')
      const text = ['code', 'life', 'notYou', 'automatic'].map(said)
      return mail({ to, subject: said('subject'), text: [...text, sender].join('\n\n'), language, id }, signal)
    },
  }
}
