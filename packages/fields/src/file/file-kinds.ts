import type { Json } from '@guichet/core'
import type { FileType } from '../../generated/settings.ts'

interface Kind {
  extensions: readonly string[]
  /** Media types that browsers and servers give it. */
  media: readonly string[]
}

export const fileKinds: Readonly<Record<FileType, Kind>> = {
  pdf: { extensions: ['pdf'], media: ['application/pdf'] },
  jpg: { extensions: ['jpg', 'jpeg'], media: ['image/jpeg'] },
  png: { extensions: ['png'], media: ['image/png'] },
  heic: { extensions: ['heic', 'heif'], media: ['image/heic', 'image/heif'] },
  webp: { extensions: ['webp'], media: ['image/webp'] },
  docx: { extensions: ['docx'], media: ['application/vnd.openxmlformats-officedocument.wordprocessingml.document'] },
  xlsx: { extensions: ['xlsx'], media: ['application/vnd.openxmlformats-officedocument.spreadsheetml.sheet'] },
  odt: { extensions: ['odt'], media: ['application/vnd.oasis.opendocument.text'] },
  csv: { extensions: ['csv'], media: ['text/csv', 'application/vnd.ms-excel', 'text/plain'] },
  txt: { extensions: ['txt'], media: ['text/plain'] },
}

export const usualKinds: readonly FileType[] = ['pdf', 'jpg', 'png']
export const usualBytes = 10_000_000

/**
 * Whether a file passes for one of the kinds, by what it says of itself: its media type, or its name where the browser
 * knows no media type for it. What it really is, the server finds out.
 */
export function passesAs(file: { name: string; type: string }, accept: readonly FileType[]): boolean {
  const media = file.type.split(';')[0]?.trim().toLowerCase() ?? ''
  const extension = file.name.split('.').pop()?.toLowerCase() ?? ''
  const unknown = media === '' || media === 'application/octet-stream'
  return accept.some((kind) => (unknown ? fileKinds[kind].extensions.includes(extension) : fileKinds[kind].media.includes(media)))
}

/** The `accept` attribute of a file input. */
export const acceptAttribute = (accept: readonly FileType[]): string =>
  accept.flatMap((kind) => [...fileKinds[kind].extensions.map((extension) => `.${extension}`), ...fileKinds[kind].media]).join(',')

/** Kinds as people know them. */
export const kindNames = (accept: readonly FileType[]): string => accept.map((kind) => kind.toUpperCase()).join(', ')

const units = ['byte', 'kilobyte', 'megabyte', 'gigabyte']

/** A size as a message's place. Rounded down, so that a limit is never said to be higher than it is. */
export function sizePlace(bytes: number): { [option: string]: Json } & { number: number } {
  const step = Math.min(Math.floor(Math.log10(Math.max(bytes, 1)) / 3), units.length - 1)
  const number = Math.floor((bytes / 1000 ** step) * 10) / 10
  return { number, style: 'unit', unit: units[step] as string, unitDisplay: 'short', maximumFractionDigits: 1 }
}

export function sizeText(bytes: number, language: string): string {
  const { number, ...options } = sizePlace(bytes)
  return new Intl.NumberFormat(language, options as Intl.NumberFormatOptions).format(number)
}
