/** The first user of a new server, signed in. */
import type { Guichet } from './guichet.ts'

/** Gives the headers of somebody who is signed in. `guichet` must be at its first start. */
export async function signUp(guichet: Guichet): Promise<Record<string, string>> {
  const token = /#setup=(\S+)/.exec((await guichet.says(/#setup=(\S+)/))[0])?.[1]
  const response = await fetch(`${guichet.url}/v1/admin/setup`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', Origin: guichet.url, 'Sec-Fetch-Site': 'same-origin' },
    body: JSON.stringify({ token, email: 'officer@example.org', name: 'Officer', password: 'only for the bench, and long' }),
  })
  const cookie = response.headers.getSetCookie()[0]?.split(';')[0]
  if (response.status !== 201 || !cookie) throw new Error(`Nobody could be signed up: ${response.status} ${await response.text()}`)
  return { Cookie: cookie, 'Sec-Fetch-Site': 'same-origin' }
}
