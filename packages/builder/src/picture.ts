/** Pictures that stand in a definition, made small: drawn anew, so that nothing but pixels of the file remains. */

/** Characters of a data: address. */
const most = 100_000
const accepted = ['image/png', 'image/jpeg', 'image/webp']
/** A logo stands on any ground; an example is a photo, most often. */
const kinds = {
  logo: { type: 'image/png', width: 640, height: 240, ground: null },
  example: { type: 'image/jpeg', width: 1000, height: 1000, ground: '#fff' },
} as const
export type PictureKind = keyof typeof kinds
/** A file beyond this is refused before it is decoded. */
const largestFile = 20_000_000

export class PictureError extends Error {
  readonly code: 'type' | 'size' | 'broken'
  constructor(code: PictureError['code']) {
    super(code)
    this.code = code
  }
}

/**
 * @returns a data: address of at most `most` characters, of a picture that is never larger than the file's.
 * @throws PictureError
 */
export async function encodePicture(file: File, kind: PictureKind): Promise<string> {
  const { type, width, height, ground } = kinds[kind]
  if (!accepted.includes(file.type)) throw new PictureError('type')
  if (file.size > largestFile) throw new PictureError('size')
  const picture = await createImageBitmap(file).catch(() => {
    throw new PictureError('broken')
  })
  try {
    const fitting = Math.min(1, width / picture.width, height / picture.height)
    for (let scale = fitting; scale > fitting * 0.05; scale *= 0.8) {
      const canvas = document.createElement('canvas')
      canvas.width = Math.max(1, Math.round(picture.width * scale))
      canvas.height = Math.max(1, Math.round(picture.height * scale))
      const context = canvas.getContext('2d')
      if (!context) throw new PictureError('broken')
      if (ground) {
        context.fillStyle = ground
        context.fillRect(0, 0, canvas.width, canvas.height)
      }
      context.imageSmoothingQuality = 'high'
      context.drawImage(picture, 0, 0, canvas.width, canvas.height)
      const address = canvas.toDataURL(type, 0.8)
      if (address.length <= most) return address
    }
  } finally {
    picture.close()
  }
  throw new PictureError('size')
}
