/** The service whose submissions are made up: small, as most are, with answers of about 500 bytes. */
import type { Answers, Policy, ServiceDefinition } from '@guichet/schemas'

const english = (en: string) => ({ en })
const options = (values: readonly string[]) => values.map((value) => ({ value, label: english(value.replaceAll('_', ' ')) }))

const reasons = ['moved_in', 'new_car', 'second_car', 'carer', 'trade'] as const
const zones = ['north', 'harbour', 'old_town', 'station', 'hill', 'river'] as const

export const serviceId = 'generated-parking'

export const definition = {
  format: 1,
  id: serviceId,
  languages: ['en', 'el'],
  title: { en: 'Resident parking (generated)', el: 'Στάθμευση κατοίκων (δοκιμαστικά)' },
  summary: { en: 'Made up, to see how the server does with many', el: 'Πλασματικές αιτήσεις, για δοκιμές φόρτου' },
  agency: { name: { en: 'City Works Department', el: 'Τεχνική Υπηρεσία' }, units: { desk: english('Permits desk'), trade: english('Trade desk') } },
  locale: { timeZone: 'Europe/Athens', calendar: 'gregory', currency: 'EUR', decimals: 2 },
  pages: [
    {
      id: 'you',
      title: english('About you'),
      fields: [
        { id: 'name', type: 'text', label: english('Name'), maxLength: 80 },
        { id: 'street', type: 'text', label: english('Street'), maxLength: 80 },
        { id: 'postcode', type: 'text', label: english('Postcode'), maxLength: 10 },
        { id: 'phone', type: 'text', label: english('Phone'), maxLength: 20 },
        { id: 'since', type: 'date', label: english('You live there since') },
      ],
    },
    {
      id: 'car',
      title: english('Your car'),
      fields: [
        { id: 'reason', type: 'radio', label: english('Reason'), options: options(reasons) },
        { id: 'zone', type: 'radio', label: english('Zone'), options: options(zones) },
        { id: 'plate', type: 'text', label: english('Plate'), maxLength: 12 },
        { id: 'months', type: 'number', label: english('Months'), integer: true, min: 1, max: 24 },
        { id: 'electric', type: 'checkbox', label: english('It is electric') },
        { id: 'company', type: 'text', label: english('Company'), maxLength: 80, when: { '==': [{ var: 'reason' }, 'trade'] } },
        { id: 'remarks', type: 'textarea', label: english('Remarks'), maxLength: 1000 },
      ],
    },
  ],
  fee: { lines: [{ id: 'permit', label: english('Permit'), amount: { '*': [{ money: 1250 }, { var: 'months' }] } }] },
  routes: [{ when: { '==': [{ var: 'reason' }, 'trade'] }, to: 'trade', reason: english('Trade is checked') }, { to: 'desk' }],
  stages: [
    { id: 'desk', label: english('Check'), unit: 'desk' },
    { id: 'trade', label: english('Trade check'), unit: 'trade' },
  ],
} as unknown as ServiceDefinition

/** As strict as any; the rate lets a load test through. */
export const policy: Policy = { preset: 'standard', rules: { rate: { submissionsPerHour: 1_000_000, uploadsPerHour: 1000 } } }

const first = ['Eleni', 'Giorgos', 'Maria', 'Kostas', 'Anna', 'Nikos', 'Sam', 'Ioanna', 'Petros', 'Dimitra', 'Alex', 'Sofia', 'Minh', 'Zsófia', 'Reza', 'Leila']
const last = [
  'Papadaki',
  'Okafor',
  'Nguyen',
  'Kovács',
  'Georgiou',
  'Lindqvist',
  'Hosseini',
  'Murphy',
  'Rossi',
  'Novak',
  'Iliadis',
  'Schmidt',
  'Costa',
  'Jansen',
]
const streets = ['Elm Street', 'Harbour Road', 'Mill Lane', 'Station Square', 'Castle Hill', 'River Walk', 'Market Street', 'Church Lane', 'Garden Row']
const words =
  'please the car is parked behind house number because our yard has no gate and neighbours agree since spring we work nights near hospital need place thank you'.split(
    ' ',
  )

/** Numbers from 0 to below 1 that are the same for the same seed and row. */
export function numbers(seed: number, row: number): () => number {
  let state = (Math.imul(seed + 1, 0x9e3779b1) ^ Math.imul(row + 1, 0x85ebca6b)) >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

/** What the outcome hangs on: all that is asked in conditions, fees and routes. Everything else is free. */
export interface Shape {
  reason: (typeof reasons)[number]
  months: number
}

export const shapes: readonly Shape[] = reasons.flatMap((reason) => Array.from({ length: 24 }, (_, i) => ({ reason, months: i + 1 })))

/** The answers of a made-up person. */
export function answersOf({ reason, months }: Shape, next: () => number): Answers {
  const one = <T>(list: readonly T[]) => list[Math.floor(next() * list.length)] as T
  const digits = (length: number) => String(Math.floor(next() * 10 ** length)).padStart(length, '0')
  const person = `${one(first)} ${one(last)}`
  return {
    name: person,
    street: `${one(streets)} ${1 + Math.floor(next() * 200)}`,
    postcode: digits(5),
    phone: `+30210${digits(7)}`,
    since: `20${10 + Math.floor(next() * 15)}-${String(1 + Math.floor(next() * 12)).padStart(2, '0')}-${String(1 + Math.floor(next() * 28)).padStart(2, '0')}`,
    reason,
    zone: one(zones),
    plate: `${one(['IKA', 'XAN', 'ZTP', 'YBN'])}-${digits(4)}`,
    months,
    electric: next() < 0.2,
    ...(reason === 'trade' ? { company: `${one(last)} & Sons` } : {}),
    remarks: Array.from({ length: 24 + Math.floor(next() * 24) }, () => one(words)).join(' '),
  }
}
