import type { FieldType, Finding, Json } from '@guichet/core'
import { asciiDigits } from '@guichet/core/text'
import type { LocationField } from '../../generated/settings.ts'

/** GeoJSON order: longitude first (RFC 7946). People write latitude first. */
type Position = [longitude: number, latitude: number]

const geometry = { point: 'Point', line: 'LineString', polygon: 'Polygon' } as const
const least = { point: 1, line: 2, polygon: 3 } as const
const most = 500
const shapeOf = (settings: LocationField) => settings.shape ?? 'point'

const refuse = (code: string, params?: Finding['params']) => ({ finding: params ? { code, params } : { code } })
const isObject = (value: Json): value is { [key: string]: Json } => typeof value === 'object' && value !== null && !Array.isArray(value)

/** Seven decimals are a centimetre: what is more, no map and no receiver knows. */
const rounded = (degrees: number) => Math.round(degrees * 1e7) / 1e7 + 0

/** The pairs "latitude, longitude" in a text, one a line. Decimal commas are read where both numbers have one. */
function pairsIn(text: string): (readonly [latitude: number, longitude: number] | null)[] {
  return asciiDigits(text)
    .replace(/[\u060c\u2212]/g, (mark) => (mark === '\u2212' ? '-' : ','))
    .split(/[\n\r;|\u061b]+/)
    .map((line) => line.replace(/[°()[\]]/g, ' ').trim())
    .filter((line) => line !== '')
    .map((line) => {
      const [, latitude = '', longitude = ''] = /^([+-]?\d{1,3}(?:[.,]\d+)?)(?:\s*,\s*|\s+)([+-]?\d{1,3}(?:[.,]\d+)?)$/.exec(line) ?? []
      if (latitude === '' || latitude.includes(',') !== longitude.includes(',')) return null
      return [Number(latitude.replace(',', '.')), Number(longitude.replace(',', '.'))]
    })
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

/** Points as they are typed: pairs of latitude and longitude, the last corner of an area left out. */
export function typedLines(value: Json): string {
  if (!isObject(value)) return typeof value === 'string' ? value : ''
  const shape = (Object.keys(geometry) as (keyof typeof geometry)[]).find((key) => geometry[key] === value.type) ?? 'point'
  const positions = positionsOf(value, shape) ?? []
  const open = shape === 'polygon' && positions.length > 1 && same(positions[0], positions.at(-1)) ? positions.slice(0, -1) : positions
  return open.map(([longitude, latitude]) => `${latitude}, ${longitude}`).join('\n')
}

export const location: FieldType<LocationField> = {
  name: 'location',
  kind: () => 'object',
  parse(input, settings) {
    if (input === null) return { value: null }
    const shape = shapeOf(settings)
    let points: Position[]
    if (typeof input === 'string') {
      const pairs = pairsIn(input)
      if (pairs.length === 0) return { value: null }
      const odd = pairs.indexOf(null)
      if (odd >= 0) return refuse('pair', { line: odd + 1 })
      points = pairs.flatMap((pair) => (pair ? [[pair[1], pair[0]] as Position] : []))
    } else {
      const given = positionsOf(input, shape)
      if (!given) return refuse('format')
      points = given
    }
    for (const [i, [longitude, latitude]] of points.entries()) {
      if (Math.abs(latitude) > 90) return refuse('latitude', { line: i + 1 })
      if (Math.abs(longitude) > 180) return refuse('longitude', { line: i + 1 })
    }
    points = points.map(([longitude, latitude]) => [rounded(longitude), rounded(latitude)])
    if (shape === 'polygon' && points.length > 1 && same(points[0], points.at(-1))) points.pop()
    const different = new Set(points.map(String)).size
    if (different < least[shape]) return refuse(shape === 'line' ? 'fewPoints' : 'fewCorners', { count: least[shape] })
    if (shape === 'point' && points.length > 1) return refuse('onePoint')
    if (points.length > most) return refuse('manyPoints', { count: most })
    const coordinates: Json = shape === 'point' ? (points[0] as Position) : shape === 'line' ? points : [[...points, points[0] as Position]]
    return { value: { type: geometry[shape], coordinates } }
  },
  show: (value) => typedLines(value).replaceAll('\n', '; '),
  schema(settings) {
    const shape = shapeOf(settings)
    const degrees = (limit: number) => ({ type: 'number', minimum: -limit, maximum: limit })
    const position = { type: 'array', prefixItems: [degrees(180), degrees(90)], minItems: 2, maxItems: 2, items: false }
    const line = { type: 'array', minItems: 2, maxItems: most, items: position }
    const area = { type: 'array', minItems: 1, maxItems: 1, items: { type: 'array', minItems: 4, maxItems: most + 1, items: position } }
    return {
      type: 'object',
      required: ['type', 'coordinates'],
      properties: { type: { const: geometry[shape] }, coordinates: { point: position, line, polygon: area }[shape] },
      additionalProperties: false,
    }
  },
}
