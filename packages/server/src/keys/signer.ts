/** Who signs receipts. */
import { type KeyObject, sign } from 'node:crypto'

export interface Signer {
  kid: string
  sign(content: string): string
}

/** As it may be handed to another thread. */
export interface SigningSecret {
  kid: string
  secret: KeyObject
}

/** Ed25519 (RFC 8032). */
export const signerOf = ({ kid, secret }: SigningSecret): Signer & SigningSecret => ({
  kid,
  secret,
  sign: (content) => sign(null, Buffer.from(content), secret).toString('base64url'),
})
