/** A passkey in software: what a browser hands to a page after somebody has unlocked their device. For tests. */
import { createHash, generateKeyPairSync, randomBytes, sign } from 'node:crypto'
import type { AuthenticationResponseJSON, RegistrationResponseJSON } from '@simplewebauthn/server'

/** What the device is asked, and what it lies about. */
export interface Ceremony {
  challenge: string
  origin: string
  rpID: string
  /** Whether its owner has unlocked it, and not only touched it. */
  unlocked?: boolean
  /** How often it has signed; 0: it does not count. */
  counter?: number
  type?: string
  /** What it says for itself, in the place of nothing: a signature (WebAuthn, 8.2, self attestation). */
  vouches?: Uint8Array
}

const sha256 = (data: string | Uint8Array) => createHash('sha256').update(data).digest()
const url = (data: string | Uint8Array) => Buffer.from(data).toString('base64url')

/** CBOR (RFC 8949), as much of it as is needed here. */
const head = (major: number, value: number) =>
  Buffer.from(value < 24 ? [(major << 5) | value] : value < 256 ? [(major << 5) | 24, value] : [(major << 5) | 25, value >> 8, value & 255])
const int = (value: number) => (value < 0 ? head(1, -1 - value) : head(0, value))
const bytes = (value: Uint8Array) => Buffer.concat([head(2, value.length), value])
const text = (value: string) => Buffer.concat([head(3, value.length), Buffer.from(value)])
const map = (...entries: [Buffer, Buffer][]) => Buffer.concat([head(5, entries.length), ...entries.flat()])

const [present, verified, attested] = [1, 4, 64]

export function newPasskey() {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const { x = '', y = '' } = publicKey.export({ format: 'jwk' })
  // ES256, in the form of COSE (RFC 9053).
  const key = map(
    [int(1), int(2)],
    [int(3), int(-7)],
    [int(-1), int(1)],
    [int(-2), bytes(Buffer.from(x, 'base64url'))],
    [int(-3), bytes(Buffer.from(y, 'base64url'))],
  )
  const rawId = randomBytes(16)
  const id = url(rawId)
  const client = ({ challenge, origin, type }: Ceremony, usual: string) => JSON.stringify({ type: type ?? usual, challenge, origin, crossOrigin: false })
  const data = ({ rpID, unlocked = true, counter = 0 }: Ceremony, flags = 0, rest: readonly Uint8Array[] = []) => {
    const fixed = Buffer.alloc(5)
    fixed.writeUInt8(present | (unlocked ? verified : 0) | flags)
    fixed.writeUInt32BE(counter, 1)
    return Buffer.concat([sha256(rpID), fixed, ...rest])
  }
  return {
    id,
    create(ceremony: Ceremony): RegistrationResponseJSON {
      const authData = data(ceremony, attested, [Buffer.alloc(16), Buffer.from([0, rawId.length]), rawId, key])
      const { vouches } = ceremony
      const statement = vouches ? map([text('alg'), int(-7)], [text('sig'), bytes(vouches)]) : map()
      const attestationObject = url(map([text('fmt'), text(vouches ? 'packed' : 'none')], [text('attStmt'), statement], [text('authData'), bytes(authData)]))
      return {
        ...{ id, rawId: id, type: 'public-key', clientExtensionResults: {} },
        response: { clientDataJSON: url(client(ceremony, 'webauthn.create')), attestationObject },
      }
    },
    get(ceremony: Ceremony): AuthenticationResponseJSON {
      const [said, authenticatorData] = [client(ceremony, 'webauthn.get'), data(ceremony)]
      const signature = sign('sha256', Buffer.concat([authenticatorData, sha256(said)]), privateKey)
      return {
        ...{ id, rawId: id, type: 'public-key', clientExtensionResults: {} },
        response: { clientDataJSON: url(said), authenticatorData: url(authenticatorData), signature: url(signature) },
      }
    },
  }
}
