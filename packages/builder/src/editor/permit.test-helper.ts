/** A service small enough to look through, anew each time. */
import type { Definition } from './edit.ts'

export const permit = (): Definition => ({
  format: 1,
  id: 'permit',
  languages: ['en', 'fa'],
  title: { en: 'Permit', fa: 'مجوز' },
  agency: { name: { en: 'City', fa: 'شهر' } },
  locale: { timeZone: 'Europe/Dublin', calendar: 'gregory', currency: 'EUR', decimals: 2 },
  pages: [{ id: 'you', title: { en: 'You', fa: 'شما' }, fields: [{ id: 'name', type: 'text', label: { en: 'Name' } }] }],
})
