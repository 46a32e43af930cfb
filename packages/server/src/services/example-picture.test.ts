import { afterAll, beforeAll, expect, it } from 'vitest'
import { createWorld, definitionOf, type World } from '../testing/world.ts'

const pixel = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg=='
const alt = { en: 'A card, all four corners to be seen' }

let world: World
beforeAll(async () => {
  world = await createWorld()
  await world.offer(
    definitionOf((service) => {
      service.documents = [
        { id: 'card', label: { en: 'Card' }, examplePicture: { src: `data:image/png;base64,${pixel}`, alt } },
        { id: 'plain', label: { en: 'Plain' } },
        { id: 'placed', label: { en: 'Placed' }, examplePicture: { src: '/pictures/card.png', alt } },
      ] as never
    }),
  )
})
afterAll(() => world.close())

const at = '/v1/services/city/library-card'

it('a picture is handed out apart from the service, under an address that never changes, to any page', async () => {
  const view = (await (await world.request(at)).json()) as unknown as {
    version: number
    definition: { documents: { examplePicture?: { src: string; alt: object } }[] }
  }
  const [card, plain, placed] = view.definition.documents
  expect(card?.examplePicture).toEqual({ src: `v1/services/city/library-card/versions/${view.version}/pictures/card`, alt })
  expect(plain?.examplePicture).toBeUndefined()
  expect(placed?.examplePicture?.src).toBe('/pictures/card.png')

  const picture = await world.request(`/${card?.examplePicture?.src}`)
  expect(picture.status).toBe(200)
  expect(Buffer.from(await picture.arrayBuffer()).toString('base64')).toBe(pixel)
  expect(Object.fromEntries(picture.headers)).toMatchObject({
    'content-type': 'image/png',
    'cache-control': 'public, max-age=31536000, immutable',
    'cross-origin-resource-policy': 'cross-origin',
    'x-content-type-options': 'nosniff',
  })
  // What is asked for by scripts is not for pages of others to show.
  expect((await world.request(at)).headers.get('cross-origin-resource-policy')).toBe('same-origin')
})

it('the definition itself keeps it, as whoever copies a service expects', async () => {
  const whole = (await (await world.request(`${at}/versions/1`)).json()) as unknown as { documents: { examplePicture?: { src: string } }[] }
  expect(whole.documents[0]?.examplePicture?.src).toBe(`data:image/png;base64,${pixel}`)
})

it.each(['versions/1/pictures/plain', 'versions/1/pictures/placed', 'versions/1/pictures/none', 'versions/1/pictures/toString', 'versions/9/pictures/card'])(
  '%s is no picture',
  async (path) => {
    expect((await world.request(`${at}/${path}`)).status).toBe(404)
  },
)
