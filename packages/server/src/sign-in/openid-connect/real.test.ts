/** The same with a provider that nobody here has written. */
import { expect, it } from 'vitest'
import { realIdp } from '../../testing/idp/real-idp.ts'
import { begin, exchange, followBack, outcomeOf, sendSignedIn, signInAs } from '../../testing/idp/signing-in.ts'
import { providerFile, signInPolicy } from '../../testing/idp/world.ts'
import { answersOf, createWorld, definitionOf, own } from '../../testing/world.ts'

it('signs a person in, and takes no code twice', async () => {
  const idp = await realIdp(`${own}/sign-in/city/national`)
  const file = providerFile(idp.issuer)
  const world = await createWorld({ SIGN_IN_PROVIDERS: file.path, EGRESS_ALLOW: idp.place }, { clock: { now: () => new Date() } })
  try {
    await world.offer(definitionOf(), signInPolicy())
    const { session, fields } = await signInAs(world, idp.visit)
    expect(fields).toEqual({ name: 'Ana Papadopoulou' })
    expect((await sendSignedIn(world, answersOf(), session)).status).toBe(201)

    // The provider's code, brought along with the state of another attempt.
    const [first, second] = [await begin(world), await begin(world)]
    const callback = new URL(await idp.visit(first.address!))
    const swapped = new URL(callback)
    swapped.searchParams.set('state', new URL(second.address!).searchParams.get('state')!)
    expect(outcomeOf((await followBack(world, swapped)).location!)).toMatchObject({ code: null, fault: 'failed' })
    // The person whose code it is loses nothing by that, once.
    expect(outcomeOf((await followBack(world, callback)).location!).code).not.toBeNull()
    expect((await followBack(world, callback)).status).toBe(400)

    const third = await begin(world)
    const back = new URL(await idp.visit(third.address!))
    const ended = outcomeOf((await followBack(world, back)).location!)
    expect((await exchange(world, ended.code!, first.verifier)).status).toBe(400)
    expect((await exchange(world, ended.code!, third.verifier)).status).toBe(200)

    // The person signs out there.
    const body = new URLSearchParams({ logout_token: await idp.logoutToken() }).toString()
    const told = await world.request('/sign-in/city/national/logout', {
      method: 'POST',
      headers: { 'Content-Type': 'application/x-www-form-urlencoded' },
      body,
    })
    expect([told.status, (await sendSignedIn(world, answersOf(), session)).status]).toEqual([200, 401])

    await world.offer(definitionOf(), signInPolicy({ level: 'high' }))
    expect(outcomeOf((await followBack(world, new URL(await idp.visit((await begin(world)).address!)))).location!)).toMatchObject({
      code: null,
      fault: 'level',
    })
  } finally {
    await world.close()
    await idp.close()
    file.remove()
  }
})

it('is down: nobody is sent there, and nobody gets in', async () => {
  const idp = await realIdp(`${own}/sign-in/city/national`)
  const file = providerFile(idp.issuer)
  const world = await createWorld({ SIGN_IN_PROVIDERS: file.path, EGRESS_ALLOW: idp.place }, { clock: { now: () => new Date() } })
  try {
    await world.offer(definitionOf(), signInPolicy())
    const { address } = await begin(world)
    const callback = new URL(await idp.visit(address!))
    await idp.close()
    // In the middle: what it was to be asked for cannot be asked any more.
    expect(outcomeOf((await followBack(world, callback)).location!)).toMatchObject({ code: null, fault: 'unavailable' })
    expect((await sendSignedIn(world, answersOf(), null)).status).toBe(401)
    const later = await createWorld({ SIGN_IN_PROVIDERS: file.path, EGRESS_ALLOW: idp.place }, { clock: { now: () => new Date() } })
    await later.offer(definitionOf(), signInPolicy())
    const refused = await begin(later)
    expect([refused.response.status, refused.response.headers.get('retry-after')]).toEqual([503, '60'])
    await later.close()
  } finally {
    await world.close()
    file.remove()
  }
})
