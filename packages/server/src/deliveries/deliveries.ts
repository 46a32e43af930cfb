/** Every way of telling the outside. */
import type { DeliveryKinds } from './delivery.ts'
import { email } from './email/email.ts'
import { webhook } from './webhook/webhook.ts'

export const deliveryKinds = { email, webhook } satisfies DeliveryKinds
