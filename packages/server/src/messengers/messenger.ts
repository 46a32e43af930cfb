/**
 * The contract of a messenger: what brings a short text to a telephone. `number` is in international form (E.164). It must end by
 * itself soon after `signal` says so; what it throws counts as `retry`. `id` is the same on every try.
 */
import type { Delivered } from '../deliveries/delivery.ts'

export interface ShortMessage {
  number: string
  text: string
  /** Language of the text. */
  language: string
  id: string
}

export interface Messenger {
  send(message: ShortMessage, signal: AbortSignal): Promise<Delivered>
}
