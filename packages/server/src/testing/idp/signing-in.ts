/** A page that signs a citizen in, without a browser. */
import { newSecret } from '../../codes.ts'
import { challengeOf, codeParameter, faultParameter } from '../../sign-in/road.ts'
import { foreign, type World } from '../world.ts'

export const service = 'city/library-card'

interface Page {
  service?: string
  provider?: string
  origin?: string | null
  back?: string
  client?: string
}

const post = (world: World, path: string, body: unknown, origin: string | null, client?: string) =>
  world.request(path, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', ...(origin ? { Origin: origin } : {}) },
    body: JSON.stringify(body),
    ...(client ? { client } : {}),
  })

export async function begin(
  world: World,
  { service: of = service, provider = 'national', origin = foreign, back = `${foreign}/apply?x=1`, client }: Page = {},
) {
  const verifier = newSecret()
  const response = await post(world, `/v1/services/${of}/sign-in`, { provider, challenge: challengeOf(verifier), return: back, language: 'en' }, origin, client)
  return { response, verifier, address: response.status === 200 ? ((await response.json()).address as string) : null }
}

export const exchange = (world: World, code: string, verifier: string, { service: of = service, origin = foreign, client }: Page = {}) =>
  post(world, `/v1/services/${of}/sign-in/session`, { code, verifier }, origin, client)

/** What the address that the browser ends at says. */
export function outcomeOf(location: string) {
  const url = new URL(location)
  return { code: url.searchParams.get(codeParameter), fault: url.searchParams.get(faultParameter), url }
}

/** The browser, sent to the provider and back: where it ends, or the status of our page that it stays at. */
export async function goThrough(world: World, visit: (address: string) => Promise<string>, address: string) {
  const callback = new URL(await visit(address))
  return followBack(world, callback)
}

export async function followBack(world: World, callback: URL) {
  const response = await world.request(`${callback.pathname}${callback.search}`, { headers: { Accept: 'text/html' } })
  return { status: response.status, location: response.headers.get('location'), response }
}

/** All of it. Gives the session, or throws. */
export async function signInAs(
  world: World,
  visit: (address: string) => Promise<string>,
  page: Page = {},
): Promise<{ session: string; fields: Record<string, unknown> }> {
  const { address, verifier, response } = await begin(world, page)
  if (!address) throw new Error(`no attempt: ${response.status}`)
  const { location } = await goThrough(world, visit, address)
  const { code, fault } = outcomeOf(location ?? 'http://nowhere/')
  if (!code) throw new Error(`no code: ${fault}`)
  const exchanged = await exchange(world, code, verifier, page)
  if (exchanged.status !== 200) throw new Error(`no session: ${exchanged.status}`)
  return (await exchanged.json()) as unknown as { session: string; fields: Record<string, unknown> }
}

export const sendSignedIn = (world: World, body: unknown, session: string | null, { origin = foreign, key = newSecret(), service: of = service } = {}) =>
  world.request(`/v1/services/${of}/submissions`, {
    method: 'POST',
    headers: {
      'Content-Type': 'application/json',
      'Idempotency-Key': key,
      Origin: origin,
      ...(session === null ? {} : { Authorization: `Bearer ${session}` }),
    },
    body: JSON.stringify(body),
  })
