/** What every store keeps to about an agency's blocks, templates and bases. */
import { describe, expect, it } from 'vitest'
import type { NewKept } from './library.ts'
import type { AgencyStore, Conflict, Deed } from './store.ts'

const conflict = (kind: Conflict['kind']) => expect.objectContaining({ kind })
const ada: Deed = { actor: 'user:ada', at: '2026-01-05T08:00:00.000Z' }
const block = (id: string, version = 1, more: Partial<NewKept> = {}): NewKept => ({
  kind: 'block',
  id,
  version,
  title: { el: 'Επικοινωνία' },
  content: { z: version, a: ['é', null] },
  digest: `d${version}`,
  ...more,
})

export function librarySuite(agencies: () => { city: AgencyStore; town: AgencyStore }) {
  describe('the library', () => {
    it('keeps versions that never change, each after the one before it', async () => {
      const { city, town } = agencies()
      await city.keep(block('contact'), 10, ada)
      await city.keep(block('contact', 2, { title: { el: 'Στοιχεία' } }), 10, ada)
      await city.keep(block('bank'), 10, ada)
      // Somebody else has made that version, or it would leave one out.
      for (const version of [1, 2, 4]) await expect(city.keep(block('contact', version), 10, ada)).rejects.toEqual(conflict('stale'))
      expect((await city.library('block')).map(({ id, version, title }) => [id, version, title.el])).toEqual([
        ['bank', 1, 'Επικοινωνία'],
        ['contact', 2, 'Στοιχεία'],
      ])
      expect((await city.library('block')).some((line) => 'content' in line)).toBe(false)
      expect(JSON.stringify((await city.kept('block', 'contact', 1))?.content)).toBe('{"z":1,"a":["é",null]}')
      expect(await city.kept('block', 'contact', 3)).toBeNull()
      // Of one kind, and of one agency.
      expect(await city.library('template')).toEqual([])
      expect(await city.kept('template', 'contact', 1)).toBeNull()
      expect(await town.library('block')).toEqual([])
      expect(await town.kept('block', 'contact', 1)).toBeNull()
      expect(await town.forgetKept('block', 'contact', ada)).toBe(false)
      expect(
        (await city.auditEvents(0, 100)).filter(({ object }) => object === 'block:contact').map(({ action, details }) => [action, details?.version]),
      ).toEqual([
        ['library.saved', 1],
        ['library.saved', 2],
      ])
    })

    it('holds no more than it may of a kind', async () => {
      const { city } = agencies()
      await city.keep(block('one'), 2, ada)
      await city.keep(block('two'), 2, ada)
      await expect(city.keep(block('three'), 2, ada)).rejects.toEqual(conflict('full'))
      await city.keep(block('three', 1, { kind: 'template' }), 2, ada)
    })

    it('forgets all versions of one at once', async () => {
      const { city } = agencies()
      await city.keep(block('contact'), 10, ada)
      await city.keep(block('contact', 2), 10, ada)
      await city.keep(block('bank'), 10, ada)
      expect(await city.forgetKept('block', 'contact', ada)).toBe(true)
      expect(await city.forgetKept('block', 'contact', ada)).toBe(false)
      expect((await city.library('block')).map(({ id }) => id)).toEqual(['bank'])
      expect(await city.kept('block', 'contact', 1)).toBeNull()
      expect((await city.auditEvents(0, 100)).at(-1)).toMatchObject({ action: 'library.removed', object: 'block:contact' })
    })
  })
}
