import { expect, it } from 'vitest'
import { createPlaces } from './places.ts'

it('gives out as many as there are, and of one agency its share', () => {
  const places = createPlaces({ all: 3, ofOne: 2 })
  const first = places.take('city')
  expect([first, places.take('city')]).toEqual([expect.any(Function), expect.any(Function)])
  // The share is used up, the places are not.
  expect(places.take('city')).toBeNull()
  expect(places.take('town')).toEqual(expect.any(Function))
  expect([places.take('town'), places.take('village')]).toEqual([null, null])
  first?.()
  expect([places.take('village'), places.take('city')]).toEqual([expect.any(Function), null])
})

it('takes back what was given out, once, from whom it was given to', () => {
  const places = createPlaces({ all: 2, ofOne: 1 })
  const [city, town] = [places.take('city'), places.take('town')]
  city?.()
  city?.()
  expect([places.take('town'), places.take('village'), places.take('city')]).toEqual([null, expect.any(Function), null])
  town?.()
  expect([places.take('village'), places.take('city')]).toEqual([null, expect.any(Function)])
})
