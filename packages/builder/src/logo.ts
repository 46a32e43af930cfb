/** An agency's logo as a small PNG: drawn anew, so that nothing but pixels of the file remains. */

export const logoBytes = 100_000
const accepted = ['image/png', 'image/jpeg', 'image/webp']
const largest = { width: 640, height: 240 }
/** A file beyond this is refused before it is decoded. */
const largestFile = 20_000_000

export class LogoError extends Error {
  readonly code: 'type' | 'size' | 'broken'
  constructor(code: LogoError['code']) {
    super(code)
    this.code = code
  }
}

/** The width and height to draw at: never larger than the picture or the frame. */
export function fitInto(width: number, height: number, scale = 1): { width: number; height: number } {
  const factor = Math.min(1, largest.width / width, largest.height / height) * scale
  return { width: Math.max(1, Math.round(width * factor)), height: Math.max(1, Math.round(height * factor)) }
}

/**
 * @returns a data: address of a PNG of at most `logoBytes`.
 * @throws LogoError
 */
export async function encodeLogo(file: File): Promise<string> {
  if (!accepted.includes(file.type)) throw new LogoError('type')
  if (file.size > largestFile) throw new LogoError('size')
  const picture = await createImageBitmap(file).catch(() => {
    throw new LogoError('broken')
  })
  try {
    for (let scale = 1; scale > 0.05; scale *= 0.8) {
      const { width, height } = fitInto(picture.width, picture.height, scale)
      const canvas = document.createElement('canvas')
      canvas.width = width
      canvas.height = height
      const context = canvas.getContext('2d')
      if (!context) throw new LogoError('broken')
      context.imageSmoothingQuality = 'high'
      context.drawImage(picture, 0, 0, width, height)
      const address = canvas.toDataURL('image/png')
      if (address.length <= logoBytes) return address
    }
  } finally {
    picture.close()
  }
  throw new LogoError('size')
}
