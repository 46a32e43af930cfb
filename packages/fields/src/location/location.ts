import type { FieldType, Finding, Json } from '@guichet/core'
import type { LocationField } from '../../generated/settings.ts'
import { cleanText, lengthOf } from '../clean-text.ts'
import { lineOf, type Position, positionsTyped, rounded } from './coordinates.ts'
import { crosses, isWithin, turn } from './shape.ts'

const geometry = { point: 'Point', line: 'LineString', polygon: 'Polygon' } as const
const least = { point: 1, line: 2, polygon: 3 } as const
const most = 500
export const shapeOf = (settings: LocationField) => settings.shape ?? 'point'
export const mostOf = (settings: LocationField) => (shapeOf(settings) === 'point' ? 1 : Math.max(settings.maxPoints ?? most, least[shapeOf(settings)]))
export const leastOf = (settings: LocationField) => least[shapeOf(settings)]

/** Characters of a place in words. */
const shortestWords = 3
const longestWords = 500

type Refusal = { finding: Finding }
const refuse = (code: string, params?: Finding['params']): Refusal => ({ finding: params ? { code, params } : { code } })
/** Of the one point that is asked for, nobody needs the number. */
const refuseAt = (settings: LocationField, code: string, index: number) =>
  shapeOf(settings) === 'point' ? refuse(code) : refuse(`${code}At`, { point: index + 1 })

const isObject = (value: Json): value is { [key: string]: Json } => typeof value === 'object' && value !== null && !Array.isArray(value)

/** A place in words: as it is typed, or stored, which is a feature that has no geometry (RFC 7946, section 3.2). Null: it is none. */
export function wordsOf(value: Json): string | null {
  if (!isObject(value)) return null
  const holder =
    value.type === 'Feature' && value.geometry === null && isObject(value.properties ?? null) ? (value.properties as { [key: string]: Json }) : value
  return Object.keys(holder).join() === 'address' && typeof holder.address === 'string' ? holder.address : null
}

function pointOf(place: { [key: string]: Json }): Position | null {
  const latitude = place.lat ?? place.latitude
  const longitude = place.lon ?? place.lng ?? place.longitude
  return typeof latitude === 'number' && typeof longitude === 'number' ? [longitude, latitude] : null
}

const isPosition = (value: Json): value is [number, number] =>
  Array.isArray(value) && value.length >= 2 && value.slice(0, 2).every((degrees) => typeof degrees === 'number' && Number.isFinite(degrees))

/** The points of a geometry of the wanted shape, or of a list of positions; null if it is something else. */
function positionsOf(input: Json, shape: keyof typeof geometry): Position[] | null {
  if (!isObject(input)) return null
  if (!('type' in input)) {
    const point = pointOf(input)
    return point && shape === 'point' ? [point] : null
  }
  const { type, coordinates = null } = input
  if (type !== geometry[shape]) return null
  // An area with holes cannot be typed, and is not taken.
  const list =
    shape === 'point' ? [coordinates] : shape === 'line' ? coordinates : Array.isArray(coordinates) && coordinates.length === 1 ? coordinates[0] : null
  return Array.isArray(list) && list.every(isPosition) ? list.map(([longitude, latitude]) => [longitude, latitude] as Position) : null
}

const same = (a: Position | undefined, b: Position | undefined) => a?.[0] === b?.[0] && a?.[1] === b?.[1]

/** The points of any geometry of ours, the last corner of an area left out. */
function stored(value: Json): Position[] {
  if (!isObject(value)) return []
  const shape = (Object.keys(geometry) as (keyof typeof geometry)[]).find((key) => geometry[key] === value.type) ?? 'point'
  const positions = positionsOf(value, shape) ?? []
  return shape === 'polygon' && positions.length > 1 && same(positions[0], positions.at(-1)) ? positions.slice(0, -1) : positions
}

/** Points as they are typed: pairs of latitude and longitude. */
export const typedLines = (value: Json): string =>
  typeof value === 'string'
    ? value
    : stored(value)
        .map((position) => lineOf(position))
        .join('\n')

/** What was typed or stored, as points; or why it is none. */
function pointsIn(input: Json, settings: LocationField): Position[] | Refusal {
  if (typeof input !== 'string') return positionsOf(input, shapeOf(settings)) ?? refuse('format')
  const points: Position[] = []
  for (const [i, position] of positionsTyped(input).entries()) {
    if (position === null) return refuseAt(settings, 'pair', i)
    if (position) points.push(position)
  }
  return points
}

