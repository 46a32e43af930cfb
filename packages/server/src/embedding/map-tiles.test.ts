import { afterAll, beforeAll, expect, it } from 'vitest'
import { createWorld, definitionOf, type World } from '../testing/world.ts'

const attribution = { en: '© Maps' }
const place = (id: string, host?: string) => ({
  id,
  type: 'location',
  label: { en: 'Place' },
  optional: true,
  ...(host ? { map: { tiles: `https://${host}/{z}/{x}/{y}.png`, attribution } } : {}),
})

let world: World
beforeAll(async () => {
  world = await createWorld()
  await world.offer(
    definitionOf((service) => {
      service.id = 'lamps'
      const inside = { id: 'more', type: 'group', label: { en: 'More' }, fields: [place('there', 'maps.example:8443')] }
      service.pages[0]?.fields.push(place('here', 'tiles.example') as never, place('too', 'tiles.example') as never, place('plain') as never, inside as never)
    }),
  )
  await world.offer(definitionOf((service) => void service.pages[0]?.fields.push(place('plain') as never)))
})
afterAll(() => world.close())

const pictures = async (path: string) => {
  const policy = (await world.request(path)).headers.get('content-security-policy') ?? ''
  return policy.split(';').find((directive) => directive.trim().startsWith('img-src'))
}

it('pages with maps let in the pictures of those maps, and no others do', async () => {
  for (const page of ['s', 'frame']) {
    expect((await pictures(`/${page}/city/lamps`))?.trim()).toBe("img-src 'self' https://tiles.example https://maps.example:8443 data:")
    expect((await pictures(`/${page}/city/library-card`))?.trim()).toBe("img-src 'self' data:")
  }
  expect((await world.request('/frame/city/lamps')).headers.get('content-security-policy')).toMatch(/frame-ancestors 'self'/)
  expect((await world.request('/s/city/lamps')).headers.get('content-security-policy')).toMatch(/frame-ancestors 'none'/)
})

it('the policy that is printed for a page around names them, where the service stands in it', async () => {
  const { tags } = (await (await world.request('/v1/embedding?service=city/lamps')).json()) as unknown as {
    tags: { element: string; host: string; policy: string }[]
  }
  const policyOf = (element: string, host: string) => tags.find((tag) => tag.element === element && tag.host === host)?.policy
  expect(policyOf('service', 'html')).toContain(' https://tiles.example https://maps.example:8443 data:')
  for (const policy of [policyOf('service', 'frame'), policyOf('guide', 'html')]) expect(policy).toMatch(/^(?!.*tiles)/)
})
