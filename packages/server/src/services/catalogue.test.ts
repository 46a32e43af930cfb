import { expect, it } from 'vitest'
import { createWorld, definitionOf } from '../testing/world.ts'
import type { CatalogueEvent, CatalogueLine } from './catalogue.ts'

it('tells the events of each service, and names those that are used in the reader’s language', async () => {
  const world = await createWorld()
  try {
    const list = async (lang: string) =>
      (await (await world.request(`/v1/services?lang=${lang}`)).json()) as unknown as { services: CatalogueLine[]; lifeEvents: CatalogueEvent[] }
    await world.offer()
    expect(await list('en')).toMatchObject({ services: [{ lifeEvents: [] }], lifeEvents: [] })
    await world.offer(definitionOf((definition) => Object.assign(definition, { lifeEvents: ['hiring', 'education'] })))
    expect((await list('en')).lifeEvents).toEqual([
      { code: 'education', kind: 'life', label: 'Starting education' },
      { code: 'hiring', kind: 'business', label: 'Hiring staff' },
    ])
    const greek = await list('el')
    expect(greek.services[0]?.lifeEvents).toEqual(['hiring', 'education'])
    expect(greek.lifeEvents[0]?.label).toBe('Έναρξη σπουδών')
  } finally {
    await world.close()
  }
})
