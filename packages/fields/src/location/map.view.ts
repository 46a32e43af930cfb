/**
 * A map on which a place is shown: tiles in Web Mercator, moved by dragging, keys or buttons, and points over them. Loaded where
 * an author has named tiles. It makes elements and sets properties of styles, and parses no markup, so the strictest policy with
 * Trusted Types lets it be; docs/decisions/0026-maps.md says why it is ours. It imports no code: a file that shared some with
 * the page's other files would have the bundler cut those up.
 */
import type { Position } from './coordinates.ts'
import type { Bounds } from './shape.ts'

export interface MapOf {
  /** With {z}, {x} and {y}. */
  tiles: string
  maxZoom: number
  start: { latitude: number; longitude: number; zoom: number } | undefined
  within: Bounds | undefined
  shape: 'point' | 'line' | 'polygon'
  /** What stands in a point: its number as the reader writes it. */
  number(point: number): string
}

export interface Told {
  /** A place was shown: where the point with that index is now, or where there is to be one more. */
  put(position: Position, index: number | null): void
  /** A point was chosen, to be put elsewhere; null: none is any more. */
  chosen(index: number | null): void
  /** By keys or buttons, which show nothing to those who do not see it. */
  moved(middle: Position): void
  /** No tile has come. */
  failed(): void
}

export interface ShownMap {
  /** Lines that hold no point keep their place. */
  show(points: readonly (Position | null | undefined)[]): void
  zoom(by: 1 | -1): void
  /** By parts of what is seen: 1 to the right is the whole width. */
  pan(right: number, down: number): void
  /** Puts a point into the middle. */
  put(): void
}

interface Point {
  x: number
  y: number
}

const tileSize = 256
/** Where Web Mercator is as high as it is wide. */
const farthestLatitude = 85.0511
const [nearby, world] = [16, 1]
/** A finger or a mouse that went less far has pressed, and not dragged. */
const slip = 5
/** Who types is not thrown to and fro across the map. */
const pause = 700

/** The world is 1 wide and 1 high, from the north-west. */
const pointOf = ([longitude, latitude]: Position): Point => {
  const sine = Math.sin((Math.max(-farthestLatitude, Math.min(farthestLatitude, latitude)) * Math.PI) / 180)
  return { x: (longitude + 180) / 360, y: 0.5 - Math.log((1 + sine) / (1 - sine)) / (4 * Math.PI) }
}
const positionOf = ({ x, y }: Point): Position => [
  (x - Math.floor(x)) * 360 - 180,
  ((2 * Math.atan(Math.exp((0.5 - y) * 2 * Math.PI)) - Math.PI / 2) * 180) / Math.PI,
]

const keys: Readonly<Record<string, readonly [number, number]>> = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }

