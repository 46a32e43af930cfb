/** The area that is drawn on, over signature_pad; loaded when somebody wants to draw. */
import SignaturePad from 'signature_pad'
import type { pathOf as PathOf, strokesOf as StrokesOf } from './drawing.ts'

export interface Pad {
  /** Draws this path, unless it is what stands there. */
  show(path: string): void
  close(): void
}

/** The grammar of what is drawn. Handed over: this file shares nothing with the page's other files, or the bundler would cut those up. */
export interface Drawing {
  pathOf: typeof PathOf
  strokesOf: typeof StrokesOf
}

/** `drawn` is told the path after each stroke. The canvas is as large as its style says; what is drawn follows when that changes. */
export function openPad(canvas: HTMLCanvasElement, { pathOf, strokesOf }: Drawing, drawn: (path: string) => void): Pad {
  const pad = new SignaturePad(canvas, { penColor: getComputedStyle(canvas).color, minWidth: 1, maxWidth: 2.5 })
  let path = ''
  const draw = () => {
    const { offsetWidth: width, offsetHeight: height } = canvas
    if (width === 0) return
    const ratio = Math.max(1, devicePixelRatio)
    canvas.width = width * ratio
    canvas.height = height * ratio
    canvas.getContext('2d')?.scale(ratio, ratio)
    pad.clear()
    const points = strokesOf(path, width).map((stroke) => stroke.map((point, i) => ({ ...point, time: i * 20, pressure: 0.5 })))
    pad.fromData(
      points.map((stroke) => ({
        points: stroke,
        penColor: pad.penColor,
        dotSize: 2,
        minWidth: 1,
        maxWidth: 2.5,
        velocityFilterWeight: 0.7,
        compositeOperation: 'source-over' as const,
      })),
    )
  }
  pad.addEventListener('endStroke', () => {
    path = pathOf(
      pad.toData().map(({ points }) => points),
      canvas.offsetWidth,
    )
    drawn(path)
  })
  const sizes = new ResizeObserver(draw)
  sizes.observe(canvas)
  return {
    show(next) {
      if (next === path) return
      path = next
      draw()
    },
    close() {
      sizes.disconnect()
      pad.off()
    },
  }
}
