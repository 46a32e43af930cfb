/** The providers of each agency, opened when the server starts: a mistake in them stops the start. */

import { providerKinds } from './provider-kinds.ts'
import type { Providers } from './read-providers.ts'
import type { ProviderMeans, SignInProvider } from './sign-in.ts'

export interface SignIns {
  /** In the order in which the agency lists them. */
  providers(agency: string): readonly SignInProvider[]
}

/** @throws Error that names the provider whose settings make no sense */
export function openSignIns(providers: Providers, means: ProviderMeans, kinds = providerKinds): SignIns {
  const opened = new Map(
    Object.entries(providers).map(([agency, listed]) => [
      agency,
      listed.map((settings) => {
        const kind = kinds.find(({ kind: name }) => name === settings.kind)
        if (!kind) throw new Error(`SIGN_IN_PROVIDERS: ${agency}/${settings.id} is of no kind that is known`)
        try {
          return kind.open(settings, means)
        } catch (error) {
          throw new Error(`SIGN_IN_PROVIDERS: ${agency}/${settings.id} ${(error as Error).message}`)
        }
      }),
    ]),
  )
  return { providers: (agency) => opened.get(agency) ?? [] }
}
