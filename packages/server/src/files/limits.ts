import type { Program } from '@guichet/core'

/** What the definition allows at a place for files. Null: there is no such place. */
export function limitsAt(program: Program, target: string): { accept?: readonly string[]; maxBytes?: number } | null {
  const document = program.definition.documents?.find(({ id }) => id === target)
  if (document) return { accept: document.accept, maxBytes: document.maxBytes }
  const node = program.nodes.get(target)
  if (!node?.type.attachments) return null
  const { accept, maxBytes } = node.field as { accept?: string[]; maxBytes?: number }
  return { accept, maxBytes }
}

export const limitsOf = (program: Program, target: string) => {
  const { accept, maxBytes } = limitsAt(program, target) ?? {}
  return { accept, maxBytes }
}
