/**
 * Parts objects in two: of the usual field types, and of the operations of the expression language, the first page gets what
 * it asks for. The rest comes from the same files by another name, `<file>?later`, which has of the object that rest alone.
 *
 * `virtual:guichet-later-types`: what the usual types check and show. `virtual:guichet-operations`: `rare`, which finds in a
 * definition's JSON whether it needs more operations, and `rest`, which fetches them.
 */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Plugin, parseAst } from 'vite'
import { type Node, unusedImports, walk, withEdits } from './edit-code.ts'
import { typesListed } from './embedded-fields.ts'

const laterMethods = new Set(['check', 'show'])
/** What conditions and fees are made of nearly always. */
const firstOperations = 'var if and or ! == === != !== < <= > >= + * - / % in has'.split(' ')

const nameOf = (property: Node): string => {
  const key = property.key as Node | undefined
  return String(key?.name ?? key?.value ?? '')
}

/** The properties of an object that a file makes, where it is one that is parted. */
function partedObject(node: Node): Node[] | null {
  if (node.type === 'VariableDeclarator' && (node.id as Node).name === 'operations') return (node.init as Node).properties as Node[]
  if (node.type !== 'ObjectExpression') return null
  const properties = node.properties as Node[]
  const names = properties.map(nameOf)
  return ['name', 'kind', 'parse', 'show'].every((name) => names.includes(name)) ? properties : null
}

/** Names of all operations, as core/src/expression.ts has them. */
function operationsIn(code: string): string[] {
  const literal = code.slice(code.indexOf('export const operations'))
  return [...literal.slice(0, literal.indexOf('\n}\n')).matchAll(/^ {2}(?:'([^']+)'|(\w+)):/gm)].flatMap(([, quoted, plain]) => {
    const name = quoted ?? (plain as string)
    return name === '__proto__' ? [] : [name]
  })
}

/** `fields`: the folder packages/fields/src; `usual`: the types that come with the runtime; `expression`: core/src/expression.ts. */
export function firstAndLater(fields: string, usual: ReadonlySet<string>, expression: string): Plugin {
  const parted = new Set([expression, ...typesListed(fields).flatMap(({ folder, file }) => (usual.has(folder) ? [join(fields, folder, `${file}.ts`)] : []))])
  return {
    name: 'guichet-first-and-later',
    enforce: 'post',
    resolveId: {
      // Before anybody else says where it is.
      order: 'pre',
      async handler(source, importer) {
        if (/^virtual:guichet-(later-types|operations)/.test(source)) return `\0${source}`
        const [file = '', query] = importer?.split('?') ?? []
        if (!file.startsWith(fields) || !source.startsWith('.')) return null
        const found = await this.resolve(source, file, { skipSelf: true })
        if (!found || !parted.has(found.id)) return found
        // A type that is made of another: what it has later, it has of the other's. A rare type has all of it.
        if (query === 'later') return `${found.id}?later`
        return usual.has(file.slice(fields.length + 1).split('/')[0] as string) ? found : `${found.id}?whole`
      },
    },
    load(id) {
      if (id === '\0virtual:guichet-later-types') {
        const types = typesListed(fields).filter(({ folder }) => usual.has(folder))
        const imports = types.map(({ name, folder, file }) => `import { ${name} } from '${join(fields, folder, file)}.ts?later'`)
        return `${imports.join('\n')}\nexport const laterTypes = { __proto__: null, ${types.map(({ name, folder }) => `'${folder}': ${name}`).join(', ')} }`
      }
      if (id === '\0virtual:guichet-operations') {
        this.addWatchFile(expression)
        const rare = operationsIn(readFileSync(expression, 'utf8')).filter((name) => !firstOperations.includes(name))
        if (rare.length === 0) throw new Error('no operations found: see build/first-and-later.ts')
        // The only key of its object.
        return `export const rare = /\\{"(${rare.join('|')})":/\nexport const rest = async () => (await import('virtual:guichet-operations/rest')).operations`
      }
      return id === '\0virtual:guichet-operations/rest' ? `export { operations } from '${expression}?later'` : null
    },
    transform(code, id) {
      const [file = '', query] = id.split('?')
      if (!parted.has(file) || query === 'whole') return null
      const isFirst = (name: string) => (file === expression ? [...firstOperations, '__proto__'].includes(name) : !laterMethods.has(name))
      const edits: { start: number; end: number; text: string }[] = []
      walk(parseAst(code), (node) => {
        const properties = partedObject(node)
        properties?.forEach((property, i) => {
          if (isFirst(nameOf(property)) !== (query === 'later')) return
          const next = properties[i + 1]?.start
          edits.push({ start: property.start, end: next ?? property.end + (code[property.end] === ',' ? 1 : 0), text: '' })
        })
      })
      const left = withEdits(code, edits)?.code ?? code
      // What only the other part needs must not come with this one.
      return withEdits(left, unusedImports(parseAst(left))) ?? { code: left, map: null }
    },
  }
}
