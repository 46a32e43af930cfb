/** Making, listing and revoking the keys of programs. */
import { newId, newSecret } from '../codes.ts'
import { digestOf } from '../digest.ts'
import { Refused } from '../problem.ts'
import type { Call } from '../routes/route.ts'
import { keyMark } from './key-actor.ts'
import { type KeyPermission, ofTheWhole } from './permissions.ts'

const dayMs = 86_400_000

/** The key itself is in this answer, and nowhere else: the store has its digest. */
export async function makeKey(call: Call): Promise<Response> {
  const { agency } = call.actor()
  const { name, permissions, services, days } = call.body<{ name: string; permissions: KeyPermission[]; services?: string[]; days: number }>()
  if (services && permissions.some((permission) => ofTheWhole.has(permission)))
    throw new Refused(400, 'shape', { errors: [{ pointer: '/services', code: 'shape.invalid' }] })
  const secret = newSecret()
  const { actor, at } = call.deed()
  const id = newId(call.now)
  const expiresAt = new Date(call.now.getTime() + days * dayMs).toISOString()
  await agency.makeKey(
    {
      id,
      secretHash: digestOf(secret),
      name: name.trim(),
      permissions: [...new Set(permissions)],
      services: services ?? null,
      madeBy: actor,
      createdAt: at,
      expiresAt,
      usedOn: null,
      revokedAt: null,
    },
    { actor, at },
  )
  return call.c.json({ id, key: `${keyMark}${agency.id}.${secret}`, expiresAt }, 201)
}

export async function listKeys(call: Call): Promise<Response> {
  const keys = (await call.actor().agency.keys()).map(({ secretHash: _, ...key }) => key)
  return call.c.json({ keys })
}

export async function revokeKey(call: Call): Promise<Response> {
  if (!(await call.actor().agency.revokeKey(call.param('id'), call.deed()))) throw new Refused(404, 'not-found')
  return call.c.body(null, 204)
}
