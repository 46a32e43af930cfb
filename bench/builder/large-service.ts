/** A service as large as the largest that agencies bring: `count` questions on pages of 25, with conditions, rules and options. */
import type { Field, ServiceDefinition } from '@guichet/schemas'

const kinds = ['text', 'radio', 'number', 'date', 'textarea', 'money', 'checkboxes', 'email'] as const

function field(i: number): Field {
  const type = kinds[i % kinds.length] as string
  const options = ['a', 'b', 'c', 'd'].map((value) => ({ value, label: { en: `Option ${value} of ${i}`, el: `Επιλογή ${value} του ${i}` } }))
  return {
    id: `q${i}`,
    type,
    label: { en: `Question ${i}: what do you want to tell us?`, el: `Ερώτηση ${i}: τι θέλετε να μας πείτε;` },
    ...(i % 3 === 0 ? { hint: { en: `Help for question ${i}.`, el: `Βοήθεια για την ερώτηση ${i}.` } } : {}),
    ...(type === 'radio' || type === 'checkboxes' ? { options } : {}),
    // Each fourth question hangs on the last choice before it.
    ...(i % 4 === 2 && i > kinds.length ? { when: { '==': [{ var: `q${i - 1 - ((i - 1 - 1) % kinds.length)}` }, 'a'] } } : {}),
    ...(type === 'number'
      ? { rules: [{ rule: { '>=': [{ var: `q${i}` }, 0] }, message: { en: 'Not less than nothing.', el: 'Όχι λιγότερο από το τίποτα.' } }] }
      : {}),
  } as Field
}

export function largeService(count: number, id = 'large'): ServiceDefinition {
  const pages = Array.from({ length: Math.ceil(count / 25) }, (_, page) => ({
    id: `page_${page + 1}`,
    title: { en: `Page ${page + 1}`, el: `Σελίδα ${page + 1}` },
    fields: Array.from({ length: Math.min(25, count - page * 25) }, (_, i) => field(page * 25 + i)),
  }))
  return {
    format: 1,
    id,
    languages: ['en', 'el'],
    title: { en: 'A large service', el: 'Μεγάλη υπηρεσία' },
    agency: { name: { en: 'City', el: 'Δήμος' } },
    locale: { timeZone: 'Europe/Athens', calendar: 'gregory', currency: 'EUR', decimals: 2 },
    pages: pages as unknown as ServiceDefinition['pages'],
  }
}
