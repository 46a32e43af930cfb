/** Small edits of a module by its syntax tree. */
export interface Node {
  type: string
  start: number
  end: number
  [key: string]: unknown
}

export interface Edit {
  start: number
  end: number
  text: string
}

export function walk(value: unknown, visit: (node: Node) => void) {
  if (Array.isArray(value)) for (const item of value) walk(item, visit)
  else if (typeof value === 'object' && value !== null) {
    if ('type' in value) visit(value as Node)
    for (const child of Object.values(value)) walk(child, visit)
  }
}

/** The module after the edits, which must not overlap; null if there are none. */
export function withEdits(code: string, edits: readonly Edit[]): { code: string; map: null } | null {
  if (edits.length === 0) return null
  let edited = code
  for (const { start, end, text } of [...edits].sort((a, b) => b.start - a.start)) edited = edited.slice(0, start) + text + edited.slice(end)
  return { code: edited, map: null }
}
