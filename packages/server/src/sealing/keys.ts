/** Verbs about the keys of sealed services. The server keeps public keys and what only officers' browsers can open. */
import { Refused } from '../problem.ts'
import { type AgencyStore, Conflict, type Deed, type SealingKey, type SealingWrap } from '../store/store.ts'
import { recipientsOf } from './recipients.ts'

const newKey = (kind: SealingKey['kind'], owner: string, number: number, publicKey: string, by: Deed, locked: object | null = null): SealingKey => ({
  kind,
  owner,
  number,
  publicKey,
  locked,
  createdAt: by.at,
  createdBy: by.actor,
})

/** A number that is not the next one was chosen by somebody who did not see the newest. @throws Refused 409 */
async function add(agency: AgencyStore, key: SealingKey, wraps: readonly SealingWrap[], by: Deed): Promise<void> {
  const newest = (await agency.sealingKeys(key.kind, key.owner))[0]?.number ?? 0
  if (key.number !== newest + 1) throw new Refused(409, 'sealing-taken')
  try {
    await agency.addSealingKey(key, wraps, by)
  } catch (error) {
    if (error instanceof Conflict) throw new Refused(409, 'sealing-taken')
    throw error
  }
}

/** An officer's own key: a new one, or another lock for the one there is. @throws Refused */
export async function keepOfficerKey(
  agency: AgencyStore,
  user: string,
  { number, publicKey, locked }: { number: number; publicKey: string; locked: object },
  by: Deed,
): Promise<void> {
  const [newest] = await agency.sealingKeys('officer', user)
  if (newest?.number !== number) return add(agency, newKey('officer', user, number, publicKey, by, locked), [], by)
  if (newest.publicKey !== publicKey) throw new Refused(409, 'sealing-taken')
  await agency.relockSealingKey(user, number, locked, by)
}

/** @throws Refused */
export async function publishRecoveryKey(agency: AgencyStore, { number, publicKey }: { number: number; publicKey: string }, by: Deed): Promise<void> {
  await add(agency, newKey('recovery', '', number, publicKey, by), [], by)
}

export interface NewEpoch {
  epoch: number
  publicKey: string
  wraps: readonly Omit<SealingWrap, 'service' | 'epoch'>[]
}

/** The newest key of each officer, and the newest recovery key: nobody else is ever let in. */
async function mayUse(agency: AgencyStore): Promise<{ officers: Set<string>; recovery: string | undefined }> {
  const [officers, [recovery]] = await Promise.all([agency.sealingKeys('officer'), agency.sealingKeys('recovery', '')])
  const newest = new Map<string, string>()
  for (const { owner, publicKey } of officers) if (!newest.has(owner)) newest.set(owner, publicKey)
  return { officers: new Set(newest.values()), recovery: recovery?.publicKey }
}

/**
 * A new key of a service: from now on submissions are sealed to it. Who is not among its users may use its older keys no
 * more either. The recovery key is always one of them, and so is an officer. @throws Refused
 */
export async function publishEpoch(agency: AgencyStore, service: string, { epoch, publicKey, wraps }: NewEpoch, by: Deed): Promise<void> {
  if (!(await agency.service(service))) throw new Refused(404, 'not-found')
  const { officers, recovery } = await mayUse(agency)
  const users = wraps.map(({ forKey }) => forKey)
  const wrong = users.findIndex((forKey, i) => users.indexOf(forKey) !== i || !(officers.has(forKey) || forKey === recovery))
  if (wrong >= 0) throw new Refused(422, 'answers', { errors: [{ pointer: `/wraps/${wrong}/forKey`, code: 'shape.invalid' }] })
  if (!recovery || !users.includes(recovery) || users.length < 2) throw new Refused(422, 'answers', { errors: [{ pointer: '/wraps', code: 'shape.missing' }] })
  await add(
    agency,
    newKey('service', service, epoch, publicKey, by),
    wraps.map((wrap) => ({ ...wrap, service, epoch })),
    by,
  )
}

/** Lets another officer use a key of a service. @throws Refused */
export async function shareEpoch(agency: AgencyStore, wrap: SealingWrap, by: Deed): Promise<void> {
  const epochs = await agency.sealingKeys('service', wrap.service)
  if (!(await agency.service(wrap.service)) || !epochs.some(({ number }) => number === wrap.epoch)) throw new Refused(404, 'not-found')
  const { officers, recovery } = await mayUse(agency)
  if (!officers.has(wrap.forKey) && wrap.forKey !== recovery) throw new Refused(422, 'answers', { errors: [{ pointer: '/forKey', code: 'shape.invalid' }] })
  try {
    await agency.addSealingWrap(wrap, by)
  } catch (error) {
    if (error instanceof Conflict) throw new Refused(409, 'sealing-taken')
    throw error
  }
}

/** All that is known of a service's keys. */
export async function keysOf(agency: AgencyStore, service: string) {
  if (!(await agency.service(service)) && (await agency.versions(service)).length === 0) throw new Refused(404, 'not-found')
  const [epochs, wraps, [recovery], published] = await Promise.all([
    agency.sealingKeys('service', service),
    agency.sealingWraps(service),
    agency.sealingKeys('recovery', ''),
    recipientsOf(agency, service),
  ])
  return {
    agency: agency.id as string,
    service,
    epochs: epochs.map(({ number, publicKey, createdAt, createdBy }) => ({ epoch: number, publicKey, createdAt, createdBy })),
    wraps: wraps.map(({ epoch, forKey, enc, key }) => ({ epoch, forKey, enc, key })),
    recovery: recovery ? { number: recovery.number, publicKey: recovery.publicKey, createdAt: recovery.createdAt } : null,
    recipients: published,
  }
}