export function openMap(element: HTMLElement, { tiles: address, maxZoom, start, within, shape, number }: MapOf, told: Told): ShownMap {
  const svg = (name: string, attributes: Record<string, string | number> = {}) => {
    const made = document.createElementNS('http://www.w3.org/2000/svg', name)
    for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, String(value))
    return made
  }
  const ground = document.createElement('div')
  const lines = svg('svg', { class: 'g-map-lines', 'aria-hidden': 'true' })
  const cross = document.createElement('div')
  cross.className = 'g-map-cross'
  element.replaceChildren(ground, lines, cross)

  let middle: Point = { x: 0.5, y: 0.5 }
  let zoom = -1
  let points: readonly (Position | null | undefined)[] = []
  let chosen: number | null = null
  let dragged: { index: number; at: Point } | null = null
  let [hasCome, failures] = [false, 0]
  const tiles = new Map<string, HTMLImageElement>()

  const size = () => tileSize * 2 ** zoom
  const given = () => points.flatMap((position) => (position ? [position] : []))
  /** In pixels of the element; the world repeats itself, and the nearest one counts. */
  const seen = (position: Position): Point => {
    const { x, y } = pointOf(position)
    const right = x - middle.x
    return { x: element.clientWidth / 2 + (right - Math.round(right)) * size(), y: element.clientHeight / 2 + (y - middle.y) * size() }
  }
  const under = ({ x, y }: Point): Point => ({ x: middle.x + (x - element.clientWidth / 2) / size(), y: middle.y + (y - element.clientHeight / 2) / size() })

  function tileAt(x: number, y: number): HTMLImageElement {
    const count = 2 ** zoom
    const image = document.createElement('img')
    image.alt = ''
    image.draggable = false
    // Whoever serves the tiles need not know on which page they are looked at.
    image.referrerPolicy = 'strict-origin'
    image.onload = () => {
      hasCome = true
    }
    image.onerror = () => {
      failures += 1
      if (!hasCome && failures >= tiles.size) told.failed()
    }
    const part = { z: zoom, x: ((x % count) + count) % count, y }
    image.src = address.replace(/\{([zxy])\}/g, (_, name: 'z' | 'x' | 'y') => String(part[name]))
    return image
  }

  function drawTiles(width: number, height: number) {
    const [left, top] = [middle.x * size() - width / 2, middle.y * size() - height / 2]
    const wanted = new Set<string>()
    for (let y = Math.max(0, Math.floor(top / tileSize)); y <= Math.min(2 ** zoom - 1, Math.floor((top + height) / tileSize)); y += 1)
      for (let x = Math.floor(left / tileSize); x <= Math.floor((left + width) / tileSize); x += 1) {
        const key = `${zoom}/${x}/${y}`
        wanted.add(key)
        let image = tiles.get(key)
        if (!image) {
          tiles.set(key, (image = tileAt(x, y)))
          ground.append(image)
        }
        image.style.transform = `translate(${Math.round(x * tileSize - left)}px,${Math.round(y * tileSize - top)}px)`
      }
    for (const [key, image] of tiles)
      if (!wanted.has(key)) {
        image.remove()
        tiles.delete(key)
      }
  }

  const pathOf = (corners: readonly Point[], closed: boolean) =>
    corners.length < 2 ? '' : `M${corners.map(({ x, y }) => `${x.toFixed(1)} ${y.toFixed(1)}`).join('L')}${closed ? 'Z' : ''}`

  function drawPoints() {
    const places = points.map((position, i) => (dragged?.index === i ? dragged.at : position && seen(position)))
    const corners = places.flatMap((place) => (place ? [place] : []))
    const parts: Element[] = []
    if (within) {
      const { south, west, north, east } = within
      const frame = [seen([west, north]), seen([east, north]), seen([east, south]), seen([west, south])]
      parts.push(svg('path', { class: 'g-map-bounds', d: pathOf(frame, true) }))
    }
    if (shape !== 'point') parts.push(svg('path', { class: 'g-map-line', d: pathOf(corners, shape === 'polygon' && corners.length > 2) }))
    for (const [i, place] of places.entries()) {
      if (!place) continue
      const mark = svg('g', {
        class: i === chosen ? 'g-map-point g-map-chosen' : 'g-map-point',
        'data-point': i,
        transform: `translate(${place.x} ${place.y})`,
      })
      mark.append(svg('circle', { r: 12 }))
      if (shape !== 'point') {
        const label = svg('text', { 'text-anchor': 'middle', dy: '0.35em' })
        label.textContent = number(i + 1)
        mark.append(label)
      }
      parts.push(mark)
    }
    lines.replaceChildren(...parts)
  }

  /** The closest in which they all are. */
  function fit(positions: readonly Position[], closest: number) {
    const found = positions.map(pointOf)
    const [xs, ys] = [found.map(({ x }) => x), found.map(({ y }) => y)]
    const [left, right, top, bottom] = [Math.min(...xs), Math.max(...xs), Math.min(...ys), Math.max(...ys)]
    middle = { x: (left + right) / 2, y: (top + bottom) / 2 }
    zoom = Math.min(closest, maxZoom)
    while (zoom > 0 && ((right - left) * size() > element.clientWidth - 60 || (bottom - top) * size() > element.clientHeight - 60)) zoom -= 1
  }

  function begin() {
    if (given().length > 0) fit(given(), nearby)
    else if (start) {
      middle = pointOf([start.longitude, start.latitude])
      zoom = Math.min(start.zoom, maxZoom)
    } else if (within) {
      const { south, west, north, east } = within
      fit([[west, south] as Position, [east < west ? east + 360 : east, north] as Position], maxZoom)
    } else zoom = world
  }

  function draw() {
    const { clientWidth: width, clientHeight: height } = element
    // Where it is not to be seen it has no size, and asks for nothing.
    if (width === 0 || height === 0) return
    if (zoom < 0) begin()
    middle = { x: middle.x - Math.floor(middle.x), y: Math.max(0, Math.min(1, middle.y)) }
    drawTiles(width, height)
    drawPoints()
  }

  function zoomBy(by: number, around: Point) {
    const next = Math.max(0, Math.min(maxZoom, zoom + by))
    const kept = under(around)
    const scale = 2 ** (zoom - next)
    middle = { x: kept.x + (middle.x - kept.x) * scale, y: kept.y + (middle.y - kept.y) * scale }
    zoom = next
    draw()
  }
  function panBy(x: number, y: number) {
    middle = { x: middle.x + x / size(), y: middle.y + y / size() }
    draw()
  }
  const centre = (): Point => ({ x: element.clientWidth / 2, y: element.clientHeight / 2 })
  const choose = (index: number | null) => {
    chosen = index
    told.chosen(index)
    draw()
  }
  function put(position: Position, index: number | null) {
    chosen = null
    told.put(position, index)
    draw()
  }

  const fingers = new Map<number, Point>()
  let [from, pressed, isDrag, apart, turned] = [{ x: 0, y: 0 }, null as number | null, false, 0, 0]
  const at = ({ clientX, clientY }: MouseEvent): Point => {
    const { left, top } = element.getBoundingClientRect()
    return { x: clientX - left - element.clientLeft, y: clientY - top - element.clientTop }
  }
  const pair = () => {
    const [one, two] = [...fingers.values()] as [Point, Point]
    return { distance: Math.hypot(one.x - two.x, one.y - two.y), between: { x: (one.x + two.x) / 2, y: (one.y + two.y) / 2 } }
  }

  element.addEventListener('pointerdown', (event) => {
    if (event.button !== 0) return
    element.setPointerCapture(event.pointerId)
    fingers.set(event.pointerId, at(event))
    if (fingers.size === 1) {
      const mark = (event.target as Element).closest<SVGElement>('[data-point]')
      ;[from, pressed, isDrag] = [at(event), mark ? Number(mark.dataset.point) : null, false]
    } else {
      ;[dragged, pressed, isDrag] = [null, null, true]
      if (fingers.size === 2) apart = pair().distance
    }
  })
  element.addEventListener('pointermove', (event) => {
    const before = fingers.get(event.pointerId)
    if (!before) return
    const now = at(event)
    if (fingers.size === 2) {
      fingers.set(event.pointerId, now)
      const { distance, between } = pair()
      const by = distance > apart * 1.5 ? 1 : distance < apart / 1.5 ? -1 : 0
      if (by !== 0) {
        apart = distance
        zoomBy(by, between)
      }
      return
    }
    if (!isDrag && Math.hypot(now.x - from.x, now.y - from.y) < slip) return
    isDrag = true
    fingers.set(event.pointerId, now)
    if (pressed === null) return panBy(before.x - now.x, before.y - now.y)
    dragged = { index: pressed, at: now }
    drawPoints()
  })
  element.addEventListener('pointerup', (event) => {
    if (!fingers.delete(event.pointerId) || fingers.size > 0) return
    const place = at(event)
    if (isDrag) {
      if (dragged) {
        dragged = null
        put(positionOf(under(place)), pressed)
      }
    } else if (pressed === null) put(positionOf(under(place)), chosen)
    else choose(chosen === pressed ? null : pressed)
  })
  element.addEventListener('pointercancel', (event) => {
    fingers.delete(event.pointerId)
    dragged = null
    drawPoints()
  })
  element.addEventListener(
    'wheel',
    (event) => {
      // Somebody who scrolls the page past it must not be caught in it.
      if (!event.ctrlKey && !element.matches(':focus')) return
      event.preventDefault()
      turned += event.deltaY * (event.deltaMode === 1 ? 20 : event.ctrlKey ? 6 : 1)
      if (Math.abs(turned) < 60) return
      zoomBy(turned < 0 ? 1 : -1, at(event))
      turned = 0
    },
    { passive: false },
  )
  element.addEventListener('keydown', (event) => {
    const { key } = event
    const step = keys[key]
    const far = event.shiftKey ? tileSize : tileSize / 4
    if (step) panBy(step[0] * far, step[1] * far)
    else if (key === '+' || key === '=') zoomBy(1, centre())
    else if (key === '-') zoomBy(-1, centre())
    else if (key === 'Enter' || key === ' ') put(positionOf(middle), chosen)
    else if (key === 'Escape' && chosen !== null) choose(null)
    else return
    event.preventDefault()
    if (step || /^[-+=]$/.test(key)) told.moved(positionOf(middle))
  })
  new ResizeObserver(draw).observe(element)

  let later: ReturnType<typeof setTimeout> | undefined
  return {
    show(next) {
      if (String(next) === String(points)) return
      points = next
      draw()
      clearTimeout(later)
      later = setTimeout(() => {
        const { clientWidth: width, clientHeight: height } = element
        const isSeen = ({ x, y }: Point) => x >= 0 && x <= width && y >= 0 && y <= height
        if (width === 0 || fingers.size > 0 || given().every((position) => isSeen(seen(position)))) return
        fit(given(), Math.max(zoom, 10))
        draw()
      }, pause)
    },
    zoom(by) {
      zoomBy(by, centre())
      told.moved(positionOf(middle))
    },
    pan(right, down) {
      panBy(right * element.clientWidth, down * element.clientHeight)
      told.moved(positionOf(middle))
    },
    put: () => put(positionOf(middle), chosen),
  }
}
