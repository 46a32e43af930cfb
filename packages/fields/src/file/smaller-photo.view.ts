/**
 * A photo made smaller before it is sent: drawn the way up that it was taken, in fewer points, and written anew, so that
 * nothing of what the camera noted (place, time, device) goes along. Loaded when a photo is chosen where the author asks for it.
 */

/** What the author asks for. */
export interface PhotoSettings {
  /** Most points of the longer side. */
  longestSide: number
  /** From 1, small, to 100, true to the original; 80 if absent. */
  quality?: number
  /** The person may send the original instead. */
  keepOriginal?: boolean
}

/** Null where there is nothing to gain, or the browser cannot read it: then it is sent as it is. */
export async function smallerPhoto(file: File, { longestSide, quality = 80 }: PhotoSettings): Promise<File | null> {
  if (!['image/jpeg', 'image/webp', 'image/heic', 'image/heif'].includes(file.type)) return null
  let picture: ImageBitmap
  try {
    picture = await createImageBitmap(file, { imageOrientation: 'from-image' })
  } catch {
    return null
  }
  try {
    const { width, height } = picture
    const scale = Math.min(1, longestSide / Math.max(width, height))
    const canvas = document.createElement('canvas')
    canvas.width = Math.max(1, Math.round(width * scale))
    canvas.height = Math.max(1, Math.round(height * scale))
    const pen = canvas.getContext('2d')
    if (!pen) return null
    pen.imageSmoothingQuality = 'high'
    pen.drawImage(picture, 0, 0, canvas.width, canvas.height)
    const blob = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, 'image/jpeg', quality / 100))
    if (!blob || blob.size >= file.size) return null
    return new File([blob], file.name.replace(/\.[^.]*$|$/, '.jpg'), { type: 'image/jpeg', lastModified: file.lastModified })
  } finally {
    picture.close()
  }
}
