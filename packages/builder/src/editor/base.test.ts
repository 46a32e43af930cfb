import { fieldSettings as settings } from '@guichet/fields/settings-schemas'
import { expect, test } from 'vitest'
import { asOwn, baseContent, baseOf, withBase } from './base.ts'
import type { Definition } from './edit.ts'
import { mergeDrafts } from './merge-drafts.ts'
import { permit } from './permit.test-helper.ts'

const link = { from: 'service:permit', version: 1, content: 'sha256-1' }
const policy = { rules: { retention: { months: 12 } } }

/** An agency's own: another name, a logo, a text and a question of its own. */
const own = (): Definition => {
  const definition = { ...withBase(permit(), link), id: 'our-permit' } as Definition
  definition.agency = { ...definition.agency, name: { en: 'Town', fa: 'شهر' }, logo: { src: '/logo.png', alt: { en: 'Town' } } }
  definition.pages[0].fields.push({ id: 'badge', type: 'text', label: { en: 'Badge', fa: 'نشان' } })
  return definition
}

test('the link is what it is, or none', () => {
  expect(baseOf(permit())).toBeNull()
  expect(baseOf(withBase(permit(), link))).toEqual(link)
  expect(baseOf({ ...permit(), 'x-base': { from: 'x' } } as never)).toBeNull()
  expect(withBase(withBase(permit(), link), null)).toEqual(permit())
  expect(baseContent({ ...withBase(permit(), link), examples: [] } as never)).toEqual({ definition: permit() })
})

test('an update from the base keeps all that the agency has of its own, and brings all that is new', () => {
  const ours = { definition: own(), policy }
  const next = permit()
  next.title = { en: 'Permit for a stall', fa: 'مجوز' }
  next.pages[0].fields.unshift({ id: 'kind', type: 'text', label: { en: 'Kind', fa: 'گونه' } })
  next.pages.push({ id: 'more', title: { en: 'More', fa: 'بیشتر' }, fields: [] })
  const merge = (theirs: Definition) =>
    mergeDrafts(asOwn(baseContent(permit()), ours), ours, asOwn(baseContent(theirs), ours), { settings, lint: () => [], language: 'en' })
  const { draft, conflicts } = merge(next)
  expect(conflicts).toEqual([])
  expect(draft.policy).toEqual(policy)
  expect(draft.definition).toMatchObject({
    id: 'our-permit',
    title: { en: 'Permit for a stall' },
    agency: { name: { en: 'Town' }, logo: { src: '/logo.png' } },
  })
  expect(draft.definition.pages.map(({ id, fields }) => [id, fields.map((field) => field.id)])).toEqual([
    ['you', ['kind', 'name', 'badge']],
    ['more', []],
  ])
  expect(baseOf(draft.definition)).toEqual(link)

  // Where the base removes what the agency's own question stands in, somebody is asked, and nothing is gone until then.
  const without = permit()
  without.pages = [{ id: 'other', title: { en: 'Other' }, fields: [] }]
  const asked = merge(without)
  expect(asked.conflicts).toMatchObject([{ kind: 'holder', key: '#page you#holds' }])
  expect(asked.draft.definition.pages.flatMap(({ fields }) => fields.map(({ id }) => id))).toContain('badge')
  // A base that did not change changes nothing.
  expect(merge(permit()).draft).toEqual(ours)
})
