import type { Program } from '@guichet/core'
import type { Pixels } from './picture-size.ts'

export interface Limits {
  accept?: readonly string[]
  maxBytes?: number
  /** Least width and height of a picture. */
  minPixels?: Pixels
}

/** What the definition allows at a place for files. Null: there is no such place. */
export function limitsAt(program: Program, target: string): Limits | null {
  const document = program.definition.documents?.find(({ id }) => id === target)
  if (document) return { accept: document.accept, maxBytes: document.maxBytes, minPixels: document.minPixels as Pixels | undefined }
  const node = program.nodes.get(target)
  if (!node?.type.attachments) return null
  const { accept, maxBytes } = node.field as { accept?: string[]; maxBytes?: number }
  return { accept, maxBytes }
}
