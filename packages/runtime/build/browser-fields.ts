/**
 * Leaves out of the field types what only a server and a builder ask for: the JSON Schema of stored answers, ids of
 * attachments, lists of choices for the checker of expressions, made-up answers, and faults of settings. With the methods go
 * the helpers that nothing else uses.
 */
import { type Plugin, parseAst } from 'vite'
import { type Node, walk, withEdits } from './edit-code.ts'

const notInBrowser = new Set(['schema', 'choices', 'attachments', 'samples', 'faults'])

export function browserFields(): Plugin {
  return {
    name: 'guichet-browser-fields',
    enforce: 'post',
    transform: {
      filter: { id: /packages\/fields\/src\/[^/]+\/[^/.]+\.ts$/ },
      handler(code) {
        const edits: { start: number; end: number; text: string }[] = []
        walk(parseAst(code), (node) => {
          if (node.type !== 'ObjectExpression') return
          const properties = node.properties as Node[]
          const names = properties.map((property) => (property.key as Node | undefined)?.name)
          // A field type, and no other object, has all of these.
          if (!['name', 'kind', 'parse', 'show', 'schema'].every((name) => names.includes(name))) return
          properties.forEach((property, i) => {
            if (!notInBrowser.has(String(names[i]))) return
            edits.push({ start: property.start, end: properties[i + 1]?.start ?? property.end, text: '' })
          })
        })
        return withEdits(code, edits)
      },
    },
  }
}
