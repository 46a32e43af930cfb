/**
 * The field types in packages/fields/src/field-types.ts. `virtual:guichet-fields`: the usual ones, at hand.
 * `virtual:guichet-fields/*`: a list of the others, each loaded, meaning and view together, when a definition uses it. The
 * list is apart, because most services need nothing on it.
 */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Plugin } from 'vite'

const id = 'virtual:guichet-fields'

/** The lines of field-types.ts: what a type's meaning is called, and where it lies. */
export function typesListed(fields: string): { name: string; folder: string; file: string }[] {
  const list = readFileSync(join(fields, 'field-types.ts'), 'utf8')
  const found = [...list.matchAll(/^import \{ (\w+) \} from '\.\/([^/]+)\/([^']+)\.ts'$/gm)].map(([, name = '', folder = '', file = '']) => ({
    name,
    folder,
    file,
  }))
  if (found.length === 0) throw new Error("field-types.ts has no line that reads: import { name } from './folder/name.ts'")
  return found
}

/** `fields`: the folder packages/fields/src. */
export function embeddedFields(fields: string, usual: ReadonlySet<string>): Plugin {
  return {
    name: 'guichet-embedded-fields',
    resolveId: (source) => (source.startsWith(id) ? `\0${source}` : null),
    load(module) {
      if (!module.startsWith(`\0${id}`)) return null
      this.addWatchFile(join(fields, 'field-types.ts'))
      const found = typesListed(fields).map(({ name, folder, file }) => {
        const meaning = `@guichet/fields/${folder}/${file}`
        const view = existsSync(join(fields, folder, `${file}.view.ts`)) ? `${meaning}.view` : null
        return { name, folder, meaning, view }
      })

      // One type that is loaded on first use: meaning and view in one file.
      const asked = module.slice(id.length + 2)
      const one = found.find(({ folder }) => folder === asked)
      if (one)
        return `export { ${one.name} as type } from '${one.meaning}'\n${one.view ? `export { view } from '${one.view}'` : 'export const view = undefined'}`

      if (asked === '*') {
        const entries = found.filter(({ folder }) => !usual.has(folder)).map(({ folder }) => `'${folder}': () => import('${id}/${folder}')`)
        return `export const rareFields = {\n__proto__: null,\n${entries.join(',\n')}\n}`
      }
      const atHand = found.filter(({ folder }) => usual.has(folder))
      const imports = atHand.flatMap(({ name, meaning, view }) => [
        `import { ${name} as ${name}Type } from '${meaning}'`,
        ...(view ? [`import { view as ${name}View } from '${view}'`] : []),
      ])
      const entries = atHand.map(({ name, folder, view }) => `'${folder}': { type: ${name}Type, view: ${view ? `${name}View` : 'undefined'} }`)
      return `${imports.join('\n')}\nexport const fields = {\n__proto__: null,\n${entries.join(',\n')}\n}`
    },
  }
}
