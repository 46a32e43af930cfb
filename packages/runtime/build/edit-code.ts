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

/** Edits that take away the imports of which nothing is used any more. `program`: the tree of the code as it stands. */
export function unusedImports(program: unknown): Edit[] {
  const declarations: Node[] = []
  const used = new Set<unknown>()
  const visit = (value: unknown) => {
    if (Array.isArray(value)) for (const item of value) visit(item)
    else if (typeof value === 'object' && value !== null) {
      const node = value as Node
      if (node.type === 'ImportDeclaration') declarations.push(node)
      else {
        if (node.type === 'Identifier') used.add(node.name)
        for (const child of Object.values(node)) visit(child)
      }
    }
  }
  visit(program)
  return declarations
    .filter(({ specifiers }) => {
      const locals = (specifiers as Node[]).map(({ local }) => (local as Node).name)
      return locals.length > 0 && !locals.some((name) => used.has(name))
    })
    .map(({ start, end }) => ({ start, end, text: '' }))
}
