/** What a file is, by its content: what it is called and said to be is only compared with it. */

/** File types of definitions to the media types a browser may declare for them. The first is the one we store. */
export const mediaTypes: Readonly<Record<string, readonly string[]>> = {
  pdf: ['application/pdf'],
  jpg: ['image/jpeg'],
  png: ['image/png'],
  heic: ['image/heic', 'image/heif'],
  webp: ['image/webp'],
  docx: ['application/vnd.openxmlformats-officedocument.wordprocessingml.document'],
  xlsx: ['application/vnd.openxmlformats-officedocument.spreadsheetml.sheet'],
  odt: ['application/vnd.oasis.opendocument.text'],
  csv: ['text/csv', 'application/vnd.ms-excel', 'text/plain'],
  txt: ['text/plain'],
}

/** What browsers send where they know no type for a file. */
export const isUndeclared = (declared: string) => declared === '' || declared === 'application/octet-stream'

/** Null: none of the kinds we know. */
export async function fileKind(bytes: Uint8Array, declared: string, name: string): Promise<string | null> {
  // Loaded with the first file: a start does not wait for it.
  const { fileTypeFromBuffer } = await import('file-type')
  const found = await fileTypeFromBuffer(bytes)
  if (found) return Object.hasOwn(mediaTypes, found.ext) ? found.ext : found.ext === 'heif' ? 'heic' : null
  // Text has no mark of its own: it must be UTF-8 throughout and without control characters.
  const extension = /\.(csv|txt)$/i.exec(name)?.[1]?.toLowerCase()
  const kind = extension ?? (declared === 'text/csv' ? 'csv' : declared === 'text/plain' ? 'txt' : null)
  if (!kind || !(isUndeclared(declared) || mediaTypes[kind]?.includes(declared))) return null
  return isText(bytes) ? kind : null
}

function isText(bytes: Uint8Array): boolean {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what text must not have
  const control = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]/
  try {
    return !control.test(new TextDecoder('utf-8', { fatal: true }).decode(bytes))
  } catch {
    return false
  }
}

const kinds = new Map(Object.entries(mediaTypes).map(([kind, [stored = '']]) => [stored, kind]))

/** The kind of a stored media type. */
export const kindOf = (mediaType: string): string | null => kinds.get(mediaType) ?? null
