import { expect, it } from 'vitest'
import { endOfDay, instantOf, localMoment } from './clock.ts'

it.each([
  ['2026-01-09', 'Europe/Athens', '2026-01-09T21:59:59.999Z'],
  ['2026-07-09', 'Europe/Athens', '2026-07-09T20:59:59.999Z'],
  // The clocks change in the night before and after.
  ['2026-03-28', 'Europe/Dublin', '2026-03-28T23:59:59.999Z'],
  ['2026-03-29', 'Europe/Dublin', '2026-03-29T22:59:59.999Z'],
  ['2026-10-25', 'Europe/Dublin', '2026-10-25T23:59:59.999Z'],
  ['2026-01-09', 'Asia/Tehran', '2026-01-09T20:29:59.999Z'],
  ['2026-01-09', 'Asia/Ho_Chi_Minh', '2026-01-09T16:59:59.999Z'],
  ['2026-12-31', 'Pacific/Kiritimati', '2026-12-31T09:59:59.999Z'],
  ['2026-12-31', 'America/Los_Angeles', '2027-01-01T07:59:59.999Z'],
])('%s ends in %s at %s', (day, timeZone, end) => expect(endOfDay(day, timeZone).toISOString()).toBe(end))

it.each([
  // Nights without a midnight: the clocks went from 23:59:59 to 01:00.
  ['2022-03-21', 'Asia/Tehran'],
  ['2024-03-30', 'Asia/Beirut'],
  ['2018-11-03', 'America/Sao_Paulo'],
])('%s ends in %s, where the next day begins at one', (day, timeZone) => {
  const end = endOfDay(day, timeZone)
  expect(localMoment(end, timeZone)).toBe(`${day}T23:59:59`)
  expect(localMoment(new Date(end.getTime() + 1), timeZone).slice(10)).toBe('T01:00:00')
})

it.each([
  ['2026-01-09T23:59:59', 'Europe/Athens', '2026-01-09T21:59:59.000Z'],
  ['2026-07-09T12:00:59', 'Europe/Dublin', '2026-07-09T11:00:59.000Z'],
  // The night that the clocks go forward, and the one in which they go back: of the hour that comes twice the first.
  ['2026-03-29T03:30:59', 'Europe/Dublin', '2026-03-29T02:30:59.000Z'],
  ['2026-10-25T01:30:59', 'Europe/Dublin', '2026-10-25T00:30:59.000Z'],
  ['2026-12-31T23:59:59', 'Pacific/Kiritimati', '2026-12-31T09:59:59.000Z'],
])('%s in %s is %s', (local, timeZone, instant) => expect(instantOf(local, timeZone).toISOString()).toBe(instant))

it('takes a local time that the clocks leave out for one after the change', () =>
  expect(localMoment(instantOf('2026-03-29T01:30:00', 'Europe/Dublin'), 'Europe/Dublin')).toBe('2026-03-29T02:30:00'))
