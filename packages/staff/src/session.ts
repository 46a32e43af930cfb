/** Signing in and out, the same for every page of staff. */
import { ApiError, type Caller } from './http.ts'

export interface Account {
  user: { id: string; name: string; email: string }
  agency: { id: string; name: string }
  /** What they may do; older servers do not say, and refuse. */
  may?: readonly string[]
  /** Of the installation: `agency` is none then. */
  operator?: boolean
  secondFactor?: { on: boolean; recoveryCodes: number; required: boolean; missing: boolean }
}

/** Whether it is worth to show somebody a way to something. The server decides in any case. */
export const mayTry = ({ may }: Pick<Account, 'may'>, permission: string) => may?.includes(permission) ?? true

export interface SessionApi {
  signIn(email: string, password: string, more?: { code?: string; agency?: string }): Promise<Account>
  /** What the browser needs to sign in with a passkey. */
  passkeyOptions(): Promise<object>
  signInWithPasskey(response: object): Promise<Account>
  /** Null if nobody is signed in. */
  whoAmI(): Promise<Account | null>
  signOut(): Promise<void>
}

export const sessionApi = (call: Caller): SessionApi => ({
  signIn: (email, password, more = {}) => call('POST', 'session', { email, password, ...more }),
  passkeyOptions: () => call('POST', 'session/passkey/options', {}),
  signInWithPasskey: (response) => call('POST', 'session/passkey', { response }),
  whoAmI: () =>
    call<Account>('GET', 'session').catch((error) => {
      if (error instanceof ApiError && error.status === 401) return null
      throw error
    }),
  signOut: () => call('DELETE', 'session'),
})
