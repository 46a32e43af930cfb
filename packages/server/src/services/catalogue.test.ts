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

it('groups the page that needs no script by event, and names the services of none at its end', async () => {
  const world = await createWorld()
  try {
    const headings = async (lang: string) =>
      [...(await (await world.request(`/?lang=${lang}`)).text()).matchAll(/<(h[23])[^>]*?(?:id="([^"]*)")?[^>]*>(?:<a[^>]*>)?([^<]*)/g)].map(
        ([, level, , text]) => `${level} ${text}`,
      )
    await world.offer()
    expect(await headings('en')).toEqual(['h2 Get a library card'])
    await world.offer(definitionOf((definition) => Object.assign(definition, { id: 'course', title: { en: 'Course' }, lifeEvents: ['hiring', 'education'] })))
    expect(await headings('en')).toEqual(['h2 Starting education', 'h3 Course', 'h2 Hiring staff', 'h3 Course', 'h2 Other services', 'h3 Get a library card'])
    expect((await headings('el'))[0]).toBe('h2 Έναρξη σπουδών')
    const html = await (await world.request('/?lang=en')).text()
    // Each line of the contents leads to a heading, and the other way round.
    const leadTo = [...html.matchAll(/href="#(event-[a-z-]+)"/g)].map(([, id]) => id)
    expect(leadTo).toEqual([...html.matchAll(/ id="(event-[a-z-]+)"/g)].map(([, id]) => id))
    expect(leadTo).toEqual(['event-education', 'event-hiring', 'event-other'])
  } finally {
    await world.close()
  }
})
