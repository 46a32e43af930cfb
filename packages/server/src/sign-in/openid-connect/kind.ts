import type { ProviderKind, SignInProvider } from '../sign-in.ts'
import { readSettings } from './settings.ts'

/** OpenID Connect. Its settings are read when the server starts; what speaks the protocol is loaded when somebody first signs in. */
export const openIdConnect: ProviderKind = {
  kind: 'openid-connect',
  open(given, means) {
    const settings = readSettings(given)
    let opened: Promise<Required<SignInProvider>> | null = null
    const provider = () => {
      opened ??= import('./openid-connect.ts').then(({ openProvider }) => openProvider(settings, means))
      return opened
    }
    return {
      id: settings.id,
      title: settings.title,
      begin: async (attempt) => (await provider()).begin(attempt),
      finish: async (callback, attempt) => (await provider()).finish(callback, attempt),
      signedOut: async (token) => (await provider()).signedOut(token),
    }
  },
}
