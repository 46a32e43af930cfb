/** Passkeys as browsers have them: JSON goes in, JSON comes out, and nothing in between is ours. */

/** Whether this browser can; older ones sign in with a password. */
export const passkeysWork = (): boolean =>
  typeof PublicKeyCredential === 'function' &&
  'parseRequestOptionsFromJSON' in PublicKeyCredential &&
  'parseCreationOptionsFromJSON' in PublicKeyCredential &&
  'toJSON' in PublicKeyCredential.prototype

/** Asks the device to sign. Null if its owner would rather not. */
export async function signWithPasskey(options: object): Promise<object | null> {
  const publicKey = PublicKeyCredential.parseRequestOptionsFromJSON(options as PublicKeyCredentialRequestOptionsJSON)
  return ask(navigator.credentials.get({ publicKey }))
}

/** Asks the device to make one. Null if its owner would rather not, or it has one already. */
export async function makePasskey(options: object): Promise<object | null> {
  const publicKey = PublicKeyCredential.parseCreationOptionsFromJSON(options as PublicKeyCredentialCreationOptionsJSON)
  return ask(navigator.credentials.create({ publicKey }))
}

async function ask(asked: Promise<Credential | null>): Promise<object | null> {
  try {
    const credential = (await asked) as PublicKeyCredential | null
    return credential?.toJSON() ?? null
  } catch (error) {
    if (error instanceof DOMException) return null
    throw error
  }
}
