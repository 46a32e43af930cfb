/** What goes along with what is sent, by the service's address; beside the transport, whose weight every first page carries. */
import type { Trust } from './trust.ts'

export const trusts = new Map<string, Trust>()
