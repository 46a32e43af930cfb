/**
 * Draws the logos of the example agencies and puts them into their definitions: `node examples/logos.ts`.
 * Logos are PNG files inside data: addresses, so that an example is one file.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { png } from './png.ts'

const size = 128
const shades = 16
/** Samples a pixel is made of, in each direction. */
const samples = 4

/** Whether a point of the square from (-1, -1) to (1, 1), y downwards, belongs to the white figure. */
type Figure = (x: number, y: number) => boolean

const circle = (x: number, y: number, cx: number, cy: number, r: number) => (x - cx) ** 2 + (y - cy) ** 2 <= r * r
const near = (x: number, y: number, [ax, ay]: readonly [number, number], [bx, by]: readonly [number, number], width: number) => {
  const along = Math.max(0, Math.min(1, ((x - ax) * (bx - ax) + (y - ay) * (by - ay)) / ((bx - ax) ** 2 + (by - ay) ** 2)))
  return circle(x, y, ax + along * (bx - ax), ay + along * (by - ay), width / 2)
}
/** A drop with its point at the top: a circle and the two tangents that meet above it. */
const drop = (x: number, y: number, bottom: number, height: number, r: number) => {
  const cy = bottom - r
  const top = bottom - height
  const slope = r / Math.sqrt((cy - top) ** 2 - r * r)
  return circle(x, y, 0, cy, r) || (y >= top && y <= cy && Math.abs(x) <= (y - top) * slope && Math.abs(x) <= r)
}

const figures: Record<string, Figure> = {
  // A flame.
  'el-heating': (x, y) => drop(x, y, 0.68, 1.4, 0.46) && !drop(x, y, 0.56, 0.62, 0.2),
  // A house with a door.
  'vi-thuong-tru': (x, y) =>
    (y <= 0 && y >= -0.66 && Math.abs(x) <= (y + 0.66) * 1.12) || (y > 0 && y <= 0.62 && Math.abs(x) <= 0.54 && !(Math.abs(x) <= 0.16 && y >= 0.16)),
  // An open book.
  'hu-kurzus': (x, y) => {
    const edge = 0.12 * Math.sin(Math.PI * Math.min(1, Math.abs(x) / 0.7))
    return Math.abs(x) >= 0.05 && Math.abs(x) <= 0.7 && y >= -0.4 - edge && y <= 0.46 - edge
  },
  // A coat hanger.
  'fa-parvane': (x, y) => {
    const side = Math.abs(x)
    const bar = near(side, y, [0, -0.12], [0.68, 0.38], 0.14) || near(side, y, [0, 0.4], [0.68, 0.4], 0.14)
    const hook = circle(x, y, 0.02, -0.42, 0.23) && !circle(x, y, 0.02, -0.42, 0.1) && !(x < 0.02 && y > -0.42)
    return bar || hook || near(x, y, [0, -0.24], [0, -0.12], 0.12)
  },
  // A parcel.
  'en-order-case': (x, y) =>
    Math.max(Math.abs(x), Math.abs(y)) <= 0.6 && !(Math.abs(x) <= 0.1 && y < 0.1) && !(Math.abs(y + 0.2) <= 0.045 && Math.abs(x) > 0.1),
  // A traffic cone.
  'en-street-use': (x, y) =>
    (y >= 0.48 && y <= 0.62 && Math.abs(x) <= 0.66) ||
    (y >= -0.66 && y < 0.48 && Math.abs(x) <= 0.1 + (y + 0.66) * 0.32 && !(y > -0.34 && y < -0.18) && !(y > 0.02 && y < 0.2)),
}

const folder = import.meta.dirname
for (const [id, figure] of Object.entries(figures)) {
  const file = join(folder, id, 'definition.json')
  const definition = JSON.parse(readFileSync(file, 'utf8'))
  const colour = [1, 3, 5].map((i) => Number.parseInt(definition.agency.colours.primary.slice(i, i + 2), 16))
  const mix = (part: number) => colour.map((value) => Math.round(value + (255 - value) * part)) as [number, number, number]
  const palette = Array.from({ length: shades }, (_, i) => mix(i / (shades - 1)))
  const cover = (x: number, y: number) => {
    let inside = 0
    for (let i = 0; i < samples * samples; i++) {
      const at = (value: number, offset: number) => ((value + (offset + 0.5) / samples) / size) * 2 - 1
      if (figure(at(x, i % samples), at(y, Math.floor(i / samples)))) inside++
    }
    return Math.round((inside / samples ** 2) * (shades - 1))
  }
  const image = png(size, size, palette, cover)
  definition.agency.logo = { src: `data:image/png;base64,${image.toString('base64')}`, alt: definition.agency.name }
  writeFileSync(file, `${JSON.stringify(definition, null, 2)}\n`)
  console.log(`${id}: ${image.length} bytes`)
}
