/** Signing in and out, the same for every page of staff. */
import { ApiError, type Caller } from './http.ts'

export interface Account {
  user: { id: string; name: string; email: string }
  agency: { id: string; name: string }
  /** What they may do; older servers do not say, and refuse. */
  may?: readonly string[]
}

/** Whether it is worth to show somebody a way to something. The server decides in any case. */
export const mayTry = ({ may }: Pick<Account, 'may'>, permission: string) => may?.includes(permission) ?? true

export interface SessionApi {
  signIn(email: string, password: string): Promise<Account>
  /** Null if nobody is signed in. */
  whoAmI(): Promise<Account | null>
  signOut(): Promise<void>
}

export const sessionApi = (call: Caller): SessionApi => ({
  signIn: (email, password) => call('POST', 'session', { email, password }),
  whoAmI: () =>
    call<Account>('GET', 'session').catch((error) => {
      if (error instanceof ApiError && error.status === 401) return null
      throw error
    }),
  signOut: () => call('DELETE', 'session'),
})