export const location: FieldType<LocationField> = {
  name: 'location',
  kind: () => 'object',
  parse(input, settings) {
    if (input === null) return { value: null }
    const shape = shapeOf(settings)
    const words = settings.address ? wordsOf(input) : null
    if (words !== null) {
      const address = cleanText(words)
      const feature: Json = { type: 'Feature', geometry: null, properties: { address } }
      return { value: address === '' ? null : feature }
    }
    const given = pointsIn(input, settings)
    if ('finding' in given) return given
    if (typeof input === 'string' && given.length === 0) return { value: null }
    for (const [i, [longitude, latitude]] of given.entries()) {
      if (Math.abs(latitude) > 90) return refuseAt(settings, 'latitude', i)
      if (Math.abs(longitude) > 180) return refuseAt(settings, 'longitude', i)
    }
    const points = given.map(([longitude, latitude]): Position => [rounded(longitude), rounded(latitude)])
    if (shape === 'polygon' && points.length > 1 && same(points[0], points.at(-1))) points.pop()
    const different = new Set(points.map(String)).size
    if (different < least[shape]) return refuse(shape === 'line' ? 'fewPoints' : 'fewCorners', { count: least[shape] })
    if (shape === 'point' && points.length > 1) return refuse('onePoint')
    if (points.length > most) return refuse('manyPoints', { count: most })
    // A ring goes against the clock (RFC 7946, section 3.1.6), whichever way round its corners were given.
    const ring = shape === 'polygon' && turn(points) < 0 ? [points[0] as Position, ...points.slice(1).reverse()] : points
    const coordinates: Json = shape === 'point' ? (points[0] as Position) : shape === 'line' ? points : [[...ring, points[0] as Position]]
    return { value: { type: geometry[shape], coordinates } }
  },
  check(value, settings) {
    const words = wordsOf(value)
    if (words !== null) {
      if ((words.match(/[\p{L}\p{N}]/gu)?.length ?? 0) < shortestWords) return { code: 'fewWords' }
      return lengthOf(words) > longestWords ? { code: 'manyWords', params: { count: longestWords } } : null
    }
    const points = stored(value)
    const { within } = settings
    if (points.length > mostOf(settings)) return { code: 'manyPoints', params: { count: mostOf(settings) } }
    const out = within ? points.findIndex((point) => !isWithin(point, within)) : -1
    if (out >= 0) return refuseAt(settings, 'outside', out).finding
    return shapeOf(settings) === 'polygon' && crosses(points) ? { code: 'crosses' } : null
  },
  show: (value) => wordsOf(value) ?? typedLines(value).replaceAll('\n', '; '),
  schema(settings) {
    const shape = shapeOf(settings)
    const { within, address } = settings
    const longitude = within && within.west <= within.east ? { minimum: within.west, maximum: within.east } : { minimum: -180, maximum: 180 }
    const latitude = { minimum: within?.south ?? -90, maximum: within?.north ?? 90 }
    const position = {
      type: 'array',
      prefixItems: [longitude, latitude].map((limits) => ({ type: 'number', ...limits })),
      minItems: 2,
      maxItems: 2,
      items: false,
    }
    const line = { type: 'array', minItems: 2, maxItems: mostOf(settings), items: position }
    const area = { type: 'array', minItems: 1, maxItems: 1, items: { type: 'array', minItems: 4, maxItems: mostOf(settings) + 1, items: position } }
    const place = {
      type: 'object',
      required: ['type', 'coordinates'],
      properties: { type: { const: geometry[shape] }, coordinates: { point: position, line, polygon: area }[shape] },
      additionalProperties: false,
    }
    if (!address) return place
    const words = {
      type: 'object',
      required: ['address'],
      properties: { address: { type: 'string', minLength: 1, maxLength: longestWords } },
      additionalProperties: false,
    }
    const feature = {
      type: 'object',
      required: ['type', 'geometry', 'properties'],
      properties: { type: { const: 'Feature' }, geometry: { type: 'null' }, properties: words },
      additionalProperties: false,
    }
    return { anyOf: [place, feature] }
  },
  samples(settings) {
    const { south, west, north, east } = settings.within ?? { south: 46, west: 18, north: 48, east: 20 }
    const width = (east - west + 360) % 360 || east - west
    const at = (x: number, y: number): Position => {
      const longitude = west + width * x
      return [rounded(longitude > 180 ? longitude - 360 : longitude), rounded(south + (north - south) * y)]
    }
    const corners = [at(0.25, 0.25), at(0.75, 0.25), at(0.5, 0.75)]
    if (shapeOf(settings) === 'point') return [{ type: 'Point', coordinates: at(0.5, 0.5) }]
    if (shapeOf(settings) === 'line') return [{ type: 'LineString', coordinates: corners.slice(0, 2) }]
    return [{ type: 'Polygon', coordinates: [[...corners, at(0.25, 0.25)]] }]
  },
  faults: ({ within }) => (within && within.south >= within.north ? [{ code: 'location.bounds', property: 'within' }] : []),
}
