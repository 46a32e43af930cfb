/** A service's private key, sealed to somebody who may use it: an officer, or the recovery key. */
import { base64url, fromBase64url, utf8 } from './bytes.ts'
import { type KeyPair, openFrom, type SealedTo, sealTo } from './hpke.ts'

/** Which key it is, and for whom. */
export interface WrapPlace {
  agency: string
  service: string
  epoch: number
  /** Public key that it belongs to. */
  key: string
  /** Public key that it is sealed to. */
  to: string
}

const info = ({ agency, service, epoch, to }: WrapPlace) => `guichet service key 1|${agency}|${service}|${epoch}|${to}`

export const wrapKey = (privateKey: string, place: WrapPlace): Promise<SealedTo> => sealTo(place.to, info(place), utf8(place.key), fromBase64url(privateKey))

/** @throws if it was sealed for another place, or holds another key than it says */
export async function unwrapKey(wrapped: SealedTo, place: WrapPlace, own: KeyPair): Promise<KeyPair> {
  const opened = await openFrom(own.private, info(place), utf8(place.key), wrapped)
  const pair = { public: place.key, private: base64url(opened) }
  await proveKeyPair(pair)
  return pair
}

/** Seals something to the public key and opens it with the private one. @throws if they do not belong together */
export async function proveKeyPair(pair: KeyPair): Promise<void> {
  const probe = utf8('probe')
  await openFrom(pair.private, 'guichet probe', probe, await sealTo(pair.public, 'guichet probe', probe, probe))
}
