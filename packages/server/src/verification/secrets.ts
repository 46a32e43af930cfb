/**
 * What of a code is kept, and what is given for one. All keys come from the server's pepper, one for each agency and use, so
 * that who has the database alone can neither try the million codes, nor tell an address, nor make a proof.
 */
import { createHmac, createSecretKey, type KeyObject, randomInt, timingSafeEqual } from 'node:crypto'
import { openBytes, sealBytes } from '../keys/seal-box.ts'
import type { Way } from './verified-fields.ts'

/** What a proof is for: one address, in one service. */
export interface Proved {
  service: string
  way: Way
  value: string
}

/** What is sent, and to whom. */
export interface CodeMessage {
  way: Way
  to: string
  code: string
  language: string
  title: string
  agency: string
  /** For how long it works. */
  minutes: number
}

export interface Secrets {
  codeMac(idHash: string, code: string): string
  valueMac(proved: Proved): string
  seal(idHash: string, message: CodeMessage): Uint8Array
  /** @throws if it is not what was sealed */
  open(idHash: string, sealed: Uint8Array): CodeMessage
  prove(proved: Proved, until: Date): string
  isProof(proof: unknown, proved: Proved, now: Date): boolean
}

/** Six digits, each as likely. */
export const newCode = () => String(randomInt(0, 1_000_000)).padStart(6, '0')

export const isSame = (a: string, b: string) => a.length === b.length && timingSafeEqual(Buffer.from(a), Buffer.from(b))

type Use = 'code' | 'value' | 'message' | 'proof'

const made = new WeakMap<Uint8Array, Map<string, Secrets>>()

/** The same for as long as the pepper is. */
export function secretsOf(pepper: Uint8Array, agency: string): Secrets {
  let agencies = made.get(pepper)
  if (!agencies) made.set(pepper, (agencies = new Map()))
  let secrets = agencies.get(agency)
  if (!secrets) agencies.set(agency, (secrets = make(pepper, agency)))
  return secrets
}

function make(pepper: Uint8Array, agency: string): Secrets {
  const keys = new Map<Use, KeyObject>()
  const keyOf = (use: Use) => {
    let key = keys.get(use)
    if (!key) keys.set(use, (key = createSecretKey(createHmac('sha256', pepper).update(`guichet verification|${agency}|${use}`).digest())))
    return key
  }
  const mac = (use: Use, ...parts: string[]) => createHmac('sha256', keyOf(use)).update(JSON.stringify(parts)).digest('base64url')
  const proofMac = ({ service, way, value }: Proved, until: string) => mac('proof', service, way, value, until)
  return {
    codeMac: (idHash, code) => mac('code', idHash, code),
    valueMac: ({ service, way, value }) => mac('value', service, way, value),
    seal: (idHash, message) => sealBytes(keyOf('message'), idHash, Buffer.from(JSON.stringify(message))),
    open: (idHash, sealed) => JSON.parse(Buffer.from(openBytes(keyOf('message'), idHash, sealed)).toString()) as CodeMessage,
    prove(proved, until) {
      const end = Math.floor(until.getTime() / 1000).toString(36)
      return `${end}.${proofMac(proved, end)}`
    },
    isProof(proof, proved, now) {
      const [, end = '', given = ''] = (typeof proof === 'string' && /^([0-9a-z]{1,9})\.([A-Za-z0-9_-]{43})$/.exec(proof)) || []
      return end !== '' && Number.parseInt(end, 36) * 1000 > now.getTime() && isSame(given, proofMac(proved, end))
    },
  }
}
