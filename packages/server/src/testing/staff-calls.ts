/** Calls of staff over a store in memory, without the app around them: for tests of what decides who somebody is. */
import { Hono } from 'hono'
import type { Membership } from '../access/may.ts'
import type { Adapters } from '../adapters.ts'
import { newId, newSecret } from '../codes.ts'
import { readConfig } from '../config.ts'
import { digestOf } from '../digest.ts'
import { memoryRates } from '../policy/rate/rates.ts'
import { Refused } from '../problem.ts'
import type { Bindings, Call, SignedIn, Variables } from '../routes/route.ts'
import { openSqliteStore } from '../store/sqlite/sqlite-store.ts'
import type { AgencyStore } from '../store/store.ts'
import { scryptPasswords } from '../users/password.ts'
import { currentActor } from '../users/session.ts'

export const password = 'correct horse battery'

export interface StaffRequest {
  body?: unknown
  /** The cookie of who is signed in. */
  as?: string | undefined
  /** What stands in the address. */
  param?: string
  origin?: string
  /** Null: nobody can tell. */
  client?: string | null
}

export interface StaffAnswer {
  /** The status, or that and the name of the problem. */
  said: number | string
  /** What else a refusal says. */
  extras: object | null
  // biome-ignore lint/suspicious/noExplicitAny: whatever the route answers
  json: any
  /** The cookie that is set, as it would be sent back; null: none. */
  cookie: string | null
}

export async function openHouse() {
  const config = readConfig({})
  const house = { now: new Date('2026-01-05T08:00:00.000Z'), wait: 0, tried: [] as [string, string, number][], met: [] as unknown[][] }
  const store = openSqliteStore(':memory:', () => house.now)
  const adapters = {
    store,
    rates: memoryRates(),
    keys: { pepper: Buffer.alloc(32, 7) },
    passwords: scryptPasswords({ N: 2 ** 4, r: 8, p: 1 }),
    tries: {
      take: async (...tried: [string, string, number]) => {
        house.tried.push(tried)
        return house.wait
      },
    },
    statistics: { tally: { met: (...met: unknown[]) => void house.met.push(met) } },
  } as unknown as Adapters
  const at = () => house.now.toISOString()
  const agency = async (name: string) => store.agency(await store.ensureAgency(name, `Agency ${name}`, at()))

  async function ask(
    handle: (call: Call) => Response | Promise<Response>,
    { body, as, param = '', origin, client = '203.0.113.7' }: StaffRequest = {},
  ): Promise<StaffAnswer> {
    const app = new Hono<{ Bindings: Bindings; Variables: Variables }>()
    let refused: Refused | null = null
    let failed: unknown
    app.post('/', async (c) => {
      try {
        const actor = as === undefined ? null : await currentActor(c, adapters, config, house.now)
        const call = {
          ...{ c, adapters, config, language: 'en', now: house.now },
          ...{ param: () => param, body: () => body, actor: () => actor as SignedIn, deed: () => ({ actor: actor?.name, at: at() }) },
        }
        return await handle(call as unknown as Call)
      } catch (error) {
        if (error instanceof Refused) refused = error
        else failed = error
        return c.body(null)
      }
    })
    const headers = { ...(as === undefined ? {} : { Cookie: as }), ...(origin === undefined ? {} : { Origin: origin }) }
    const response = await app.request('/', { method: 'POST', headers }, (client === null ? {} : { client }) as never)
    if (failed !== undefined) throw failed
    const { status, code, extras } = (refused ?? {}) as Partial<Refused>
    const text = await response.text()
    return {
      said: code === undefined ? response.status : `${status} ${code}`,
      extras: extras ?? null,
      json: text === '' ? null : JSON.parse(text),
      cookie: response.headers.get('set-cookie')?.split(';')[0] ?? null,
    }
  }

  return Object.assign(house, {
    ...{ config, store, adapters, agency, ask },
    /** Somebody who works there, as if they had accepted an invitation. */
    async person(where: AgencyStore, email: string, memberships: readonly Membership[] = [{ role: 'owner' }]): Promise<string> {
      const [id, tokenHash] = [newId(house.now), digestOf(newSecret())]
      const expiresAt = new Date(house.now.getTime() + 1000).toISOString()
      await where.invite(
        { id: newId(house.now), tokenHash, email, memberships, invitedBy: 'system', createdAt: at(), expiresAt },
        { actor: 'system', at: at() },
      )
      await where.acceptInvitation(tokenHash, { id, name: `Name of ${email}`, passwordHash: await adapters.passwords.hash(password) }, at())
      return id
    },
    /** A session of theirs. */
    async enter(where: AgencyStore, user: string, strong = false): Promise<string> {
      const secret = newSecret()
      const expiresAt = new Date(house.now.getTime() + 12 * 3600_000).toISOString()
      const session = { createdAt: at(), seenAt: at(), provedAt: at(), expiresAt, strong: strong ? 1 : 0, label: 'test' }
      await where.openSession({ tokenHash: digestOf(secret), user, ...session }, { actor: `user:${user}`, at: at() })
      return `guichet=${where.id}.${secret}`
    },
    /** Moves the clock. */
    later(minutes: number) {
      house.now = new Date(house.now.getTime() + minutes * 60_000)
    },
    async events(where: AgencyStore, action: string) {
      return (await where.auditEvents(0, 1000)).filter((event) => event.action === action)
    },
    close: () => store.close(),
  })
}
export type House = Awaited<ReturnType<typeof openHouse>>
