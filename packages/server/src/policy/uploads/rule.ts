import { isUndeclared, mediaTypes } from '../../files/file-kind.ts'
import type { InspectRule, Refusal } from '../rule.ts'

const office = ['docx', 'xlsx', 'odt']

export interface UploadsOptions {
  types: readonly string[]
  maxBytes: number
  maxFiles: number
}

/** Office files are for the open preset alone: they can carry programs that run on the officer's desk. */
const careful: UploadsOptions = { types: ['pdf', 'jpg', 'png', 'heic', 'webp'], maxBytes: 10_485_760, maxFiles: 50 }
const open: UploadsOptions = { ...careful, types: [...careful.types, ...office, 'csv', 'txt'] }

/** As people read sizes. */
const megabytes = (bytes: number) => ({ number: bytes / 1_048_576, style: 'unit', unit: 'megabyte', maximumFractionDigits: 1 })

export const uploads: InspectRule<UploadsOptions> = {
  name: 'uploads',
  stage: 'inspect',
  presets: { open: open, standard: careful, confidential: careful, sealed: careful },
  settle: ({ types, maxBytes, maxFiles }) =>
    function inspectUploads({ files }): Refusal | null {
      if (files.length > maxFiles) return { status: 422, code: 'file-refused', params: { count: maxFiles } }
      for (const file of files) {
        const limit = Math.min(maxBytes, file.maxBytes ?? maxBytes)
        if (file.size > limit) return { status: 413, code: 'file-too-large', params: { count: limit } }
        const { kind } = file
        if (kind === null || !types.includes(kind) || (file.accept && !file.accept.includes(kind))) return { status: 422, code: 'file-refused' }
        // A content that is not what the browser said it was is refused, even if both are allowed.
        if (!isUndeclared(file.declared) && !mediaTypes[kind]?.includes(file.declared)) return { status: 422, code: 'file-refused' }
        if (file.size === 0) return { status: 422, code: 'file-refused' }
        if (file.picture) {
          const { pixels, least } = file.picture
          if (!pixels) return { status: 422, code: 'picture-unreadable' }
          if (pixels[0] < least[0] || pixels[1] < least[1]) return { status: 422, code: 'picture-small', params: { width: least[0], height: least[1] } }
        }
      }
      return null
    },
  explain: ({ types, maxBytes, maxFiles }) => ({
    citizen: [{ key: 'rule.uploads', params: { types: types.map((type) => type.toUpperCase()), size: megabytes(maxBytes), files: maxFiles } }],
    author: [{ key: 'rule.uploads.author' }, ...(types.some((type) => office.includes(type)) ? [{ key: 'rule.uploads.office' }] : [])],
  }),
}
