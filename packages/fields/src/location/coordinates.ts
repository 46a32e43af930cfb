/** Coordinates as people write them: latitude first, one point a line, in degrees or in degrees, minutes and seconds. */
import { asciiDigits } from '@guichet/core/text'

/** GeoJSON order: longitude first (RFC 7946). People write latitude first. */
export type Position = [longitude: number, latitude: number]

const number = '(\\d{1,3}(?:[.,]\\d+)?)'
const angle = `([NSEW]?) ?([+-]?)${number} ?°? ?(?:${number} ?' ?)?(?:${number} ?" ?)?([NSEW]?)`
const pair = new RegExp(`^${angle}(?: ?, ?| )${angle}$`, 'i')

/** One half of what `pair` finds, as degrees; null if it is none. `side`: N, S, E or W, where it was written. */
function degreesOf([before = '', sign = '', whole = '', minutes, seconds, after = '']: readonly (string | undefined)[]) {
  const side = (before || after).toUpperCase()
  const parts = [whole, minutes ?? '0', seconds ?? '0'].map((part) => Number(part.replace(',', '.')))
  const [degrees = 0, minute = 0, second = 0] = parts
  // Of a sign and a side one is too much, and so is a fraction of what is divided further.
  const odd = (before && after) || (sign === '-' && side) || (seconds !== undefined && minutes === undefined)
  const broken = (minutes !== undefined && !Number.isInteger(degrees)) || (seconds !== undefined && !Number.isInteger(minute))
  if (odd || broken || minute >= 60 || second >= 60) return null
  const value = degrees + minute / 60 + second / 3600
  return { side, value: sign === '-' || side === 'S' || side === 'W' ? -value : value, comma: whole.includes(',') }
}

/** A point in a line; null if there is none. Decimal commas are read where both numbers have one. */
function positionIn(line: string): Position | null {
  const found = pair.exec(line)
  if (!found) return null
  const one = degreesOf(found.slice(1, 7))
  const two = degreesOf(found.slice(7, 13))
  if (!one || !two || one.comma !== two.comma || (one.side === '') !== (two.side === '')) return null
  const eastFirst = /[EW]/.test(one.side)
  if (one.side && eastFirst === /[EW]/.test(two.side)) return null
  return eastFirst ? [one.value, two.value] : [two.value, one.value]
}

/** What stands in each line: a point, null where it is none, undefined where nothing stands. */
export function positionsTyped(text: string): (Position | null | undefined)[] {
  return asciiDigits(text)
    .replace(/\u2212/g, '-')
    .replace(/\u060c/g, ',')
    .replace(/[′’‘ʹ´]/g, "'")
    .replace(/[″”“ʺ]|''/g, '"')
    .replace(/[º˚]/g, '°')
    .split(/\r?\n|[\r;|\u061b]/)
    .map((line) => {
      const plain = line
        .replace(/[()[\]]/g, ' ')
        .replace(/\s+/g, ' ')
        .trim()
      return plain === '' ? undefined : positionIn(plain)
    })
}

/** Seven decimals are a centimetre: what is more, no map and no receiver knows. */
export const rounded = (degrees: number) => Math.round(degrees * 1e7) / 1e7 + 0

/** Never as 1e-7. */
const written = (degrees: number, decimals: number) =>
  degrees
    .toFixed(decimals)
    .replace(/\.?0+$/, '')
    .replace(/^-0$/, '0')

/** As it is typed: latitude, longitude. */
export const lineOf = ([longitude, latitude]: Position, decimals = 7) => `${written(latitude, decimals)}, ${written(longitude, decimals)}`
