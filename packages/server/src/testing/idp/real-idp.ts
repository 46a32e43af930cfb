/** An OpenID provider as agencies run one: the `oidc-provider` package, on a port of its own, with people who can sign in. */
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { clientId, clientSecret } from './forging-idp.ts'

export interface RealIdp {
  issuer: string
  place: string
  /** Signs this person in and agrees, without a browser. Gives where the browser is sent back to. */
  visit(address: string): Promise<string>
  /** What it sends to our address when the person signs out there. */
  logoutToken(): Promise<string>
  close(): Promise<void>
}

interface Provider {
  Client: { find(id: string): Promise<{ backchannelLogout(subject: string, session?: string): Promise<void> }> }
  callback(): (request: unknown, response: unknown) => void
  interactionDetails(
    request: unknown,
    response: unknown,
  ): Promise<{ prompt: { name: string }; params: Record<string, string>; session?: { accountId: string } }>
  interactionFinished(request: unknown, response: unknown, result: object, options?: object): Promise<void>
  Grant: new (about: object) => { addOIDCScope(scope: string): void; addOIDCClaims(claims: string[]): void; save(): Promise<string> }
}

/** `redirectUri`: our address that it sends the browser to. */
export async function realIdp(redirectUri: string): Promise<RealIdp> {
  // It tells on the console what is not for production; that is known here.
  const { info, warn } = console
  console.info = console.warn = () => {}
  // @ts-expect-error it comes without types
  const { Provider } = (await import('oidc-provider')) as { Provider: new (issuer: string, settings: object) => Provider }
  const server: Server = createServer((request, response) => void handle(request as never, response as never))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  const issuer = `http://127.0.0.1:${port}`
  let called: [address: string, token: string] = ['', '']
  const provider = new Provider(issuer, {
    clients: [
      {
        client_id: clientId,
        client_secret: clientSecret,
        redirect_uris: [redirectUri],
        grant_types: ['authorization_code'],
        response_types: ['code'],
        backchannel_logout_uri: `${redirectUri}/logout`,
      },
    ],
    acrValues: ['low', 'substantial', 'high'],
    claims: { openid: ['sub', 'acr'], profile: ['name', 'birthdate'] },
    // Claims of the scopes stand in the statement itself.
    conformIdTokenClaims: false,
    cookies: { keys: ['a key of the test'] },
    findAccount: (_: unknown, id: string) => ({ accountId: id, claims: async () => ({ sub: id, name: 'Ana Papadopoulou', birthdate: '1980-02-29' }) }),
    interactions: { url: (_: unknown, { uid }: { uid: string }) => `/interaction/${uid}` },
    features: { devInteractions: { enabled: false }, backchannelLogout: { enabled: true } },
    fetch: async (url: URL | string, { body }: { body: URLSearchParams }) => {
      called = [String(url), body.get('logout_token') ?? '']
      return new Response()
    },
    ttl: { Interaction: 600, Session: 600, Grant: 600, AccessToken: 600, IdToken: 300, AuthorizationCode: 60 },
    pkce: { required: () => true },
  })
  Object.assign(console, { info, warn })
  const oidc = provider.callback()
  const handle = async (request: { url: string }, response: { writeHead(status: number): { end(text: string): void } }) => {
    if (!request.url.startsWith('/interaction/')) return oidc(request, response)
    try {
      const { prompt, params, session } = await provider.interactionDetails(request, response)
      if (prompt.name === 'login') return await provider.interactionFinished(request, response, { login: { accountId: 'person-1', acr: 'substantial' } })
      const grant = new provider.Grant({ accountId: session?.accountId, clientId: params.client_id })
      grant.addOIDCScope(params.scope ?? '')
      return await provider.interactionFinished(request, response, { consent: { grantId: await grant.save() } }, { mergeWithLastSubmission: true })
    } catch (error) {
      response.writeHead(500).end(String(error))
    }
  }

  return {
    issuer,
    place: `127.0.0.1:${port}`,
    async visit(address) {
      const cookies = new Map<string, string>()
      let next = address
      for (let steps = 0; steps < 12; steps++) {
        const response = await fetch(next, { redirect: 'manual', headers: { cookie: [...cookies].map(([name, value]) => `${name}=${value}`).join('; ') } })
        for (const line of response.headers.getSetCookie()) {
          const [pair = ''] = line.split(';')
          cookies.set(pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1))
        }
        const location = response.headers.get('location')
        if (!location) throw new Error(`the provider stops at ${response.status}: ${(await response.text()).slice(0, 300)}`)
        next = new URL(location, next).href
        if (!next.startsWith(issuer)) return next
      }
      throw new Error('the provider sends the browser around in circles')
    },
    async logoutToken() {
      await (await provider.Client.find(clientId)).backchannelLogout('person-1')
      const [address, token] = called
      if (address !== `${redirectUri}/logout`) throw new Error(`the provider told nobody, or somebody else: ${address}`)
      return token
    },
    async close() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
